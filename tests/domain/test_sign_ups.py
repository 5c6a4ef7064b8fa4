"""What sending a code takes from the limits, and which prefixes and codes are refused."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.members import LimitCharge, PrefixRecord, SentCode, SignUp
from chalicelib.domain.sign_ups import (
    SLIDING_MAX,
    CodeExpired,
    CodeLocked,
    CodeUsed,
    CodeWrong,
    PrefixBlocked,
    SignUpNotFound,
    SmsPolicy,
    charges_for,
    failure_charge,
    message_charges,
    prefix_of,
    refuse_pumping,
    refuse_used,
    with_code,
    with_verified,
)
from tests.builders import SHOP

AT = datetime(2026, 6, 1, 9, 25, 40, 500_000, tzinfo=UTC)
HOUR_OF_AT = "1780304400+3600"  # 09:00 UTC
DAY_OF_AT = "1780272000+86400"  # midnight UTC
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
PHONE, NETWORK = "hash-of-ann", "2001:db8::"
POLICY = SmsPolicy(
    code_minutes=5,
    guesses_max=3,
    resend_seconds=60,
    repeat_answer_minutes=10,
    per_phone_minute=1,
    per_phone_day=6,
    per_ip_hour=30,
    per_till_hour=40,
    per_prefix_hour=200,
    per_merchant_day_minor=70_000,
    per_new_merchant_day_minor=50_000,
    per_day_of_new_merchants_minor=60_000,
    lifted_merchants=frozenset({"lifted"}),
    per_phone_day_in_all=7,
    per_ip_hour_in_all=40,
    per_prefix_hour_in_all=300,
    per_day_in_all_minor=200_000,
    price_minor=450,
    failures_per_phone_day=12,
    conversion_window=10,
    conversion_percent=30,
)
BUDGET = LimitCharge(
    "merchant_day", "budget", DAY_OF_AT, 70_000, datetime(2026, 6, 2, tzinfo=UTC), units=450
)


def charges(at: datetime = AT, **policy: int) -> tuple[LimitCharge, ...]:
    limits = replace(POLICY, **policy)
    return charges_for(phone_hash=PHONE, prefix="7999000", ip=NETWORK, at=at, policy=limits)


def sent(used: int, unused: int, age: timedelta = DAY) -> tuple[SentCode, ...]:
    """Return codes of that age: first those nobody used, then those that were."""
    every = range(used + unused)
    return tuple(SentCode(f"s{n}", AT - age, is_verified=n >= unused) for n in every)


def record(*codes: SentCode) -> PrefixRecord:
    return PrefixRecord(SHOP, "7999000", codes)


def is_blocked(*codes: SentCode) -> bool:
    try:
        refuse_pumping(record(*codes), AT, POLICY)
    except PrefixBlocked:
        return True
    return False


def used_sign_up(used_at: datetime | None) -> SignUp:
    return SignUp(
        sign_up_id="s1", merchant_id=SHOP, phone="+79990000001", phone_hash=PHONE,
        code_hash="of the code", nonce_hash="of the nonce", language="ru", store=None,
        consents=(), referral_code=None, created_at=AT, expires_at=AT, used_at=used_at,
    )  # fmt: skip


class TestCharges:
    def test_a_code_is_charged_to_phone_address_prefix_and_budget(self) -> None:
        hour_ends = datetime(2026, 6, 1, 10, tzinfo=UTC)

        taken = charges()

        assert taken == (
            LimitCharge("phone_minute", PHONE, "sliding", 1, AT + MINUTE, period=MINUTE),
            LimitCharge("phone_day", PHONE, "sliding", 6, AT + DAY, period=DAY),
            LimitCharge("ip_hour", NETWORK, HOUR_OF_AT, 30, hour_ends),
            LimitCharge("prefix_hour", "7999000", HOUR_OF_AT, 200, hour_ends),
            BUDGET,
        )

    def test_another_message_is_charged_to_a_limit_of_its_own_and_to_the_budget(self) -> None:
        taken = message_charges(PHONE, AT, POLICY)

        assert taken == (
            LimitCharge("phone_messages_day", PHONE, "sliding", 6, AT + DAY, period=DAY),
            BUDGET,
        )

    def test_a_guess_is_charged_to_the_failures_of_the_phone(self) -> None:
        taken = failure_charge(PHONE, AT, POLICY)

        assert taken == LimitCharge(
            "phone_failures", PHONE, "sliding", 12, AT + DAY, period=DAY
        )

    def test_a_limit_slides_up_to_so_many_charges_as_are_kept(self) -> None:
        (_, slides, *_), (_, counts, *_) = (
            charges(per_phone_day=SLIDING_MAX),
            charges(per_phone_day=SLIDING_MAX + 1),
        )

        assert slides == LimitCharge("phone_day", PHONE, "sliding", 20, AT + DAY, period=DAY)
        assert counts == LimitCharge("phone_day", PHONE, DAY_OF_AT, 21, BUDGET.ends_at)

    def test_a_limit_of_none_keeps_no_moments(self) -> None:
        (_, none, *_) = charges(per_phone_day=0)

        assert none == LimitCharge("phone_day", PHONE, DAY_OF_AT, 0, BUDGET.ends_at)

    @pytest.mark.parametrize("resend_seconds", [0, 1])
    def test_the_shortest_window_is_a_second(self, resend_seconds: int) -> None:
        ends_at = datetime(2026, 6, 1, 9, 25, 41, tzinfo=UTC)

        (shortest, *_) = charges(resend_seconds=resend_seconds, per_phone_minute=100)

        assert (shortest.window, shortest.ends_at) == ("1780305940+1", ends_at)

    def test_a_window_begins_with_its_first_moment_and_ends_before_the_next(self) -> None:
        nine = datetime(2026, 6, 1, 9, tzinfo=UTC)

        windows = [charges(at)[2].window for at in (nine - SECOND, nine, nine + 59 * MINUTE)]

        assert windows == ["1780300800+3600", HOUR_OF_AT, HOUR_OF_AT]

    def test_a_prefix_is_the_first_seven_digits(self) -> None:
        assert prefix_of("+442079460000") == "4420794"


class TestPumping:
    def test_a_prefix_is_blocked_below_the_rate_and_not_at_it(self) -> None:
        assert is_blocked(*sent(used=2, unused=8))
        assert not is_blocked(*sent(used=3, unused=7))

    def test_the_rate_is_compared_to_the_percent(self) -> None:
        limits = replace(POLICY, conversion_window=101, conversion_percent=100)

        with pytest.raises(PrefixBlocked):
            refuse_pumping(record(*sent(used=100, unused=1)), AT, limits)

    def test_it_is_told_in_words_that_name_no_number(self) -> None:
        with pytest.raises(
            PrefixBlocked, match=r"^codes to numbers of this range are stopped for now$"
        ):
            refuse_pumping(record(*sent(used=0, unused=10)), AT, POLICY)

    def test_fewer_codes_than_the_window_say_nothing(self) -> None:
        assert not is_blocked(*sent(used=0, unused=9))

    def test_only_the_latest_of_the_window_are_judged(self) -> None:
        used, unused = sent(used=10, unused=0), sent(used=0, unused=10)

        assert is_blocked(*used, *unused)
        assert not is_blocked(*unused, *used)

    def test_a_code_is_judged_when_its_time_is_over_to_the_second(self) -> None:
        assert is_blocked(*sent(used=0, unused=10, age=5 * MINUTE))
        assert not is_blocked(*sent(used=0, unused=10, age=5 * MINUTE - SECOND))

    def test_a_code_that_was_used_is_judged_at_once(self) -> None:
        settled, fresh = sent(used=0, unused=7), sent(used=3, unused=0, age=SECOND)

        assert not is_blocked(*settled, *fresh)
        assert is_blocked(*settled, *fresh[1:], *settled[:1])

    def test_a_code_says_nothing_any_more_after_seven_days(self) -> None:
        assert is_blocked(*sent(used=0, unused=10, age=7 * DAY - SECOND))
        assert not is_blocked(*sent(used=0, unused=10, age=7 * DAY))


class TestARecord:
    def test_keeps_twice_as_many_codes_as_are_judged(self) -> None:
        codes = sent(used=0, unused=20)
        new = SentCode("new", AT)

        kept = with_code(record(*codes), new, POLICY)

        assert kept == record(*codes[1:], new)

    def test_marks_the_one_code_that_was_used(self) -> None:
        first, second, third = sent(used=0, unused=3)

        marked = with_verified(record(first, second, third), "s1")

        assert marked == record(first, replace(second, is_verified=True), third)


class TestAUsedCode:
    def test_is_answered_again_to_its_client_for_so_many_minutes(self) -> None:
        sign_up = used_sign_up(AT)

        refuse_used(sign_up, "of the nonce", AT + 10 * MINUTE, POLICY)

        with pytest.raises(CodeUsed, match=r"^this code was used$"):
            refuse_used(sign_up, "of the nonce", AT + 10 * MINUTE + SECOND, POLICY)

    def test_is_refused_to_anybody_else_at_once(self) -> None:
        with pytest.raises(CodeUsed, match=r"^this code was used$"):
            refuse_used(used_sign_up(AT), "of another", AT, POLICY)

    def test_is_none_before_it_was_used(self) -> None:
        refuse_used(used_sign_up(None), "of another", AT, POLICY)


def test_a_wrong_code_says_how_many_guesses_are_left() -> None:
    refusal = CodeWrong(2)

    assert str(refusal) == "not the code that was sent; 2 attempts left"
    assert refusal.facts == {"attempts_left": 2}


def test_each_refusal_has_the_code_that_clients_know() -> None:
    refusals = SignUpNotFound, CodeWrong, CodeExpired, CodeUsed, CodeLocked, PrefixBlocked

    assert [one.code for one in refusals] == [
        "sign_up_not_found",
        "code_wrong",
        "code_expired",
        "code_used",
        "code_locked",
        "too_many_codes",
    ]
