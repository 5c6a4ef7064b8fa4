"""Staff, their PINs and sessions, guesses, passwords and ids: the rules alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.activations import Approval, typed_code
from chalicelib.domain.attempts import Attempts, counted
from chalicelib.domain.members import Scope
from chalicelib.domain.owners import (
    EmailInvalid,
    PasswordWeak,
    checked_password,
    folded_email,
)
from chalicelib.domain.sessions import (
    awaiting_code,
    locked,
    office_session,
    replaced,
    shift,
    till_session,
)
from chalicelib.domain.slugs import SLUG_CHARS_MAX, slug_of
from chalicelib.domain.staff import (
    PinInvalid,
    Role,
    StaffMember,
    Till,
    checked_pin,
    free_id,
    scopes_of,
)
from tests.fakes.clock import NOON
from tests.fakes.owner import OWNER

TILL = Till(till_id="till-1", store_id="main", name="Till")
VERA = StaffMember(staff_id="stf_vera", role=Role.CASHIER, name="Vera", member_id="mem_vera")
BOUND = till_session("id", "roastery", TILL, device="Firefox", at=NOON)
SHIFT = shift(BOUND, "other", VERA, NOON)
OFFICE = office_session("id", OWNER, device="Firefox", at=NOON)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


class TestGuesses:
    def test_the_first_four_begin_no_wait_and_then_each_a_longer_one(self) -> None:
        tries, waits, at = Attempts(), [], NOON
        for _ in range(14):
            tries = counted(tries, at)
            waits.append(tries.wait_seconds(at) // 60)
            at += timedelta(seconds=tries.wait_seconds(at))

        assert waits == [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60, 60]

    def test_what_is_left_comes_without_a_wait(self) -> None:
        assert [Attempts(n).left for n in range(7)] == [5, 4, 3, 2, 1, 0, 0]

    def test_a_wait_ends_with_its_last_second(self) -> None:
        tries = Attempts(5, NOON + minutes(1), NOON)

        assert tries.wait_seconds(NOON + timedelta(seconds=59.5)) == 1
        assert tries.wait_seconds(NOON + minutes(1)) == 0

    def test_guesses_of_more_than_a_day_ago_count_no_more(self) -> None:
        old = Attempts(9, NOON, NOON)

        assert counted(old, NOON + timedelta(days=1)).count == 10
        assert counted(old, NOON + timedelta(days=1, seconds=1)).count == 1


class TestPins:
    @pytest.mark.parametrize("pin", ["4071", "40718", "407183", "1235", "1122"])
    def test_four_to_six_digits_will_do(self, pin: str) -> None:
        assert checked_pin(pin) == pin

    @pytest.mark.parametrize(
        "pin",
        [
            "",
            "407",
            "4071835",
            "40 71",
            "4o71",
            "1111",
            "999999",
            "1234",
            "4321",
            "8901",
            "٤٠٧١",
        ],
    )
    def test_what_is_no_pin_or_tried_first_is_refused(self, pin: str) -> None:
        with pytest.raises(PinInvalid):
            checked_pin(pin)


class TestPasswords:
    def weak(self, password: str, email: str = "anna.k@kolos.example") -> str:
        with pytest.raises(PasswordWeak) as refused:
            checked_password(password, email=email, merchant_name="Пекарня Колос")
        return str(refused.value.facts["reason"])

    @pytest.mark.parametrize(
        "password",
        [
            "seven small spoons",
            "пять синих вилок",
            "kolos makes bread at dawn",
            "x9$Lq-2Vb7!pK",
        ],
    )
    def test_a_long_one_of_ones_own_will_do(self, password: str) -> None:
        found = checked_password(
            password, email="anna@kolos.example", merchant_name="Пекарня Колос"
        )

        assert found == password

    @pytest.mark.parametrize(
        ("password", "reason"),
        [
            ("short spoon", "short"),
            ("x" * 129, "long"),
            ("aaaaaaaaaaaa", "common"),
            ("abababababab", "common"),
            ("qwertyuiopas", "common"),
            ("Password 2026!", "common"),
            ("123456789012", "common"),
            ("210987654321", "common"),
            ("ПарольПароль1", "common"),
            ("correct horse battery staple", "common"),
            ("anna.k@kolos.example", "names"),
            ("Пекарня Колос 12", "names"),
            ("kolos-kolos-1", "names"),
        ],
    )
    def test_one_that_is_guessed_is_refused(self, password: str, reason: str) -> None:
        assert self.weak(password) == reason


class TestEmails:
    @pytest.mark.parametrize(
        "text",
        ["", "anna", "anna@", "@example.org", "a@b@c.org", "a b@c.org", "a@org", "a@.org."],
    )
    def test_what_is_no_address_is_refused(self, text: str) -> None:
        with pytest.raises(EmailInvalid):
            folded_email(text)

    def test_an_address_of_254_characters_is_the_longest(self) -> None:
        host = "@" + "x" * 100 + ".org"

        assert folded_email("a" * (254 - len(host)) + host)
        with pytest.raises(EmailInvalid):
            folded_email("a" * (255 - len(host)) + host)


class TestTillSessions:
    def test_nobody_is_signed_in_until_somebody_is(self) -> None:
        assert BOUND.signed_in(NOON) is None
        assert SHIFT.signed_in(NOON) == VERA.ref

    def test_a_shift_acts_as_its_till(self) -> None:
        key = SHIFT.as_key(VERA.ref)

        assert (key.merchant_id, key.till_id, key.store_id) == ("roastery", "till-1", "main")
        assert key.scopes == {Scope.TILL}
        assert key.is_at_till

    def test_a_shift_ends_after_an_hour_unseen_and_after_sixteen(self) -> None:
        seen = replace(SHIFT, seen_at=NOON + timedelta(hours=15, minutes=59))

        assert SHIFT.signed_in(NOON + minutes(59.9)) is not None
        assert SHIFT.signed_in(NOON + minutes(60)) is None
        assert seen.signed_in(NOON + timedelta(hours=15, minutes=59)) is not None
        assert seen.signed_in(NOON + timedelta(hours=16)) is None

    def test_a_device_stays_bound_for_90_days_unseen_and_400_in_all(self) -> None:
        seen = replace(BOUND, seen_at=NOON + timedelta(days=399))

        assert not BOUND.is_over(NOON + timedelta(days=89))
        assert BOUND.is_over(NOON + timedelta(days=90))
        assert seen.is_over(NOON + timedelta(days=400))

    def test_what_is_left_of_a_session_has_nobody_and_ten_minutes(self) -> None:
        left = replaced(SHIFT, NOON)

        assert left.signed_in(NOON) is None
        assert left.own_member_id is None
        assert left.is_over(NOON + minutes(10))
        assert not left.is_over(NOON + minutes(9.9))

    def test_a_locked_till_stays_bound(self) -> None:
        left = locked(SHIFT)

        assert left.staff is None
        assert left.expires_at == SHIFT.expires_at


class TestOfficeSessions:
    def test_an_owner_has_every_scope_and_stands_at_no_till(self) -> None:
        key = OFFICE.as_key(OWNER.ref)

        assert key.scopes == frozenset(Scope)
        assert not key.is_at_till

    def test_it_ends_after_an_hour_unseen_and_after_twelve(self) -> None:
        seen = replace(OFFICE, seen_at=NOON + timedelta(hours=11, minutes=59))

        assert OFFICE.is_over(NOON + minutes(60))
        assert not seen.is_over(NOON + timedelta(hours=11, minutes=59))
        assert seen.is_over(NOON + timedelta(hours=12))

    def test_it_is_fresh_for_ten_minutes(self) -> None:
        assert OFFICE.is_fresh(NOON + minutes(9.9))
        assert not OFFICE.is_fresh(NOON + minutes(10))

    def test_one_that_awaits_a_code_opens_nothing_and_ends_soon(self) -> None:
        pending = awaiting_code(OFFICE)

        assert pending.signed_in(NOON) is None
        assert not pending.is_fresh(NOON)
        assert pending.is_over(NOON + minutes(10))


VOID = "POST /v1/purchases/r1/void"


class TestApprovals:
    APPROVAL = Approval(
        approval_id="apr_1",
        merchant_id="roastery",
        till_id="till-1",
        approver_id="stf_olga",
        role=Role.MANAGER,
        created_at=NOON,
        call=VOID,
    )

    def test_one_is_good_at_its_till_for_two_minutes(self) -> None:
        assert self.APPROVAL.allows("till-1", VOID, "void", NOON + minutes(1.9))
        assert not self.APPROVAL.allows("till-1", VOID, "void", NOON + minutes(2))
        assert not self.APPROVAL.allows("till-2", VOID, "void", NOON)

    def test_one_is_good_at_the_stated_address_alone(self) -> None:
        stated = replace(self.APPROVAL, call="POST /v1/purchases/r%2F1/void")

        assert stated.allows("till-1", "POST /v1/purchases/r%2F1/void", "void", NOON)
        assert stated.allows("till-1", "POST /v1/purchases/r/1/void", "void", NOON)
        assert not stated.allows("till-1", "POST /v1/purchases/r2/void", "void", NOON)
        assert not stated.allows("till-1", "PUT /v1/purchases/r%2F1/void", "void", NOON)

    def test_a_used_one_is_good_for_the_same_operation_for_half_an_hour(self) -> None:
        used = replace(self.APPROVAL, used_for="void")

        assert used.allows("till-1", VOID, "void", NOON + minutes(29))
        assert not used.allows("till-1", VOID, "void", NOON + minutes(30))
        assert not used.allows("till-1", VOID, "move", NOON)


def test_managers_and_owners_approve_and_cashiers_do_not() -> None:
    assert [role.approves for role in Role] == [True, True, False]
    assert scopes_of(Role.OWNER) == scopes_of(Role.MANAGER) == {Scope.TILL, Scope.MANAGER}


def test_who_is_gone_or_has_no_pin_is_on_no_tills_list() -> None:
    with_pin = replace(VERA, pin_hash="x")

    assert with_pin.can_sign_in
    assert not VERA.can_sign_in
    assert not replace(with_pin, is_active=False).can_sign_in


def test_a_free_id_is_above_every_one_that_is_taken() -> None:
    assert free_id("till", []) == "till-1"
    assert free_id("till", ["till-2", "till-x", "store-9", "till-"]) == "till-3"


def test_a_code_is_the_same_however_it_is_typed() -> None:
    assert typed_code("il0o-1x y") == typed_code("1100 1XY") == "11001XY"


@given(st.text(max_size=80))
def test_every_name_has_an_id_that_stands_in_an_address(name: str) -> None:
    slug = slug_of(name)

    assert 0 < len(slug) <= SLUG_CHARS_MAX
    assert slug.isascii()
    assert all(one.isalnum() or one == "-" for one in slug)
    assert not slug.startswith("-")
    assert not slug.endswith("-")
