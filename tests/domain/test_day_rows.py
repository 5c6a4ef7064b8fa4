"""The rows of the day-book: every column of each kind, as a shift adds them up."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.day_book import DayKind, DayRow, name_of
from chalicelib.domain.day_rows import (
    receipt_named,
    row_of_entry,
    row_of_gift_card,
    row_of_return,
    row_of_sale,
)
from chalicelib.domain.entries import EntryKind, LedgerEntry, Operation
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardChange,
    GiftCardEntry,
    GiftCardEntryKind,
    GiftCardState,
)
from chalicelib.domain.receipts import (
    MOVED_END,
    GiftCardPart,
    Receipt,
    ReceiptKey,
    ReceiptLine,
    Return,
)
from tests.builders import ANN, NOON, SHOP, TODAY, receipt_key

LATER = NOON + timedelta(days=2)
LATER_ON = TODAY + timedelta(days=2)


def sold(number: str = "r-1", **fields: Any) -> Receipt:
    """Return a receipt of 100.00: 20 points (20.00) off, 30.00 by a gift card, 8 earned."""
    line = ReceiptLine(
        sku=None,
        category=None,
        margin=None,
        quantity_milli=1_000,
        unit_price_minor=11_000,
        gross_minor=11_000,
        discount_minor=1_000,
        free_milli=0,
        redeemed=20,
        redeemed_minor=2_000,
        earned=8,
    )
    base = Receipt(
        key=receipt_key(number),
        member_id=ANN.member_id,
        at=NOON,
        on=TODAY,
        recorded_at=NOON,
        channel="offline",
        currency="RUB",
        program_version=1,
        lines=(line,),
        redeem_max=20,
        redeemed=20,
        earned=8,
        gift_card=GiftCardPart("gc_1", 3_000, 0),
        store_id="north",
        staff_id="stf_vera",
    )
    return replace(base, **fields)


def back(**fields: Any) -> Return:
    base = Return(
        return_id="back-1",
        at=LATER,
        lines=(),
        refund_minor=8_000,
        clawed_back=8,
        restored=20,
        forfeited=0,
        balance=None,
        gift_card_minor=3_000,
    )
    return replace(base, **fields)


def entry(kind: EntryKind, **fields: Any) -> LedgerEntry:
    base = LedgerEntry(
        member=ANN,
        version=7,
        kind=kind,
        at=LATER,
        on=LATER_ON,
        movements=(),
        balance_after=0,
        reference="r-1",
        actor="till:till-1",
        staff_id="stf_boss",
    )
    return replace(base, **fields)


def noted(written: LedgerEntry, *receipts: Receipt) -> DayRow | None:
    return row_of_entry(written, {one.key: one for one in receipts})


class TestASale:
    def test_is_the_receipt_as_it_was_sold(self) -> None:
        assert row_of_sale(sold(returns=(back(),))) == DayRow(
            merchant_id=SHOP,
            on=TODAY,
            at=NOON,
            kind=DayKind.PURCHASE,
            name=name_of(DayKind.PURCHASE, "till-1", "r-1"),
            till_id="till-1",
            store_id="north",
            staff_id="stf_vera",
            member_id=ANN.member_id,
            receipt=receipt_key(),
            amount_minor=10_000,
            points_minor=2_000,
            gift_card_minor=3_000,
            points=8,
            redeemed=20,
        )

    def test_of_nobody_in_no_store_has_no_names(self) -> None:
        row = row_of_sale(sold(member_id=None, store_id=None, gift_card=None))

        assert (row.member_id, row.store_id, row.gift_card_minor) == ("", "", 0)

    def test_is_made_of_the_entry_that_names_it(self) -> None:
        assert noted(entry(EntryKind.PURCHASE), sold()) == row_of_sale(sold())


class TestAReturn:
    def test_is_where_and_when_it_was_taken_back(self) -> None:
        row = row_of_return(sold(), back(), LATER_ON, till_id="till-1", staff_id="stf_boss")

        assert row == DayRow(
            merchant_id=SHOP,
            on=LATER_ON,
            at=LATER,
            kind=DayKind.RETURN,
            name=name_of(DayKind.RETURN, "till-1", "r-1", "back-1"),
            till_id="till-1",
            store_id="north",
            staff_id="stf_boss",
            member_id=ANN.member_id,
            receipt=receipt_key(),
            amount_minor=8_000,
            gift_card_minor=3_000,
            points=-8,
            redeemed=-20,
        )

    def test_at_another_till_is_in_no_store_that_is_known(self) -> None:
        row = row_of_return(sold(), back(), LATER_ON, till_id="till-9", staff_id="")

        assert (row.till_id, row.store_id, row.receipt) == ("till-9", "", receipt_key())

    def test_of_nobodys_receipt_in_no_store_has_no_names(self) -> None:
        bare = sold(member_id=None, store_id=None)

        row = row_of_return(bare, back(), LATER_ON, till_id="till-1", staff_id="")

        assert (row.member_id, row.store_id) == ("", "")

    def test_that_is_a_void_has_a_kind_and_name_of_its_own(self) -> None:
        done = back(is_void=True)

        row = row_of_return(sold(), done, LATER_ON, till_id="till-1", staff_id="")

        assert row.kind is DayKind.VOID
        assert row.name == name_of(DayKind.VOID, "till-1", "r-1", "back-1")

    def test_is_found_among_several_by_the_id_its_entry_names(self) -> None:
        second = back(return_id="back-2", refund_minor=1_000)
        receipt = sold(returns=(back(), second))

        row = noted(entry(EntryKind.RETURN, facts={"return_id": "back-2"}), receipt)

        assert row == row_of_return(
            receipt, second, LATER_ON, till_id="till-1", staff_id="stf_boss"
        )

    def test_counts_at_the_till_its_entry_names(self) -> None:
        facts = {"return_id": "back-1", "done_at": "till-9"}

        row = noted(entry(EntryKind.RETURN, facts=facts), sold(returns=(back(),)))

        assert row is not None
        assert row.till_id == "till-9"

    def test_that_the_receipt_does_not_have_is_nothing(self) -> None:
        assert noted(entry(EntryKind.RETURN, facts={"return_id": "other"}), sold()) is None


class TestAMove:
    def test_from_a_member_takes_the_points_and_moves_no_money(self) -> None:
        facts = {"moved_to": "mem_bob", "clawed_back": 8, "restored": 20}

        row = noted(entry(EntryKind.VOID, facts=facts), sold())

        assert row == DayRow(
            merchant_id=SHOP,
            on=LATER_ON,
            at=LATER,
            kind=DayKind.MOVE,
            name=name_of(DayKind.MOVE, ANN.member_id, 7),
            till_id="till-1",
            store_id="north",
            staff_id="stf_boss",
            member_id=ANN.member_id,
            receipt=receipt_key(),
            points=-8,
            redeemed=-20,
        )

    def test_to_a_member_gives_what_the_receipt_earns_there(self) -> None:
        number = f"r-1{MOVED_END}"

        row = noted(entry(EntryKind.PURCHASE, reference=number), sold(number, store_id=None))

        assert row is not None
        assert (row.kind, row.points, row.redeemed) == (DayKind.MOVE, 8, 0)
        assert (row.store_id, row.amount_minor) == ("", 0)


class TestPointsAlone:
    def test_a_grant_is_done_at_no_till(self) -> None:
        row = noted(entry(EntryKind.GRANT, facts={"granted": 50}))

        assert row == DayRow(
            merchant_id=SHOP,
            on=LATER_ON,
            at=LATER,
            kind=DayKind.GRANT,
            name=name_of(DayKind.GRANT, ANN.member_id, 7),
            staff_id="stf_boss",
            member_id=ANN.member_id,
            points=50,
        )

    @pytest.mark.parametrize(
        ("actor", "till_id"),
        [("till:till-4", "till-4"), ("till-4", "till-4"), ("member:mem_ann", "")],
    )
    def test_a_redemption_is_done_where_its_actor_stands(
        self, actor: str, till_id: str
    ) -> None:
        row = noted(entry(EntryKind.REDEEM, actor=actor, facts={"redeemed": 30}))

        assert row is not None
        assert (row.kind, row.till_id, row.redeemed) == (DayKind.REDEEM, till_id, 30)
        assert row.name == name_of(DayKind.REDEEM, ANN.member_id, 7)
        assert row.points == 0

    @pytest.mark.parametrize("kind", [EntryKind.JOIN, EntryKind.EXPIRE, EntryKind.HOLD])
    def test_what_nobody_would_look_for_is_no_row(self, kind: EntryKind) -> None:
        assert receipt_named(entry(kind)) is None
        assert noted(entry(kind), sold()) is None


class TestTheReceiptToRead:
    @pytest.mark.parametrize("kind", [EntryKind.PURCHASE, EntryKind.RETURN, EntryKind.VOID])
    def test_is_that_of_the_entrys_till(self, kind: EntryKind) -> None:
        named = receipt_named(entry(kind, reference="r-5", actor="till:till-2"))

        assert named == ReceiptKey(SHOP, "till-2", "r-5")

    def test_that_is_not_there_makes_no_row(self) -> None:
        assert noted(entry(EntryKind.PURCHASE)) is None


class TestAGiftCard:
    BY = Operation(SHOP, "till-1", "key-1", "body", staff_id="stf_vera")

    def row(self, kind: GiftCardEntryKind, minor: int, **fields: Any) -> DayRow | None:
        state = fields.pop("state", GiftCardState.ACTIVE)
        card = GiftCard(
            merchant_id=SHOP,
            code_hash="hash",
            card_id="gc_1",
            currency="RUB",
            amount_minor=100_000,
            balance_minor=100_000,
            issued_at=NOON,
            state=state,
            receipt_id=fields.pop("sold_on", ""),
        )
        written = GiftCardEntry(
            version=3,
            kind=kind,
            at=LATER,
            amount_minor=minor,
            balance_after=100_000,
            state_after=state,
            reference=fields.pop("reference", ""),
        )
        return row_of_gift_card(GiftCardChange(card, written), self.BY, LATER_ON)

    def test_that_is_activated_is_sold_for_its_amount(self) -> None:
        row = self.row(GiftCardEntryKind.ACTIVATE, 100_000, reference="r-9")

        assert row == DayRow(
            merchant_id=SHOP,
            on=LATER_ON,
            at=LATER,
            kind=DayKind.GIFT_CARD_SALE,
            name=name_of(DayKind.GIFT_CARD_SALE, "gc_1", 3),
            till_id="till-1",
            staff_id="stf_vera",
            receipt=receipt_key("r-9"),
            amount_minor=100_000,
        )

    def test_that_is_issued_active_is_sold_and_one_made_beforehand_is_not(self) -> None:
        sold_now = self.row(GiftCardEntryKind.ISSUE, 100_000)
        beforehand = self.row(GiftCardEntryKind.ISSUE, 100_000, state=GiftCardState.ISSUED)

        assert sold_now is not None
        assert (sold_now.kind, sold_now.receipt) == (DayKind.GIFT_CARD_SALE, None)
        assert beforehand is None

    def test_that_pays_without_a_receipt_of_ours_takes_no_money(self) -> None:
        row = self.row(GiftCardEntryKind.PAY, -40_000, reference="r-9", sold_on="r-1")

        assert row is not None
        assert (row.kind, row.receipt) == (DayKind.GIFT_CARD_PAYMENT, receipt_key("r-9"))
        assert (row.amount_minor, row.gift_card_minor, row.money_minor) == (40_000, 40_000, 0)

    def test_that_pays_for_no_number_names_no_receipt_not_that_of_its_sale(self) -> None:
        row = self.row(GiftCardEntryKind.PAY, -40_000, sold_on="r-1")

        assert row is not None
        assert row.receipt is None

    def test_whose_sale_is_undone_names_the_receipt_of_the_sale(self) -> None:
        row = self.row(GiftCardEntryKind.VOID, -100_000, sold_on="r-1")

        assert row is not None
        assert (row.kind, row.receipt) == (DayKind.GIFT_CARD_VOID, receipt_key("r-1"))
        assert (row.amount_minor, row.gift_card_minor) == (100_000, 0)

    @pytest.mark.parametrize(
        ("kind", "minor", "as_row"),
        [
            (GiftCardEntryKind.TOP_UP, 5_000, DayKind.GIFT_CARD_TOP_UP),
            (GiftCardEntryKind.TOP_UP_VOID, -5_000, DayKind.GIFT_CARD_TOP_UP_VOID),
        ],
    )
    def test_that_is_topped_up_counts_that_money_alone(
        self, kind: GiftCardEntryKind, minor: int, as_row: DayKind
    ) -> None:
        row = self.row(kind, minor, sold_on="r-1")

        assert row is not None
        assert (row.kind, row.amount_minor, row.receipt) == (as_row, 5_000, None)

    def test_a_refund_onto_it_is_in_the_returns_row_already(self) -> None:
        assert self.row(GiftCardEntryKind.REFUND, 5_000) is None
