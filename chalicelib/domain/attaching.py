"""Decisions to give a receipt to a member: an anonymous one, or one of another member."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain.account import Account
from chalicelib.domain.basket import BasketLine, Presented, Scene, Settled
from chalicelib.domain.earning import earn
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import present
from chalicelib.domain.limits import Counter
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.domain.pricing import NO_REDEMPTION, price
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.receipts import MOVED, Receipt, ReceiptKey, ReceiptLine, ReceiptStatus
from chalicelib.domain.sales import Outcome, Sale, close_sale, scene_of
from chalicelib.domain.takes import kept_takes

ATTACH_DAYS = 14  # how long an anonymous receipt can be claimed (R53)


class AttachRefused(DomainError):
    """The receipt is a member's already, was returned, is too old, or the total differs."""

    code = "attach_refused"


def attach(
    account: Account | None,
    receipt: Receipt,
    total_minor: int,
    occasion: Occasion,
    used: Mapping[Counter, int] | None = None,
) -> LedgerChange:
    """Give an anonymous receipt to a member, once: it earns now, as if bought now (R53).

    Its money counts for the turnover of its own day. Its promo codes did what they did.

    Raises:
        AttachRefused, MemberNotFound.
    """
    posting = Posting(present(account), occasion)
    _refuse_attach(receipt, total_minor, posting.on)
    sale = replace(sale_of(receipt), member_id=posting.account.member.member_id)
    posting.expire_due()
    priced = price(
        sale.lines,
        program=posting.program,
        scene=attached_scene(sale, posting, used),
        available=0,
        redeem=NO_REDEMPTION,
    )
    lot, repaid = earn(posting, priced.earned)
    posting.set_stamps(priced.stamps_after)
    posting.count_turnover(sum(line.turnover_minor for line in priced.lines), receipt.on)
    change = close_sale(posting, sale, priced, Outcome((), 0, lot, repaid))
    assert change.new_receipt
    attached = replace(
        change.new_receipt,
        recorded_at=receipt.recorded_at,
        staff_id=receipt.staff_id,  # whoever sold it; the entry says who attached it
        revision=receipt.revision,
        promo_codes=receipt.promo_codes,
        takes=(*receipt.takes, *change.new_receipt.takes),
        first=receipt,
    )
    return replace(change, new_receipt=None, changed_receipt=attached)


def post_moved(
    account: Account | None,
    receipt: Receipt,
    key: ReceiptKey,
    occasion: Occasion,
    used: Mapping[Counter, int] | None = None,
) -> LedgerChange:
    """Post a voided receipt to another member, with its original date (R54).

    No price changes: what points had paid stays paid, what rules took off stays off. Only
    the money earns and counts for the turnover. Promo codes that were used are used.
    Points whose last day has passed since expire at once.

    Raises:
        MemberNotFound.
    """
    posting = Posting(present(account), occasion)
    posting.expire_due()
    sale = replace(sale_of(receipt), key=key, member_id=posting.account.member.member_id)
    priced = price(
        sale.lines,
        program=posting.program,
        scene=moved_scene(receipt, sale, posting, used),
        available=0,
        redeem=NO_REDEMPTION,
    )
    lot, repaid = earn(posting, priced.earned, receipt.on)
    posting.expire_due()
    posting.set_stamps(priced.stamps_after)
    posting.count_turnover(sum(line.turnover_minor for line in priced.lines), receipt.on)
    change = close_sale(posting, sale, priced, Outcome((), 0, lot, repaid))
    assert change.new_receipt
    idle = tuple(use for use in receipt.promo_codes if not use.is_applied)
    moved = replace(
        change.new_receipt,
        promo_codes=(*priced.promo_codes, *idle),
        takes=(*kept_takes(receipt), *change.new_receipt.takes),
    )
    return replace(change, new_receipt=moved)


def attached_scene(
    sale: Sale, posting: Posting, used: Mapping[Counter, int] | None = None
) -> Scene:
    """Return where an anonymous receipt is priced for its member."""
    return replace(scene_of(sale, posting, Presented(used=used or {})), is_paid=True)


def moved_scene(
    receipt: Receipt,
    sale: Sale,
    posting: Posting,
    used: Mapping[Counter, int] | None = None,
) -> Scene:
    """Return where a moved receipt is priced: on its own day, its codes in use already."""
    codes = tuple(
        PromoCode(code=use.code, coupon_id=use.coupon_id)
        for use in receipt.promo_codes
        if use.is_applied
    )
    scene = scene_of(sale, posting, Presented(codes, used or {}))
    return replace(scene, on=receipt.on, is_paid=True)


def sale_of(receipt: Receipt) -> Sale:
    """Return the sale a receipt stands for, to price it again."""
    return Sale(
        key=receipt.key,
        member_id=receipt.member_id,
        sold_at=receipt.at,
        channel=receipt.channel,
        lines=tuple(
            BasketLine(
                quantity_milli=line.quantity_milli,
                unit_price_minor=line.unit_price_minor,
                sku=line.sku,
                category=line.category,
                margin=line.margin,
                unit=line.unit,
                settled=_settled(line),
            )
            for line in receipt.lines
        ),
        metadata=receipt.metadata,
        gift_card_part=receipt.gift_card,
        store_id=receipt.store_id,
    )


def _settled(line: ReceiptLine) -> Settled | None:
    """Return what was settled of a line; points that paid before a first move among it."""
    moved_minor = sum(why.amount_minor or 0 for why in line.why if why.rule == MOVED)
    settled = Settled(
        discount_minor=line.discount_minor - moved_minor,
        free_milli=line.free_milli,
        prepaid_minor=line.redeemed_minor + moved_minor,
        why=tuple(
            why
            for why in line.why
            if why.rule.startswith(("free.", "discount.")) and why.rule != MOVED
        ),
    )
    return settled if line.discount_minor or line.redeemed_minor else None


def _refuse_attach(receipt: Receipt, total_minor: int, on: date) -> None:
    reason = None
    if receipt.member_id is not None:
        reason = "the receipt belongs to a member already"
    elif receipt.returns or receipt.status is not ReceiptStatus.COMPLETED:
        reason = "something of the receipt was returned"
    elif on > receipt.on + timedelta(days=ATTACH_DAYS):
        reason = f"the receipt is more than {ATTACH_DAYS} days old"
    elif total_minor != receipt.to_pay_minor:
        reason = "the total is not that of the receipt"
    if reason:
        raise AttachRefused(reason)
