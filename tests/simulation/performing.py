"""Carries a deed out through the real use cases, and says what it was answered."""

from datetime import datetime
from typing import Any

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerEntry, Operation
from chalicelib.domain.gift_cards import GiftCardChange
from chalicelib.domain.ledger import Grant
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.receipts import Receipt
from chalicelib.ports import StoreUnavailable
from chalicelib.usecases import (
    coupons,
    gift_cards,
    leaving,
    outbox,
    points,
    promo_codes,
    purchases,
    returns,
    rewards,
    schedule,
)
from chalicelib.usecases.write_once import Book
from tests.fakes.attention import FakeAttention
from tests.fakes.catalogue import FakeCatalogue
from tests.fakes.day_book import FakeDayBook
from tests.fakes.journal import FakeJournal
from tests.fakes.keyring import FakeKeyring
from tests.fakes.merchants import FakeMerchants
from tests.fakes.pacer import FakePacer
from tests.fakes.pusher import FakePusher
from tests.simulation import deeds
from tests.simulation.books import Answer
from tests.simulation.deeds import SHOP, Deed
from tests.simulation.storage import (
    SteppedConfirmations,
    SteppedDevices,
    SteppedGiftCards,
    SteppedLedger,
    SteppedMembers,
    SteppedOffers,
    SteppedPromoCodes,
)
from tests.simulation.telling import (
    answer_of_card,
    answer_of_entry,
    answer_of_receipt,
    answer_of_return,
    card_hash,
    card_wish,
    claim_of,
    key_of,
    presence_of,
    sale_of,
)

NOWHERE: Any = None  # no pass is kept in Google's wallet, and nobody has a phone
ATTEMPTS = 3  # of one call; then it is the till that asks again


