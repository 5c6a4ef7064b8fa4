"""A referral code opens into one pass code, and says nothing of it."""

import base64
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.keyring import PepperKeyring
from chalicelib.adapters.referral_codes import TYPED_LENGTH_MAX, disguised, revealed
from passes.codes import new_code, parse_code

PEPPER = bytes(range(32))
pass_codes = st.binary(min_size=16, max_size=16).map(new_code)


class _Secrets:
    def __init__(self, *tokens: bytes) -> None:
        self.tokens = tokens

    def read(self) -> Mapping[str, Any]:
        return {
            "pepper_index": base64.b64encode(PEPPER).decode(),
            "pepper_tokens": [base64.b64encode(token).decode() for token in self.tokens],
        }


@given(pass_codes)
def test_it_opens_into_the_pass_code_it_was_made_of(code: str) -> None:
    assert revealed(disguised(code, PEPPER), PEPPER) == code


@given(pass_codes, pass_codes)
def test_two_members_never_share_one(one: str, other: str) -> None:
    assert (disguised(one, PEPPER) == disguised(other, PEPPER)) == (one == other)


@given(pass_codes)
def test_no_till_takes_it_for_a_card(code: str) -> None:
    assert parse_code(disguised(code, PEPPER)) is None


def test_neighbouring_pass_codes_do_not_look_alike() -> None:
    found = [disguised(f"L100000000000{last}", PEPPER) for last in "0123456789"]

    assert len({code[2:6] for code in found}) == 10


def test_another_pepper_makes_other_codes() -> None:
    code = "L17Q2M8K4D9XAB"

    assert disguised(code, PEPPER) != disguised(code, bytes(32))
    assert revealed(disguised(code, PEPPER), bytes(32)) != code


def test_a_code_on_paper_never_changes() -> None:
    assert disguised("L17Q2M8K4D9XAB", PEPPER) == "R1TJV4HEAS69NA"


def test_slips_of_the_hand_are_forgiven() -> None:
    code = disguised("L17Q2M8K4D9XAB", PEPPER)
    typed = code[:6].lower().replace("1", "l").replace("0", "o") + "-" + code[6:10] + " "

    assert revealed(typed + code[10:], PEPPER) == "L17Q2M8K4D9XAB"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "R1",
        "R100000000000",
        "R10000000000000",
        "L1000000000000",
        "R1U00000000000",
        "R1ÄÄÄÄÄÄÄÄÄÄÄÄ",
        "R1" + "-" * TYPED_LENGTH_MAX + "000000000000",
    ],
)
def test_anything_else_is_no_code(text: str) -> None:
    assert revealed(text, PEPPER) is None


def test_rotating_the_tokens_leaves_the_codes_on_paper_alone() -> None:
    before = PepperKeyring(_Secrets(b"old".ljust(32, b".")), new_code)
    after = PepperKeyring(_Secrets(b"new".ljust(32, b".")), new_code)

    assert after.pass_code_of(before.referral_code("L17Q2M8K4D9XAB")) == "L17Q2M8K4D9XAB"
