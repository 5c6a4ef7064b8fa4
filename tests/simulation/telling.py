"""Deeds in the words of the use cases, and what those answered in the model's."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

from chalicelib.domain.account import Balance, MemberRef
from chalicelib.domain.basket import BasketLine
from chalicelib.domain.confirmations import Confirmation, Method, verified
from chalicelib.domain.coupons import COUPON_FACT
from chalicelib.domain.entries import EntryKind, LedgerChange, LedgerEntry, Operation
from chalicelib.domain.gift_cards import GiftCard, GiftCardEntry, GiftCardMode, GiftCardWish
from chalicelib.domain.limits import Counter
from chalicelib.domain.members import Merchant
from chalicelib.domain.pricing import NO_REDEMPTION, Redeem, RedeemMode
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.receipts import Receipt, ReceiptKey, Return, ReturnedLine
from chalicelib.domain.returns import Claim
from chalicelib.domain.sales import Sale
from chalicelib.domain.till_rule import Presence
from chalicelib.usecases.coupons import AUTOMATIC_CLIENT
from chalicelib.usecases.gift_cards import GiftCardSale, issue_gift_card
from chalicelib.usecases.returns import MOVER
from chalicelib.usecases.rewards import CLIENT as REFERRAL
from chalicelib.usecases.rewards import REVERSAL
from chalicelib.usecases.write_once import Book
from tests.builders import document
from tests.fakes.catalogue import FakeCatalogue
from tests.fakes.confirmations import FakeConfirmations
from tests.fakes.gift_cards import FakeGiftCards
from tests.fakes.keyring import FakeKeyring
from tests.fakes.ledger import FakeLedger
from tests.fakes.merchants import FakeMerchants
from tests.fakes.offers import FakeOffers
from tests.fakes.pacer import FakePacer
from tests.simulation import books, deeds
from tests.simulation.books import Answer, Card, CodeUse, Counted
from tests.simulation.codes import CODES
from tests.simulation.deeds import OPENING, SHOP, TILL, Deed

NAMED = {
    (SHOP, text): PromoCode(
        code=text,
        coupon_id=code.coupon,
        max_uses=code.most,
        max_uses_per_member=code.most_each,
        first=code.first,
        last=code.last,
        is_stopped=code.is_stopped,
    )
    for text, code in CODES.items()
}
_CARDS: dict[str, str] = {}  # hash of its code → the key that issued it


@cache
def card_hash(name: str) -> str:
    """Return what a card's code is kept as: the code follows from the key that issued it."""
    ledger, merchants = FakeLedger(), FakeMerchants()
    merchants.open(Merchant(SHOP, "Roastery", "RU", ("RU",), "ru"), document())
    cards = FakeGiftCards(ledger)
    book = Book(
        merchants=merchants,
        ledger=ledger,
        gift_cards=cards,
        offers=FakeOffers(ledger),
        confirmations=FakeConfirmations(ledger),
        catalogue=FakeCatalogue(),
        pacer=FakePacer(),
    )
    issued = issue_gift_card(
        GiftCardSale(amount_minor=1),
        Operation(SHOP, TILL, name, ""),
        at=OPENING,
        book=book,
        keyring=FakeKeyring(),
    )
    found = issued.value.card.code_hash
    _CARDS[found] = name
    return found


def confirmation_of(name: str, told: books.Confirmation) -> Confirmation:
    """Return the confirmation the model knows by that name."""
    made = verified(name, MemberRef(SHOP, told.owner), Method.TOTP, OPENING)
    return made if told.is_verified else replace(made, verified_at=None)


def card_name(code_hash: str) -> str:
    """Return the name of a card that has done something."""
    return _CARDS[code_hash]


def card_of(card: GiftCard) -> Card:
    """Return what the model knows of a card."""
    return Card(card.amount_minor, card.balance_minor, str(card.state), card.version)


def card_wish(deed: Deed) -> GiftCardWish:
    """Return how much the card is to pay."""
    mode = GiftCardMode.MAX if deed.amount_minor is None else GiftCardMode.EXACT
    return GiftCardWish(card_hash(deed.card), mode, deed.amount_minor)


