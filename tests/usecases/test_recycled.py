"""A recycled number: whoever gets a silent member's number never sees that member's card."""

from datetime import date
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.recycled import SILENT_DAYS, BirthDateNeeded
from chalicelib.usecases.confirmations import send_code
from chalicelib.usecases.enrolment import Verified
from chalicelib.usecases.members import ProfileEdit, find_by_code, find_by_phone, view_member
from chalicelib.usecases.purchases import record_purchase
from chalicelib.usecases.recycled import SaidOfBirth
from chalicelib.usecases.sign_ups import verify_code
from chalicelib.usecases.spoken import note_shown, note_spoken
from tests.builders import SHOP, day, operation, sale
from tests.usecases.world import CODE, PHONE, World

BORN = day("1990-06-10")
WRONG = day("1990-06-11")


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ann(world: World) -> MemberRef:
    """A member of a birth date and of points, silent for long."""
    member = world.join(birth_date=BORN)
    world.give(member, 300)
    world.wait(days=SILENT_DAYS + 1)
    return member


def sign_in(world: World, said: SaidOfBirth | None = None, sign_up_id: str = "") -> Verified:
    return verify_code(
        sign_up_id or world.ask_for_code(), CODE, "n", ProfileEdit(),
        of_birth=said or SaidOfBirth(), at=world.at, doors=world.doors,
    )  # fmt: skip


def say(world: World, sign_up_id: str, born: date) -> Verified:
    return sign_in(world, SaidOfBirth(born), sign_up_id)


def profile_of(world: World, member: MemberRef) -> Any:
    return world.members.profiles[member]


def buy(world: World, member: MemberRef, key: str = "buy") -> None:
    sold = sale(receipt=key, member=member.member_id, at=world.at)
    record_purchase(sold, operation(key), at=world.at, book=world.book, keyring=world.keyring)


def buy_by_phone(world: World, member: MemberRef) -> None:
    account = world.account(member)
    note_spoken(account, at=world.at, ledger=world.ledger, pacer=world.pacer)
    buy(world, member, "by phone")


class TestAMemberWhoWasSilent:
    def test_is_asked_for_the_birth_date(self, world: World, ann: MemberRef) -> None:
        with pytest.raises(BirthDateNeeded):
            sign_in(world)

        assert profile_of(world, ann).browsers[1:] == ()

    def test_comes_back_with_it_by_the_same_code(self, world: World, ann: MemberRef) -> None:
        sign_up_id = world.ask_for_code()
        with pytest.raises(BirthDateNeeded):
            sign_in(world, sign_up_id=sign_up_id)

        back = say(world, sign_up_id, BORN)

        assert (back.member, back.is_new) == (ann, False)

    def test_may_be_mistaken_twice(self, world: World, ann: MemberRef) -> None:
        sign_up_id = world.ask_for_code()
        for _ in range(2):
            with pytest.raises(BirthDateNeeded):
                say(world, sign_up_id, WRONG)

        assert say(world, sign_up_id, BORN).member == ann

    def test_gets_a_card_of_their_own_after_the_third_mistake(
        self, world: World, ann: MemberRef
    ) -> None:
        sign_up_id = world.ask_for_code()
        for _ in range(2):
            with pytest.raises(BirthDateNeeded):
                say(world, sign_up_id, WRONG)

        fresh = say(world, sign_up_id, WRONG)

        assert (fresh.member == ann, fresh.is_new) == (False, True)

    def test_has_no_further_tries_by_another_code(self, world: World, ann: MemberRef) -> None:
        for _ in range(2):
            sign_up_id = world.ask_for_code()
            with pytest.raises(BirthDateNeeded):
                say(world, sign_up_id, WRONG)
            world.wait(seconds=61)

        assert say(world, world.ask_for_code(), WRONG).is_new

    def test_whose_birth_date_is_unknown_is_asked_all_the_same(self, world: World) -> None:
        bob = world.join()
        world.wait(days=SILENT_DAYS + 1)
        sign_up_id = world.ask_for_code()
        with pytest.raises(BirthDateNeeded):
            sign_in(world, sign_up_id=sign_up_id)

        fresh = say(world, sign_up_id, BORN)

        assert (fresh.is_new, fresh.member == bob) == (True, False)

    def test_is_remembered_by_the_day_where_the_year_is_unknown(self, world: World) -> None:
        bob = world.join(birth_date=day("2000-06-10"))
        world.wait(days=SILENT_DAYS + 1)

        assert say(world, world.ask_for_code(), BORN).member == bob


