"""Signing in, as the ports see it: what is counted, compared and written, in which order."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.activations import (
    ActivationLocked,
    ActivationRefused,
    ApprovalRefused,
)
from chalicelib.domain.attempts import Attempts, PinLocked, PinWrong, SignInRefused
from chalicelib.domain.sessions import SessionExpired
from chalicelib.domain.staff import OwnerFixed, Role, TillNotFound
from chalicelib.ports import CommitConflict
from chalicelib.usecases.approvals import Attempt, Wish, approve, use_approval
from chalicelib.usecases.owners import OwnerDesk, email_hash_of, sign_in
from chalicelib.usecases.pins import TillDesk, prove_pin
from chalicelib.usecases.staff import (
    Doer,
    add_person,
    add_store,
    add_till,
    change_person,
    change_till,
    devices,
    invite_device,
    set_pin,
    unbind_device,
)
from chalicelib.usecases.till_sessions import Opened, activate, find_session, sign_in_at_till
from tests.fakes.catalogue import FakeCatalogue
from tests.fakes.clock import NOON
from tests.fakes.keyring import FakeKeyring
from tests.fakes.merchants import FakeMerchants
from tests.fakes.owner import OWNER
from tests.fakes.pacer import FakePacer
from tests.fakes.staff import (
    FakeDeviceCodes,
    FakeGuesses,
    FakeOwners,
    FakePasswords,
    FakeSessions,
    FakeStaffRoom,
)

DOER = Doer("roastery", "stf_anna", NOON)
PIN = "4071"


@pytest.fixture
def desk() -> TillDesk:
    room = FakeStaffRoom()
    return TillDesk(
        room=room,
        sessions=FakeSessions(room),
        guesses=FakeGuesses(),
        codes=FakeDeviceCodes(room),
        merchants=FakeMerchants(),
        catalogue=FakeCatalogue(),
        keyring=FakeKeyring(),
        pacer=FakePacer(),
    )


@pytest.fixture
def owners(desk: TillDesk) -> OwnerDesk:
    return OwnerDesk(
        owners=FakeOwners(desk.room),
        passwords=FakePasswords(),
        room=desk.room,
        sessions=desk.sessions,
        guesses=desk.guesses,
        keyring=desk.keyring,
        pacer=desk.pacer,
    )


def till_code(desk: TillDesk) -> str:
    store = add_store("North", "", doer=DOER, desk=desk)
    till = add_till(store.store_id, "Till", doer=DOER, desk=desk)
    return invite_device(till.till_id, doer=DOER, desk=desk).code


def bind(desk: TillDesk) -> Opened:
    return activate(till_code(desk), device="Firefox", network="n", at=NOON, desk=desk)


class TestPins:
    def test_a_guess_is_counted_before_it_is_compared(self, desk: TillDesk) -> None:
        bound = bind(desk).session
        person = add_person("Vera", Role.CASHIER, PIN, doer=DOER, desk=desk)
        counts_seen = []

        class Watching(FakeStaffRoom):
            def person(self, merchant_id, staff_id):
                counts_seen.append([one.count for one in desk.guesses.subjects.values()])
                return desk.room.person(merchant_id, staff_id)

        prove_pin(bound, person.staff_id, PIN, at=NOON, desk=replace(desk, room=Watching()))

        assert counts_seen == [[1]]
        assert desk.guesses.subjects == {}

    def test_a_guess_that_others_always_overtake_is_not_compared(self, desk: TillDesk) -> None:
        bound = bind(desk).session

        class Overtaken(FakeGuesses):
            def count(self, subject: str, before: Attempts, after: Attempts) -> None:
                raise CommitConflict(subject)

        with pytest.raises(CommitConflict):
            prove_pin(bound, "x", PIN, at=NOON, desk=replace(desk, guesses=Overtaken()))

    def test_of_a_thousand_guesses_at_once_five_are_compared(self, desk: TillDesk) -> None:
        bound = bind(desk).session
        person = add_person("Vera", Role.CASHIER, PIN, doer=DOER, desk=desk)

        def guess(number: int) -> str:
            try:
                prove_pin(bound, person.staff_id, f"{number:04d}", at=NOON, desk=desk)
            except (PinWrong, PinLocked) as error:
                return error.code
            return "right"

        codes = [guess(number) for number in range(1000)]

        assert codes.count("pin_wrong") == 5
        assert codes.count("pin_locked") == 995

    def test_a_pin_is_of_its_person_merchant_and_salt_alone(self, desk: TillDesk) -> None:
        people = [add_person(n, Role.CASHIER, PIN, doer=DOER, desk=desk) for n in ("A", "B")]
        hashes = {one.pin_hash for one in people}

        again = add_person("A", Role.CASHIER, PIN, doer=DOER, desk=desk)

        assert len(hashes | {again.pin_hash}) == 3
        assert PIN not in repr(people)
        assert all(one.pin_hash not in repr(one) for one in people)


class TestTills:
    def test_of_many_devices_one_takes_the_code(self, desk: TillDesk) -> None:
        code = till_code(desk)

        def take(number: int) -> bool:
            try:
                activate(code, device="", network=f"n{number}", at=NOON, desk=desk)
            except ActivationRefused:
                return False
            return True

        with ThreadPoolExecutor(4) as pool:
            assert sum(pool.map(take, range(8))) == 1

    def test_codes_are_guessed_five_at_a_time_from_one_network(self, desk: TillDesk) -> None:
        code = till_code(desk)

        def guess(text: str, network: str = "n") -> str:
            try:
                activate(text, device="", network=network, at=NOON, desk=desk)
            except (ActivationRefused, ActivationLocked) as error:
                return error.code
            return "bound"

        wrong = [guess(f"WRONG{number:03d}") for number in range(6)]

        assert wrong == ["activation_refused"] * 5 + ["activation_locked"]
        assert guess(code) == "activation_locked"
        assert guess(code, "another") == "bound"

    def test_a_code_of_a_till_that_was_switched_off_binds_nothing(self, desk: TillDesk) -> None:
        code = till_code(desk)
        (till,) = desk.room.tills("roastery")
        change_till(till.till_id, is_active=False, doer=DOER, desk=desk)

        with pytest.raises(TillNotFound):
            activate(code, device="", network="n", at=NOON, desk=desk)

        assert desk.sessions.of_merchant("roastery") == ()

    def test_who_is_let_go_while_signing_in_is_not_signed_in(self, desk: TillDesk) -> None:
        bound = bind(desk).session
        person = add_person("Vera", Role.CASHIER, PIN, doer=DOER, desk=desk)

        class LetGoMeanwhile(FakeGuesses):
            def forgive(self, subject: str) -> None:
                change_person(person.staff_id, is_active=False, doer=DOER, desk=desk)

        with pytest.raises(SessionExpired):
            sign_in_at_till(
                bound,
                person.staff_id,
                PIN,
                at=NOON,
                desk=replace(desk, guesses=LetGoMeanwhile()),
            )

        assert desk.sessions.of_merchant("roastery") == (bound,)

    def test_being_looked_at_keeps_no_idle_shift_alive(self, desk: TillDesk) -> None:
        bound = bind(desk)
        person = add_person("Vera", Role.CASHIER, PIN, doer=DOER, desk=desk)
        opened = sign_in_at_till(bound.session, person.staff_id, PIN, at=NOON, desk=desk)
        late = NOON + timedelta(hours=1)

        for moment in (late, late + timedelta(minutes=5)):
            found = find_session(
                "roastery",
                opened.secret,
                at=moment,
                sessions=desk.sessions,
                keyring=desk.keyring,
            )
            assert found.signed_in(moment) is None

        assert found.seen_at == NOON

    def test_a_session_is_written_once_a_minute_for_being_used(self, desk: TillDesk) -> None:
        opened = bind(desk)

        for seconds in (0, 59, 60, 90, 120):
            find_session(
                "roastery",
                opened.secret,
                at=NOON + timedelta(seconds=seconds),
                sessions=desk.sessions,
                keyring=desk.keyring,
            )

        (found,) = desk.sessions.of_merchant("roastery")
        assert found.seen_at == NOON + timedelta(seconds=120)

    def test_a_device_is_listed_once_and_unbound_by_all_of_its_sessions(
        self, desk: TillDesk
    ) -> None:
        bound, other = bind(desk), bind(desk)
        person = add_person("Vera", Role.CASHIER, PIN, doer=DOER, desk=desk)
        first = sign_in_at_till(bound.session, person.staff_id, PIN, at=NOON, desk=desk)
        second = sign_in_at_till(first.session, person.staff_id, PIN, at=NOON, desk=desk)

        listed = devices("roastery", at=NOON, desk=desk)
        unbind_device(second.session.session_id, doer=DOER, desk=desk)

        assert set(listed) == {second.session, other.session}
        assert desk.sessions.of_merchant("roastery") == (other.session,)
        assert devices("roastery", at=NOON + timedelta(days=90), desk=desk) == ()

    def test_a_new_name_ends_no_shift(self, desk: TillDesk) -> None:
        bound = bind(desk)
        person = add_person("Vera", Role.CASHIER, PIN, doer=DOER, desk=desk)
        opened = sign_in_at_till(bound.session, person.staff_id, PIN, at=NOON, desk=desk)

        change_person(person.staff_id, name="Vera P.", doer=DOER, desk=desk)

        assert opened.session in desk.sessions.of_merchant("roastery")

    @pytest.mark.parametrize(
        "change", [{"role": Role.MANAGER}, {"role": Role.CASHIER}, {"is_active": False}]
    )
    def test_an_owner_stays_one(self, desk: TillDesk, change: dict) -> None:
        owner = add_person("Anna", Role.OWNER, None, doer=DOER, desk=desk)

        with pytest.raises(OwnerFixed):
            change_person(owner.staff_id, **change, doer=DOER, desk=desk)

        with pytest.raises(OwnerFixed):
            set_pin(owner.staff_id, PIN, doer=DOER, desk=desk)
        renamed = change_person(owner.staff_id, name="Anna K.", doer=DOER, desk=desk)
        assert (renamed.name, renamed.role) == ("Anna K.", Role.OWNER)


class TestApprovals:
    def test_of_two_operations_at_once_one_has_the_approval(self, desk: TillDesk) -> None:
        bound = bind(desk).session
        manager = add_person("Olga", Role.MANAGER, PIN, doer=DOER, desk=desk)
        wish = Wish("POST /v1/x")
        made = approve(bound, manager.staff_id, PIN, wish, at=NOON, desk=desk)

        class SlowCodes(FakeDeviceCodes):
            """Another operation comes between the look and the use."""

            def approval(self, merchant_id, approval_id):
                found = desk.codes.approval(merchant_id, approval_id)
                if found is not None and not found.used_for:
                    desk.codes.use(found, "another", desk.room.records[0])
                return found

            def use(self, approval, operation, record):
                return desk.codes.use(approval, operation, record)

        with pytest.raises(ApprovalRefused):
            use_approval(
                bound,
                made.approval_id,
                Attempt(call=wish.call, route="/v1/x", operation="mine"),
                at=NOON,
                desk=replace(desk, codes=SlowCodes(desk.room)),
            )


class TestOwners:
    def enter(self, owners: OwnerDesk, email: str, password: str):
        return sign_in(email, password, network="n", device="", at=NOON, desk=owners)

    def test_an_unknown_address_costs_a_comparison_too(self, owners: OwnerDesk) -> None:
        with pytest.raises(SignInRefused) as unknown:
            self.enter(owners, "nobody@example.org", "seven small spoons")

        assert owners.passwords.compared == ["nobody's"]
        known = replace(OWNER, email_hash=email_hash_of(OWNER.email, owners.keyring))
        owners.owners.owners[known.email_hash] = known
        with pytest.raises(SignInRefused) as wrong:
            self.enter(owners, OWNER.email, "eight small spoons")
        assert str(wrong.value) == str(unknown.value)
        assert len(owners.passwords.compared) == 2

    def test_neither_owner_nor_person_tells_a_secret_in_a_log(self) -> None:
        owner = replace(OWNER, totp_secret=b"secret", recovery_hashes=("code-hash",))

        text = repr(owner)

        for secret in ("anna@", "spoons", "secret'", "code-hash"):
            assert secret not in text
