"""Sending members' objects to Google: in order, once, never lost."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.google_objects import GoogleObject, ObjectState
from chalicelib.ports import AnswerKind, GoogleAnswer, SaidByGoogle
from chalicelib.usecases.google_sending import LEASE, Drawn, Notice, ObjectDesk
from chalicelib.usecases.google_wallet import (
    GoogleBusy,
    WantedObjects,
    note_callback,
    offer_object,
    send_objects,
)
from tests.fakes.clock import NOON, FakeClock
from tests.fakes.devices import FakePassDevices
from tests.fakes.google_wallet import FakeGoogle, FakeGoogleObjects, FakeGoogleRates
from tests.fakes.ledger import FakeLedger
from tests.fakes.pacer import FakePacer
from tests.fakes.pass_holders import FakePassHolders

ANN, BOB = MemberRef("roastery", "ann"), MemberRef("roastery", "bob")
DOWN = GoogleAnswer(AnswerKind.RETRY, 503)


@dataclass
class Shown:
    """What a member's pass shows now."""

    version: int = 100
    fields: dict[str, Any] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    revision: int = 1
    class_fields: dict[str, Any] = field(default_factory=dict)


class World:
    """Members, a clock, rows and a Google."""

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.objects = FakeGoogleObjects()
        self.holders = FakePassHolders(FakePassDevices(FakeLedger()))
        self.google = FakeGoogle()
        self.rates = FakeGoogleRates()
        self.shown = {ANN: Shown(), BOB: Shown()}
        self.gone: set[MemberRef] = set()
        self.broken: set[MemberRef] = set()  # their cards cannot be drawn
        self.desk = ObjectDesk(
            objects=self.objects,
            holders=self.holders,
            google=self.google,
            rates=self.rates,
            pacer=FakePacer(),
            clock=self.clock,
            draw=self._draw,
        )

    def offer(self, member: MemberRef = ANN) -> None:
        offer_object(member, 1, desk=self.desk)

    def change(self, member: MemberRef = ANN, **fields: Any) -> None:
        """Let the pass show something new, and mark the object."""
        shown = self.shown[member]
        shown.version += 1
        shown.fields |= fields
        WantedObjects(self.objects, self.clock.now()).want(member, shown.version)

    def sweep(self) -> int:
        waiting = self.objects.waiting(self.clock.now(), 100)
        return send_objects(waiting, desk=self.desk)

    def sent(self, member: MemberRef = ANN) -> list[int]:
        """Return the versions Google was sent, in the order they came."""
        return [body["version"] for body in self.google.objects.get(member.member_id, [])]

    def _draw(self, row: GoogleObject, _at: datetime) -> Drawn | None:
        assert row.member not in self.broken, "a bug"
        if row.member in self.gone:
            return None
        shown = self.shown[row.member]
        body = {"id": row.member.member_id, "version": shown.version, **shown.fields}
        return Drawn(
            version=shown.version,
            account_version=shown.version,
            object_body=body,
            class_body={"id": "roastery", **shown.class_fields},
            look_revision=shown.revision,
            notices=shown.notices,
        )


@pytest.fixture
def world() -> World:
    return World()


def notices(*names: str) -> tuple[Notice, ...]:
    return tuple(Notice({"id": name}) for name in names)


def test_an_offer_makes_class_and_object(world: World) -> None:
    world.offer()

    assert world.google.classes == {"roastery": {"id": "roastery"}}
    assert world.sent() == [100]
    assert not world.objects.rows[ANN].is_waiting


def test_a_member_without_an_object_is_not_marked(world: World) -> None:
    wanted = WantedObjects(world.objects, NOON)

    wanted.want(ANN, 101)

    assert wanted.members == []
    assert world.sweep() == 0


def test_many_changes_are_sent_once(world: World) -> None:
    world.offer()
    for points in range(10):
        world.change(points=points)

    world.sweep()
    world.sweep()

    assert world.sent() == [100, 110]


def test_a_change_that_comes_while_one_is_sent_is_sent_as_well(world: World) -> None:
    world.offer()
    world.change()
    world.google.before = world.change

    world.sweep()
    first = world.sent()
    world.sweep()

    assert first == [100, 101]
    assert world.sent() == [100, 101, 102]


def test_two_workers_at_once_never_send_an_older_version_after_a_newer(world: World) -> None:
    world.offer()
    world.change()

    def another() -> None:  # draws the same member while the first is about to ask
        world.change()
        send_objects([ANN], desk=world.desk)

    world.google.before = another
    send_objects([ANN], desk=world.desk)
    world.sweep()

    assert world.sent() == sorted(world.sent())
    assert world.sent()[-1] == 102


def test_a_change_right_before_the_claim_is_not_lost(world: World) -> None:
    world.offer()
    world.change()
    world.objects.before_claim = world.change

    world.sweep()

    assert world.sent() == [100, 102]