def sale_of(deed: Deed, at: datetime, digits: Mapping[str, str]) -> Sale:
    """Return the sale; `digits` are those of coupons that were brought."""
    redeem = NO_REDEMPTION
    if deed.redeem is not None:
        redeem = Redeem(RedeemMode.EXACT if deed.is_exact else RedeemMode.MAX, deed.redeem)
    return Sale(
        key=key_of(deed),
        member_id=deed.member or None,
        sold_at=at,
        channel="offline",
        lines=tuple(
            BasketLine(quantity_milli=milli, unit_price_minor=price, category=category or None)
            for price, milli, category in deed.lines
        ),
        redeem=redeem,
        hold_id=deed.hold or None,
        gift_card=card_wish(deed) if deed.card else None,
        promo_codes=tuple(digits.get(code, code) for code in deed.codes),
    )


def key_of(deed: Deed) -> ReceiptKey:
    """Return the receipt's key."""
    return ReceiptKey(SHOP, TILL, deed.receipt)


def presence_of(deed: Deed) -> Presence:
    """Return where it is asked for, and what confirms it."""
    return Presence(deed.is_at_till, deed.confirmation or None)


def claim_of(deed: Deed) -> Claim:
    """Return what is brought back."""
    lines = None
    if deed.returned is not None:
        lines = tuple(ReturnedLine(line, milli) for line, milli in deed.returned)
    moved_to = deed.member if deed.kind == deeds.HALF_MOVE else None
    return Claim(return_id=deed.return_id, lines=lines, is_void=deed.is_void, moved_to=moved_to)


def answer_of_receipt(
    receipt: Receipt, names: Mapping[str, str], *, is_anonymous: bool
) -> Answer:
    """Return what a till hears of a sale."""
    money = (receipt.to_pay_minor, receipt.gift_card_minor)
    if is_anonymous:
        return (
            "sold to nobody",
            *money,
            receipt.earned,
            receipt.member_id,
            uses_of(receipt, names),
        )
    spent = tuple((portion.lot_id, portion.points) for portion in receipt.allocation)
    lot = receipt.earned_lot.lot_id if receipt.earned_lot else None
    return (
        "sold", receipt.earned, receipt.redeemed, *money, lot, spent, uses_of(receipt, names),
        receipt.tier, receipt.tier_after, _balance(receipt.balance),
    )  # fmt: skip


def uses_of(receipt: Receipt, names: Mapping[str, str]) -> tuple[CodeUse, ...]:
    """Return what each promo code of a receipt did; `names` are those of digits."""
    return tuple(
        (
            names.get(use.code, use.code),
            use.coupon_id,
            use.is_applied,
            use.discount_minor,
            use.points,
        )
        for use in receipt.promo_codes
    )


def key_of_counter(counter: Counter, names: Mapping[str, str]) -> Counted:
    """Return what the model calls a counter."""
    kind, _, code = counter.name.partition(":")
    name = f"{kind}:{names[code]}" if code in names else counter.name
    return (name, counter.day, counter.member_id)


def answer_of_return(done: Return) -> Answer:
    """Return what a till hears of a return."""
    points = (done.clawed_back, done.restored, done.forfeited)
    return (
        "returned", done.refund_minor, *points, done.gift_card_minor, _balance(done.balance),
    )  # fmt: skip


def answer_of_card(entry: GiftCardEntry) -> Answer:
    """Return what a till hears of a gift card."""
    moved = (entry.amount_minor, entry.forfeited_minor, entry.balance_after)
    return ("card", entry.version, *moved, str(entry.state_after))


def answer_of_entry(entry: LedgerEntry) -> Answer:
    """Return what a till hears of points."""
    return (entry.version, entry.points, entry.balance_after)


def derived(change: LedgerChange) -> Deed | None:
    """Return what no till asked for: it follows from what one did, or from the date."""
    account, entry, operation = change.account, change.entry, change.operation
    if account is None or entry is None:
        return None  # cards and codes are moved by tills alone
    member, key = account.member.member_id, operation.key
    if operation.client == MOVER:
        receipt = entry.reference.removesuffix(deeds.MOVED)
        return Deed(kind=deeds.POSTING, key=key, member=member, receipt=receipt)
    if operation.client == REFERRAL:
        kind = deeds.REWARD if entry.kind is EntryKind.GRANT else deeds.FORGONE
        kind = deeds.REWARD_BACK if key.endswith(REVERSAL) else kind
        return Deed(kind=kind, key=key, member=member)
    if operation.client == AUTOMATIC_CLIENT:
        coupon = str(entry.facts[COUPON_FACT])
        return Deed(kind=deeds.AUTOMATIC, key=key, member=member, coupon=coupon)
    return Deed(kind=deeds.JOB, key="", member=member)


def _balance(balance: Balance | None) -> tuple[int, int, int, int] | None:
    if balance is None:
        return None
    return (balance.available, balance.pending, balance.debt, balance.held)
