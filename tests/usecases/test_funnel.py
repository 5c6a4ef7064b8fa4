"""Pushes in the funnel: each once, on the merchant's day, and no phone waits for a count."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.funnel import FunnelCounts
from chalicelib.domain.members import DeviceRegistration
from chalicelib.ports import PushKind, PushOutcome, StoreUnavailable
from chalicelib.usecases.funnel import FunnelDesk, show_funnel
from chalicelib.usecases.outbox import push_passes
from chalicelib.usecases.pushes import PushDesk, push_phones
from tests.builders import SHOP
from tests.fakes.devices import FakePassDevices
from tests.fakes.funnel import FakeFunnel
from tests.usecases.world import World


class CountingFunnel(FakeFunnel):
    """Keeps each write, or is down."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[tuple[str, date]] = []
        self.is_down = False

    def add_pushes(self, merchant_id: str, day: date, counts: FunnelCounts) -> None:
        if self.is_down:
            raise StoreUnavailable("no answer")
        self.writes.append((merchant_id, day))
        super().add_pushes(merchant_id, day, counts)


@pytest.fixture
def world() -> World:
    made, funnel = World(), CountingFunnel()
    made.devices = FakePassDevices(made.ledger, funnel)
    desk = FunnelDesk(funnel=funnel, merchants=made.merchants)
    made.pass_desk = replace(made.pass_desk, devices=made.devices, funnel=desk)
    return made


@pytest.fixture
def funnel(world: World) -> CountingFunnel:
    assert world.pass_desk.funnel is not None
    found = world.pass_desk.funnel.funnel
    assert isinstance(found, CountingFunnel)
    return found


def registered(
    world: World, member: MemberRef, name: str, outcome: Mapping[str, PushOutcome] | None = None
) -> DeviceRegistration:
    serial = f"{member.merchant_id}.{member.member_id}"
    device = DeviceRegistration(name, "pass.x", serial, f"token-{name}", world.at)
    world.devices.register(member, device)
    world.pusher.outcomes |= outcome or {}
    return device


def counted(world: World, funnel: FakeFunnel) -> FunnelCounts:
    today = world.at.date()
    found = funnel.days(SHOP, today, today)
    return found[0].counts if found else FunnelCounts()


def push(world: World, members: Sequence[MemberRef]) -> None:
    push_passes(members, at=world.at, desk=world.pass_desk)


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (PushOutcome(PushKind.ACCEPTED, 200), FunnelCounts(pushes_delivered=1)),
        (PushOutcome(PushKind.RETRY, 503), FunnelCounts(pushes_failed=1)),
        (PushOutcome(PushKind.RETRY, 0), FunnelCounts(pushes_failed=1)),
        (PushOutcome(PushKind.REFUSED, 403), FunnelCounts(pushes_failed=1)),
        (PushOutcome(PushKind.GONE, 410), FunnelCounts(pushes_dead=1, removed=1)),
        (PushOutcome(PushKind.UNSERVED, 0), FunnelCounts()),
    ],
)
def test_an_answer_is_counted_as_what_it_says(
    world: World, funnel: CountingFunnel, outcome: PushOutcome, expected: FunnelCounts
) -> None:
    ann = world.join()
    registered(world, ann, "d", {"token-d": outcome})

    push(world, [ann])

    assert counted(world, funnel) == expected


def test_a_run_is_one_write_whatever_the_number_of_passes(
    world: World, funnel: CountingFunnel
) -> None:
    members = [world.join(f"+7916000000{number}") for number in range(3)]
    for number, member in enumerate(members):
        registered(world, member, f"d{number}")

    push(world, members)

    assert funnel.writes == [(SHOP, world.at.date())]
    assert counted(world, funnel).pushes_delivered == 3


def test_a_run_that_pushes_nobody_writes_nothing(world: World, funnel: CountingFunnel) -> None:
    push(world, [world.join()])

    assert funnel.writes == []


def test_a_phone_with_two_passes_is_one_push(world: World, funnel: CountingFunnel) -> None:
    members = [world.join(f"+7916000000{number}") for number in range(2)]
    for member in members:
        registered(world, member, "same")

    push(world, members)

    assert world.pusher.pushed == ["token-same"]
    assert counted(world, funnel).pushes_sent == 1


def test_a_push_for_two_merchants_counts_for_each(world: World, funnel: CountingFunnel) -> None:
    ann, stranger = world.join(), MemberRef("bakery", "mem_1")
    known = {registered(world, ann, "same"): ann}
    known[registered(world, stranger, "same")] = stranger

    push_phones(known, at=world.at, desk=world.pass_desk)

    assert funnel.writes == [(SHOP, world.at.date())]  # there is no merchant "bakery"
    assert counted(world, funnel).pushes_sent == 1


def test_a_phone_that_is_left_alone_is_not_counted(
    world: World, funnel: CountingFunnel
) -> None:
    ann = world.join()
    device = registered(world, ann, "d")
    quiet = replace(device, quiet_until=world.at.replace(hour=23))

    push_phones({quiet: ann}, at=world.at, desk=world.pass_desk)

    assert funnel.writes == []


def test_a_count_that_cannot_be_written_holds_up_no_phone(
    world: World, funnel: CountingFunnel, caplog: pytest.LogCaptureFixture
) -> None:
    ann = world.join()
    registered(world, ann, "d")
    funnel.is_down = True

    push(world, [ann])

    assert world.pusher.pushed == ["token-d"]
    assert not world.account(ann).is_dirty
    assert "pushes were not counted" in caplog.text


def test_without_a_funnel_pushes_go_out_all_the_same(world: World) -> None:
    ann = world.join()
    desk = PushDesk(devices=world.devices, pushers=world.pusher)

    found = push_phones({registered(world, ann, "d"): ann}, at=world.at, desk=desk)

    assert [one.kind for one in found.values()] == [PushKind.ACCEPTED]


def test_the_last_thirty_days_are_shown_unless_it_is_said(world: World) -> None:
    desk = world.pass_desk.funnel
    assert desk is not None

    days = show_funnel(SHOP, None, None, at=world.at, desk=desk)

    assert (len(days), days[0].day, days[-1].day) == (30, date(2026, 5, 3), date(2026, 6, 1))
