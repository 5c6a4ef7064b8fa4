"""The decision about a sale: price it, move its points, write its receipt.

A sale may be a member's or anonymous; it may capture a hold; a gift card may pay of it
after points (R4); an offline till may report it late (R50). A quote is the same decision
with nothing written.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.domain.account import Account, Balance, Lot
from chalicelib.domain.basket import NOTHING_PRESENTED, BasketLine, Buyer, Presented, Scene
from chalicelib.domain.capture import Capture, Wish
from chalicelib.domain.day_rows import row_of_sale
from chalicelib.domain.earning import earn
from chalicelib.domain.entries import EntryKind, LedgerChange
from chalicelib.domain.errors import DomainError
from chalicelib.domain.gift_cards import GiftCard, GiftCardWish, Signature, found, pay
from chalicelib.domain.ledger import DateRefused, present
from chalicelib.domain.limits import Take
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.domain.pricing import NO_REDEMPTION, Priced, Redeem, RedeemMode, price
from chalicelib.domain.receipts import GiftCardPart, Receipt, ReceiptKey
from chalicelib.domain.referrals import note_purchase
from chalicelib.domain.rules.gift_card import remainder_of
from chalicelib.domain.till_rule import is_spoken

CLOCK_SKEW = timedelta(minutes=5)  # a till's clock may be ahead or behind by so much
LATE_DAYS_MAX = 31  # how long an offline till may keep a receipt to itself


class MemberRequired(DomainError):
    """Points can only be redeemed for a member."""

    code = "member_required"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sale:
    """A sale as it was made."""

    key: ReceiptKey
    member_id: str | None
    sold_at: datetime
    channel: str
    lines: tuple[BasketLine, ...]
    redeem: Redeem = NO_REDEMPTION
    hold_id: str | None = None
    metadata: tuple[tuple[str, str], ...] = ()
    store_id: str | None = None
    gift_card: GiftCardWish | None = None
    gift_card_part: GiftCardPart | None = None  # of a receipt made anew: paid already
    promo_codes: tuple[str, ...] = ()  # presented, folded
    is_offline: bool = False  # the till says that it had no network


def is_late(sale: Sale, at: datetime) -> bool:
    """Return whether an offline till reports the sale after the fact."""
    return sale.is_offline or sale.sold_at < at - CLOCK_SKEW


def settles_on(sale: Sale, occasion: Occasion) -> date | None:
    """Return the business day whose lots a sale is paid from; None: the running one.

    A sale of 23:58 that arrives at 00:01 is not late, and yet its day is over.
    """
    sold_on = occasion.program.local_date(sale.sold_at)
    return sold_on if is_late(sale, occasion.at) or sold_on < occasion.on else None


def sell(
    account: Account | None,
    sale: Sale,
    occasion: Occasion,
    expired_since: tuple[Lot, ...] = (),
    gift_card: GiftCard | None = None,
    *,
    presented: Presented = NOTHING_PRESENTED,
) -> LedgerChange:
    """Price a member's sale and move its points.

    `expired_since` are lots that were still good on the day the sale settles on,
    `gift_card` is the one the sale names, `presented` what its codes are.

    Raises:
        InsufficientPoints, HoldNotFound, OfflineLimitExceeded, MemberNotFound;
        see `gift_cards.pay`.
    """
    posting = Posting(present(account), occasion)
    program = occasion.program
    sold_on = program.local_date(sale.sold_at)
    wish = Wish(
        sale.redeem, sale.hold_id, settles_on(sale, occasion), is_late(sale, occasion.at)
    )
    capture = Capture(posting, wish, expired_since)
    priced = price(
        sale.lines,
        program=program,
        scene=scene_of(sale, posting, presented),
        available=capture.available,
        redeem=capture.redeem,
    )
    portions, shortfall = capture.redeem_points(priced.redeemed)
    posting.expire_due()
    lot, repaid = earn(posting, priced.earned)
    posting.set_stamps(priced.stamps_after)
    posting.count_turnover(sum(line.turnover_minor for line in priced.lines), sold_on)
    change = close_sale(posting, sale, priced, Outcome(portions, shortfall, lot, repaid))
    return _paid_by_card(change, sale, occasion, gift_card)


def sell_anonymously(
    sale: Sale,
    occasion: Occasion,
    gift_card: GiftCard | None = None,
    presented: Presented = NOTHING_PRESENTED,
) -> LedgerChange:
    """Write the receipt of somebody who is not a member; nothing is earned.

    Raises:
        MemberRequired: points were to be redeemed; see also `gift_cards.pay`.
    """
    if sale.redeem.mode is not RedeemMode.NONE or sale.hold_id:
        raise MemberRequired("only a member can redeem points")
    priced = price(
        sale.lines,
        program=occasion.program,
        scene=anonymous_scene(sale, occasion, presented),
        available=0,
        redeem=NO_REDEMPTION,
        earns=False,
    )
    receipt = _receipt(sale, occasion, priced)
    change = LedgerChange(
        occasion.operation, 0, None, None, new_receipt=receipt, takes=priced.takes
    )
    paid = _paid_by_card(change, sale, occasion, gift_card)
    return replace(paid, day_row=row_of_sale(paid.new_receipt or receipt))


def scene_of(sale: Sale, posting: Posting, presented: Presented = NOTHING_PRESENTED) -> Scene:
    """Return where a member's sale is priced: by today's tier and standing."""
    account = posting.account
    buyer = Buyer(
        tier=posting.tier_before,
        turnover=account.turnover,
        stamps=account.stamps,
        segments=frozenset(account.segments),
        is_member=True,
        member_id=account.member.member_id,
    )
    return _scene(sale, posting.occasion, buyer, presented)


def anonymous_scene(
    sale: Sale, occasion: Occasion, presented: Presented = NOTHING_PRESENTED
) -> Scene:
    """Return where the sale of somebody unknown is priced."""
    tiers = occasion.program.tiers
    buyer = Buyer(tier=tiers.levels[0].name if tiers else None)
    return _scene(sale, occasion, buyer, presented)


def _scene(sale: Sale, occasion: Occasion, buyer: Buyer, presented: Presented) -> Scene:
    return Scene(
        on=occasion.on,
        channel=sale.channel,
        buyer=buyer,
        store=sale.store_id,
        sold_on=occasion.program.local_date(sale.sold_at),
        used=presented.used,
        codes=presented.codes,
    )


def refuse_impossible_date(sale: Sale, at: datetime) -> None:
    """Refuse a sale from the future or from too long ago.

    Raises:
        DateRefused: it is.
    """
    if sale.sold_at > at + CLOCK_SKEW:
        raise DateRefused("the sale is in the future: check the till's clock")
    if sale.sold_at < at - timedelta(days=LATE_DAYS_MAX):
        raise DateRefused(f"the sale is more than {LATE_DAYS_MAX} days old")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sale did to the lots."""

    portions: tuple[Lot, ...]
    shortfall: int
    earned_lot: Lot | None
    debt_repaid: int


