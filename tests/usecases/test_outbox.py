"""After the commit: events, pushes and messages leave, at least once (P10, P18, R34, R48)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration, OutgoingSms
from chalicelib.ports import (
    DeliveryReport,
    DeliveryState,
    PushKind,
    PushOutcome,
    SmsRejected,
    SmsUnavailable,
    StoreUnavailable,
)
from chalicelib.usecases.outbox import (
    SMS_ATTEMPTS_MAX,
    announce,
    note_delivery,
    push_passes,
    send_sms,
)
from chalicelib.usecases.purchases import record_purchase
from tests.builders import SHOP, line, operation, sale, tiers
from tests.usecases.world import World


@pytest.fixture
def world() -> World:
    return World(tiers=tiers())


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join()


def phone(world: World, member: MemberRef, name: str = "d-1") -> DeviceRegistration:
    device = DeviceRegistration(name, "pass.x", f"serial-{name}", f"token-{name}", world.at)
    world.devices.register(member, device)
    return device


class TestAnnouncing:
    def test_a_purchase_is_one_event_named_for_its_consumers(
        self, world: World, ann: MemberRef
    ) -> None:
        record_purchase(
            sale(line(10_000), member=ann.member_id), operation(),
            at=world.at, book=world.book, keyring=world.keyring,
        )  # fmt: skip

        announce(world.ledger.entries_by_member[ann], events=world.events)

        assert world.events.names() == ["member.joined", "purchase.completed"]
        bought = world.events.published[1]
        assert (bought.version, bought.facts["earned"], bought.facts["ledger_version"]) == (
            1,
            10,
            2,
        )

    def test_a_new_tier_is_an_event_of_its_own(self, world: World, ann: MemberRef) -> None:
        record_purchase(
            sale(line(200_000), member=ann.member_id), operation(),
            at=world.at, book=world.book, keyring=world.keyring,
        )  # fmt: skip

        announce(world.ledger.entries_by_member[ann][1:], events=world.events)

        assert world.events.names() == ["purchase.completed", "tier.changed"]
        assert world.events.published[1].facts["to"] == "silver"

    def test_an_event_has_the_same_id_each_time(self, world: World, ann: MemberRef) -> None:
        for _ in range(2):
            announce(world.ledger.entries_by_member[ann], events=world.events)

        first, second = world.events.published
        assert first.event_id == second.event_id

    def test_a_bus_that_is_down_is_trouble(self, world: World, ann: MemberRef) -> None:
        world.events.is_down = True

        with pytest.raises(StoreUnavailable):
            announce(world.ledger.entries_by_member[ann], events=world.events)


class TestPushing:
    def test_tells_every_phone_once_and_clears_the_marker(
        self, world: World, ann: MemberRef
    ) -> None:
        for name in ("d-1", "d-2"):
            phone(world, ann, name)

        again = push_passes([ann, ann], at=world.at, desk=world.pass_desk)

        assert again == ()
        assert sorted(world.pusher.pushed) == ["token-d-1", "token-d-2"]
        assert not world.account(ann).is_dirty

    def test_a_member_without_a_phone_is_done_at_once(
        self, world: World, ann: MemberRef
    ) -> None:
        push_passes([ann], at=world.at, desk=world.pass_desk)

        assert (world.pusher.pushed, world.account(ann).is_dirty) == ([], False)

    def test_nothing_is_pushed_twice_for_one_version(
        self, world: World, ann: MemberRef
    ) -> None:
        phone(world, ann)
        push_passes([ann], at=world.at, desk=world.pass_desk)

        push_passes([ann], at=world.at, desk=world.pass_desk)

        assert len(world.pusher.pushed) == 1

    def test_what_could_not_be_pushed_stays_marked(self, world: World, ann: MemberRef) -> None:
        phone(world, ann)
        world.pusher.outcomes["token-d-1"] = PushOutcome(PushKind.RETRY, 503)

        assert push_passes([ann], at=world.at, desk=world.pass_desk) == (ann,)
        assert world.account(ann).is_dirty
        assert world.devices.postponed == {ann: world.at}  # the others go first

    def test_a_phone_that_is_gone_is_forgotten(self, world: World, ann: MemberRef) -> None:
        phone(world, ann)
        since = world.at + timedelta(hours=1)
        world.pusher.outcomes["token-d-1"] = PushOutcome(PushKind.GONE, 410, gone_since=since)

        push_passes([ann], at=world.at, desk=world.pass_desk)

        assert world.devices.devices_of(ann) == ()

    def test_a_phone_that_came_back_since_is_kept(self, world: World, ann: MemberRef) -> None:
        device = phone(world, ann)
        since = world.at - timedelta(hours=1)
        world.pusher.outcomes["token-d-1"] = PushOutcome(PushKind.GONE, 410, gone_since=since)

        push_passes([ann], at=world.at, desk=world.pass_desk)

        assert world.devices.devices_of(ann) == (device,)

    def test_our_own_fault_keeps_the_registration(self, world: World, ann: MemberRef) -> None:
        device = phone(world, ann)
        world.pusher.outcomes["token-d-1"] = PushOutcome(PushKind.REFUSED, 403)

        again = push_passes([ann], at=world.at, desk=world.pass_desk)

        assert world.devices.devices_of(ann) == (device,)
        assert again == (ann,)
        assert world.account(ann).is_dirty  # told to nobody: pushed again once mended

    def test_a_version_that_moved_meanwhile_stays_marked(
        self, world: World, ann: MemberRef
    ) -> None:
        account = world.account(ann)
        world.give(ann, 1)

        assert not world.devices.mark_pushed(account)
        assert world.account(ann).is_dirty

    def test_nobody_is_passed_over(self, world: World) -> None:
        assert (
            push_passes([MemberRef(SHOP, "mem_nobody")], at=world.at, desk=world.pass_desk)
            == ()
        )


class TestSending:
    def promised(self, world: World) -> OutgoingSms:
        world.ask_for_code()
        (sms,) = world.outbox.messages.values()
        return sms

    def send(self, world: World) -> bool:
        (key,) = world.outbox.messages
        return send_sms(
            *key, at=world.at, outbox=world.outbox, sender=world.sender, ledger=world.ledger
        )

    def stored(self, world: World) -> OutgoingSms:
        (sms,) = world.outbox.messages.values()
        return sms

    def test_a_message_leaves_once(self, world: World) -> None:
        self.promised(world)

        assert self.send(world)
        assert self.send(world)

        assert len(world.sender.sent) == 1
        assert (self.stored(world).state, self.stored(world).route) == ("taken", "first")

    def test_after_an_unknown_outcome_it_waits_for_another_attempt(self, world: World) -> None:
        self.promised(world)
        world.sender.answers.append(SmsUnavailable("timeout"))

        assert not self.send(world)
        assert self.send(world)

        assert (self.stored(world).state, self.stored(world).attempts) == ("taken", 2)

    def test_one_that_is_never_taken_is_given_up(self, world: World) -> None:
        self.promised(world)
        world.sender.answers.append(SmsRejected("bad_number", is_number_at_fault=True))

        assert self.send(world)
        assert self.stored(world).state == "failed"

    def test_attempts_are_bounded(self, world: World) -> None:
        self.promised(world)
        world.sender.answers.extend([SmsUnavailable("timeout")] * SMS_ATTEMPTS_MAX)

        settled = [self.send(world) for _ in range(SMS_ATTEMPTS_MAX + 1)]

        assert settled == [False] * SMS_ATTEMPTS_MAX + [True]
        assert self.stored(world).state == "failed"

    def test_one_over_its_time_is_dropped(self, world: World) -> None:
        self.promised(world)
        world.wait(minutes=5)

        assert self.send(world)
        assert world.sender.sent == []


class TestReports:
    def report(self, world: World, state: DeliveryState) -> bool:
        (sms,) = world.outbox.messages.values()
        told = DeliveryReport("first-1", state, world.at)
        return note_delivery(sms, told, at=world.at, outbox=world.outbox)

    @pytest.fixture(autouse=True)
    def taken(self, world: World) -> None:
        world.ask_for_code()
        (sms,) = world.outbox.messages.values()
        world.outbox.save(replace(sms, state="taken", route="first", operator_id="first-1"))

    def state(self, world: World) -> str:
        (sms,) = world.outbox.messages.values()
        return sms.state

    def test_a_delivery_ends_it(self, world: World) -> None:
        assert not self.report(world, DeliveryState.DELIVERED)
        assert self.state(world) == "delivered"

    def test_a_delivery_is_never_undone(self, world: World) -> None:
        self.report(world, DeliveryState.DELIVERED)

        assert not self.report(world, DeliveryState.FAILED)
        assert self.state(world) == "delivered"

    def test_a_failure_sends_it_by_the_next_route(self, world: World) -> None:
        assert self.report(world, DeliveryState.FAILED)

        (key,) = world.outbox.messages
        send_sms(
            *key, at=world.at, outbox=world.outbox, sender=world.sender, ledger=world.ledger
        )
        assert world.sender.routes_used == ["second"]

    def test_a_failure_after_its_time_ends_it(self, world: World) -> None:
        world.wait(minutes=5)

        assert not self.report(world, DeliveryState.FAILED)
        assert self.state(world) == "failed"

    def test_one_on_its_way_changes_nothing(self, world: World) -> None:
        assert not self.report(world, DeliveryState.PENDING)
        assert self.state(world) == "taken"
