"""A changed phone, when something fails on the way."""

from dataclasses import replace

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.leaving import MergeRefused
from chalicelib.domain.phone_changes import (
    GOOD_FOR,
    ChangeState,
    PhoneChange,
    PhoneChangeNotFound,
    PhoneChangeRefused,
)
from chalicelib.domain.recycled import SILENT_DAYS
from chalicelib.domain.sign_ups import CodeExpired
from chalicelib.ports import StoreUnavailable
from chalicelib.usecases.members import find_by_phone, phone_hash_of
from chalicelib.usecases.phone_changes import (
    approve_change,
    find_change,
    merge_into_change,
    verify_change,
)
from chalicelib.usecases.phone_codes import NumberDesk, NumberWish, begin_change
from tests.builders import SHOP, operation
from tests.fakes.phone_changes import FakePhoneChanges
from tests.usecases.world import CODE, PHONE, POLICY, World

NEW = "+79990000077"


@pytest.fixture
def world() -> World:
    return World(replace(POLICY, per_phone_minute=9))


@pytest.fixture
def desk(world: World) -> NumberDesk:
    changes = FakePhoneChanges(world.members, world.sign_ups.limits, world.outbox)
    return NumberDesk(
        exit=world.exit_desk,
        changes=changes,
        watch=world.doors.watch,
        policy=world.doors.policy,
    )


def begin(world: World, desk: NumberDesk, member: MemberRef, **more: object) -> PhoneChange:
    wish = NumberWish(member=member, phone=NEW, is_without_old=False, ip="10.0.0.9")
    return begin_change(replace(wish, **more), at=world.at, desk=desk)


def stored(desk: NumberDesk, change: PhoneChange) -> PhoneChange:
    return find_change(SHOP, change.change_id, desk=desk)


def test_codes_that_were_right_end_the_change_when_the_store_is_back(
    world: World, desk: NumberDesk
) -> None:
    member = world.join()
    change = begin(world, desk, member)
    world.ledger.troubles = ["lost before"] * 9
    with pytest.raises(StoreUnavailable):
        verify_change(change, CODE, CODE, at=world.at, desk=desk)
    between = stored(desk, change)

    world.ledger.troubles = []
    done = verify_change(between, CODE, CODE, at=world.at, desk=desk)

    assert between.state(world.at) is ChangeState.MERGE_OFFERED  # proven, not ended
    assert done.state(world.at) is ChangeState.DONE
    assert stored(desk, change).done_at == world.at
    assert find_by_phone(SHOP, NEW, directory=world.directory) == member


def test_codes_that_come_twice_at_once_do_reach_the_manager(
    world: World, desk: NumberDesk
) -> None:
    change = begin(world, desk, world.join(), is_without_old=True)
    desk.changes.conflicts = 1

    told = verify_change(change, CODE, None, at=world.at, desk=desk)

    assert told.state(world.at) is ChangeState.AWAITING_APPROVAL
    assert stored(desk, change).state(world.at) is ChangeState.AWAITING_APPROVAL


def test_an_approval_whose_answer_was_lost_is_one_entry(world: World, desk: NumberDesk) -> None:
    member = world.join()
    change = begin(world, desk, member, is_without_old=True)
    proven = verify_change(change, CODE, None, at=world.at, desk=desk)

    first = approve_change(proven, "passport", at=world.at, desk=desk)
    again = approve_change(proven, "passport", at=world.at, desk=desk)

    kinds = [entry.kind for entry in world.ledger.entries(member)]
    assert (first.state(world.at), again.state(world.at)) == (ChangeState.DONE,) * 2
    assert kinds == ["phone", "join"]


def test_a_phone_that_signs_up_meanwhile_is_offered_not_taken(
    world: World, desk: NumberDesk
) -> None:
    member = world.join()
    change = begin(world, desk, member)
    place = (SHOP, phone_hash_of(SHOP, NEW, world.keyring))
    world.members.phones[place] = "mem_other"

    found = verify_change(change, CODE, CODE, at=world.at, desk=desk)

    assert found.state(world.at) is ChangeState.MERGE_OFFERED
    assert world.members.phones[place] == "mem_other"
    assert find_by_phone(SHOP, PHONE, directory=world.directory) == member


@pytest.mark.parametrize("change_id", ["", "pch_1", "pch_1.mem_nobody"])
def test_an_id_of_nothing_is_not_found(desk: NumberDesk, change_id: str) -> None:
    with pytest.raises(PhoneChangeNotFound):
        find_change(SHOP, change_id, desk=desk)


class TestAPhoneThatIsAnothers:
    def test_brings_what_its_owner_has_while_the_offer_stands(
        self, world: World, desk: NumberDesk
    ) -> None:
        member, other = world.join(), world.join(NEW)
        world.give(other, 300)
        world.wait(seconds=61)
        offered = verify_change(begin(world, desk, member), CODE, CODE, at=world.at, desk=desk)

        done = merge_into_change(offered, operation("m"), at=world.at, desk=desk)
        again = merge_into_change(offered, operation("m"), at=world.at, desk=desk)

        assert (done.state(world.at), again.state(world.at)) == (ChangeState.DONE,) * 2
        assert world.available(member) == 300

    def test_of_a_member_who_was_silent_for_long_brings_nothing(
        self, world: World, desk: NumberDesk
    ) -> None:
        other = world.join(NEW)
        world.give(other, 300)
        world.wait(days=SILENT_DAYS + 1)
        stranger = world.join()
        offered = verify_change(
            begin(world, desk, stranger), CODE, CODE, at=world.at, desk=desk
        )

        with pytest.raises(MergeRefused):
            merge_into_change(offered, operation("m"), at=world.at, desk=desk)

        assert (world.available(stranger), world.available(other)) == (0, 300)
        assert find_by_phone(SHOP, NEW, directory=world.directory) == other

    def test_is_offered_as_long_as_the_codes_are_good(
        self, world: World, desk: NumberDesk
    ) -> None:
        member, other = world.join(), world.join(NEW)
        world.give(other, 300)
        world.wait(seconds=61)
        offered = verify_change(begin(world, desk, member), CODE, CODE, at=world.at, desk=desk)
        world.wait(seconds=GOOD_FOR.total_seconds() + 1)

        with pytest.raises(PhoneChangeRefused):
            merge_into_change(offered, operation("m"), at=world.at, desk=desk)
        with pytest.raises(CodeExpired):
            verify_change(offered, CODE, CODE, at=world.at, desk=desk)

        assert offered.state(world.at) is ChangeState.EXPIRED
        assert (world.available(member), world.available(other)) == (0, 300)

    def test_since_a_change_that_is_done_is_merged_into_nobody(
        self, world: World, desk: NumberDesk
    ) -> None:
        member = world.join()
        first = begin(world, desk, member)
        verify_change(first, CODE, CODE, at=world.at, desk=desk)
        world.wait(seconds=61)
        away = begin(world, desk, member, phone="+79990000078")
        verify_change(away, CODE, CODE, at=world.at, desk=desk)
        next_owner = world.join(NEW)
        world.give(next_owner, 300)

        merge_into_change(stored(desk, first), operation("m"), at=world.at, desk=desk)

        assert (world.available(member), world.available(next_owner)) == (0, 300)