def close_sale(posting: Posting, sale: Sale, priced: Priced, outcome: Outcome) -> LedgerChange:
    """Close the posting of a sale with its receipt."""
    operation = posting.occasion.operation
    facts: dict[str, int | str | None] = {
        "earned": priced.earned,
        "redeemed": priced.redeemed,
        "channel": sale.channel,
    }
    if outcome.shortfall:
        facts["shortfall"] = outcome.shortfall
    if is_spoken(posting.before, posting.at):  # whoever it was, a number was all they said
        facts["spoken"] = 1
    note_purchase(posting)
    account, entry = posting.close(
        EntryKind.PURCHASE,
        reference=sale.key.receipt_id,
        actor=f"till:{sale.key.till_id}",
        key=operation.key,
        facts=facts,
    )
    tier, on = posting.tier_before, posting.on
    receipt = _receipt(
        sale,
        posting.occasion,
        priced,
        tier=tier,
        is_tier_new=entry.tier_after != tier,
        tier_after=entry.tier_after,
        balance=Balance(account.available(on), account.pending(on), account.debt, account.held),
        allocation=outcome.portions,
        earned_lot=outcome.earned_lot,
        debt_repaid=outcome.debt_repaid,
        shortfall=outcome.shortfall,
        ledger_version=entry.version,
        hold_id=sale.hold_id,
        stamps_after=priced.stamps_after,
    )
    return LedgerChange(
        operation,
        posting.before.version,
        account,
        entry,
        new_receipt=receipt,
        takes=priced.takes,
    )


def _paid_by_card(
    change: LedgerChange, sale: Sale, occasion: Occasion, card: GiftCard | None
) -> LedgerChange:
    """Let the gift card of the sale pay what it can of the receipt."""
    receipt, operation = change.new_receipt, occasion.operation
    if sale.gift_card is None or receipt is None:
        return change
    signature = Signature(
        at=occasion.at,
        actor=f"till:{sale.key.till_id}",
        key=operation.key,
        reference=sale.key.receipt_id,
    )
    part, paid = pay(
        found(card),
        sale.gift_card,
        receipt.to_pay_minor,
        currency=receipt.currency,
        remainder=remainder_of(occasion.program),
        signature=signature,
    )
    if paid is None:
        return change
    return replace(change, new_receipt=replace(receipt, gift_card=part), gift_card=paid)


def _receipt(sale: Sale, occasion: Occasion, priced: Priced, **of_member: Any) -> Receipt:
    """Return the receipt; `of_member` are the fields an anonymous one leaves empty."""
    program = occasion.program
    return Receipt(
        key=sale.key,
        member_id=sale.member_id,
        at=sale.sold_at,
        on=program.local_date(sale.sold_at),
        recorded_at=occasion.at,
        channel=sale.channel,
        currency=program.currency,
        program_version=program.version,
        lines=priced.lines,
        redeem_max=priced.redeem_max,
        redeemed=priced.redeemed,
        earned=priced.earned,
        gift_card=sale.gift_card_part,
        store_id=sale.store_id,
        staff_id=occasion.operation.staff_id,
        promo_codes=priced.promo_codes,
        takes=tuple(Take(take.counter, take.units) for take in priced.takes),
        metadata=sale.metadata,
        **of_member,
    )
