"""The `SmsOutbox` port: one contract for the fake and the table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.adapters.stores import NOW, SHOP, Stores, sign_up, sms, stores_of


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


def _promise(stores: Stores, name: str = "one", **more) -> None:
    stores.sign_ups.open(sign_up(name), sms(name, **more), [])


def test_an_unknown_message_is_none(stores: Stores) -> None:
    assert stores.sms_outbox.find(SHOP, "sms_one") is None
    assert stores.sms_outbox.waiting() == ()


def test_a_message_is_its_merchants_alone(stores: Stores) -> None:
    _promise(stores)

    assert stores.sms_outbox.find("bakery", "sms_one") is None


def test_waiting_messages_come_oldest_first_and_no_more_than_asked_for(stores: Stores) -> None:
    for name, minutes in (("late", 3), ("early", 1), ("middle", 2)):
        made = NOW + timedelta(minutes=minutes)
        _promise(stores, name, created_at=made, expires_at=made + timedelta(minutes=5))

    everything, two = stores.sms_outbox.waiting(), stores.sms_outbox.waiting(limit=2)

    assert [name for _, name in everything] == ["sms_early", "sms_middle", "sms_late"]
    assert two == everything[:2]


def test_what_became_of_a_message_is_stored(stores: Stores) -> None:
    _promise(stores)
    taken = replace(sms(), state="taken", route="first", operator_id="op-1", attempts=2)

    stores.sms_outbox.save(taken)

    assert stores.sms_outbox.find(SHOP, "sms_one") == taken


@pytest.mark.parametrize("state", ["taken", "delivered", "failed"])
def test_a_message_no_longer_waiting_leaves_the_outbox(stores: Stores, state: str) -> None:
    _promise(stores)

    stores.sms_outbox.save(sms(state=state))

    assert stores.sms_outbox.waiting() == ()


def test_a_message_that_still_waits_stays(stores: Stores) -> None:
    _promise(stores)

    stores.sms_outbox.save(sms(attempts=1))

    assert stores.sms_outbox.waiting() == ((SHOP, "sms_one"),)
    assert stores.sms_outbox.find(SHOP, "sms_one") == sms(attempts=1)


def test_past_its_time_a_message_is_gone_for_everybody(stores: Stores) -> None:
    _promise(stores)

    stores.clock.advance(minutes=5)

    assert stores.sms_outbox.find(SHOP, "sms_one") is None
    assert stores.sms_outbox.waiting() == ()


def test_messages_nobody_could_send_do_not_hold_back_the_next(stores: Stores) -> None:
    for number in range(3):
        _promise(stores, f"old-{number}")
    stores.clock.advance(minutes=5)
    made = stores.clock.now()
    _promise(stores, "new", created_at=made, expires_at=made + timedelta(minutes=5))

    assert stores.sms_outbox.waiting(limit=1) == ((SHOP, "sms_new"),)


def test_a_message_that_must_go_another_way_waits_again(stores: Stores) -> None:
    _promise(stores)
    stores.sms_outbox.save(sms(state="taken", route="first", operator_id="op-1"))

    stores.sms_outbox.save(sms(state="waiting", route="first", operator_id="op-1"))

    assert stores.sms_outbox.waiting() == ((SHOP, "sms_one"),)


def test_a_taken_message_is_found_by_the_operators_own_id(stores: Stores) -> None:
    _promise(stores)
    taken = sms(state="taken", route="first", operator_id="op#1%")

    stores.sms_outbox.save(taken)

    assert stores.sms_outbox.find_taken("first", "op#1%") == taken
    assert stores.sms_outbox.find_taken("second", "op#1%") is None
    assert stores.sms_outbox.find_taken("first", "op#2%") is None


def test_a_taken_message_is_found_until_its_time_is_over(stores: Stores) -> None:
    _promise(stores)
    stores.sms_outbox.save(sms(state="taken", route="first", operator_id="op-1"))

    stores.clock.advance(minutes=5)

    assert stores.sms_outbox.find_taken("first", "op-1") is None


def test_one_worker_claims_an_attempt(stores: Stores) -> None:
    _promise(stores)

    first = stores.sms_outbox.claim(sms())
    second = stores.sms_outbox.claim(sms())

    assert first == sms(attempts=1)
    assert second is None
    assert stores.sms_outbox.find(SHOP, "sms_one") == sms(attempts=1)


def test_a_claimed_message_is_nobody_elses_until_it_is_saved(stores: Stores) -> None:
    _promise(stores)
    claimed = stores.sms_outbox.claim(sms())
    assert claimed is not None

    seen_by_another = stores.sms_outbox.find(SHOP, "sms_one")
    assert seen_by_another is not None
    assert stores.sms_outbox.claim(seen_by_another) is None

    stores.sms_outbox.save(claimed)  # no route took it
    assert stores.sms_outbox.claim(claimed) == sms(attempts=2)


def test_a_claim_of_a_worker_that_died_ends(stores: Stores) -> None:
    _promise(stores)
    claimed = stores.sms_outbox.claim(sms())
    assert claimed is not None

    stores.clock.advance(minutes=2)

    assert stores.sms_outbox.claim(claimed) == sms(attempts=2)


def test_a_message_that_was_taken_cannot_be_claimed(stores: Stores) -> None:
    _promise(stores)
    stores.sms_outbox.save(sms(state="taken", route="first", operator_id="op-1"))

    assert stores.sms_outbox.claim(sms()) is None


def test_saving_what_is_gone_does_not_bring_it_back(stores: Stores) -> None:
    stores.sms_outbox.save(sms(state="delivered"))

    assert stores.sms_outbox.find(SHOP, "sms_one") is None
