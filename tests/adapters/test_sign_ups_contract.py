"""The `SignUps` port: one contract for the fake and the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.ports import CommitConflict, LimitReached
from tests.adapters.stores import (
    CONSENT,
    NOW,
    SHOP,
    Stores,
    charge,
    open_sign_up,
    sign_up,
    sliding,
    sms,
    stores_of,
    take,
    used,
)

THREADS = 16
FAILURES = charge("failures", maximum=10)


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


def _guess(stores: Stores, *, guesses_max: int = 5, failures=FAILURES, name: str = "one"):
    opened = stores.sign_ups.find(SHOP, f"sup_{name}") or sign_up(name)
    return stores.sign_ups.count_guess(
        opened, guesses_max=guesses_max, failures=failures, at=NOW
    )


@pytest.mark.parametrize(
    "written",
    [
        sign_up(),
        sign_up(store="store-1", consents=(CONSENT, CONSENT), referral_code="R-1"),
        sign_up(consents=()),
        sign_up(phone="", email="Ann@example.com"),
    ],
    ids=["usual", "full", "bare", "by e-mail"],
)
def test_a_sign_up_comes_back_as_it_was_written(stores: Stores, written) -> None:
    stores.sign_ups.open(written, sms(), [])

    assert stores.sign_ups.find(SHOP, written.sign_up_id) == written


def test_a_sign_up_is_its_merchants_alone(stores: Stores) -> None:
    open_sign_up(stores, "one")

    assert stores.sign_ups.find("bakery", "sup_one") is None
    assert stores.sign_ups.find(SHOP, "sup_two") is None


def test_opening_writes_the_message_too(stores: Stores) -> None:
    open_sign_up(stores, "one")

    assert stores.sms_outbox.find(SHOP, "sms_one") == sms()
    assert stores.sms_outbox.waiting() == ((SHOP, "sms_one"),)


def test_an_expired_sign_up_is_still_found_for_a_day(stores: Stores) -> None:
    open_sign_up(stores, "one")

    stores.clock.advance(hours=24)
    still = stores.sign_ups.find(SHOP, "sup_one")
    stores.clock.advance(minutes=5)

    assert still == sign_up()
    assert stores.sign_ups.find(SHOP, "sup_one") is None


def test_opening_again_with_the_same_ids_charges_once(stores: Stores) -> None:
    open_sign_up(stores, "one", charge(maximum=1))

    open_sign_up(stores, "one", charge(maximum=1))

    assert stores.sign_ups.find(SHOP, "sup_one") == sign_up()


def test_a_limit_lets_exactly_its_maximum_through(stores: Stores) -> None:
    for number in range(3):
        open_sign_up(stores, str(number), charge(maximum=3))

    with pytest.raises(LimitReached):
        open_sign_up(stores, "last", charge(maximum=3))


def test_a_full_limit_writes_nothing_and_takes_nothing_from_the_others(stores: Stores) -> None:
    full, other = charge("full", maximum=1), charge("other", maximum=2)
    open_sign_up(stores, "one", full, other)

    with pytest.raises(LimitReached):
        open_sign_up(stores, "two", other, full)
    open_sign_up(stores, "three", other)

    assert stores.sign_ups.find(SHOP, "sup_two") is None
    assert stores.sms_outbox.find(SHOP, "sms_two") is None
    with pytest.raises(LimitReached):
        open_sign_up(stores, "four", other)


def test_the_first_full_limit_in_the_order_given_is_named(stores: Stores) -> None:
    free, a, b = charge("free"), charge("a", maximum=1), charge("b", maximum=1)
    open_sign_up(stores, "full", a, b)

    with pytest.raises(LimitReached) as forwards:
        open_sign_up(stores, "one", free, a, b)
    with pytest.raises(LimitReached) as backwards:
        open_sign_up(stores, "one", b, free, a)

    assert forwards.value.charge == a
    assert backwards.value.charge == b


def test_a_merchants_limits_are_its_own(stores: Stores) -> None:
    budget = charge("merchant_day", maximum=1)
    open_sign_up(stores, "one", budget)

    stores.sign_ups.open(
        sign_up("two", merchant_id="bakery"), sms("two", merchant_id="bakery"), [budget]
    )

    assert stores.sign_ups.find("bakery", "sup_two") is not None


def test_a_limit_of_all_merchants_together_is_one(stores: Stores) -> None:
    in_all = replace(charge("day_in_all", maximum=1), is_shared=True)
    open_sign_up(stores, "one", in_all)

    with pytest.raises(LimitReached):
        stores.sign_ups.open(
            sign_up("two", merchant_id="bakery"), sms("two", merchant_id="bakery"), [in_all]
        )


def test_a_charge_counts_its_units(stores: Stores) -> None:
    take(stores, charge(maximum=10, units=7))

    with pytest.raises(LimitReached):
        take(stores, charge(maximum=10, units=4))
    take(stores, charge(maximum=10, units=3))


@pytest.mark.parametrize(("maximum", "units"), [(0, 1), (5, 6)])
def test_a_charge_above_the_maximum_never_passes(stores: Stores, maximum, units) -> None:
    with pytest.raises(LimitReached):
        take(stores, charge(maximum=maximum, units=units))


@pytest.mark.parametrize("maximum", [1, 3, 20])
def test_no_stretch_of_a_sliding_limit_holds_more_than_its_maximum(
    stores: Stores, maximum: int
) -> None:
    eve = NOW - timedelta(milliseconds=1)  # another minute, hour and half day
    for _ in range(maximum):
        take(stores, sliding(eve, maximum=maximum))

    with pytest.raises(LimitReached) as caught:
        take(stores, sliding(eve + timedelta(milliseconds=59_999), maximum=maximum))

    assert caught.value.charge.ends_at == eve + timedelta(minutes=1)
    take(stores, sliding(eve + timedelta(minutes=1), maximum=maximum))


def test_a_sliding_limit_frees_one_place_after_another(stores: Stores) -> None:
    for seconds in (0, 20, 40, 60, 80):
        take(stores, sliding(NOW + timedelta(seconds=seconds)))

    with pytest.raises(LimitReached) as caught:
        take(stores, sliding(NOW + timedelta(seconds=99)))

    assert caught.value.charge.ends_at == NOW + timedelta(seconds=100)


def test_a_right_guess_gives_a_sliding_limit_its_place_back(stores: Stores) -> None:
    open_sign_up(stores, "one")
    day = timedelta(days=1)
    for seconds in range(3):
        failures = sliding(NOW + timedelta(seconds=seconds), period=day)
        _guess(stores, failures=failures)

    stores.sign_ups.forgive_guess(sign_up("one"), failures)

    again = sliding(NOW + timedelta(seconds=9), period=day)
    assert _guess(stores, failures=again) is not None
    with pytest.raises(LimitReached):
        _guess(stores, failures=again)


def test_forgiving_what_a_sliding_limit_never_held_changes_nothing(stores: Stores) -> None:
    open_sign_up(stores, "one")
    one = sliding(maximum=1)

    stores.sign_ups.forgive_guess(sign_up("one"), one)
    _guess(stores, failures=one)

    with pytest.raises(LimitReached):
        _guess(stores, failures=one)


def test_another_window_subject_or_name_is_another_counter(stores: Stores) -> None:
    first = charge(maximum=1)

    take(stores, first)

    take(
        stores,
        replace(first, window="2026-06-01T13"),
        replace(first, subject="other"),
        replace(first, name="other"),
    )


def test_a_guess_is_counted_on_sign_up_and_phone(stores: Stores) -> None:
    open_sign_up(stores, "one")

    counted = _guess(stores)

    assert counted == sign_up(guesses=1)
    assert stores.sign_ups.find(SHOP, "sup_one") == sign_up(guesses=1)


def test_a_code_takes_its_maximum_of_guesses_and_no_more(stores: Stores) -> None:
    open_sign_up(stores, "one")

    answers = [_guess(stores, guesses_max=3) for _ in range(5)]

    assert [answer.guesses if answer else None for answer in answers] == [1, 2, 3, None, None]


def test_a_guess_that_is_not_left_does_not_count_as_a_failure(stores: Stores) -> None:
    open_sign_up(stores, "one")
    open_sign_up(stores, "two")
    two = replace(FAILURES, maximum=2)
    _guess(stores, guesses_max=1, failures=two)

    _guess(stores, guesses_max=1, failures=two)

    assert _guess(stores, failures=two, name="two") is not None


def test_failures_are_counted_across_codes(stores: Stores) -> None:
    open_sign_up(stores, "one")
    open_sign_up(stores, "two")
    three = replace(FAILURES, maximum=3)
    for name in ("one", "one", "two"):
        _guess(stores, failures=three, name=name)

    with pytest.raises(LimitReached) as caught:
        _guess(stores, failures=three, name="two")

    assert caught.value.charge == three
    found = stores.sign_ups.find(SHOP, "sup_two")
    assert found is not None
    assert found.guesses == 1


def test_a_locked_phone_is_told_so_even_when_the_code_is_used_up(stores: Stores) -> None:
    open_sign_up(stores, "one")
    one = replace(FAILURES, maximum=1)
    _guess(stores, guesses_max=1, failures=one)

    with pytest.raises(LimitReached):
        _guess(stores, guesses_max=1, failures=one)


def test_a_right_guess_is_forgiven(stores: Stores) -> None:
    open_sign_up(stores, "one")
    one = replace(FAILURES, maximum=1)
    _guess(stores, failures=one)

    stores.sign_ups.forgive_guess(sign_up("one"), one)

    assert _guess(stores, failures=one) is not None


def test_forgiving_more_than_was_counted_changes_nothing(stores: Stores) -> None:
    open_sign_up(stores, "one")
    one = replace(FAILURES, maximum=1)

    stores.sign_ups.forgive_guess(sign_up("one"), one)
    _guess(stores, failures=one)

    with pytest.raises(LimitReached):
        _guess(stores, failures=one)


def test_no_guess_is_left_after_the_end_or_for_what_never_was(stores: Stores) -> None:
    open_sign_up(stores, "one")
    late = NOW + timedelta(minutes=5, seconds=1)

    ended = stores.sign_ups.count_guess(sign_up(), guesses_max=5, failures=FAILURES, at=late)

    assert ended is None
    assert _guess(stores, name="never") is None
    assert stores.sign_ups.find(SHOP, "sup_never") is None


def test_a_sign_up_is_used_once(stores: Stores) -> None:
    open_sign_up(stores, "one")
    stores.sign_ups.use(used(sign_up(), "mem_one"))

    with pytest.raises(CommitConflict):
        stores.sign_ups.use(used(sign_up(), "mem_two"))

    assert stores.sign_ups.find(SHOP, "sup_one") == used(sign_up(), "mem_one")


def test_using_a_sign_up_keeps_guesses_counted_meanwhile(stores: Stores) -> None:
    open_sign_up(stores, "one")
    _guess(stores)
    _guess(stores)

    stores.sign_ups.use(used(sign_up(guesses=1)))

    assert stores.sign_ups.find(SHOP, "sup_one") == used(sign_up(guesses=2))


def test_a_used_sign_up_remembers_which_client_used_it(stores: Stores) -> None:
    open_sign_up(stores, "one")

    stores.sign_ups.use(used(sign_up(nonce_hash="another-client")))

    found = stores.sign_ups.find(SHOP, "sup_one")
    assert found is not None
    assert found.nonce_hash == "another-client"


def test_what_never_was_cannot_be_used(stores: Stores) -> None:
    with pytest.raises(CommitConflict):
        stores.sign_ups.use(used(sign_up()))

    assert stores.sign_ups.find(SHOP, "sup_one") is None


def test_a_charge_can_be_taken_by_itself(stores: Stores) -> None:
    twice = sliding(maximum=2)

    stores.sign_ups.take(SHOP, twice)
    stores.sign_ups.take(SHOP, twice)

    with pytest.raises(LimitReached):
        stores.sign_ups.take(SHOP, twice)
