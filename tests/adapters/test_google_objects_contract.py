"""What the rows of Google Wallet promise, of the fake and of the table alike."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.google_objects import DynamoGoogleObjects
from chalicelib.adapters.dynamo.google_rates import DynamoGoogleRates
from chalicelib.domain.account import MemberRef
from chalicelib.domain.google_objects import GoogleObject, ObjectState, SentClass
from chalicelib.ports import GoogleObjects
from tests.adapters.stores import NOW, SHOP
from tests.fakes.clock import FakeClock
from tests.fakes.google_wallet import FakeGoogleObjects

ANN, BOB = MemberRef(SHOP, "ann"), MemberRef(SHOP, "bob")
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=["fake", "engine"])
def objects(request: pytest.FixtureRequest) -> GoogleObjects:
    if request.param == "fake":
        return FakeGoogleObjects()
    return DynamoGoogleObjects(request.getfixturevalue("connection"))


def claimed(objects: GoogleObjects, member: MemberRef = ANN) -> GoogleObject:
    found = objects.claim(member, NOW, NOW + MINUTE)
    assert found is not None
    return found


def sent(row: GoogleObject, version: int) -> GoogleObject:
    return replace(row, sent_version=version, shape="abc", told_version=5, notices=(NOW,))


def test_a_new_object_waits(objects: GoogleObjects) -> None:
    row = objects.begin(ANN, 4, NOW)

    assert (row.sent_version, row.told_version, row.is_waiting) == (0, 4, True)
    assert objects.waiting(NOW, 10) == (ANN,)


def test_beginning_again_changes_nothing(objects: GoogleObjects) -> None:
    objects.begin(ANN, 4, NOW)
    row = claimed(objects)
    objects.settle(row, sent(row, 100), NOW)

    again = objects.begin(ANN, 9, NOW + MINUTE)

    assert (again.sent_version, again.told_version, again.is_waiting) == (100, 5, False)


def test_a_member_without_an_object_has_none_to_want_or_to_claim(
    objects: GoogleObjects,
) -> None:
    assert objects.find(ANN) is None
    assert not objects.want(ANN, 100, NOW)
    assert objects.claim(ANN, NOW, NOW + MINUTE) is None
    assert not objects.note_event(ANN, ObjectState.SAVED, NOW)
    assert objects.waiting(NOW, 10) == ()


def test_what_was_sent_is_kept_and_waits_no_more(objects: GoogleObjects) -> None:
    objects.begin(ANN, 4, NOW)
    row = claimed(objects)

    was_ours = objects.settle(row, sent(row, 100), NOW)

    found = objects.find(ANN)
    assert was_ours
    assert found is not None
    assert (found.sent_version, found.shape, found.told_version) == (100, "abc", 5)
    assert (found.notices, found.is_waiting, found.lease_until) == ((NOW,), False, None)
    assert objects.waiting(NOW, 10) == ()


def test_a_claimed_row_is_nobody_elses_until_the_lease_ends(objects: GoogleObjects) -> None:
    objects.begin(ANN, 4, NOW)
    claimed(objects)

    early = objects.claim(ANN, NOW + MINUTE / 2, NOW + 2 * MINUTE)
    late = objects.claim(ANN, NOW + MINUTE, NOW + 2 * MINUTE)

    assert early is None
    assert late is not None


def test_a_change_during_a_claim_stays_marked_and_forgets_the_shape(
    objects: GoogleObjects,
) -> None:
    objects.begin(ANN, 4, NOW)
    row = claimed(objects)
    objects.want(ANN, 101, NOW)

    was_ours = objects.settle(row, sent(row, 100), NOW)

    found = objects.find(ANN)
    assert was_ours
    assert found is not None
    assert (found.sent_version, found.shape, found.is_waiting) == (100, "", True)
    assert objects.waiting(NOW, 10) == (ANN,)


def test_a_row_that_was_taken_away_is_marked_and_not_overwritten(
    objects: GoogleObjects,
) -> None:
    objects.begin(ANN, 4, NOW)
    slow = claimed(objects)
    quick = objects.claim(ANN, NOW + MINUTE, NOW + 2 * MINUTE)
    assert quick is not None
    objects.settle(quick, sent(quick, 102), NOW)

    was_ours = objects.settle(slow, sent(slow, 101), NOW)

    found = objects.find(ANN)
    assert not was_ours
    assert found is not None
    assert (found.sent_version, found.shape, found.is_waiting) == (102, "", True)


def test_a_postponed_object_waits_for_its_time(objects: GoogleObjects) -> None:
    objects.begin(ANN, 4, NOW)
    row = claimed(objects)

    objects.postpone(row, NOW + MINUTE)

    found = objects.find(ANN)
    assert found is not None
    assert (found.attempts, found.lease_until) == (1, None)
    assert objects.waiting(NOW, 10) == ()
    assert objects.waiting(NOW + MINUTE, 10) == (ANN,)


def test_wanting_it_again_does_not_call_a_postponed_object_back(
    objects: GoogleObjects,
) -> None:
    objects.begin(ANN, 4, NOW)
    objects.postpone(claimed(objects), NOW + MINUTE)

    objects.want(ANN, 101, NOW)

    assert objects.waiting(NOW, 10) == ()


def test_who_waits_longest_comes_first(objects: GoogleObjects) -> None:
    objects.begin(BOB, 4, NOW - MINUTE)
    objects.begin(ANN, 4, NOW)

    assert objects.waiting(NOW, 10) == (BOB, ANN)
    assert objects.waiting(NOW, 1) == (BOB,)


def test_the_highest_wanted_version_is_kept(objects: GoogleObjects) -> None:
    objects.begin(ANN, 4, NOW)

    objects.want(ANN, 105, NOW)
    objects.want(ANN, 103, NOW)

    found = objects.find(ANN)
    assert found is not None
    assert (found.wanted_version, found.asked) == (105, 3)


def test_events_are_kept_in_the_order_they_happened(objects: GoogleObjects) -> None:
    objects.begin(ANN, 4, NOW)

    kept = [
        objects.note_event(ANN, ObjectState.REMOVED, NOW + MINUTE),
        objects.note_event(ANN, ObjectState.SAVED, NOW),
    ]

    found = objects.find(ANN)
    assert found is not None
    assert (kept, found.state) == ([True, False], ObjectState.REMOVED)


def test_a_nonce_is_first_once_for_each_merchant(objects: GoogleObjects) -> None:
    seen = [objects.is_first(shop, "n" * 2_000, NOW) for shop in (SHOP, SHOP, "other")]

    assert seen == [True, False, True]


def test_a_class_is_sent_by_one_at_a_time_and_remembered(objects: GoogleObjects) -> None:
    first = objects.claim_class(SHOP, NOW, NOW + MINUTE)
    second = objects.claim_class(SHOP, NOW, NOW + MINUTE)
    none = objects.sent_class(SHOP)
    objects.settle_class(SHOP, SentClass(3, "f00"))

    assert (first, second, none) == (True, False, None)
    assert objects.sent_class(SHOP) == SentClass(3, "f00")
    assert objects.claim_class(SHOP, NOW, NOW + MINUTE)


def test_a_class_that_could_not_be_sent_is_let_go(objects: GoogleObjects) -> None:
    objects.claim_class(SHOP, NOW, NOW + MINUTE)

    objects.settle_class(SHOP, None)

    assert objects.sent_class(SHOP) is None
    assert objects.claim_class(SHOP, NOW, NOW + MINUTE)


@pytest.mark.usefixtures("connection")
def test_all_processes_share_the_requests_of_a_second() -> None:
    clock = FakeClock()
    here, there = DynamoGoogleRates("3388", clock), DynamoGoogleRates("3388", clock)

    taken = [one.take(3) for one in (here, there, here, there)]
    clock.advance(seconds=1)
    next_second = there.take(3)

    assert taken == [True, True, True, False]
    assert next_second


@pytest.mark.usefixtures("connection")
def test_another_issuer_has_an_allowance_of_its_own() -> None:
    clock = FakeClock()
    DynamoGoogleRates("3388", clock).take(1)

    assert DynamoGoogleRates("4499", clock).take(1)