def test_a_worker_whose_row_was_taken_lets_the_newest_go_out_again(world: World) -> None:
    world.offer()
    world.change()

    def frozen() -> None:  # for longer than the lease, between its look and its request
        world.clock.at += LEASE + timedelta(seconds=1)
        world.change()
        send_objects([ANN], desk=world.desk)

    world.google.before = frozen
    send_objects([ANN], desk=world.desk)
    late = world.sent()
    world.sweep()

    assert late == [100, 102, 101]
    assert world.sent()[-1] == 102


def test_a_slow_look_leaves_no_time_to_ask(world: World) -> None:
    world.offer()
    world.change()
    draw = world.desk.draw

    def slow(row: GoogleObject, at: datetime) -> Drawn | None:
        world.clock.advance(seconds=60)
        return draw(row, at)

    object.__setattr__(world.desk, "draw", slow)
    send_objects([ANN], desk=world.desk)

    assert world.sent() == [100]
    assert world.objects.rows[ANN].is_waiting


def test_google_being_down_for_an_hour_loses_nothing(world: World) -> None:
    world.offer()
    world.offer(BOB)
    world.change()
    world.change(BOB)
    for _ in range(60):
        world.google.answers = [DOWN] * 10
        world.sweep()
        world.clock.advance(minutes=1)
    world.google.answers = []
    world.change()
    for _ in range(61):
        world.sweep()
        world.clock.advance(minutes=1)

    assert (world.sent(), world.sent(BOB)) == ([100, 102], [100, 101])
    assert not world.objects.places


def test_an_object_that_cannot_be_drawn_steps_back_behind_the_others(world: World) -> None:
    world.offer()
    world.offer(BOB)
    world.change()
    world.clock.advance(seconds=1)
    world.change(BOB)
    world.broken.add(ANN)

    sent = world.sweep()
    waits = world.objects.waiting(world.clock.now(), 100)
    world.broken.clear()
    world.clock.advance(minutes=1)
    world.sweep()

    assert (sent, waits) == (1, ())
    assert (world.sent(), world.sent(BOB)) == ([100, 101], [100, 101])


def test_while_google_is_down_one_object_is_tried_not_all(world: World) -> None:
    world.offer()
    world.offer(BOB)
    world.change()
    world.change(BOB)
    world.google.answers = [DOWN, DOWN]

    world.sweep()

    assert len(world.google.answers) == 1


def test_what_got_no_room_in_the_second_stays_marked(world: World) -> None:
    world.offer()
    world.change()
    world.rates.left = 0

    sent = world.sweep()
    world.rates.left = 10
    world.clock.advance(minutes=1)
    sent_later = world.sweep()

    assert (sent, sent_later) == (0, 1)
    assert world.sent() == [100, 101]


def test_shoppers_who_wait_may_use_more_of_the_second(world: World) -> None:
    world.offer()
    for_shoppers = set(world.rates.asked)
    world.rates.asked.clear()
    world.change()

    world.sweep()

    assert (for_shoppers, set(world.rates.asked)) == ({15}, {12})


def test_a_body_google_refuses_is_not_sent_again_until_it_changes(world: World) -> None:
    world.offer()
    world.change()
    world.google.answers = [GoogleAnswer(AnswerKind.REFUSED, 400, "bad")]

    world.sweep()
    world.clock.advance(hours=2)
    again = world.sweep()
    world.change()
    world.sweep()

    assert again == 0
    assert world.sent() == [100, 102]


def test_an_account_that_may_not_is_tried_again_later(world: World) -> None:
    world.offer()
    world.change()
    world.google.answers = [GoogleAnswer(AnswerKind.FORBIDDEN, 403)]

    world.sweep()
    at_once = world.sweep()
    world.clock.advance(seconds=31)
    later = world.sweep()

    assert (at_once, later) == (0, 1)


def test_a_class_google_has_lost_is_made_again(world: World) -> None:
    world.offer()
    world.google.classes.clear()
    world.change()
    world.google.answers = [GoogleAnswer(AnswerKind.MISSING, 404)]

    world.sweep()

    assert world.google.classes == {"roastery": {"id": "roastery"}}
    assert world.sent() == [100, 101]


def test_a_new_look_reaches_the_class_before_the_object(world: World) -> None:
    world.offer()
    world.shown[ANN].revision = 2
    world.shown[ANN].class_fields = {"programName": "New"}
    world.change()

    world.sweep()

    assert world.google.classes["roastery"] == {"id": "roastery", "programName": "New"}


def test_the_class_of_an_older_look_never_replaces_a_newer_one(world: World) -> None:
    world.shown[ANN].revision = 2
    world.shown[ANN].class_fields = {"programName": "New"}
    world.offer()

    world.offer(BOB)  # drawn by a process that has not heard of it

    assert world.google.classes["roastery"]["programName"] == "New"


def test_fields_that_went_are_sent_away(world: World) -> None:
    world.shown[ANN].fields = {"barcode": {"value": "L1"}}
    world.offer()
    world.shown[ANN].fields = {"rotatingBarcode": {"valuePattern": "L2"}}
    world.change()

    world.sweep()
    world.change()
    world.sweep()

    assert world.google.whole == [False, True, False]


