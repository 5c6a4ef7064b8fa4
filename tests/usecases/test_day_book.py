"""The day-book follows what is done at the tills, and a shift is what it adds up to."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.day_book import DayKind, DayRow
from chalicelib.domain.gift_cards import GiftCardWish
from chalicelib.domain.returns import Claim
from chalicelib.usecases import journal
from chalicelib.usecases.day_book import (
    ROWS_PAGE,
    DayDesk,
    DayWish,
    find_shift,
    list_day,
)
from chalicelib.usecases.gift_cards import (
    GiftCardSale,
    MadeTopUp,
    activate_gift_card,
    code_hash_of,
    issue_gift_card,
    pay_by_gift_card,
    take_top_up_back,
    top_up_gift_card,
    void_gift_card,
)
from chalicelib.usecases.outbox import push_passes
from chalicelib.usecases.points import redeem_points
from chalicelib.usecases.purchases import attach_receipt, record_purchase
from chalicelib.usecases.returns import move_receipt, return_goods
from tests.builders import NOON, SHOP, TODAY, line, operation, receipt_key, sale, up_to
from tests.usecases.world import World


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join()


def buy(world: World, member: MemberRef | None, receipt: str = "r-1", **more: Any) -> None:
    member_id = member.member_id if member else None
    bought = sale(line(10_000), member=member_id, receipt=receipt, **more)
    record_purchase(
        bought, operation(receipt), at=world.at, book=world.book, keyring=world.keyring
    )


def bring_back(world: World, receipt: str = "r-1", client: str = "till-1", **more: Any) -> None:
    claim = Claim(return_id=f"back-{receipt}", lines=None, **more)
    by = operation(f"back-{receipt}", client=client)
    return_goods(receipt_key(receipt), claim, by, at=world.at, book=world.book)


def desk_of(world: World) -> DayDesk:
    return DayDesk(
        day_book=world.day_book,
        journal=world.journal,
        attention=world.attention,
        devices=world.devices,
        book=world.book,
    )


def sweep(world: World) -> None:
    push_passes(world.devices.dirty(), at=world.at, desk=world.pass_desk)


def rows_of(world: World, **wish: Any) -> list[DayRow]:
    page = list_day(
        DayWish(merchant_id=SHOP, **wish), at=world.at, desk=desk_of(world), has_time=always
    )
    return list(page.rows)


def shift(world: World, till: str = "till-1", on: date | None = None) -> Any:
    return find_shift(SHOP, till, on, at=world.at, desk=desk_of(world), has_time=always)


def always() -> bool:
    return True


class TestWhatIsThere:
    def test_a_purchase_is_there_as_its_receipt_says(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 30)
        buy(world, ann, redeem=up_to(20))

        row = rows_of(world, till_id="till-1")[0]

        receipt = world.ledger.receipts[receipt_key()]
        assert (row.kind, row.member_id, row.at) == (DayKind.PURCHASE, ann.member_id, NOON)
        assert (row.amount_minor, row.points_minor, row.money_minor) == (10_000, 2_000, 8_000)
        assert (row.points, row.redeemed) == (receipt.earned, 20)

    def test_an_anonymous_sale_is_there_before_any_outbox(self, world: World) -> None:
        buy(world, None)

        (row,) = world.day_book.rows

        assert (row.kind, row.member_id, row.money_minor) == (DayKind.PURCHASE, "", 10_000)

    def test_what_comes_back_of_an_anonymous_sale_is_there_with_it(self, world: World) -> None:
        buy(world, None)
        world.wait(minutes=1)

        bring_back(world)

        back = world.day_book.rows[-1]
        assert (back.kind, back.amount_minor, back.points) == (DayKind.RETURN, 10_000, 0)

    def test_an_attached_sale_is_the_same_row_with_its_member(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, None)
        world.wait(days=2)
        attach_receipt(
            receipt_key(), ann.member_id, 10_000, operation("claim"),
            at=world.at, book=world.book,
        )  # fmt: skip

        (row,) = rows_of(world, on=TODAY)

        assert (row.member_id, row.points) == (ann.member_id, 10)
        assert rows_of(world) == []

    def test_a_return_counts_where_and_when_it_was_taken(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, ann)
        world.wait(days=1)

        bring_back(world, client="till-2")

        (back,) = rows_of(world, till_id="till-2")
        assert (back.kind, back.receipt, back.points) == (DayKind.RETURN, receipt_key(), -10)
        assert rows_of(world, till_id="till-1") == []

    def test_a_void_is_one_of_its_own_kind(self, world: World, ann: MemberRef) -> None:
        buy(world, ann)
        world.wait(seconds=20)

        bring_back(world, is_void=True)

        assert [row.kind for row in rows_of(world)] == [DayKind.VOID, DayKind.PURCHASE]

    def test_a_moved_receipt_moves_no_money(self, world: World, ann: MemberRef) -> None:
        bob = world.join("+79990000002")
        buy(world, ann)
        world.wait(minutes=5)
        move_receipt(
            receipt_key(), bob.member_id, "wrong card", operation("m"),
            at=world.at, book=world.book,
        )  # fmt: skip

        moves = [row for row in rows_of(world) if row.kind is DayKind.MOVE]

        assert {(row.member_id, row.points) for row in moves} == {
            (ann.member_id, -10), (bob.member_id, 10),
        }  # fmt: skip
        assert shift(world).total.money_minor == 10_000

    def test_points_given_and_redeemed_without_a_receipt_are_there(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 30)
        world.wait(minutes=1)
        redeem_points(ann, 10, "a mug", operation("mug"), at=world.at, book=world.book)

        found = [(row.kind, row.till_id, row.points, row.redeemed) for row in rows_of(world)]

        assert found == [
            (DayKind.REDEEM, "till-1", 0, 10), (DayKind.GRANT, "", 30, 0),
        ]  # fmt: skip

    def test_a_late_receipt_stands_on_its_own_day(self, world: World, ann: MemberRef) -> None:
        buy(world, ann, at=NOON - timedelta(days=1))

        assert rows_of(world) == []
        assert len(rows_of(world, on=TODAY - timedelta(days=1))) == 1


class TestGiftCards:
    def test_a_card_is_sold_paid_with_and_its_sale_undone(self, world: World) -> None:
        first = self.issue(world, "one", is_active=True)
        self.pay(world, first, 3_000)
        second = self.issue(world, "two", is_active=True)
        void_gift_card(second, "a mistake", operation("v"), at=world.at, book=world.book)

        found = sorted((row.kind, row.money_minor) for row in world.day_book.rows)

        assert found == [
            (DayKind.GIFT_CARD_PAYMENT, 0),
            (DayKind.GIFT_CARD_SALE, 50_000),
            (DayKind.GIFT_CARD_SALE, 50_000),
            (DayKind.GIFT_CARD_VOID, 50_000),
        ]
        assert shift(world).total.money_minor == 50_000

    def test_a_card_is_topped_up_and_that_undone(self, world: World) -> None:
        card = self.issue(world, "one", is_active=True, receipt_id="r-1")
        made = top_up_gift_card(card, 7_000, "", operation("t"), at=world.at, book=world.book)
        named = MadeTopUp(made.value.card.card_id, made.value.entry.version)

        take_top_up_back(card, named, "error", operation("u"), at=world.at, book=world.book)

        _, *rows = sorted(world.day_book.rows, key=lambda row: row.kind)
        assert [(row.kind, row.amount_minor, row.receipt) for row in rows] == [
            (DayKind.GIFT_CARD_TOP_UP, 7_000, None),
            (DayKind.GIFT_CARD_TOP_UP_VOID, 7_000, None),
        ]
        assert shift(world).total.money_minor == 50_000

    def test_a_card_made_beforehand_is_sold_when_it_is_activated(self, world: World) -> None:
        card = self.issue(world, "one", is_active=False)
        made = list(world.day_book.rows)

        activate_gift_card(card, operation("a"), at=world.at, book=world.book)

        (sold,) = world.day_book.rows
        assert made == []
        assert (sold.kind, sold.amount_minor) == (DayKind.GIFT_CARD_SALE, 50_000)

    def issue(self, world: World, key: str, *, is_active: bool, receipt_id: str = "") -> str:
        wish = GiftCardSale(amount_minor=50_000, is_active=is_active, receipt_id=receipt_id)
        done = issue_gift_card(
            wish, operation(key), at=world.at, book=world.book, keyring=world.keyring
        )
        return code_hash_of(SHOP, done.value.code, world.keyring)

    def pay(self, world: World, code_hash: str, amount_minor: int) -> None:
        pay_by_gift_card(
            GiftCardWish(code_hash), amount_minor, "r-9", operation("pay"),
            at=world.at, book=world.book,
        )  # fmt: skip


class TestOutbox:
    def test_a_marker_goes_only_when_the_day_book_has_the_row(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, ann)
        world.day_book.is_down = True

        sweep(world)
        was_dirty = world.account(ann).is_dirty
        world.day_book.is_down = False
        sweep(world)

        assert was_dirty
        assert [row.kind for row in world.day_book.rows] == [DayKind.PURCHASE]
        assert not world.account(ann).is_dirty

    def test_a_reader_notes_what_the_outbox_has_not_and_the_marker_stays(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, ann)

        found = shift(world)

        assert (found.total.sales, found.is_complete) == (1, True)
        assert world.account(ann).is_dirty

    def test_while_the_store_is_in_trouble_the_shift_says_that_it_is_not_whole(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, None, "r-1")
        buy(world, ann, "r-2")
        world.day_book.is_down = True

        found = shift(world)

        assert (found.total.sales, found.is_complete) == (1, False)

    def test_a_reader_without_time_says_that_it_is_not_whole(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, ann)

        found = find_shift(
            SHOP, "till-1", None, at=world.at, desk=desk_of(world), has_time=lambda: False
        )

        assert (found.total.sales, found.is_complete) == (0, False)

    def test_an_outbox_far_behind_is_not_brought_up_by_a_reader(
        self, world: World, ann: MemberRef, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(journal, "MARKERS_READ", 1)
        buy(world, ann)

        assert not shift(world).is_complete


class TestPages:
    def test_pages_follow_each_other_without_a_gap(self, world: World) -> None:
        for number in range(5):
            world.wait(seconds=1)
            buy(world, None, f"r-{number}", at=world.at)

        numbers = [row.receipt.receipt_id for row in self.all_rows(world) if row.receipt]

        assert numbers == ["r-4", "r-3", "r-2", "r-1", "r-0"]

    def test_a_cashiers_rows_are_found_among_all(self, world: World) -> None:
        for number in range(5):
            world.wait(seconds=1)
            buy(world, None, f"r-{number}", at=world.at)

        assert self.all_rows(world, staff_id="st_ann") == []
        assert len(self.all_rows(world, staff_id="")) == 5

    def test_a_search_without_time_says_where_to_go_on(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("chalicelib.usecases.day_book.ROWS_PAGE", 2)
        for number in range(5):
            world.wait(seconds=1)
            buy(world, None, f"r-{number}", at=world.at)

        wish = DayWish(merchant_id=SHOP, staff_id="st_ann")
        page = list_day(wish, at=world.at, desk=desk_of(world), has_time=lambda: False)

        assert page.rows == ()
        assert page.next is not None

    def test_a_page_as_long_as_a_read_has_one_after_it(self, world: World) -> None:
        buy(world, None, "r-0", at=world.at)
        (row,) = world.day_book.rows
        world.day_book.note([replace(row, name=f"{n}") for n in range(ROWS_PAGE)])

        wish = DayWish(merchant_id=SHOP)
        page = list_day(
            wish, at=world.at, desk=desk_of(world), has_time=always, limit=ROWS_PAGE
        )

        assert len(page.rows) == ROWS_PAGE
        assert page.next is not None

    def all_rows(self, world: World, **wish: Any) -> list[DayRow]:
        found: list[DayRow] = []
        before = None
        has_time: Callable[[], bool] = always
        for _ in range(10):
            page = list_day(
                DayWish(merchant_id=SHOP, **wish), at=world.at, desk=desk_of(world),
                has_time=has_time, before=before, limit=2,
            )  # fmt: skip
            found += page.rows
            if page.next is None:
                return found
            before = page.next
        raise AssertionError("it never ends")