class Counter:
    """Where deeds are handed in: the use cases over one storage."""

    def __init__(self, ledger: SteppedLedger, merchants: FakeMerchants) -> None:
        self.ledger, self.merchants = ledger, merchants
        self.book = Book(
            merchants=merchants,
            ledger=ledger,
            gift_cards=SteppedGiftCards(ledger),
            offers=SteppedOffers(ledger),
            confirmations=SteppedConfirmations(ledger),
            catalogue=FakeCatalogue(),
            pacer=FakePacer(ATTEMPTS),
        )
        self.keyring, self.journal = FakeKeyring(), FakeJournal()
        self.members = SteppedMembers(ledger)

    def perform(self, deed: Deed, at: datetime) -> Answer:
        """Do the deed. Raises what its use case raises."""
        if deed.kind in deeds.JOBS:
            return self._run_job(deed, at)
        operation = Operation(SHOP, deed.client, deed.key, deed.body)
        if deed.kind in deeds.CARD_DEEDS:
            return answer_of_card(self._write_card(deed, operation, at).entry)
        if deed.kind == deeds.CODE_CREATE:
            return self._make_code(deed, operation)
        if deed.kind in deeds.RETURNS or deed.kind == deeds.HALF_MOVE:
            taken = returns.return_goods(
                key_of(deed), claim_of(deed), operation, at=at, book=self.book
            )
            return answer_of_return(taken.value[1])
        if deed.lines or deed.kind in (deeds.ATTACH, deeds.MOVE):
            receipt = self._write_receipt(deed, operation, at)
            names = self.ledger.names
            return answer_of_receipt(receipt, names, is_anonymous=not deed.member)
        return answer_of_entry(self._write_entry(deed, operation, at))

    def settle(self, member: str, at: datetime) -> None:
        """Let the outbox do what a member's change owes. Raises StoreUnavailable."""
        devices = SteppedDevices(self.ledger)
        desk = outbox.PassDesk(
            book=self.book, devices=devices, pushers=FakePusher(), journal=self.journal,
            day_book=FakeDayBook(self.ledger),
            attention=FakeAttention(), states=NOWHERE,
        )  # fmt: skip
        if outbox.push_passes([MemberRef(SHOP, member)], at=at, desk=desk):
            raise StoreUnavailable("not settled yet")

    def finish_moves(self, at: datetime) -> None:
        """Let the stream bring every entry once more."""
        for entries in list(self.ledger.entries_by_member.values()):
            for entry in list(entries):
                if "moved_to" in entry.facts:  # a call for the others would do nothing
                    returns.finish_move(entry, at=at, book=self.book)

    def _write_receipt(self, deed: Deed, operation: Operation, at: datetime) -> Receipt:
        if deed.kind == deeds.ATTACH:
            return purchases.attach_receipt(
                key_of(deed), deed.member, deed.total_minor, operation, at=at, book=self.book
            ).value
        if deed.kind == deeds.MOVE:
            return returns.move_receipt(
                key_of(deed), deed.member, "a mix-up", operation, at=at, book=self.book
            ).value
        return purchases.record_purchase(
            sale_of(deed, at, self.ledger.digits),
            operation,
            at=at,
            book=self.book,
            keyring=self.keyring,
            presence=presence_of(deed),
        ).value

    def _write_card(self, deed: Deed, operation: Operation, at: datetime) -> GiftCardChange:
        if deed.kind == deeds.CARD_ISSUE:
            return self._issue_card(deed, operation, at)
        code_hash = card_hash(deed.card)
        if deed.kind == deeds.CARD_ACTIVATE:
            return gift_cards.activate_gift_card(
                code_hash, operation, at=at, book=self.book
            ).value
        if deed.kind == deeds.CARD_VOID:
            return gift_cards.void_gift_card(
                code_hash, "not wanted", operation, at=at, book=self.book
            ).value
        return gift_cards.pay_by_gift_card(
            card_wish(deed), deed.total_minor, "G", operation, at=at, book=self.book
        ).value

    def _issue_card(self, deed: Deed, operation: Operation, at: datetime) -> GiftCardChange:
        assert deed.amount_minor
        wanted = gift_cards.GiftCardSale(
            amount_minor=deed.amount_minor, is_active=deed.is_active
        )
        issued = gift_cards.issue_gift_card(
            wanted, operation, at=at, book=self.book, keyring=self.keyring
        ).value
        assert issued.card.code_hash == card_hash(deed.key), "a repeat tells the same code"
        entry = self.ledger.gift_card_entries[SHOP, issued.card.code_hash][0]
        return GiftCardChange(issued.card, entry)

    def _write_entry(self, deed: Deed, operation: Operation, at: datetime) -> LedgerEntry:
        if deed.kind in (deeds.ERASE, deeds.MERGE):
            return self._let_go(deed, operation, at)
        if deed.kind in (deeds.EXCHANGE, deeds.GIVE):
            return self._bring_coupon(deed, operation, at)
        if deed.kind in (deeds.HOLD, deeds.RELEASE, deeds.REDEEM, deeds.CONFIRMED):
            return self._move_points(deed, operation, at)
        member, book = MemberRef(SHOP, deed.member), self.book
        if deed.kind == deeds.GRANT:
            given = Grant(points=deed.points, reason="thanks", expires_in_days=deed.days)
            return points.grant_points(member, given, operation, at=at, book=book).value
        if deed.kind == deeds.ACTION:
            return rewards.reward_action(member, deed.action, operation, at=at, book=book).value
        price = 30_000 if deed.kind == deeds.BOUGHT else None
        tier = points.TierWish(deed.tier, deed.days or 0, "friend of the house", price)
        return points.override_tier(member, tier, operation, at=at, book=book).value

    def _move_points(self, deed: Deed, operation: Operation, at: datetime) -> LedgerEntry:
        member, book = MemberRef(SHOP, deed.member), self.book
        if deed.kind == deeds.HOLD:
            wish = points.HoldWish(hold_id=deed.hold, points=deed.points)
            return points.hold_points(
                member, wish, operation, at=at, book=book, presence=presence_of(deed)
            ).value
        if deed.kind == deeds.RELEASE:
            return points.release_hold(member, deed.hold, operation, at=at, book=book).value
        return points.redeem_points(
            member, deed.points, "gift", operation,
            at=at, book=book, presence=presence_of(deed),
        ).value  # fmt: skip

    def _let_go(self, deed: Deed, operation: Operation, at: datetime) -> LedgerEntry:
        desk = leaving.ExitDesk(
            book=self.book,
            members=self.members,
            codes=SteppedPromoCodes(self.ledger),
            keyring=self.keyring,
        )
        member = MemberRef(SHOP, deed.member)
        if deed.kind == deeds.ERASE:
            return leaving.erase_member(member, "a letter", operation, at=at, desk=desk).value
        return leaving.merge_members(
            member, deed.other, "two cards", operation, at=at, desk=desk
        ).value

    def _make_code(self, deed: Deed, operation: Operation) -> Answer:
        desk = promo_codes.CodeDesk(
            book=self.book, codes=SteppedPromoCodes(self.ledger), keyring=self.keyring
        )
        wanted = PromoCode(code=deed.codes[0], coupon_id=deed.coupon, max_uses=deed.points)
        made = promo_codes.create_code(wanted, operation, desk=desk).value
        return ("code", made.code, made.coupon_id, made.max_uses)

    def _bring_coupon(self, deed: Deed, operation: Operation, at: datetime) -> LedgerEntry:
        wish = coupons.CouponWish(
            coupon_id=deed.coupon, is_for_points=deed.kind == deeds.EXCHANGE
        )
        nobody: Any = None  # tells no member of it
        desk = coupons.CouponDesk(
            book=self.book, members=nobody, keyring=self.keyring, policy=nobody
        )
        member = MemberRef(SHOP, deed.member)
        return coupons.bring_coupon(member, wish, operation, at=at, desk=desk).value

    def _run_job(self, deed: Deed, at: datetime) -> Answer:
        if deed.kind == deeds.SETTLE:
            self.settle(deed.member, at)
        elif deed.kind == deeds.FINISH:
            self.finish_moves(at)
        else:
            program = self.merchants.program(SHOP)
            assert program is not None
            nothing: Any = None  # no member of the simulation waits to be confirmed
            desk = schedule.Desk(
                book=self.book, members=self.members, due_work=nothing, exits=nothing
            )
            schedule.run_member(MemberRef(SHOP, deed.member), program, at=at, desk=desk)
        return ("ran",)
