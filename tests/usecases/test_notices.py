"""Members told of their points by SMS: who, of what, once, and within whose budget."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import OutgoingSms
from chalicelib.ports import CommitConflict, PushKind, PushOutcome
from chalicelib.usecases.notices import FRESH
from chalicelib.usecases.outbox import push_passes
from chalicelib.usecases.purchases import record_purchase
from chalicelib.usecases.schedule import run_shard
from tests.builders import SHOP, line, operation, sale
from tests.usecases.test_outbox import phone
from tests.usecases.world import PHONE, POLICY, World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ann(world: World) -> MemberRef:
    world.merchants.tell_points(SHOP, is_on=True)
    member = world.join()
    world.outbox.messages.clear()  # the code
    return member


def buy(world: World, member: MemberRef, key: str = "buy") -> None:
    record_purchase(
        sale(line(10_000), member=member.member_id, receipt=key), operation(key),
        at=world.at, book=world.book, keyring=world.keyring,
    )  # fmt: skip


def told(world: World, member: MemberRef) -> list[OutgoingSms]:
    """Let the outbox run; what was promised."""
    push_passes([member], at=world.at, desk=world.pass_desk)
    return list(world.outbox.messages.values())


def test_a_purchase_is_told_once_however_often_the_outbox_comes_to_it(
    world: World, ann: MemberRef
) -> None:
    device = phone(world, ann)
    world.pusher.outcomes[device.push_token] = PushOutcome(PushKind.RETRY, 503)
    buy(world, ann)

    for _ in range(3):
        found = told(world, ann)

    (sms,) = found
    assert world.account(ann).is_dirty  # its phone could not be told: it comes again
    assert (sms.to, sms.text) == (PHONE, "Roastery: начислено баллов 10. На карте 10.")
    assert (sms.member_id, sms.expires_at) == (ann.member_id, world.at + FRESH)


def test_each_entry_of_a_burst_is_told(world: World, ann: MemberRef) -> None:
    buy(world, ann, "one")
    buy(world, ann, "two")

    assert len(told(world, ann)) == 2


def test_a_shop_that_has_not_switched_it_on_tells_nobody(world: World, ann: MemberRef) -> None:
    world.merchants.tell_points(SHOP, is_on=False)
    buy(world, ann)

    assert told(world, ann) == []


def test_what_the_member_switched_off_is_not_sent(world: World, ann: MemberRef) -> None:
    profile = world.members.profiles[ann]
    world.members.profiles[ann] = replace(profile, muted=("points.sms",))
    buy(world, ann)

    assert told(world, ann) == []


def test_a_phone_that_nobody_confirmed_is_told_nothing(world: World, ann: MemberRef) -> None:
    account = replace(world.account(ann), unverified_through=world.at.date())
    world.ledger.accounts[ann] = account
    buy(world, ann)

    assert told(world, ann) == []


def test_what_is_an_hour_old_is_no_news(world: World, ann: MemberRef) -> None:
    buy(world, ann)
    world.wait(hours=1)

    assert told(world, ann) == []


def test_a_proven_address_is_written_to_and_costs_no_budget(
    world: World, ann: MemberRef
) -> None:
    profile = world.members.profiles[ann]
    world.members.profiles[ann] = replace(profile, proven_email="ann@example.com")
    spent = dict(world.sign_ups.limits.counters)
    buy(world, ann)

    (letter,) = told(world, ann)

    assert letter.to == "ann@example.com"
    assert letter.text == (
        "Roastery: ваша карта\n\nRoastery: начислено баллов 10. На карте 10.\n"
    )
    assert world.sign_ups.limits.counters == spent


def test_notices_leave_half_of_the_days_budget_to_codes() -> None:
    budget = POLICY.price_minor * 6
    world = World(replace(POLICY, per_merchant_day_minor=budget, per_phone_day=20))
    world.merchants.tell_points(SHOP, is_on=True)
    ann = world.join()
    world.outbox.messages.clear()
    for number in range(5):
        buy(world, ann, f"r{number}")

    found = told(world, ann)

    assert len(found) == 3
    assert not world.account(ann).is_dirty  # nothing is sent later instead
    world.ask_for_code("+79990000002", nonce="other")
    assert len(world.outbox.messages) == 4


def test_a_phones_own_limit_keeps_it_from_being_flooded(world: World, ann: MemberRef) -> None:
    for number in range(POLICY.per_phone_day + 1):
        buy(world, ann, f"r{number}")
        found = told(world, ann)
        world.wait(minutes=1)

    assert len(found) == POLICY.per_phone_day


def test_a_counter_that_others_write_is_tried_again(world: World, ann: MemberRef) -> None:
    desk = world.pass_desk.notices
    assert desk is not None
    busy = BusyOnce(desk.notices)
    world.pass_desk = replace(world.pass_desk, notices=replace(desk, notices=busy))
    buy(world, ann)

    assert len(told(world, ann)) == 1
    assert busy.calls == 2


class BusyOnce:
    """A book of notices whose counters somebody writes at the first moment."""

    def __init__(self, real: object) -> None:
        self.calls = 0
        self._real = real

    def promise(self, sms: OutgoingSms, charges: object) -> None:
        self.calls += 1
        if self.calls == 1:
            raise CommitConflict("limit 0")
        self._real.promise(sms, charges)  # type: ignore[attr-defined]


def test_points_about_to_expire_are_a_topic_of_their_own() -> None:
    world = World(reminder_days=7)
    world.merchants.tell_points(SHOP, is_on=True)
    ann = world.join()
    world.give(ann, 40, days=10)
    told(world, ann)
    profile = world.members.profiles[ann]
    world.members.profiles[ann] = replace(profile, muted=("points.sms",))
    world.outbox.messages.clear()
    world.wait(days=3)
    run_shard(
        world.merchant, 0, at=world.at, desk=world.desk, has_time=lambda: True
    )  # fmt: skip

    (sms,) = told(world, ann)

    last = (world.at + timedelta(days=7)).strftime("%d.%m.%Y")
    assert sms.text == f"Roastery: после {last} сгорят баллы: 40."