class TestTheNewOwner:
    def test_begins_anew_at_once_and_sees_nothing_of_the_old(
        self, world: World, ann: MemberRef
    ) -> None:
        fresh = sign_in(world, SaidOfBirth(starts_anew=True))

        shown = view_member(fresh.member, at=world.at, directory=world.directory)
        assert (fresh.is_new, fresh.member == ann) == (True, False)
        assert (shown.balance.available, shown.account.version) == (0, 1)
        assert find_by_phone(SHOP, PHONE, directory=world.directory) == fresh.member

    def test_leaves_the_old_card_its_points_and_its_code(
        self, world: World, ann: MemberRef
    ) -> None:
        code = profile_of(world, ann).code
        sign_in(world, SaidOfBirth(starts_anew=True))

        assert world.available(ann) == 300
        assert find_by_code(SHOP, code, directory=world.directory) == ann
        assert profile_of(world, ann).phone is None

    def test_gets_the_same_answer_again(self, world: World, ann: MemberRef) -> None:
        sign_up_id, said = world.ask_for_code(), SaidOfBirth(starts_anew=True)
        first = sign_in(world, said, sign_up_id)

        assert sign_in(world, said, sign_up_id) == first

    def test_who_said_a_birth_date_keeps_it(self, world: World) -> None:
        world.join()
        world.wait(days=SILENT_DAYS + 1)

        fresh = say(world, world.ask_for_code(), BORN).member

        assert [one.day for one in profile_of(world, fresh).anniversaries] == [BORN]


class TestWhoIsNotSilent:
    def test_the_hundred_and_eightieth_day_is_not_yet_silence(self, world: World) -> None:
        ann = world.join(birth_date=BORN)
        world.wait(days=SILENT_DAYS)

        assert sign_in(world).member == ann

    def test_a_purchase_is_a_sign_of_life(self, world: World) -> None:
        ann = world.join()
        world.wait(days=100)
        buy(world, ann)
        world.wait(days=100)

        assert sign_in(world).member == ann

    def test_so_is_one_by_a_number_that_was_only_said(self, world: World) -> None:
        ann = world.join()
        world.wait(days=100)
        buy_by_phone(world, ann)
        world.wait(days=100)

        assert sign_in(world).member == ann

    def test_a_browser_that_shows_the_card_is_one_too(self, world: World) -> None:
        ann = world.join()
        world.wait(days=100)
        assert sign_in(world).member == ann
        world.wait(days=100)

        assert sign_in(world).member == ann

    def test_points_that_are_given_are_none(self, world: World) -> None:
        ann = world.join()
        world.wait(days=100)
        world.give(ann, 10)
        world.wait(days=100)

        with pytest.raises(BirthDateNeeded):
            sign_in(world)


class TestANumberSaidAfterASilence:
    def test_is_no_sign_of_the_old_owner(self, world: World, ann: MemberRef) -> None:
        buy_by_phone(world, ann)

        with pytest.raises(BirthDateNeeded):
            sign_in(world)

    def test_gets_no_code_to_redeem_by(self, world: World, ann: MemberRef) -> None:
        buy_by_phone(world, ann)

        with pytest.raises(BirthDateNeeded):
            send_code(ann, at=world.at, desk=world.confirmation_desk)

    def test_is_good_again_once_the_card_was_scanned(
        self, world: World, ann: MemberRef
    ) -> None:
        buy_by_phone(world, ann)
        note_shown(world.account(ann), ledger=world.ledger)
        buy(world, ann, "scanned")
        world.wait(days=1)

        assert sign_in(world).member == ann


def test_a_phone_that_moved_meanwhile_is_read_again(world: World, ann: MemberRef) -> None:
    world.ledger.troubles = ["overtaken"]

    fresh = sign_in(world, SaidOfBirth(starts_anew=True))

    assert find_by_phone(SHOP, PHONE, directory=world.directory) == fresh.member
    assert profile_of(world, ann).phone is None
