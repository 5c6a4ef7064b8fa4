"""Few pushes, none forgotten: bursts, phones that fail, and all phones of a merchant."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.jobs import Job, JobKind, JobState
from chalicelib.domain.members import DeviceRegistration
from chalicelib.ports import PushKind, PushOutcome, StoreUnavailable
from chalicelib.usecases import repush
from chalicelib.usecases.jobs import JobDesk, run_job
from chalicelib.usecases.members import ProfileEdit, edit_profile
from chalicelib.usecases.outbox import push_passes
from chalicelib.usecases.pushes import BACK_OFF
from chalicelib.usecases.repush import repush_slice, start_repush
from tests.builders import SHOP, tiers
from tests.usecases.world import World

QUIET = timedelta(seconds=3)
DOWN = PushOutcome(PushKind.RETRY, 503)
SLOWED = PushOutcome(PushKind.RETRY, 429, "TooManyRequests")


@pytest.fixture
def world() -> World:
    made = World(tiers=tiers())
    made.pass_desk = replace(made.pass_desk, quiet=QUIET)
    return made


@pytest.fixture
def ann(world: World) -> MemberRef:
    member = world.join()
    push_passes([member], at=world.at, desk=world.pass_desk)
    return member


def phone(world: World, member: MemberRef, name: str = "d-1") -> DeviceRegistration:
    serial = f"{member.merchant_id}.{member.member_id}"
    device = DeviceRegistration(name, "pass.x", serial, f"token-{name}", world.at)
    world.devices.register(member, device)
    return device


def push(world: World, *members: MemberRef) -> list[str]:
    """Let the outbox run; the tokens it pushed."""
    before = len(world.pusher.pushed)
    push_passes(members, at=world.at, desk=world.pass_desk)
    return world.pusher.pushed[before:]


class TestBursts:
    def test_the_first_change_after_quiet_is_pushed_at_once(
        self, world: World, ann: MemberRef
    ) -> None:
        phone(world, ann)
        world.give(ann, 1)

        assert push(world, ann) == ["token-d-1"]

    def test_of_ten_changes_in_a_second_the_first_and_the_last_are_pushed(
        self, world: World, ann: MemberRef
    ) -> None:
        phone(world, ann)

        for _ in range(10):
            world.give(ann, 1)
            push(world, ann)
            world.wait(milliseconds=100)
        assert world.account(ann).is_dirty
        world.wait(minutes=1)
        push(world, *world.devices.dirty())

        assert world.pusher.pushed == ["token-d-1"] * 2
        assert not world.account(ann).is_dirty

    def test_a_pass_that_rests_lets_the_others_go_first(
        self, world: World, ann: MemberRef
    ) -> None:
        phone(world, ann)
        for _ in range(2):
            world.give(ann, 1)
            push(world, ann)

        assert world.devices.postponed == {ann: world.at}
        assert world.account(ann).noted_version == world.account(ann).version

    def test_a_member_without_a_phone_never_rests(self, world: World, ann: MemberRef) -> None:
        for _ in range(3):
            world.give(ann, 1)
            push(world, ann)

            assert not world.account(ann).is_dirty

    def test_a_clock_that_was_moved_back_makes_nobody_wait(
        self, world: World, ann: MemberRef
    ) -> None:
        phone(world, ann)
        world.give(ann, 1)
        push(world, ann)
        world.wait(hours=-1)
        world.give(ann, 1)

        assert push(world, ann) == ["token-d-1"]

    def test_a_change_during_the_push_counts_as_pushed_a_moment_ago(
        self, world: World, ann: MemberRef
    ) -> None:
        phone(world, ann)
        world.give(ann, 1)
        world.pusher.outcomes = Interrupting(world, ann)

        push(world, ann)

        assert world.account(ann).is_dirty
        assert push(world, ann) == []
        world.wait(seconds=3)
        assert push(world, ann) == ["token-d-1"]


class Interrupting(dict[str, PushOutcome]):
    """Outcomes during whose reading the member gets a point, once."""

    def __init__(self, world: World, member: MemberRef) -> None:
        super().__init__()
        self._todo = [lambda: world.give(member, 1)]

    def get(self, token: str, default: PushOutcome) -> PushOutcome:  # type: ignore[override]
        """Let the change happen."""
        while self._todo:
            self._todo.pop()()
        return default


class TestProfiles:
    @pytest.mark.parametrize("edit", [{"name": "Anna"}, {"language": "en"}])
    def test_what_the_pass_shows_of_a_profile_is_pushed(
        self, world: World, ann: MemberRef, edit: dict[str, str]
    ) -> None:
        phone(world, ann)

        edit_profile(ann, ProfileEdit(**edit), at=world.at, directory=world.directory)

        assert push(world, *world.devices.dirty()) == ["token-d-1"]

    def test_what_it_does_not_show_wakes_no_phone(self, world: World, ann: MemberRef) -> None:
        phone(world, ann)
        edit = ProfileEdit(email="anna@example.org")

        edit_profile(ann, edit, at=world.at, directory=world.directory)

        assert world.devices.dirty() == ()

    def test_an_edit_between_reading_and_clearing_is_pushed_again(
        self, world: World, ann: MemberRef
    ) -> None:
        phone(world, ann)
        world.give(ann, 1)
        account = world.account(ann)

        edit_profile(ann, ProfileEdit(name="Anna"), at=world.at, directory=world.directory)

        assert not world.devices.mark_pushed(account)
        assert push(world, *world.devices.dirty()) == ["token-d-1"]


class TestFailures:
    def test_a_token_that_apple_slows_is_left_alone_for_minutes(
        self, world: World, ann: MemberRef
    ) -> None:
        phone(world, ann)
        world.give(ann, 1)
        world.pusher.outcomes["token-d-1"] = SLOWED
        push(world, ann)
        world.pusher.outcomes.clear()

        early = [push(world, ann)]
        world.wait(seconds=BACK_OFF.total_seconds() - 1)
        early.append(push(world, ann))
        world.wait(seconds=1)

        assert early == [[], []]
        assert push(world, ann) == ["token-d-1"]
        assert not world.account(ann).is_dirty

    def test_a_phone_that_was_told_is_not_told_again_for_anothers_sake(
        self, world: World, ann: MemberRef
    ) -> None:
        phone(world, ann, "d-1")
        phone(world, ann, "d-2")
        world.pusher.outcomes["token-d-1"] = DOWN
        world.give(ann, 1)

        pushed = [sorted(push(world, ann)) for _ in range(3)]
        world.give(ann, 1)
        pushed.append(sorted(push(world, ann)))

        both = ["token-d-1", "token-d-2"]
        assert pushed == [both, ["token-d-1"], ["token-d-1"], both]

    def test_one_phone_with_passes_of_many_members_is_pushed_once(
        self, world: World, ann: MemberRef
    ) -> None:
        members = [ann, *(world.join(f"+7999100{n:04d}") for n in range(1, 4))]
        for member in members:
            phone(world, member)
            world.give(member, 1)

        assert push(world, *members) == ["token-d-1"]
        assert world.devices.dirty() == ()

    def test_another_pass_type_with_the_same_token_is_pushed_on_its_own(
        self, world: World, ann: MemberRef
    ) -> None:
        device = phone(world, ann)
        world.devices.register(ann, replace(device, pass_type="pass.y", device_id="d-2"))
        world.give(ann, 1)

        assert push(world, ann) == ["token-d-1", "token-d-1"]


class Objects:
    """Google's wallet as the outbox sees it."""

    def __init__(self) -> None:
        self.wanted: list[tuple[MemberRef, int]] = []
        self.is_down = False

    def want(self, member: MemberRef, version: int) -> None:
        """Note what is wanted."""
        if self.is_down:
            raise StoreUnavailable("no answer")
        self.wanted.append((member, version))


