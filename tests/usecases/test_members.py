"""Members found and shown, now and in the past (R17, R32, R35, R47)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.members import Anniversary
from chalicelib.usecases.identifiers import IdentifierKind, bind_identifier
from chalicelib.usecases.members import (
    BirthDateFixed,
    NextExpiry,
    ProfileEdit,
    edit_profile,
    find_by_card,
    find_by_code,
    find_by_phone,
    past_view,
    view_member,
)
from chalicelib.usecases.points import HoldWish, TierWish, hold_points, override_tier
from tests.builders import SHOP, day, operation, tiers
from tests.usecases.world import PHONE, World

NOBODY = MemberRef(SHOP, "mem_nobody")


@pytest.fixture
def world() -> World:
    return World(tiers=tiers(), anniversaries={"birthday": {"points": 300}})


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join(birth_date=day("1990-06-10"))


class TestFinding:
    def test_by_phone_code_or_card(self, world: World, ann: MemberRef) -> None:
        code = world.members.profiles[ann].code
        bind_identifier(ann, IdentifierKind.CARD, "4006", directory=world.directory)

        assert find_by_phone(SHOP, PHONE, directory=world.directory) == ann
        assert find_by_code(SHOP, code, directory=world.directory) == ann
        assert find_by_card(SHOP, "4006", directory=world.directory) == ann

    def test_nobody_is_not_found(self, world: World, ann: MemberRef) -> None:
        with pytest.raises(MemberNotFound):
            find_by_phone(SHOP, "+79990000009", directory=world.directory)
        with pytest.raises(MemberNotFound):
            find_by_card(SHOP, "1", directory=world.directory)
        with pytest.raises(MemberNotFound):
            view_member(NOBODY, at=world.at, directory=world.directory)

    def test_another_shops_member_is_nobody(self, world: World, ann: MemberRef) -> None:
        code = world.members.profiles[ann].code

        with pytest.raises(MemberNotFound):
            find_by_code("elsewhere", code, directory=world.directory)


class TestSeeing:
    def test_shows_balance_tier_and_the_nearest_expiry(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 40, days=10)
        world.give(ann, 5, days=10)
        world.give(ann, 50)

        view = view_member(ann, at=world.at, directory=world.directory)

        assert (view.balance.available, view.tier.name) == (95, "base")
        assert view.next_expiry == NextExpiry(45, day("2026-06-11"))

    def test_points_past_their_date_are_not_shown_though_no_job_has_run(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 40, days=10)
        world.wait(days=11)

        view = view_member(ann, at=world.at, directory=world.directory)

        assert (view.balance.available, view.next_expiry) == (0, None)

    def test_the_past_is_the_fold_of_the_ledger(self, world: World, ann: MemberRef) -> None:
        world.give(ann, 40, days=10)
        world.wait(days=5)
        world.give(ann, 7)

        balances = [
            past_view(ann, day(on), directory=world.directory).balance.available
            for on in ("2026-05-31", "2026-06-01", "2026-06-05", "2026-06-06", "2026-06-12")
        ]

        assert balances == [0, 40, 40, 47, 7]

    def test_a_hold_that_lapsed_by_then_is_available_in_the_past(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 40)
        wish = HoldWish(hold_id="h", points=30)
        hold_points(ann, wish, operation("h"), at=world.at, book=world.book)

        first = past_view(ann, day("2026-06-01"), directory=world.directory).balance
        second = past_view(ann, day("2026-06-02"), directory=world.directory).balance

        assert (first.available, first.held) == (10, 30)
        assert (second.available, second.held) == (40, 0)

    def test_a_tier_given_by_hand_is_seen_in_the_past(
        self, world: World, ann: MemberRef
    ) -> None:
        wish = TierWish("gold", 3, "friend")
        override_tier(ann, wish, operation("t"), at=world.at, book=world.book)

        seen = [
            past_view(ann, day(on), directory=world.directory).tier.name
            for on in ("2026-06-04", "2026-06-05")
        ]

        assert seen == ["gold", "base"]


class TestEditing:
    def edit(self, world: World, member: MemberRef, **fields):
        edit = ProfileEdit(**fields)
        return edit_profile(member, edit, at=world.at, directory=world.directory)

    def test_changes_what_is_named_and_keeps_the_rest(
        self, world: World, ann: MemberRef
    ) -> None:
        self.edit(world, ann, name="Anna")
        self.edit(world, ann, email="a@example.com")

        profile = world.members.profiles[ann]
        assert (profile.name, profile.email, profile.phone) == ("Anna", "a@example.com", PHONE)

    def test_the_birth_date_is_changed_once_by_the_member(
        self, world: World, ann: MemberRef
    ) -> None:
        self.edit(world, ann, birth_date=day("1990-06-11"))

        with pytest.raises(BirthDateFixed):
            self.edit(world, ann, birth_date=day("1990-06-12"))

    def test_the_same_birth_date_is_no_change(self, world: World, ann: MemberRef) -> None:
        for _ in range(3):
            self.edit(world, ann, birth_date=day("1990-06-10"))

        assert world.members.profiles[ann].birth_date_edits == 0

    def test_the_staff_may_change_it_later(self, world: World, ann: MemberRef) -> None:
        self.edit(world, ann, birth_date=day("1990-06-11"))
        self.edit(world, ann, birth_date=day("1990-06-12"), by_member=False)

        assert world.members.profiles[ann].anniversaries[0].day == day("1990-06-12")

    def test_a_moved_birthday_keeps_its_last_grant_and_its_gap(
        self, world: World, ann: MemberRef
    ) -> None:
        granted = Anniversary("birthday", day("1990-06-10"), day("2026-06-10"))
        profile = world.members.profiles[ann]
        world.members.profiles[ann] = replace(profile, anniversaries=(granted,))

        self.edit(world, ann, birth_date=day("1990-12-10"))

        assert world.members.profiles[ann].anniversary_due == day("2027-12-10")

    def test_nobody_is_not_found(self, world: World) -> None:
        with pytest.raises(MemberNotFound):
            self.edit(world, NOBODY, name="x")


def test_a_day_of_the_past_ends_with_its_last_instant(world: World, ann: MemberRef) -> None:
    wish = HoldWish(
        hold_id="h", points=30, ttl_seconds=int(timedelta(hours=11).total_seconds())
    )
    world.give(ann, 40)
    hold_points(ann, wish, operation("h"), at=world.at, book=world.book)  # until 23:00

    assert past_view(ann, day("2026-06-01"), directory=world.directory).balance.held == 0
