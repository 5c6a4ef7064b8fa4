"""The `PhoneChanges` port, and its end in the ledger: one contract for fake and table."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.adapters.dynamo.members import DynamoMembers, profile_item
from chalicelib.adapters.dynamo.phone_changes import DynamoPhoneChanges
from chalicelib.adapters.vault import LocalVault
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.members import NewPhone
from chalicelib.domain.phone_changes import PhoneChange
from chalicelib.ports import CommitConflict, Ledger, LimitReached, Members, PhoneChanges
from tests.adapters.stores import (
    DUE_SHARDS,
    NOW,
    SHOP,
    MasterKey,
    charge,
    join,
    next_entry,
    profile,
    sms,
)
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger
from tests.fakes.limits import FakeLimits
from tests.fakes.members import FakeMembers
from tests.fakes.phone_changes import FakePhoneChanges
from tests.fakes.sign_ups import FakeSignUps
from tests.fakes.sms_outbox import FakeSmsOutbox

WHO = profile()
MEMBER, OLD, NEW = WHO.member, "hash", "new-hash"
PAUSED = datetime(2026, 6, 4, 12, tzinfo=UTC)


@dataclass
class Desk:
    """The ports a change touches."""

    changes: PhoneChanges
    ledger: Ledger
    members: Members
    clock: FakeClock


@pytest.fixture(params=["fake", "dynamo"])
def desk(request: pytest.FixtureRequest) -> Desk:
    is_fake = request.param == "fake"
    found = _fake() if is_fake else _dynamo(request.getfixturevalue("connection"))
    found.members.register(WHO, join(MEMBER), phone_hash=OLD, sign_up=None)
    return found


def _fake() -> Desk:
    clock, ledger = FakeClock(NOW), FakeLedger()
    outbox = FakeSmsOutbox(clock)
    members = FakeMembers(ledger, FakeSignUps(clock, outbox))
    return Desk(FakePhoneChanges(members, FakeLimits(), outbox), ledger, members, clock)


def _dynamo(connection) -> Desk:
    vault, clock = LocalVault(MasterKey()), FakeClock(NOW)
    ledger = DynamoLedger(
        connection,
        due_shards=DUE_SHARDS,
        profile_seal=lambda changed: profile_item(
            changed, vault, due_shards=DUE_SHARDS, revision=changed.revision + 1
        ),
    )
    members = DynamoMembers(connection, vault, ledger, due_shards=DUE_SHARDS)
    return Desk(DynamoPhoneChanges(connection, vault, clock), ledger, members, clock)


def change(name: str = "one", **more: object) -> PhoneChange:
    made = PhoneChange(
        change_id=f"pch_{name}.{MEMBER.member_id}",
        member=MEMBER,
        phone="+79990000099",
        phone_hash=NEW,
        old_phone_hash=OLD,
        code_hash="c1",
        old_code_hash="c2",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=10),
    )
    return replace(made, **more)


def ending(desk: Desk, name: str = "one", phone_hash: str = NEW) -> LedgerChange:
    """Return what gives the member the phone."""
    who, account = desk.members.profile(MEMBER), desk.ledger.account(MEMBER)
    assert who is not None
    assert account is not None
    after = replace(who, phone="+79990000099")
    new = NewPhone(after, phone_hash, OLD, change(name).change_id)
    made = next_entry(account, redeem_paused_until=PAUSED)
    return replace(made, phone=new)


def test_a_change_comes_back_as_it_was_opened(desk: Desk) -> None:
    bare = change("bare", old_phone_hash=None, old_code_hash=None)

    for one in (change(), bare):
        desk.changes.open(one, [], [])

    assert desk.changes.find(MEMBER, change().change_id) == change()
    assert desk.changes.find(MEMBER, bare.change_id) == bare
    assert desk.changes.find(profile("two").member, change().change_id) is None


def test_the_latest_change_is_listed_first(desk: Desk) -> None:
    later = change("later", created_at=NOW + timedelta(hours=1))
    for one in (change(), later):
        desk.changes.open(one, [], [])

    assert desk.changes.of_member(MEMBER) == (later, change())
    assert desk.changes.of_member(profile("two").member) == ()


def test_opening_takes_every_charge_or_writes_nothing(desk: Desk) -> None:
    desk.changes.open(change(), [sms()], [charge(maximum=1)])

    with pytest.raises(LimitReached):
        desk.changes.open(change("two"), [sms("two")], [charge(maximum=1)])
    desk.changes.open(change(), [sms()], [charge(maximum=1)])  # its answer was lost

    assert desk.changes.find(MEMBER, change("two").change_id) is None


def test_guesses_are_counted_up_to_the_most(desk: Desk) -> None:
    desk.changes.open(change(), [], [])

    counted = [
        desk.changes.count_guess(change(), guesses_max=2, failures=charge(maximum=9), at=NOW)
        for _ in range(3)
    ]

    assert [one.guesses if one else None for one in counted] == [1, 1, None]
    found = desk.changes.find(MEMBER, change().change_id)
    assert found is not None
    assert found.guesses == 2


def test_no_guess_is_left_once_it_is_verified_or_over(desk: Desk) -> None:
    for name in ("one", "two"):
        desk.changes.open(change(name), [], [])
    desk.changes.verify(replace(change(), verified_at=NOW))

    after = [
        desk.changes.count_guess(change(), guesses_max=5, failures=charge(), at=NOW),
        desk.changes.count_guess(
            change("two"), guesses_max=5, failures=charge(), at=NOW + timedelta(minutes=11)
        ),
    ]

    assert after == [None, None]


def test_it_is_verified_once(desk: Desk) -> None:
    desk.changes.open(change(), [], [])

    for minutes in (1, 2):
        at = NOW + timedelta(minutes=minutes)
        desk.changes.verify(replace(change(), verified_at=at))

    found = desk.changes.find(MEMBER, change().change_id)
    assert found is not None
    assert found.verified_at == NOW + timedelta(minutes=1)


def test_a_failure_is_forgiven(desk: Desk) -> None:
    desk.changes.open(change(), [], [])
    full = charge(maximum=1)
    desk.changes.count_guess(change(), guesses_max=9, failures=full, at=NOW)

    desk.changes.forgive_guess(change(), full)

    assert desk.changes.count_guess(change(), guesses_max=9, failures=full, at=NOW)
    with pytest.raises(LimitReached):
        desk.changes.count_guess(change(), guesses_max=9, failures=full, at=NOW)


def test_the_end_moves_phone_profile_account_and_change_at_once(desk: Desk) -> None:
    desk.changes.open(change(), [], [])

    desk.ledger.commit(ending(desk))

    assert desk.members.id_by_phone(SHOP, NEW) == MEMBER.member_id
    assert desk.members.id_by_phone(SHOP, OLD) is None
    who, account = desk.members.profile(MEMBER), desk.ledger.account(MEMBER)
    assert who is not None
    assert account is not None
    assert (who.phone, who.revision) == ("+79990000099", WHO.revision + 1)
    assert account.redeem_paused_until == PAUSED
    found = desk.changes.find(MEMBER, change().change_id)
    assert found is not None
    assert found.done_at is not None


def test_a_phone_that_became_another_members_moves_nothing(desk: Desk) -> None:
    desk.changes.open(change(), [], [])
    other = profile("two")
    desk.members.register(other, join(other.member), phone_hash=NEW, sign_up=None)

    with pytest.raises(CommitConflict):
        desk.ledger.commit(ending(desk))

    assert desk.members.id_by_phone(SHOP, OLD) == MEMBER.member_id
    assert desk.members.id_by_phone(SHOP, NEW) == other.member.member_id


def test_a_change_that_never_was_ends_nothing(desk: Desk) -> None:
    with pytest.raises(CommitConflict):
        desk.ledger.commit(ending(desk, "never"))

    assert desk.members.id_by_phone(SHOP, OLD) == MEMBER.member_id
