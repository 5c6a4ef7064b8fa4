"""The ports of staff: one contract for the fakes and the table."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.guesses import DynamoDeviceCodes, DynamoGuesses
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.owners import DynamoOwners
from chalicelib.adapters.dynamo.sessions import DynamoSessions
from chalicelib.adapters.dynamo.sms_outbox import DynamoSmsOutbox
from chalicelib.adapters.dynamo.staff import DynamoStaffRoom
from chalicelib.adapters.passwords import Argon2Passwords
from chalicelib.adapters.vault import LocalVault, SealBroken
from chalicelib.domain.activations import Activation, Approval
from chalicelib.domain.attempts import Attempts, counted
from chalicelib.domain.audit import AuditRecord, Deed
from chalicelib.domain.members import OutgoingSms
from chalicelib.domain.owners import Owner, password_letter_charges, shop_charges
from chalicelib.domain.sessions import locked, shift, till_session
from chalicelib.domain.staff import Role, StaffMember, Store, Till
from chalicelib.ports import CommitConflict, LimitReached, Taken
from chalicelib.ports.owners import Owners
from chalicelib.ports.staff import DeviceCodes, Guesses, Sessions, StaffRoom
from tests.adapters.stores import NOW, SHOP, MasterKey
from tests.fakes.clock import FakeClock
from tests.fakes.staff import (
    FakeDeviceCodes,
    FakeGuesses,
    FakeOwners,
    FakePasswords,
    FakeSessions,
    FakeStaffRoom,
)

STORE = Store(store_id="main", name="North", address="Lenina 1")
TILL = Till(till_id="till-1", store_id="main", name="Till")
VERA = StaffMember(
    staff_id="stf_vera",
    role=Role.CASHIER,
    name="Vera",
    pin_hash="hash",
    pin_salt="salt",
    member_id="mem_vera",
)
BOUND = till_session("ab" * 32, SHOP, TILL, device="Firefox", at=NOW)
OWNER = Owner(
    email="anna@example.org",
    email_hash="cd" * 32,
    merchant_id=SHOP,
    staff_id="stf_anna",
    created_at=NOW,
    password_hash="password-hash",
    totp_secret=b"secret",
    new_secret=b"another",
    new_until=NOW + timedelta(minutes=10),
    is_totp_on=True,
    totp_step=17,
    recovery_hashes=("one", "two"),
)
CODE = Activation(
    code_hash="ef" * 32,
    merchant_id=SHOP,
    store_id="main",
    till_id="till-1",
    expires_at=NOW + timedelta(minutes=10),
)
APPROVAL = Approval(
    approval_id="apr_1",
    merchant_id=SHOP,
    till_id="till-1",
    approver_id="stf_olga",
    role=Role.MANAGER,
    created_at=NOW,
    call="POST /v1/till/pin-resets",
    target="stf_vera",
)


@dataclass(frozen=True, slots=True)
class Ports:
    """The ports of one world."""

    room: StaffRoom
    sessions: Sessions
    guesses: Guesses
    codes: DeviceCodes
    owners: Owners
    letters: Callable[[], list[OutgoingSms]]  # that are to leave


@pytest.fixture(params=["fake", "dynamo"])
def ports(request: pytest.FixtureRequest) -> Ports:
    if request.param == "fake":
        room = FakeStaffRoom()
        owners = FakeOwners(room)
        return Ports(
            room,
            FakeSessions(room),
            FakeGuesses(),
            FakeDeviceCodes(room),
            owners,
            lambda: owners.letters,
        )
    connection, vault = request.getfixturevalue("connection"), LocalVault(MasterKey())
    outbox = DynamoSmsOutbox(vault, FakeClock())
    return Ports(
        DynamoStaffRoom(connection),
        DynamoSessions(connection),
        DynamoGuesses(),
        DynamoDeviceCodes(connection),
        DynamoOwners(connection, vault),
        lambda: [found for one in outbox.waiting(limit=99) if (found := outbox.find(*one))],
    )


def record(name: str = "one", *, minute: int = 0, **more: Any) -> AuditRecord:
    base = AuditRecord(
        audit_id=f"aud_{name}",
        merchant_id=SHOP,
        at=NOW + timedelta(minutes=minute),
        actor="stf_anna",
        deed=Deed.STAFF_ADDED,
    )
    return replace(base, **more)


def letter(message_id: str) -> OutgoingSms:
    return OutgoingSms(
        message_id=message_id,
        merchant_id=SHOP,
        to=OWNER.email,
        text="A new password",
        created_at=NOW,
        expires_at=NOW + timedelta(minutes=30),
    )


class TestRoom:
    @pytest.mark.parametrize("thing", [STORE, TILL, VERA], ids=["store", "till", "person"])
    def test_a_thing_comes_back_as_it_was_added_and_changed(self, ports: Ports, thing) -> None:
        ports.room.add(SHOP, thing, record())
        ports.room.change(SHOP, replace(thing, name="Other"), record("two"))

        found = {*ports.room.stores(SHOP), *ports.room.tills(SHOP), *ports.room.people(SHOP)}

        assert found == {replace(thing, name="Other", revision=2)}

    def test_one_thing_is_found_by_its_id(self, ports: Ports) -> None:
        ports.room.add(SHOP, TILL, record())
        ports.room.add(SHOP, VERA, record("two"))

        assert ports.room.till(SHOP, "till-1") == TILL
        assert ports.room.person(SHOP, "stf_vera") == VERA
        assert ports.room.till(SHOP, "stf_vera") is None
        assert ports.room.person("bakery", "stf_vera") is None

    def test_an_id_is_given_once_and_nothing_is_noted_of_the_second(self, ports: Ports) -> None:
        ports.room.add(SHOP, TILL, record())

        with pytest.raises(Taken):
            ports.room.add(SHOP, replace(TILL, name="Other"), record("two"))

        assert ports.room.tills(SHOP) == (TILL,)
        assert ports.room.audit(SHOP, limit=9) == (record(),)

    def test_a_change_of_what_somebody_else_has_changed_is_refused(self, ports: Ports) -> None:
        ports.room.add(SHOP, VERA, record())
        ports.room.change(SHOP, replace(VERA, name="Vera P."), record("two"))

        with pytest.raises(CommitConflict):
            ports.room.change(SHOP, replace(VERA, is_active=False), record("three"))

        (found,) = ports.room.people(SHOP)
        assert (found.name, found.is_active) == ("Vera P.", True)
        assert len(ports.room.audit(SHOP, limit=9)) == 2

    def test_nobody_is_changed_who_is_not_there(self, ports: Ports) -> None:
        with pytest.raises(CommitConflict):
            ports.room.change(SHOP, VERA, record())

    def test_the_audit_log_is_read_newest_first_page_by_page(self, ports: Ports) -> None:
        records = [record(f"n{n}", minute=n, facts={"n": str(n)}) for n in range(5)]
        for one in records:
            ports.room.note(one)
        ports.room.note(record("other", merchant_id="bakery"))

        first = ports.room.audit(SHOP, limit=3)
        rest = ports.room.audit(SHOP, before=first[-1].place, limit=3)

        assert [*first, *rest] == records[::-1]

    def test_a_record_that_is_noted_again_stays_as_it_was(self, ports: Ports) -> None:
        first = record("n1", facts={"reason": "the first"})
        ports.room.note(first)

        ports.room.note(record("n1", facts={"reason": "another"}))

        assert ports.room.audit(SHOP, limit=3) == (first,)


class TestSessions:
    def test_a_session_comes_back_as_it_was_opened(self, ports: Ports) -> None:
        begun = shift(replace(BOUND, owner_id="x", is_pending=True), "cd" * 32, VERA, NOW)

        ports.sessions.open(begun)

        assert ports.sessions.find(SHOP, "cd" * 32) == begun
        assert ports.sessions.find("bakery", "cd" * 32) is None

    def test_a_sign_in_writes_both_sessions(self, ports: Ports) -> None:
        ports.room.add(SHOP, VERA, record())
        ports.sessions.open(BOUND)
        begun = shift(BOUND, "cd" * 32, VERA, NOW)

        ports.sessions.succeed(begun, locked(BOUND), VERA)

        assert ports.sessions.of_merchant(SHOP) == (locked(BOUND), begun)

    def test_a_device_that_was_unbound_gets_no_new_session(self, ports: Ports) -> None:
        ports.room.add(SHOP, VERA, record())

        with pytest.raises(CommitConflict):
            ports.sessions.succeed(shift(BOUND, "cd" * 32, VERA, NOW), locked(BOUND), VERA)

        assert ports.sessions.of_merchant(SHOP) == ()

    def test_who_was_changed_meanwhile_is_not_signed_in(self, ports: Ports) -> None:
        ports.room.add(SHOP, VERA, record())
        ports.sessions.open(BOUND)
        ports.room.change(SHOP, replace(VERA, is_active=False), record("two"))

        with pytest.raises(CommitConflict):
            ports.sessions.succeed(shift(BOUND, "cd" * 32, VERA, NOW), locked(BOUND), VERA)

        assert ports.sessions.of_merchant(SHOP) == (BOUND,)

    def test_a_session_that_was_ended_does_not_come_back(self, ports: Ports) -> None:
        ports.sessions.open(BOUND)
        ports.sessions.end(SHOP, BOUND.session_id)

        with pytest.raises(CommitConflict):
            ports.sessions.save(BOUND)
        ports.sessions.seen(BOUND, NOW)
        ports.sessions.end(SHOP, BOUND.session_id)

        assert ports.sessions.find(SHOP, BOUND.session_id) is None

    def test_being_seen_moves_the_moment_alone(self, ports: Ports) -> None:
        later = NOW + timedelta(hours=1)
        ports.sessions.open(BOUND)

        ports.sessions.seen(BOUND, later)

        assert ports.sessions.find(SHOP, BOUND.session_id) == replace(BOUND, seen_at=later)


class TestGuesses:
    def test_a_count_comes_back(self, ports: Ports) -> None:
        first = counted(Attempts(), NOW)
        fifth = Attempts(5, NOW + timedelta(minutes=1), NOW)
        ports.guesses.count("pin", Attempts(), first)
        ports.guesses.count("pin", first, fifth)

        assert ports.guesses.read("pin") == fifth
        assert ports.guesses.read("other") == Attempts()

    def test_of_two_guesses_at_once_one_is_told_to_look_again(self, ports: Ports) -> None:
        first = counted(Attempts(), NOW)
        ports.guesses.count("pin", Attempts(), first)

        with pytest.raises(CommitConflict):
            ports.guesses.count("pin", Attempts(), first)

        assert ports.guesses.read("pin").count == 1

    def test_what_is_forgiven_is_forgotten(self, ports: Ports) -> None:
        ports.guesses.count("pin", Attempts(), counted(Attempts(), NOW))

        ports.guesses.forgive("pin")

        assert ports.guesses.read("pin") == Attempts()


class TestCodes:
    def test_a_code_is_redeemed_once(self, ports: Ports) -> None:
        ports.codes.invite(CODE, record())

        assert ports.codes.redeem(CODE.code_hash, NOW) == CODE
        assert ports.codes.redeem(CODE.code_hash, NOW) is None
        assert ports.room.audit(SHOP, limit=9) == (record(),)

    def test_a_code_of_ten_minutes_ago_is_none(self, ports: Ports) -> None:
        ports.codes.invite(CODE, record())

        assert ports.codes.redeem(CODE.code_hash, CODE.expires_at) is None

    def test_a_code_is_given_once(self, ports: Ports) -> None:
        ports.codes.invite(CODE, record())

        with pytest.raises(Taken):
            ports.codes.invite(replace(CODE, till_id="till-2"), record("two"))

        assert ports.codes.redeem(CODE.code_hash, NOW) == CODE

    def test_an_approval_is_used_for_one_operation(self, ports: Ports) -> None:
        ports.codes.approve(APPROVAL)

        first = ports.codes.use(APPROVAL, "void r1", record())
        second = ports.codes.use(APPROVAL, "void r2", record("two"))

        assert (first, second) == (True, False)
        found = ports.codes.approval(SHOP, "apr_1")
        assert found == replace(APPROVAL, used_for="void r1")
        assert ports.codes.approval("bakery", "apr_1") is None
        assert ports.room.audit(SHOP, limit=9) == (record(),)

    def test_an_approval_nobody_made_is_used_by_nobody(self, ports: Ports) -> None:
        assert not ports.codes.use(APPROVAL, "void r1", record())


class TestOwners:
    def test_an_owner_comes_back_as_they_were_written(self, ports: Ports) -> None:
        ports.owners.open(OWNER, (STORE, TILL, VERA), record())
        ports.owners.save(replace(OWNER, totp_step=18), record("two"))

        found = ports.owners.find(OWNER.email_hash)

        assert found == replace(OWNER, totp_step=18, revision=2)
        assert ports.room.stores(SHOP) == (STORE,)
        assert len(ports.room.audit(SHOP, limit=9)) == 2
        assert ports.owners.find("00" * 32) is None

    def test_an_address_is_one_owners(self, ports: Ports) -> None:
        ports.owners.open(OWNER, (), record())

        with pytest.raises(Taken):
            ports.owners.open(replace(OWNER, merchant_id="bakery"), (STORE,), record("two"))

        assert ports.room.stores("bakery") == ()

    def test_a_code_used_twice_at_once_is_saved_once(self, ports: Ports) -> None:
        ports.owners.open(OWNER, (), record())
        ports.owners.save(replace(OWNER, totp_step=18))

        with pytest.raises(CommitConflict):
            ports.owners.save(replace(OWNER, totp_step=18))

    def test_a_limit_takes_so_many(self, ports: Ports) -> None:
        charges = shop_charges("10.0.0.1", NOW)
        for _ in range(charges[0].maximum):
            ports.owners.limit(charges)

        with pytest.raises(LimitReached):
            ports.owners.limit(charges)
        ports.owners.limit(shop_charges("10.0.0.2", NOW))

    def test_a_letter_is_promised_if_there_is_room_for_it(self, ports: Ports) -> None:
        charges = password_letter_charges(OWNER.email_hash, "10.0.0.3", NOW)
        for number in range(charges[0].maximum):
            ports.owners.limit(charges, letter(f"sms_{number}"))

        with pytest.raises(LimitReached):
            ports.owners.limit(charges, letter("sms_more"))

        promised = sorted(ports.letters(), key=lambda one: one.message_id)
        assert promised == [letter(f"sms_{number}") for number in range(charges[0].maximum)]


@pytest.mark.parametrize(
    "passwords", [FakePasswords(), Argon2Passwords()], ids=["fake", "argon2"]
)
def test_a_password_matches_its_own_hash_alone(passwords) -> None:
    hashed = passwords.hashed("seven small spoons")

    assert passwords.matches(hashed, "seven small spoons")
    assert not passwords.matches(hashed, "seven small spoon")
    assert not passwords.matches("", "seven small spoons")
    assert not passwords.matches("", "correct horse, wrong stable")
    assert passwords.hashed("seven small spoons") is not hashed


def test_a_hash_names_argon2id_and_what_it_costs() -> None:
    assert Argon2Passwords().hashed("x").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_what_is_personal_of_an_owner_is_sealed_for_that_owner(
    connection, table_client
) -> None:
    owners = DynamoOwners(connection, LocalVault(MasterKey()))
    owners.open(OWNER, (), record())
    table = Item.Meta.table_name
    items = table_client.scan(TableName=table)["Items"]
    (item,) = [one for one in items if one["sk"]["S"] == "OWNER"]

    other = {**item, "pk": {"S": f"OWNER#{'00' * 32}"}}
    table_client.put_item(TableName=table, Item=other)

    assert b"anna" not in item["sealed"]["B"]
    assert "anna@" not in str(item)
    with pytest.raises(SealBroken):
        owners.find("00" * 32)


def test_of_many_devices_one_redeems_a_code(connection) -> None:
    codes = DynamoDeviceCodes(connection)
    codes.invite(CODE, record())

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: codes.redeem(CODE.code_hash, NOW), range(8)))

    assert [one for one in found if one is not None] == [CODE]


def test_of_many_guesses_at_once_each_is_counted_once(connection) -> None:
    guesses = DynamoGuesses()
    seen: list[Attempts] = []

    def guess(_: int) -> None:
        for _attempt in range(100):
            before = guesses.read("pin")
            after = counted(before, NOW + timedelta(seconds=before.count))
            try:
                guesses.count("pin", before, after)
            except CommitConflict:
                continue
            seen.append(after)
            return

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(guess, range(8)))

    assert sorted(one.count for one in seen) == list(range(1, 9))
    assert guesses.read("pin").count == 8
