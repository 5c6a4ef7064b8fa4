"""One contract for confirmations, in dictionaries and in the engine; then all at once."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamo.confirmations import DynamoConfirmations
from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.adapters.dynamo.members import DynamoMembers, profile_item
from chalicelib.adapters.dynamo.offers import DynamoOffers
from chalicelib.adapters.dynamo.sms_outbox import DynamoSmsOutbox, sms_item
from chalicelib.adapters.vault import LocalVault
from chalicelib.domain.confirmations import Confirmation, Method, Purpose, used_up, verified
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.limits import Take
from chalicelib.domain.members import NewPassCode
from chalicelib.domain.till_rule import day_counter
from chalicelib.ports import (
    CommitConflict,
    Confirmations,
    Ledger,
    LimitReached,
    Members,
    Offers,
    SmsOutbox,
    Taken,
)
from tests.adapters.stores import (
    DUE_SHARDS,
    NOW,
    SHOP,
    MasterKey,
    charge,
    join,
    next_entry,
    profile,
    sliding,
    sms,
)
from tests.fakes.clock import FakeClock
from tests.fakes.confirmations import FakeConfirmations
from tests.fakes.ledger import FakeLedger
from tests.fakes.limits import FakeLimits
from tests.fakes.members import FakeMembers
from tests.fakes.offers import FakeOffers
from tests.fakes.sign_ups import FakeSignUps
from tests.fakes.sms_outbox import FakeSmsOutbox

WHO = profile()
MEMBER = WHO.member
THREADS = 8


@dataclass(frozen=True, slots=True)
class Desk:
    """The ports a confirmation touches."""

    confirmations: Confirmations
    ledger: Ledger
    members: Members
    offers: Offers
    outbox: SmsOutbox


@pytest.fixture(params=["fake", "dynamo"])
def desk(request: pytest.FixtureRequest) -> Desk:
    found = (
        _fake() if request.param == "fake" else _dynamo(request.getfixturevalue("connection"))
    )
    found.members.register(WHO, join(MEMBER), phone_hash=None, sign_up=None)
    return found


def _fake() -> Desk:
    clock, ledger = FakeClock(NOW), FakeLedger()
    outbox = FakeSmsOutbox(clock)
    members = FakeMembers(ledger, FakeSignUps(clock, outbox))
    confirmations = FakeConfirmations(ledger, FakeLimits(), outbox)
    return Desk(confirmations, ledger, members, FakeOffers(ledger), outbox)


def _dynamo(connection: Connection) -> Desk:
    vault, clock = LocalVault(MasterKey()), FakeClock(NOW)
    ledger = DynamoLedger(
        connection,
        due_shards=DUE_SHARDS,
        profile_seal=lambda changed: profile_item(
            changed, vault, due_shards=DUE_SHARDS, revision=changed.revision + 1
        ),
    )
    return Desk(
        DynamoConfirmations(connection, lambda message: sms_item(message, vault)),
        ledger,
        DynamoMembers(connection, vault, ledger, due_shards=DUE_SHARDS),
        DynamoOffers(connection),
        DynamoSmsOutbox(vault, clock),
    )


def made(name: str = "one", **changes: Any) -> Confirmation:
    """Return a verified confirmation."""
    return replace(
        verified(f"cnf_{name}.{MEMBER.member_id}", MEMBER, Method.TOTP, NOW), **changes
    )


def pending(name: str = "one") -> Confirmation:
    """Return one whose code was sent."""
    return made(name, method=Method.SMS, verified_at=None, code_hash="ch", phone_hash="ph")


class TestAccepted:
    def test_is_found_as_it_was_written(self, desk: Desk) -> None:
        assert desk.confirmations.accept(made(), 100)

        assert desk.confirmations.find(MEMBER, made().confirmation_id) == made()

    def test_is_nobody_elses(self, desk: Desk) -> None:
        desk.confirmations.accept(made(), 100)

        assert desk.confirmations.find(profile("two").member, made().confirmation_id) is None
        elsewhere = replace(MEMBER, merchant_id="bakery")
        assert desk.confirmations.find(elsewhere, made().confirmation_id) is None

    @pytest.mark.parametrize("step", [99, 100])
    def test_is_no_step_up_to_the_last(self, desk: Desk, step: int) -> None:
        desk.confirmations.accept(made(), 100)

        assert not desk.confirmations.accept(made("two"), step)

        assert desk.confirmations.find(MEMBER, made("two").confirmation_id) is None

    def test_is_a_later_step(self, desk: Desk) -> None:
        desk.confirmations.accept(made(), 100)

        assert desk.confirmations.accept(made("two"), 101)

    def test_is_the_same_step_of_another_method_or_member(self, desk: Desk) -> None:
        desk.confirmations.accept(made(), 100)

        assert desk.confirmations.accept(made("two", method=Method.ONE_TIME_CODE), 100)
        assert desk.confirmations.accept(made("three", member=profile("two").member), 100)

    def test_is_used_up_once(self, desk: Desk) -> None:
        assert desk.confirmations.accept(made(), 1)
        used = used_up(made(), NOW)

        desk.confirmations.use(used)
        with pytest.raises(CommitConflict):
            desk.confirmations.use(used)

        assert desk.confirmations.find(used.member, used.confirmation_id) == used

    def test_that_is_not_verified_is_not_used_up(self, desk: Desk) -> None:
        desk.confirmations.promise(pending(), sms(), [])

        with pytest.raises(CommitConflict):
            desk.confirmations.use(used_up(pending(), NOW))

    def test_asked_for_again_is_the_same(self, desk: Desk) -> None:
        desk.confirmations.accept(made(), 100)

        assert desk.confirmations.accept(made(), 100)


class TestPromised:
    def test_lies_in_the_outbox_with_its_confirmation(self, desk: Desk) -> None:
        desk.confirmations.promise(pending(), sms(), [charge()])

        assert desk.confirmations.find(MEMBER, pending().confirmation_id) == pending()
        assert desk.outbox.find(SHOP, sms().message_id) == sms()

    def test_keeps_what_it_is_good_for(self, desk: Desk) -> None:
        to_erase = replace(pending(), purpose=Purpose.ERASE)

        desk.confirmations.promise(to_erase, sms(), [])

        assert desk.confirmations.find(MEMBER, to_erase.confirmation_id) == to_erase

    def test_takes_every_charge_or_is_not_written(self, desk: Desk) -> None:
        desk.confirmations.promise(pending(), sms(), [charge(maximum=1)])

        with pytest.raises(LimitReached):
            desk.confirmations.promise(pending("two"), sms("two"), [charge(maximum=1)])

        assert desk.confirmations.find(MEMBER, pending("two").confirmation_id) is None

    def test_asked_for_again_changes_nothing(self, desk: Desk) -> None:
        for _ in range(2):
            desk.confirmations.promise(pending(), sms(), [charge(maximum=1)])

    def test_counts_guesses_up_to_the_most(self, desk: Desk) -> None:
        desk.confirmations.promise(pending(), sms(), [])

        counted = [guess(desk, pending()) for _ in range(3)]

        assert [one and one.guesses for one in counted] == [1, 1, None]

    def test_counts_no_guess_past_its_time_or_once_verified(self, desk: Desk) -> None:
        desk.confirmations.promise(pending(), sms(), [])

        assert guess(desk, pending(), late=timedelta(minutes=11)) is None
        desk.confirmations.verify(replace(pending(), verified_at=NOW))
        assert guess(desk, pending()) is None

    def test_counts_no_guess_where_a_phone_has_failed_too_often(self, desk: Desk) -> None:
        desk.confirmations.promise(pending(), sms(), [])
        desk.confirmations.count_failure(SHOP, charge("phone_failures", maximum=1))

        with pytest.raises(LimitReached):
            guess(desk, pending(), failures_max=1)

    def test_is_verified_once(self, desk: Desk) -> None:
        desk.confirmations.promise(pending(), sms(), [])
        desk.confirmations.verify(replace(pending(), verified_at=NOW))

        with pytest.raises(CommitConflict):
            desk.confirmations.verify(replace(pending(), verified_at=NOW))
        found = desk.confirmations.find(MEMBER, pending().confirmation_id)
        assert found == replace(pending(), verified_at=NOW)

    def test_cannot_be_verified_if_it_is_not_there(self, desk: Desk) -> None:
        with pytest.raises(CommitConflict):
            desk.confirmations.verify(replace(pending(), verified_at=NOW))


class TestFailures:
    def test_are_counted_up_to_the_most_and_forgiven(self, desk: Desk) -> None:
        failure = sliding(maximum=2)
        desk.confirmations.count_failure(SHOP, failure)
        desk.confirmations.count_failure(SHOP, failure)

        with pytest.raises(LimitReached):
            desk.confirmations.count_failure(SHOP, failure)
        desk.confirmations.forgive_failure(SHOP, failure)
        desk.confirmations.count_failure(SHOP, failure)

    def test_that_are_not_there_are_forgiven_too(self, desk: Desk) -> None:
        desk.confirmations.forgive_failure(SHOP, sliding())


class TestUsed:
    def test_is_used_up_with_the_entry(self, desk: Desk) -> None:
        desk.confirmations.accept(made(), 100)

        desk.ledger.commit(using(desk, made()))

        found = desk.confirmations.find(MEMBER, made().confirmation_id)
        assert found == used_up(made(), NOW)

    @pytest.mark.parametrize("case", ["used", "pending", "unknown", "expired"])
    def test_that_is_not_good_leaves_everything_as_it_was(self, desk: Desk, case: str) -> None:
        if case == "pending":
            desk.confirmations.promise(pending(), sms(), [])
        elif case != "unknown":
            desk.confirmations.accept(made(), 100)
        if case == "used":
            desk.ledger.commit(using(desk, made()))
        at = NOW + timedelta(minutes=11) if case == "expired" else NOW
        before = desk.ledger.account(MEMBER)

        with pytest.raises(CommitConflict):
            desk.ledger.commit(using(desk, replace(made(), used_at=at)))

        assert desk.ledger.account(MEMBER) == before

    def test_the_day_s_counter_stays_within_its_maximum(self, desk: Desk) -> None:
        counter = day_counter(MEMBER, NOW.date())
        desk.ledger.commit(taking(desk, Take(counter, 60, 100)))

        with pytest.raises(CommitConflict):
            desk.ledger.commit(taking(desk, Take(counter, 41, 100)))

        read = desk.offers.read(SHOP, member_id=MEMBER.member_id, counters=(counter,))
        assert read.used == {counter: 60}


class TestPassCodes:
    def test_a_replaced_one_leads_nowhere_but_is_known(self, desk: Desk) -> None:
        desk.ledger.commit(replacing(desk, "L1new"))

        by_code = desk.members.id_by_code
        assert by_code(SHOP, "L1new") == MEMBER.member_id
        assert by_code(SHOP, WHO.code) is None
        assert by_code(SHOP, WHO.code, is_replaced=True) == MEMBER.member_id
        assert by_code(SHOP, "L1new", is_replaced=True) is None
        found = desk.members.profile(MEMBER)
        assert found == replace(WHO, code="L1new", revision=WHO.revision + 1)

    def test_a_code_that_is_taken_replaces_nothing(self, desk: Desk) -> None:
        two = profile("two")
        desk.members.register(two, join(two.member), phone_hash=None, sign_up=None)

        with pytest.raises(CommitConflict):
            desk.ledger.commit(replacing(desk, two.code))

        assert desk.members.id_by_code(SHOP, WHO.code) == MEMBER.member_id
        assert desk.members.profile(MEMBER) == WHO

    def test_a_profile_that_moved_keeps_its_code(self, desk: Desk) -> None:
        change = replacing(desk, "L1new")
        desk.members.save_profile(replace(WHO, name="Ann"))

        with pytest.raises(CommitConflict):
            desk.ledger.commit(change)

        assert desk.members.id_by_code(SHOP, "L1new") is None


class TestCards:
    def test_that_are_removed_lead_nowhere(self, desk: Desk) -> None:
        bound = replace(WHO, card_numbers=("4006",))
        desk.members.add_card(bound, "hash")
        freed = replace(WHO, revision=WHO.revision + 1)

        desk.members.remove_card(freed, "hash")

        assert desk.members.id_by_card(SHOP, "hash") is None
        found = desk.members.profile(MEMBER)
        assert found is not None
        assert found.card_numbers == ()

    def test_of_another_member_stay(self, desk: Desk) -> None:
        two = profile("two")
        desk.members.register(two, join(two.member), phone_hash=None, sign_up=None)
        desk.members.add_card(replace(two, card_numbers=("4006",)), "hash")

        with pytest.raises(CommitConflict):
            desk.members.remove_card(WHO, "hash")

        with pytest.raises(Taken):
            desk.members.add_card(WHO, "hash")

    def test_old_codes_are_kept_with_the_profile(self, desk: Desk) -> None:
        desk.members.add_card(replace(WHO, old_codes=("17AB",)), "hash")

        found = desk.members.profile(MEMBER)
        assert found is not None
        assert found.old_codes == ("17AB",)


def test_one_step_is_accepted_once_however_many_ask_at_once(connection: Connection) -> None:
    desk = _dynamo(connection)

    won = at_once(lambda n: desk.confirmations.accept(made(f"{n}"), 100))

    assert won.count(True) == 1


def test_a_confirmation_is_used_once_however_many_sell_at_once(connection: Connection) -> None:
    desk = _dynamo(connection)
    desk.members.register(WHO, join(MEMBER), phone_hash=None, sign_up=None)
    desk.confirmations.accept(made(), 100)

    won = at_once(lambda _: desk.ledger.commit(using(desk, made())) is None)

    assert won.count(True) == 1
    account = desk.ledger.account(MEMBER)
    assert account is not None
    assert account.version == 2


def at_once(do: Callable[[int], bool]) -> list[bool]:
    """Do it in every thread at the same time; a lost race is tried again, at most so often."""
    gate, found = threading.Barrier(THREADS), []

    def one(number: int) -> None:
        gate.wait()
        for _ in range(2 * THREADS):
            try:
                found.append(do(number))
            except CommitConflict:
                continue
            return

    threads = [threading.Thread(target=one, args=(number,)) for number in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def guess(
    desk: Desk,
    confirmation: Confirmation,
    *,
    late: timedelta = timedelta(),
    failures_max: int = 100,
) -> Confirmation | None:
    """Count one of at most two guesses."""
    failures = charge("phone_failures", maximum=failures_max)
    return desk.confirmations.count_guess(
        confirmation, guesses_max=2, failures=failures, at=NOW + late
    )


def using(desk: Desk, confirmation: Confirmation) -> LedgerChange:
    """Return an entry that uses a confirmation up."""
    account = desk.ledger.account(MEMBER)
    assert account
    used = confirmation if confirmation.used_at else used_up(confirmation, NOW)
    return replace(next_entry(account), confirmation=used)


def taking(desk: Desk, take: Take) -> LedgerChange:
    """Return an entry that moves a counter."""
    account = desk.ledger.account(MEMBER)
    assert account
    return replace(next_entry(account), takes=(take,))


def replacing(desk: Desk, code: str) -> LedgerChange:
    """Return an entry that replaces the pass code."""
    account = desk.ledger.account(MEMBER)
    assert account
    new = NewPassCode(replace(WHO, code=code), WHO.code)
    return replace(next_entry(account), pass_code=new)
