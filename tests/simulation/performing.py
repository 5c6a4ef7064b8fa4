"""Carries a deed out through the real use cases, and says what it was answered."""

from datetime import datetime
from typing import Any

from chalicelib.domain.account import Balance, MemberRef
from chalicelib.domain.basket import BasketLine
from chalicelib.domain.entries import LedgerEntry, Operation
from chalicelib.domain.ledger import Grant
from chalicelib.domain.pricing import NO_REDEMPTION, Redeem, RedeemMode
from chalicelib.domain.receipts import Receipt, ReceiptKey, Return, ReturnedLine
from chalicelib.domain.returns import Claim
from chalicelib.domain.sales import Sale
from chalicelib.usecases import points, purchases, returns, schedule
from chalicelib.usecases.write_once import Book
from tests.fakes.gift_cards import FakeGiftCards
from tests.fakes.keyring import FakeKeyring
from tests.fakes.ledger import FakeLedger
from tests.fakes.members import FakeMembers
from tests.fakes.merchants import FakeMerchants
from tests.fakes.offers import FakeOffers
from tests.fakes.pacer import FakePacer
from tests.simulation import deeds
from tests.simulation.deeds import SHOP, TILL, Deed

ATTEMPTS = 3  # of one call; then it is the till that asks again
Answer = tuple[Any, ...]


class Counter:
    """Where deeds are handed in: the use cases over one storage."""

    def __init__(self, ledger: FakeLedger, merchants: FakeMerchants) -> None:
        pacer = FakePacer(ATTEMPTS)
        cards = FakeGiftCards(ledger)
        self.book = Book(
            merchants=merchants,
            ledger=ledger,
            gift_cards=cards,
            offers=FakeOffers(ledger),
            pacer=pacer,
        )
        self.keyring = FakeKeyring()
        self.merchants = merchants

    def perform(self, deed: Deed, at: datetime) -> Answer:
        """Do the deed. Raises what its use case raises."""
        if deed.kind == deeds.JOB:
            return self._run_job(deed, at)
        operation = Operation(SHOP, deed.client, deed.key, deed.body)
        if deed.kind in (deeds.PURCHASE, deeds.REDEEMING, deeds.CAPTURE, deeds.ANONYMOUS):
            sold = purchases.record_purchase(
                _sale(deed, at), operation, at=at, book=self.book, keyring=self.keyring
            )
            return _of_receipt(sold.value, is_anonymous=deed.kind == deeds.ANONYMOUS)
        if deed.kind == deeds.ATTACH:
            attached = purchases.attach_receipt(
                _key(deed), deed.member, deed.total_minor, operation, at=at, book=self.book
            )
            return _of_receipt(attached.value)
        if deed.kind in (deeds.RETURN, deeds.VOID):
            taken = returns.return_goods(
                _key(deed), _claim(deed), operation, at=at, book=self.book
            )
            return _of_return(taken.value[1])
        return _of_entry(self._write_entry(deed, operation, at))

    def _write_entry(self, deed: Deed, operation: Operation, at: datetime) -> LedgerEntry:
        member = MemberRef(SHOP, deed.member)
        if deed.kind == deeds.GRANT:
            given = Grant(points=deed.points, reason="thanks", expires_in_days=deed.days)
            return points.grant_points(member, given, operation, at=at, book=self.book).value
        if deed.kind == deeds.REDEEM:
            return points.redeem_points(
                member, deed.points, "gift", operation, at=at, book=self.book
            ).value
        if deed.kind == deeds.HOLD:
            wish = points.HoldWish(hold_id=deed.hold, points=deed.points)
            return points.hold_points(member, wish, operation, at=at, book=self.book).value
        if deed.kind == deeds.RELEASE:
            return points.release_hold(
                member, deed.hold, operation, at=at, book=self.book
            ).value
        assert deed.kind == deeds.OVERRIDE
        tier = points.TierWish(deed.tier, deed.days or 0, "friend of the house")
        return points.override_tier(member, tier, operation, at=at, book=self.book).value

    def _run_job(self, deed: Deed, at: datetime) -> Answer:
        program = self.merchants.program(SHOP)
        assert program is not None
        nobody: Any = FakeMembers(self.book.ledger, None)  # type: ignore[arg-type]
        desk = schedule.Desk(book=self.book, members=nobody, due_work=None)  # type: ignore[arg-type]
        schedule.run_member(MemberRef(SHOP, deed.member), program, at=at, desk=desk)
        return ("ran",)


def _sale(deed: Deed, at: datetime) -> Sale:
    redeem = NO_REDEMPTION
    if deed.redeem is not None:
        redeem = Redeem(RedeemMode.EXACT if deed.is_exact else RedeemMode.MAX, deed.redeem)
    return Sale(
        key=_key(deed),
        member_id=None if deed.kind == deeds.ANONYMOUS else deed.member,
        sold_at=at,
        channel="offline",
        lines=tuple(
            BasketLine(quantity_milli=milli, unit_price_minor=price)
            for price, milli in deed.lines
        ),
        redeem=redeem,
        hold_id=deed.hold or None,
    )


def _key(deed: Deed) -> ReceiptKey:
    return ReceiptKey(SHOP, TILL, deed.receipt)


def _claim(deed: Deed) -> Claim:
    lines = None
    if deed.returned is not None:
        lines = tuple(ReturnedLine(line, milli) for line, milli in deed.returned)
    return Claim(return_id=deed.return_id, lines=lines, is_void=deed.kind == deeds.VOID)


def _of_receipt(receipt: Receipt, *, is_anonymous: bool = False) -> Answer:
    if is_anonymous:
        return ("sold to nobody", receipt.to_pay_minor, receipt.earned, receipt.member_id)
    spent = tuple((portion.lot_id, portion.points) for portion in receipt.allocation)
    lot = receipt.earned_lot.lot_id if receipt.earned_lot else None
    return (
        "sold", receipt.earned, receipt.redeemed, receipt.to_pay_minor, lot, spent,
        receipt.tier, receipt.tier_after, _balance(receipt.balance),
    )  # fmt: skip


def _of_return(done: Return) -> Answer:
    moved = (done.refund_minor, done.clawed_back, done.restored, done.forfeited)
    return ("returned", *moved, _balance(done.balance))


def _of_entry(entry: LedgerEntry) -> Answer:
    return (entry.version, entry.points, entry.balance_after)


def _balance(balance: Balance | None) -> tuple[int, int, int, int] | None:
    if balance is None:
        return None
    return (balance.available, balance.pending, balance.debt, balance.held)