class TestObjects:
    @pytest.fixture
    def objects(self, world: World, ann: MemberRef) -> Objects:
        made = Objects()
        world.pass_desk = replace(world.pass_desk, objects=made)
        return made

    def test_an_object_is_wanted_at_the_version_a_phone_would_see(
        self, world: World, ann: MemberRef, objects: Objects
    ) -> None:
        world.give(ann, 1)
        world.designs.renew(SHOP)

        push(world, ann)

        assert objects.wanted == [(ann, world.states.states_of([ann])[ann].version)]

    def test_one_that_could_not_be_marked_stays_and_holds_up_no_phone(
        self, world: World, ann: MemberRef, objects: Objects
    ) -> None:
        phone(world, ann)
        world.give(ann, 1)
        objects.is_down = True

        first = push(world, ann)
        objects.is_down = False
        world.wait(minutes=1)
        push(world, *world.devices.dirty())

        assert first == ["token-d-1"]
        assert [member for member, _ in objects.wanted] == [ann]
        assert not world.account(ann).is_dirty

    def test_apple_being_down_holds_up_no_object(
        self, world: World, ann: MemberRef, objects: Objects
    ) -> None:
        phone(world, ann)
        world.pusher.outcomes["token-d-1"] = DOWN
        world.give(ann, 1)

        push(world, ann)

        assert [member for member, _ in objects.wanted] == [ann]


