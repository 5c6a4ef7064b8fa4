"""The journal of receipts follows the ledger: what the stream brought, and what it did not."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.history import PastReceipt
from chalicelib.domain.journal import JournalRow
from chalicelib.domain.receipts import ReceiptStatus
from chalicelib.ports import PushKind, PushOutcome
from chalicelib.usecases.journal import ENTRIES_PAGE
from chalicelib.usecases.outbox import push_passes
from chalicelib.usecases.points import import_history
from chalicelib.usecases.purchases import attach_receipt, record_purchase
from chalicelib.usecases.returns import move_receipt
from tests.builders import NOON, line, operation, receipt_key, sale
from tests.usecases.test_outbox import phone
from tests.usecases.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join()


def buy(
    world: World, member: MemberRef | None, receipt: str = "r-1", at: datetime = NOON
) -> None:
    member_id = member.member_id if member else None
    record_purchase(
        sale(line(10_000), member=member_id, receipt=receipt, at=at), operation(receipt),
        at=world.at, book=world.book, keyring=world.keyring,
    )  # fmt: skip


def sweep(world: World) -> None:
    push_passes(world.devices.dirty(), at=world.at, desk=world.pass_desk)


def noted(world: World) -> list[tuple[str, str]]:
    return sorted((row.receipt_id, row.on.isoformat()) for row in world.journal.rows)


class TestNoting:
    def test_a_purchase_is_noted_before_its_marker_goes(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, ann)
        world.journal.is_down = True

        sweep(world)
        was_dirty = world.account(ann).is_dirty
        world.journal.is_down = False
        sweep(world)

        assert was_dirty
        assert noted(world) == [("r-1", "2026-06-01")]
        assert not world.account(ann).is_dirty

    def test_entries_the_stream_brought_are_not_read_again(
        self, world: World, ann: MemberRef
    ) -> None:
        sweep(world)
        buy(world, ann)
        brought = world.ledger.entries_by_member[ann][-1:]
        world.ledger.entries_by_member[ann] = []

        push_passes([ann], at=world.at, desk=world.pass_desk, seen=brought)

        assert noted(world) == [("r-1", "2026-06-01")]

    def test_what_the_stream_did_not_bring_is_noted_all_the_same(
        self, world: World, ann: MemberRef
    ) -> None:
        for number in range(3):
            buy(world, ann, f"r-{number}")
        last = world.ledger.entries_by_member[ann][-1:]

        push_passes([ann], at=world.at, desk=world.pass_desk, seen=last)

        assert [receipt for receipt, _ in noted(world)] == ["r-0", "r-1", "r-2"]

    def test_another_members_entries_are_not_taken_for_ones_own(
        self, world: World, ann: MemberRef
    ) -> None:
        bob = world.join("+79990000002")
        sweep(world)
        buy(world, ann, "of-ann")
        buy(world, bob, "of-bob")
        of_bob = world.ledger.entries_by_member[bob][-1:]

        push_passes([ann], at=world.at, desk=world.pass_desk, seen=of_bob)

        assert [receipt for receipt, _ in noted(world)] == ["of-ann"]

    def test_more_entries_than_a_page_are_all_noted(self, world: World, ann: MemberRef) -> None:
        count = ENTRIES_PAGE + 1
        for number in range(count):
            buy(world, ann, f"r-{number}")

        sweep(world)

        assert len(world.journal.rows) == count

    def test_while_the_passes_cannot_be_told_nothing_is_noted_twice(
        self, world: World, ann: MemberRef
    ) -> None:
        phone(world, ann)
        world.pusher.outcomes["token-d-1"] = PushOutcome(PushKind.REFUSED, 403)
        buy(world, ann, "r-1")
        sweep(world)
        world.journal.rows.clear()
        buy(world, ann, "r-2")

        sweep(world)

        assert [receipt for receipt, _ in noted(world)] == ["r-2"]
        assert world.account(ann).is_dirty


class TestWhatIsNoted:
    def test_a_late_receipt_stands_on_its_own_day(self, world: World, ann: MemberRef) -> None:
        buy(world, ann, at=NOON - timedelta(days=3))

        sweep(world)

        assert noted(world) == [("r-1", "2026-05-29")]

    def test_points_alone_give_no_row(self, world: World, ann: MemberRef) -> None:
        world.give(ann, 10)

        sweep(world)

        assert world.journal.rows == set()

    def test_a_receipt_that_is_claimed_stands_on_the_day_it_was_made(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, None)
        world.wait(days=2)
        attach_receipt(
            receipt_key(), ann.member_id, 10_000, operation("claim"),
            at=world.at, book=world.book,
        )  # fmt: skip

        sweep(world)

        assert world.journal.rows == {JournalRow(ann, NOON.date(), "till-1", "r-1")}

    def test_a_receipt_that_moves_stands_with_both_and_only_one_still_stands(
        self, world: World, ann: MemberRef
    ) -> None:
        bob = world.join("+79990000002")
        buy(world, ann)
        moved = move_receipt(
            receipt_key(), bob.member_id, "wrong card", operation("m"),
            at=world.at, book=world.book,
        ).value  # fmt: skip

        sweep(world)

        keys = {row.member: row.key for row in world.journal.rows}
        statuses = [world.ledger.receipts[keys[who]].status for who in (ann, bob)]
        assert keys == {ann: receipt_key(), bob: moved.key}
        assert statuses == [ReceiptStatus.VOIDED, ReceiptStatus.COMPLETED]

    def test_a_past_receipt_that_was_imported_has_no_row(
        self, world: World, ann: MemberRef
    ) -> None:
        past = PastReceipt(sold_at=world.at, net_minor=100, receipt_id="old")
        import_history(((ann.member_id, past),), operation(), at=world.at, book=world.book)

        sweep(world)

        assert world.journal.rows == set()
