"""Sessions of tills and offices: what they bind, who is signed in, and when they end."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.members import Scope
from chalicelib.domain.owners import Owner
from chalicelib.domain.sessions import (
    DEVICE_IDLE,
    DEVICE_LIFE,
    FRESH_FOR,
    OFFICE_IDLE,
    OFFICE_LIFE,
    PENDING_LIFE,
    REPLACED_LIFE,
    SHIFT_IDLE,
    SHIFT_LIFE,
    Face,
    NotFresh,
    Session,
    awaiting_code,
    locked,
    office_session,
    replaced,
    require_fresh,
    shift,
    till_session,
)
from chalicelib.domain.staff import FIRST_STORE, OFFICE, Role, StaffMember, StaffRef, Till
from tests.builders import NOON, SHOP

SECOND = timedelta(seconds=1)
TILL = Till(till_id="till-3", store_id="north", name="Third")
OWNER = Owner(
    email="ann@example.org",
    email_hash="hash-of-email",
    merchant_id=SHOP,
    staff_id="stf_ann",
    created_at=NOON,
    password_hash="hash",
)
VERA = StaffMember(staff_id="stf_vera", role=Role.CASHIER, name="Vera", member_id="mem_vera")
BOSS = StaffMember(staff_id="stf_boss", role=Role.MANAGER, name="Boss")


def bound(at: datetime = NOON) -> Session:
    return till_session("a" * 64, SHOP, TILL, device="Chrome", at=at)


def at_work(person: StaffMember = VERA, at: datetime = NOON) -> Session:
    return shift(bound(), "b" * 64, person, at)


def office() -> Session:
    return office_session("c" * 64, OWNER, device="Safari", at=NOON)


class TestADeviceAtATill:
    def test_is_bound_to_a_store_and_till_with_nobody_signed_in(self) -> None:
        session = bound()

        assert (session.merchant_id, session.till_id, session.store_id) == (
            SHOP,
            "till-3",
            "north",
        )
        assert (session.face, session.device) == (Face.TILL, "Chrome")
        assert session.device_id == session.session_id == "a" * 64
        assert (session.created_at, session.seen_at) == (NOON, NOON)
        assert session.expires_at == NOON + DEVICE_LIFE
        assert (session.staff, session.signed_in(NOON)) == (None, None)

    def test_stays_bound_through_a_season_without_a_call(self) -> None:
        assert not bound().is_over(NOON + DEVICE_IDLE - SECOND)
        assert bound().is_over(NOON + DEVICE_IDLE)

    def test_ends_with_the_cookies_life_whoever_uses_it(self) -> None:
        used = replace(bound(), seen_at=NOON + DEVICE_LIFE - SECOND)

        assert not used.is_over(NOON + DEVICE_LIFE - SECOND)
        assert used.is_over(NOON + DEVICE_LIFE)

    def test_that_was_replaced_is_good_for_minutes_and_for_nobody(self) -> None:
        left = replaced(at_work(), NOON)

        assert left.expires_at == NOON + REPLACED_LIFE
        assert (left.staff, left.is_replaced, at_work().is_replaced) == (None, True, False)

    def test_that_is_about_to_end_does_not_live_longer_for_being_replaced(self) -> None:
        at = NOON + DEVICE_LIFE - SECOND

        assert replaced(at_work(), at).expires_at == NOON + DEVICE_LIFE


class TestAShift:
    def test_has_an_id_of_its_own_and_the_device_of_before(self) -> None:
        later = NOON + timedelta(days=1)

        session = at_work(at=later)

        assert (session.session_id, session.device_id) == ("b" * 64, "a" * 64)
        assert (session.seen_at, session.created_at) == (later, NOON)
        assert session.staff == StaffRef("stf_vera", Role.CASHIER)
        assert (session.own_member_id, session.signed_in_at) == ("mem_vera", later)

    def test_ends_after_an_hour_without_a_call(self) -> None:
        assert at_work().signed_in(NOON + SHIFT_IDLE - SECOND) is not None
        assert at_work().signed_in(NOON + SHIFT_IDLE) is None

    def test_ends_after_the_longest_day_whatever_was_done(self) -> None:
        busy = replace(at_work(), seen_at=NOON + SHIFT_LIFE)

        assert busy.signed_in(NOON + SHIFT_LIFE - SECOND) is not None
        assert busy.signed_in(NOON + SHIFT_LIFE) is None

    def test_that_is_locked_has_nobody_and_keeps_the_device(self) -> None:
        session = locked(at_work())

        assert (session.staff_id, session.role, session.own_member_id) == (None, None, None)
        assert (session.signed_in_at, session.staff, session.signed_in(NOON)) == (
            None,
            None,
            None,
        )
        assert session.device_id == "a" * 64

    def test_of_nobody_is_nobodys_though_a_role_was_left(self) -> None:
        assert replace(at_work(), staff_id=None).staff is None
        assert replace(at_work(), role=None).staff is None

    @pytest.mark.parametrize(
        ("person", "scopes"),
        [(VERA, {Scope.TILL}), (BOSS, {Scope.TILL, Scope.MANAGER})],
    )
    def test_acts_like_a_key_of_its_till(self, person: StaffMember, scopes: set[Scope]) -> None:
        session = at_work(person)

        key = session.as_key(person.ref)

        assert (key.key_id, key.merchant_id) == (f"ses_{'b' * 16}", SHOP)
        assert (key.till_id, key.store_id, key.scopes) == ("till-3", "north", scopes)


class TestAnOffice:
    def test_is_the_owners_own_and_fresh(self) -> None:
        session = office()

        assert (session.session_id, session.merchant_id) == ("c" * 64, SHOP)
        assert (session.face, session.device) == (Face.OFFICE, "Safari")
        assert (session.till_id, session.store_id) == (OFFICE, FIRST_STORE)
        assert (session.created_at, session.seen_at) == (NOON, NOON)
        assert session.expires_at == NOON + OFFICE_LIFE
        assert session.staff == StaffRef("stf_ann", Role.OWNER)
        assert (session.owner_id, session.signed_in_at) == ("hash-of-email", NOON)
        assert (session.device_id, session.is_pending) == ("", False)

    def test_may_do_all_that_a_key_can(self) -> None:
        assert office().as_key(OWNER.ref).scopes == frozenset(Scope)

    def test_ends_after_an_hour_without_a_call(self) -> None:
        assert office().signed_in(NOON + OFFICE_IDLE - SECOND) is not None
        assert office().signed_in(NOON + OFFICE_IDLE) is None

    def test_is_never_taken_for_a_device_that_was_replaced(self) -> None:
        assert not office().is_replaced

    def test_is_fresh_for_minutes_after_the_password(self) -> None:
        require_fresh(office(), NOON + FRESH_FOR - SECOND)

        with pytest.raises(NotFresh):
            require_fresh(office(), NOON + FRESH_FOR)

    def test_that_waits_for_a_code_is_nobodys_and_ends_soon(self) -> None:
        session = awaiting_code(office())

        assert session.is_pending
        assert (session.signed_in(NOON), session.is_fresh(NOON)) == (None, False)
        assert session.expires_at == NOON + PENDING_LIFE