class TestAllPhones:
    @pytest.fixture(autouse=True)
    def small_pages(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setattr(repush, "HOLDERS_PAGE", 3)
        return iter(())

    @pytest.fixture
    def members(self, world: World) -> list[MemberRef]:
        found = [world.join(f"+7999100{n:04d}") for n in range(8)]
        for number, member in enumerate(found):
            phone(world, member, f"d-{number}")
        push(world, *found)
        world.pusher.pushed.clear()
        return found

    def begin(self, world: World) -> Job:
        return start_repush(
            SHOP, at=world.at, jobs=world.jobs, queue=world.queue, keyring=world.keyring
        )

    def run(self, world: World, job: Job, *, slices: int = 100) -> Job:
        """Do slices of the job; as it is stored then."""
        left = iter(range(slices - 1))
        desk = JobDesk(
            jobs=world.jobs,
            queue=world.queue,
            slices={
                JobKind.REPUSH: lambda job: repush_slice(
                    job, at=world.at, desk=world.repush_desk
                )
            },
        )
        run_job(
            SHOP,
            job.job_id,
            now=world.clock.now,
            desk=desk,
            has_time=lambda: next(left, None) is not None,
        )
        found = world.jobs.find(SHOP, job.job_id)
        assert found is not None
        return found

    def test_every_phone_is_pushed_once_and_no_account_is_touched(
        self, world: World, members: list[MemberRef]
    ) -> None:
        before = dict(world.ledger.accounts)

        job = self.run(world, self.begin(world))

        assert sorted(world.pusher.pushed) == [f"token-d-{n}" for n in range(8)]
        assert (job.state, job.done, job.total) == (JobState.DONE, 8, 8)
        assert job.work == {"pushed": 8, "gone": 0, "failed": 0}
        assert world.ledger.accounts == before

    def test_progress_is_told_page_by_page(
        self, world: World, members: list[MemberRef]
    ) -> None:
        job = self.begin(world)

        seen = [self.run(world, job, slices=1) for _ in range(3)]

        assert [(one.done, one.total) for one in seen] == [(3, 8), (6, 8), (8, 8)]
        assert seen[-1].state is JobState.DONE

    def test_a_page_that_a_crash_repeats_misses_nobody(
        self, world: World, members: list[MemberRef]
    ) -> None:
        job = self.begin(world)
        repush_slice(job, at=world.at, desk=world.repush_desk)  # and dies before it is stored

        self.run(world, job)

        assert set(world.pusher.pushed) == {f"token-d-{n}" for n in range(8)}

    def test_a_phone_that_was_not_told_is_left_to_the_outbox(
        self, world: World, members: list[MemberRef]
    ) -> None:
        world.pusher.outcomes["token-d-2"] = DOWN

        job = self.run(world, self.begin(world))

        assert job.work == {"pushed": 7, "gone": 0, "failed": 1}
        assert world.devices.dirty() == (members[2],)
        world.pusher.outcomes.clear()
        world.wait(seconds=3)
        assert push(world, *world.devices.dirty()) == ["token-d-2"]
        assert world.devices.dirty() == ()

    def test_a_phone_that_is_gone_is_forgotten(
        self, world: World, members: list[MemberRef]
    ) -> None:
        world.pusher.outcomes["token-d-5"] = PushOutcome(PushKind.GONE, 410)

        job = self.run(world, self.begin(world))

        assert job.work == {"pushed": 7, "gone": 1, "failed": 0}
        assert world.devices.devices_of(members[5]) == ()
        assert world.devices.dirty() == ()

    def test_a_merchant_without_phones_is_done_at_once(self, world: World) -> None:
        job = self.run(world, self.begin(world))

        assert (job.state, job.done, job.total) == (JobState.DONE, 0, 0)

    def test_objects_are_wanted_at_their_version(
        self, world: World, members: list[MemberRef]
    ) -> None:
        objects = Objects()
        world.repush_desk = replace(world.repush_desk, objects=objects)
        world.holders.note_google(members[0])
        world.designs.renew(SHOP)

        self.run(world, self.begin(world))

        version = world.states.states_of(members)[members[0]].version
        assert objects.wanted == [(members[0], version)]
