"""What time alone brings, found by the index and done once (R13, R14, R17, R35, R36, P13)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.anniversaries import due_anniversaries
from chalicelib.domain.due import next_due
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.members import Anniversary
from chalicelib.ports import CommitConflict, StoreUnavailable
from chalicelib.usecases.members import ProfileEdit, edit_profile
from chalicelib.usecases.purchases import record_purchase
from chalicelib.usecases.schedule import (
    Done,
    _grant_anniversary,
    next_run,
    run_anniversaries,
    run_member,
    run_shard,
    start_runs,
)
from tests.builders import SHOP, day, document, operation, sale
from tests.usecases.world import World

BIRTHDAY = {"birthday": {"points": 300, "expires_in_days": 10}}


@pytest.fixture
def world() -> World:
    return World(anniversaries=BIRTHDAY)


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join(birth_date=day("1990-06-10"))


def work(world: World, *, has_time: bool = True) -> Done:
    return run_shard(world.merchant, 0, at=world.at, desk=world.desk, has_time=lambda: has_time)


def kinds(world: World, member: MemberRef) -> list[EntryKind]:
    return [entry.kind for entry in world.ledger.entries_by_member[member]]


class TestStartingRuns:
    def test_queues_every_shard_of_a_merchant_whose_day_has_turned(self, world: World) -> None:
        found = start_runs(at=world.at, shards=3, merchants=world.merchants, queue=world.queue)

        assert found == 1
        shards = [payload["shard"] for payload in world.queue.take("schedule")]
        assert shards == [0, 1, 2]

    def test_a_program_that_cannot_be_read_stops_no_other_merchant(self, world: World) -> None:
        broken = replace(world.merchant, merchant_id="a-broken", next_run_at=world.at)
        world.merchants.merchants["a-broken"] = broken
        world.merchants.documents["a-broken"] = ['{"earn_percent": 200}']

        found = start_runs(at=world.at, shards=1, merchants=world.merchants, queue=world.queue)

        assert found == 2
        queued = {payload["merchant_id"] for payload in world.queue.take("schedule")}
        assert queued == {"a-broken", SHOP}
        later = world.merchants.merchants["a-broken"].next_run_at
        assert later == world.at + timedelta(hours=1)  # out of the others' way till then

    def test_comes_again_when_the_next_day_begins_in_the_shops_zone(self, world: World) -> None:
        start_runs(at=world.at, shards=1, merchants=world.merchants, queue=world.queue)

        program = world.merchants.program(SHOP)
        assert program
        begins = next_run(program, world.at)
        assert world.merchant.next_run_at == begins
        assert begins.isoformat() == "2026-06-01T21:00:00+00:00"

    def test_queues_nothing_twice_for_one_day(self, world: World) -> None:
        for _ in range(2):
            start_runs(at=world.at, shards=1, merchants=world.merchants, queue=world.queue)

        assert len(world.queue.take("schedule")) == 1

    def test_after_a_restart_queues_every_merchant_again(self, world: World) -> None:
        start_runs(at=world.at, shards=1, merchants=world.merchants, queue=world.queue)
        start_runs(
            at=world.at, shards=1, merchants=world.merchants, queue=world.queue,
            is_restart=True,
        )  # fmt: skip

        assert len(world.queue.take("schedule")) == 2

    def test_a_queue_that_is_down_leaves_the_run_unclaimed(self, world: World) -> None:
        world.queue.is_down = True
        with pytest.raises(StoreUnavailable):
            start_runs(at=world.at, shards=1, merchants=world.merchants, queue=world.queue)

        world.queue.is_down = False
        assert start_runs(at=world.at, shards=1, merchants=world.merchants, queue=world.queue)


class TestRunningAShard:
    def test_expires_what_is_due_and_nothing_else(self, world: World, ann: MemberRef) -> None:
        world.give(ann, 40, days=3)
        world.give(ann, 50, days=300)
        assert work(world) == Done(0, 0, 0, is_finished=True)
        world.wait(days=4)

        done = work(world)

        assert (done.written, done.failed) == (1, 0)
        assert kinds(world, ann)[-1] is EntryKind.EXPIRE
        assert world.account(ann).total == 50

    def test_has_one_effect_however_often_it_runs(self, world: World, ann: MemberRef) -> None:
        world.give(ann, 40, days=3)
        world.wait(days=4)
        work(world)

        assert work(world) == Done(0, 0, 0, is_finished=True)

    def test_one_members_trouble_does_not_stop_the_others(self, world: World) -> None:
        members = [world.join(f"+7999000000{n}") for n in range(3)]
        for member in members:
            world.give(member, 40, days=3)
        world.wait(days=4)
        world.ledger.troubles = ["lost before"] * 5

        done = work(world)

        assert (done.members, done.written, done.failed) == (3, 2, 1)
        assert work(world).written == 1  # it stayed due

    def test_stops_when_its_time_is_over_and_says_so(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 40, days=3)
        world.wait(days=4)

        assert not work(world, has_time=False).is_finished
        assert work(world).written == 1

    def test_catches_up_what_many_days_have_missed(self, world: World, ann: MemberRef) -> None:
        world.give(ann, 40, days=3)
        world.give(ann, 50, days=20)
        world.wait(days=60)

        assert work(world).written == 1
        assert world.account(ann).total == 0


class TestRunningOneMember:
    def test_does_nothing_for_an_account_that_is_not_due_any_more(
        self, world: World, ann: MemberRef
    ) -> None:
        program = world.merchants.program(SHOP)
        assert program
        account = world.account(ann)
        world.ledger.accounts[ann] = replace(account, due=None)
        before = world.account(ann)

        written = run_member(ann, program, at=world.at, desk=world.desk)

        assert written == 0
        assert world.account(ann) == before

    def test_an_activation_is_told_once_though_two_runs_overlap(self) -> None:
        world = World(pending_days=1, reminder_days=0)
        ann = world.join()
        program = world.merchants.program(SHOP)
        assert program
        record_purchase(
            sale(member=ann.member_id), operation("buy"),
            at=world.at, book=world.book, keyring=world.keyring,
        )  # fmt: skip
        world.wait(days=1)

        runs = [run_member(ann, program, at=world.at, desk=world.desk) for _ in range(2)]

        assert runs == [1, 0]
        assert kinds(world, ann).count(EntryKind.ACTIVATE) == 1

    def test_an_early_due_day_is_moved_on_without_an_entry(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 40, days=30)
        world.ledger.accounts[ann] = replace(world.account(ann), due=world.at.date())

        done = work(world)

        assert (done.members, done.written) == (1, 0)
        assert world.account(ann).due == day("2026-06-24")  # the reminder

    @pytest.mark.parametrize("trouble", ["overtaken", "lost before", "lost after"])
    def test_a_lost_answer_is_settled_with_one_entry(
        self, world: World, ann: MemberRef, trouble: str
    ) -> None:
        world.give(ann, 40, days=3)
        world.wait(days=4)
        world.ledger.troubles = [trouble]

        work(world)

        assert kinds(world, ann).count(EntryKind.EXPIRE) == 1

    def test_a_pass_stops_showing_a_pause_that_is_over_by_one_push(
        self, world: World, ann: MemberRef
    ) -> None:
        until = world.at + timedelta(hours=72)
        account = replace(world.account(ann), redeem_paused_until=until)
        program = world.merchants.program(SHOP)
        assert program
        due = next_due(account, program, world.at.date())
        world.ledger.accounts[ann] = replace(account, due=due)
        revisions = []

        for _ in range(6):
            work(world)
            revisions.append(world.members.profiles[ann].revision)
            world.wait(days=1)

        assert revisions == [1, 1, 1, 1, 2, 2]
        assert world.account(ann).marks == 1

    def test_a_race_lost_for_ever_is_trouble(self, world: World, ann: MemberRef) -> None:
        world.give(ann, 40, days=3)
        world.wait(days=4)
        world.ledger.troubles = ["overtaken"] * 5
        program = world.merchants.program(SHOP)
        assert program

        with pytest.raises(CommitConflict):
            run_member(ann, program, at=world.at, desk=world.desk)


class TestAnniversaries:
    def test_a_birthday_brings_points_that_last_ten_days(
        self, world: World, ann: MemberRef
    ) -> None:
        world.wait(days=9)
        work(world)

        lot = world.account(ann).lots[0]
        assert (lot.points, lot.expires_on) == (300, day("2026-06-20"))
        assert kinds(world, ann)[-1] is EntryKind.ANNIVERSARY

    def test_comes_once_a_year(self, world: World, ann: MemberRef) -> None:
        for days in (9, 1, 1, 363, 1):
            world.wait(days=days)
            work(world)

        grants = [kind for kind in kinds(world, ann) if kind is EntryKind.ANNIVERSARY]
        assert len(grants) == 2
        assert world.members.profiles[ann].anniversary_due == day("2028-06-10")

    @pytest.mark.parametrize(("days", "points"), [(12, 300), (13, 0)])
    def test_is_caught_up_for_three_days(
        self, world: World, ann: MemberRef, days: int, points: int
    ) -> None:
        world.wait(days=days)
        work(world)

        assert world.account(ann).total == points

    @pytest.mark.parametrize("trouble", ["overtaken", "lost before", "lost after"])
    def test_a_lost_answer_is_settled_with_one_grant(
        self, world: World, ann: MemberRef, trouble: str
    ) -> None:
        world.wait(days=9)
        world.ledger.troubles = [trouble]
        work(world)

        assert world.account(ann).total == 300

    def test_a_crash_between_grant_and_profile_grants_once(
        self, world: World, ann: MemberRef
    ) -> None:
        world.wait(days=9)
        program = world.merchants.program(SHOP)
        assert program
        before = world.members.profiles[ann]
        run_anniversaries(ann, program, at=world.at, desk=world.desk)
        moved = world.members.profiles[ann]
        world.members.profiles[ann] = replace(before, revision=moved.revision)

        written = run_anniversaries(ann, program, at=world.at, desk=world.desk)

        assert written == 0
        assert world.account(ann).total == 300

    def test_the_same_job_serves_all_yearly_days(self) -> None:
        world = World(anniversaries=BIRTHDAY | {"child": {"points": 50}})
        twins = (
            Anniversary("child", date(2020, 6, 5)),
            Anniversary("child", date(2022, 6, 5)),
        )
        ann = world.join(birth_date=day("1990-06-05"), anniversaries=twins)
        world.wait(days=4)

        work(world)

        assert world.account(ann).total == 300 + 50 + 50
        assert len(world.members.profiles[ann].anniversaries) == 3

    def test_29_february_comes_on_the_28th_in_common_years(self) -> None:
        world = World(anniversaries=BIRTHDAY)
        ann = world.join(birth_date=day("2000-02-29"))
        world.wait(days=(date(2027, 2, 28) - world.at.date()) / timedelta(days=1))

        work(world)

        assert world.account(ann).total == 300

    def test_a_day_changed_every_day_is_granted_for_once(self) -> None:
        world = World(anniversaries={"wedding": {"points": 300}})
        ann = world.join()
        for _ in range(10):
            today = Anniversary("wedding", world.at.date())
            edit = ProfileEdit(anniversaries=(today,), by_member=False)
            edit_profile(ann, edit, at=world.at, directory=world.directory)
            work(world)
            world.wait(days=1)

        assert world.account(ann).total == 300

    @pytest.mark.parametrize("moved_to", ["1990-06-10", "1990-06-11", "1990-06-09"])
    def test_a_birth_date_moved_between_grant_and_profile_grants_once(
        self, world: World, ann: MemberRef, moved_to: str
    ) -> None:
        world.wait(days=9)
        before = world.members.profiles[ann]
        work(world)
        world.members.profiles[ann] = before  # the job died before it was noted
        edit = ProfileEdit(birth_date=day(moved_to))
        edit_profile(ann, edit, at=world.at, directory=world.directory)

        for _ in range(3):
            work(world)
            world.wait(days=1)

        assert world.account(ann).total == 300
        assert world.members.profiles[ann].anniversaries[0].granted_on

    def test_a_run_that_saw_the_old_birth_date_grants_nothing_beside_another(
        self, world: World, ann: MemberRef
    ) -> None:
        world.wait(days=9)
        program = world.merchants.program(SHOP)
        assert program
        old = world.members.profiles[ann]
        moved = replace(old, anniversaries=(Anniversary("birthday", day("1990-06-09")),))
        (due,) = due_anniversaries(moved.anniversaries, program, world.at.date())

        work(world)
        written = _grant_anniversary(moved, due, program, at=world.at, desk=world.desk)

        assert written == 0
        assert world.account(ann).total == 300

    def test_a_program_published_later_reaches_the_members_there_are(self) -> None:
        world = World()
        ann = world.join(birth_date=day("1990-06-10"))
        world.wait(days=5)
        world.merchants.publish(SHOP, document(anniversaries=BIRTHDAY), 2)
        world.wait(days=4)

        work(world)

        assert world.account(ann).total == 300

    def test_a_day_the_program_gives_nothing_for_is_looked_at_once_a_year(self) -> None:
        world = World()
        ann = world.join(birth_date=day("1990-06-10"))
        world.wait(days=9)

        looks = [work(world).members for _ in range(2)]

        assert looks == [1, 0]
        assert world.members.profiles[ann].anniversary_due == day("2027-06-10")

    def test_somebody_who_is_erased_gets_nothing(self, world: World, ann: MemberRef) -> None:
        program = world.merchants.program(SHOP)
        assert program
        del world.members.profiles[ann]

        assert run_anniversaries(ann, program, at=world.at, desk=world.desk) == 0