def test_an_offer_while_google_is_down_is_refused(world: World) -> None:
    world.google.answers = [DOWN]

    with pytest.raises(GoogleBusy):
        world.offer()

    assert world.objects.rows[ANN].is_waiting


def test_who_has_an_object_is_let_through_while_google_is_down(world: World) -> None:
    world.offer()
    world.change()
    world.google.answers = [DOWN]

    world.offer()

    assert world.sent() == [100]
    assert world.objects.rows[ANN].is_waiting


def test_an_offer_brings_an_object_up_to_date_that_nobody_marked(world: World) -> None:
    world.offer()
    world.shown[ANN].version += 1

    world.offer()
    world.offer()

    assert world.sent() == [100, 101]


def test_an_offer_google_refused_is_made_again_at_the_next_tap(world: World) -> None:
    world.google.answers = [
        GoogleAnswer(AnswerKind.DONE, 200),
        GoogleAnswer(AnswerKind.REFUSED, 400),
    ]
    with pytest.raises(GoogleBusy):
        world.offer()

    world.offer()

    assert world.sent() == [100]


def test_a_member_who_is_no_more_is_not_sent(world: World) -> None:
    world.objects.begin(ANN, 1, NOON)
    world.gone.add(ANN)

    world.sweep()

    assert world.sent() == []
    assert not world.objects.rows[ANN].is_waiting


def test_three_news_ring_in_a_day_and_the_fourth_is_quiet(world: World) -> None:
    world.offer()
    for number in range(4):
        world.shown[ANN].notices = notices(f"tier-{number}")
        world.change()
        world.sweep()
        world.clock.advance(hours=1)

    kinds = [message["messageType"] for message in world.google.messages]
    assert kinds == ["TEXT_AND_NOTIFY"] * 3 + ["TEXT"]


def test_the_fourth_rings_a_day_later(world: World) -> None:
    world.offer()
    for number in range(4):
        world.shown[ANN].notices = notices(f"tier-{number}")
        world.change()
        world.sweep()
        world.clock.advance(hours=9)

    kinds = [message["messageType"] for message in world.google.messages]
    assert kinds == ["TEXT_AND_NOTIFY"] * 4


def test_an_object_that_has_rung_without_us_knowing_is_told_quietly(world: World) -> None:
    world.offer()
    world.shown[ANN].notices = notices("tier-1")
    world.change()
    world.google.answers = [
        GoogleAnswer(AnswerKind.DONE, 200),
        GoogleAnswer(AnswerKind.NO_QUOTA, 400),
    ]

    world.sweep()

    assert [message["messageType"] for message in world.google.messages] == ["TEXT"]
    assert world.objects.rows[ANN].notices == ()


def test_news_that_could_not_be_told_are_told_later_without_sending_the_object_again(
    world: World,
) -> None:
    world.offer()
    world.shown[ANN].notices = notices("coupon-7")
    world.change()
    world.google.answers = [GoogleAnswer(AnswerKind.DONE, 200), DOWN]

    world.sweep()
    told = list(world.google.messages)
    world.clock.advance(minutes=1)
    world.sweep()

    assert told == []
    assert [message["id"] for message in world.google.messages] == ["coupon-7"]
    assert world.objects.rows[ANN].told_version == 101


def test_one_object_that_cannot_be_drawn_holds_up_no_other(world: World) -> None:
    world.offer()
    world.offer(BOB)
    world.change()
    world.change(BOB)
    del world.shown[ANN]

    sent = world.sweep()

    assert sent == 1
    assert world.sent(BOB) == [100, 101]


def said(nonce: str, *, is_saved: bool = True, minutes: int = 60) -> SaidByGoogle:
    expires_at = NOON + timedelta(minutes=minutes)
    return SaidByGoogle("3388.roastery.ann", is_saved, nonce, expires_at)


def test_a_callback_is_kept_once(world: World) -> None:
    world.offer()

    first = note_callback(
        ANN, said("n1"), objects=world.objects, holders=world.holders, pacer=FakePacer()
    )
    again = note_callback(
        ANN, said("n1"), objects=world.objects, holders=world.holders, pacer=FakePacer()
    )

    assert (first, again) == (ObjectState.SAVED, None)
    assert world.objects.rows[ANN].state is ObjectState.SAVED


def test_who_has_an_object_is_a_holder_until_it_is_removed(world: World) -> None:
    world.offer()
    offered = ANN in world.holders.in_google

    note_callback(
        ANN,
        said("n1", is_saved=False),
        objects=world.objects,
        holders=world.holders,
        pacer=FakePacer(),
    )

    assert offered
    assert ANN not in world.holders.in_google


def test_a_callback_that_comes_late_does_not_undo_a_newer_one(world: World) -> None:
    world.offer()
    note_callback(
        ANN,
        said("n2", is_saved=False, minutes=61),
        objects=world.objects,
        holders=world.holders,
        pacer=FakePacer(),
    )

    late = note_callback(
        ANN,
        said("n1", minutes=60),
        objects=world.objects,
        holders=world.holders,
        pacer=FakePacer(),
    )

    assert late is None
    assert world.objects.rows[ANN].state is ObjectState.REMOVED
