"""A member with an e-mail and no phone: a stolen browser alone takes and erases nothing."""

from dataclasses import replace

import pytest

from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.confirmations import Purpose
from chalicelib.domain.phone_changes import PAUSE, ChangeState, PhoneChange
from chalicelib.domain.sign_ups import CodeWrong
from chalicelib.usecases.confirmations import verify_sent
from chalicelib.usecases.erasure_codes import send_erasure_code
from chalicelib.usecases.leaving import EraseUnconfirmed, erase_oneself
from chalicelib.usecases.new_members import NewMember, add_member
from chalicelib.usecases.phone_changes import approve_change, verify_change
from chalicelib.usecases.phone_codes import NumberDesk, NumberWish, begin_change
from tests.builders import SHOP, operation
from tests.fakes.phone_changes import FakePhoneChanges
from tests.usecases.test_other_ways_in import MAIL, join
from tests.usecases.world import CODE, PHONE, POLICY, World


@pytest.fixture
def world() -> World:
    return World(replace(POLICY, per_phone_minute=9))


@pytest.fixture
def ann(world: World) -> MemberRef:
    return join(world)


def desk_of(world: World) -> NumberDesk:
    changes = FakePhoneChanges(world.members, world.sign_ups.limits, world.outbox)
    return NumberDesk(
        exit=world.exit_desk,
        changes=changes,
        watch=world.doors.watch,
        policy=world.doors.policy,
    )


def begin(
    world: World, desk: NumberDesk, member: MemberRef, *, is_without_old: bool = False
) -> PhoneChange:
    wish = NumberWish(member=member, phone=PHONE, is_without_old=is_without_old, ip="10.0.0.9")
    return begin_change(wish, at=world.at, desk=desk)


def erase(world: World, member: MemberRef, confirmation_id: str | None) -> None:
    erase_oneself(
        member, confirmation_id, "asked", operation("gone"), at=world.at, desk=world.exit_desk
    )


def latest_to(world: World, address: str) -> str:
    return [one.text for one in world.outbox.messages.values() if one.to == address][-1]


class TestAFirstPhone:
    def test_takes_the_code_of_a_letter_too(self, world: World, ann: MemberRef) -> None:
        desk = desk_of(world)
        change = begin(world, desk, ann)

        with pytest.raises(CodeWrong):
            verify_change(change, CODE, None, at=world.at, desk=desk)

        assert world.members.profiles[ann].phone is None
        assert latest_to(world, MAIL).startswith("Roastery: ваша карта\n\n")
        assert CODE in latest_to(world, MAIL)

    def test_with_both_codes_is_the_members_and_the_address_stays(
        self, world: World, ann: MemberRef
    ) -> None:
        desk = desk_of(world)

        done = verify_change(begin(world, desk, ann), CODE, CODE, at=world.at, desk=desk)

        assert done.state(world.at) is ChangeState.DONE
        assert world.members.profiles[ann].phone == PHONE
        assert world.account(ann).redeem_paused_until is None
        world.wait(minutes=2)
        assert join(world) == ann

    def test_without_the_letter_waits_for_a_manager_and_pauses(
        self, world: World, ann: MemberRef
    ) -> None:
        desk = desk_of(world)
        change = begin(world, desk, ann, is_without_old=True)

        proven = verify_change(change, CODE, None, at=world.at, desk=desk)

        assert proven.state(world.at) is ChangeState.AWAITING_APPROVAL
        assert "не вы" in latest_to(world, MAIL)
        approve_change(proven, "passport", at=world.at, desk=desk)
        assert world.account(ann).redeem_paused_until == world.at + PAUSE

    def test_of_who_has_neither_pauses(self, world: World) -> None:
        wish = NewMember(
            merchant_id=SHOP, phone=None, language="ru", email=MAIL, is_verified=True
        )
        bob = add_member(wish, operation("add"), at=world.at, desk=world.link_desk).member
        desk = desk_of(world)

        done = verify_change(begin(world, desk, bob), CODE, None, at=world.at, desk=desk)

        assert done.is_pausing
        assert world.account(bob).redeem_paused_until == world.at + PAUSE


class TestErasing:
    def test_needs_a_code(self, world: World, ann: MemberRef) -> None:
        with pytest.raises(EraseUnconfirmed):
            erase(world, ann, None)

        assert world.account(ann).status is MemberStatus.ACTIVE

    def test_is_done_by_the_code_of_a_letter(self, world: World, ann: MemberRef) -> None:
        desk = world.confirmation_desk
        sent = send_erasure_code(ann, at=world.at, desk=desk)
        letter = latest_to(world, MAIL)
        world.wait(seconds=20)
        verify_sent(
            SHOP, sent.confirmation_id, CODE, at=world.at, desk=desk, purpose=Purpose.ERASE
        )

        erase(world, ann, sent.confirmation_id)

        assert CODE in letter
        assert world.account(ann).status is MemberStatus.ERASED

    def test_of_who_has_a_phone_takes_its_code(self, world: World) -> None:
        bob = world.join()

        send_erasure_code(bob, at=world.at, desk=world.confirmation_desk)

        assert CODE in latest_to(world, PHONE)
