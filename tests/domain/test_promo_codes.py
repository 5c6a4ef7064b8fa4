"""Promo codes: how they are written, how those of a batch are spelled, when they are good."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.code_batches import BatchCode, body_of, printed, proof_of, read_body
from chalicelib.domain.limits import Counter
from chalicelib.domain.promo_codes import MemberCoupon, PromoCode, fold, refusal_of
from tests.builders import ANN, NOON, TODAY

GOOD = PromoCode(code="SPRING", coupon_id="c", max_uses=3)
MINE = replace(GOOD, member_id=ANN.member_id)
HASH = "89abcdef00"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("spring10", "SPRING10"), (" Spring-10\t", "SPRING10"), ("весна — 10", "ВЕСНА10")],
)
def test_case_spaces_and_hyphens_do_not_matter(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("code", "uses", "member_id", "reason"),
    [
        (GOOD, 2, None, None),
        (GOOD, 3, None, "used_up"),
        (replace(GOOD, max_uses=None), 10**6, None, None),
        (replace(GOOD, first=TODAY, last=TODAY), 0, None, None),
        (replace(GOOD, first=date(2026, 6, 2)), 0, None, "not_yet"),
        (replace(GOOD, last=date(2026, 5, 31)), 0, None, "expired"),
        (replace(GOOD, is_stopped=True), 0, None, "stopped"),
        (replace(GOOD, max_uses_per_member=1), 0, None, "member_required"),
        (replace(GOOD, max_uses_per_member=1), 0, ANN.member_id, None),
        (MINE, 0, ANN.member_id, None),
        (MINE, 0, None, "unknown"),
        (MINE, 0, "mem_other", "unknown"),
    ],
)
def test_a_code_is_good_or_says_why_not(
    code: PromoCode, uses: int, member_id: str | None, reason: str | None
) -> None:
    used = {code.counter: uses}

    assert refusal_of(code, used, on=TODAY, member_id=member_id) == reason


def test_a_member_who_used_a_code_as_often_as_one_may_is_told_so() -> None:
    code = replace(GOOD, max_uses_per_member=2)
    own = Counter("code:SPRING", member_id=ANN.member_id)

    once, twice = (
        refusal_of(code, {own: uses}, on=TODAY, member_id=ANN.member_id) for uses in (1, 2)
    )

    assert (once, twice) == (None, "member_limit")


def test_a_members_coupon_is_a_code_of_that_member_for_once() -> None:
    coupon = MemberCoupon(
        code="12345678", member_id=ANN.member_id, coupon_id="c", given_at=NOON, last=TODAY
    )

    code = coupon.promo_code

    assert (code.max_uses, code.member_id, code.last) == (1, ANN.member_id, TODAY)
    assert code.counter == Counter("own:12345678", member_id=ANN.member_id)


@given(
    st.sampled_from(["", "MAY", "0O"]),
    st.integers(0, 99_999),
    st.text("0123456789abcdef", min_size=8, max_size=64),
)
def test_what_is_spelled_is_read_again(prefix: str, index: int, proof_hex: str) -> None:
    code = prefix + body_of("7QK", index, proof_hex)

    read = read_body(code)

    assert read == BatchCode(prefix, "7QK", index, proof_of(proof_hex))
    assert read is not None
    assert read.code == code
    assert fold(printed(code)) == code


def test_symbols_that_hands_confuse_are_one_code() -> None:
    code = body_of("701", 1, HASH)

    as_typed = read_body(code.replace("0", "O").replace("1", "I"))

    assert as_typed is not None
    assert as_typed.code == code


@pytest.mark.parametrize("text", ["", "SHORT", "7QK0019ZZZZ", "7QK0019ZZZZU", "ВЕСНАЛЕТОЗИМА"])
def test_what_cannot_be_a_code_of_a_batch_is_none(text: str) -> None:
    assert read_body(text) is None
