"""A receipt as it was priced and written, and what has been returned of it.

The priced part never changes (R19); `returns` and `status` grow. Money is minor units;
quantities are thousandths (0.350 kg = 350).
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from chalicelib.domain.account import Balance, Lot
from chalicelib.domain.limits import Take
from chalicelib.domain.promo_codes import CodeUse

MOVED = "discount.moved"  # the reason of what points had paid before a receipt was moved
MOVED_END = "~moved"  # what the number of a receipt given to another member ends in
GIFT_CARD_SALE = "earn.gift_card_sale"  # the reason of a line that sells a gift card
# What a till of ours numbers its receipts by is printed as 61123-09151234.
_OF_OUR_TILLS: Final = re.compile(r"(\d{5})[ -]?(\d{8})", re.ASCII)
_DASHES: Final = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212"), "-")


def spellings(number: str) -> tuple[str, ...]:
    """Return how a number that a person typed may have been recorded, as typed first.

    >>> spellings("6112309151234")
    ('6112309151234', '61123-09151234')
    >>> spellings("a–17")
    ('a–17', 'a-17', 'A-17')
    """
    plain = number.translate(_DASHES)
    dashed = _OF_OUR_TILLS.fullmatch(plain)
    found = (number, plain, plain.upper(), plain.lower())
    return tuple(dict.fromkeys((*found, "-".join(dashed.groups()) if dashed else number)))


@dataclass(frozen=True, slots=True)
class ReceiptKey:
    """What makes a receipt unique: the merchant's till and its receipt number."""

    merchant_id: str
    till_id: str
    receipt_id: str

    @property
    def is_moved(self) -> bool:
        """Return whether the receipt came from another member."""
        return self.receipt_id.endswith(MOVED_END)


@dataclass(frozen=True, slots=True)
class Why:
    """One rule's part in a line: a stable code and numbers; the words are the edge's."""

    rule: str  # e.g. "earn.tier_rate", "redeem.margin_cap"
    points: int | None = None
    amount_minor: int | None = None
    percent_ppm: int | None = None  # millionths: 5 % = 50 000
    name: str | None = None  # the tier, category, margin class or promotion it names


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    """A basket line, priced."""

    sku: str | None
    category: str | None
    margin: str | None
    quantity_milli: int
    unit_price_minor: int
    gross_minor: int
    discount_minor: int
    free_milli: int  # free units, thousandths
    redeemed: int  # points
    redeemed_minor: int  # their value in money
    earned: int
    why: tuple[Why, ...] = ()
    unit: str | None = None

    @property
    def net_minor(self) -> int:
        """Return the money to be paid for the line."""
        return self.gross_minor - self.discount_minor - self.redeemed_minor

    @property
    def turnover_minor(self) -> int:
        """Return what of that is turnover: not the sale of a gift card (R28)."""
        return 0 if any(why.rule == GIFT_CARD_SALE for why in self.why) else self.net_minor


@dataclass(frozen=True, slots=True)
class ReturnedLine:
    """A quantity of one line that came back."""

    line: int
    quantity_milli: int


@dataclass(frozen=True, slots=True)
class Return:
    """One return of a receipt, and what it moved."""

    return_id: str
    at: datetime
    lines: tuple[ReturnedLine, ...]
    refund_minor: int
    clawed_back: int
    restored: int  # usable again
    forfeited: int  # redeemed points whose date has passed
    balance: Balance | None  # after it; None: anonymous
    is_void: bool = False
    reason: str = ""
    gift_card_minor: int = 0  # part of the refund that goes back to the gift card


class ReceiptStatus(StrEnum):
    """Whether a receipt stands."""

    COMPLETED = "completed"
    VOIDED = "voided"


@dataclass(frozen=True, slots=True)
class GiftCardPart:
    """What a gift card paid of a receipt, and what of its rest was forfeited by that."""

    code_hash: str
    paid_minor: int
    forfeited_minor: int = 0


@dataclass(frozen=True, slots=True)
class Receipt:
    """A sale, priced once and for ever."""

    key: ReceiptKey
    member_id: str | None  # None: anonymous
    at: datetime  # UTC, the sale's own
    on: date  # its business day
    recorded_at: datetime
    channel: str
    currency: str
    program_version: int
    lines: tuple[ReceiptLine, ...]
    redeem_max: int
    redeemed: int
    earned: int
    tier: str | None = None  # the one it was priced with
    is_tier_new: bool = False  # the sale moved the member to another tier
    tier_after: str | None = None
    balance: Balance | None = None  # after it
    allocation: tuple[Lot, ...] = ()  # portions redeemed, in spend order
    earned_lot: Lot | None = None  # as granted; None: nothing was earned or all went to debt
    debt_repaid: int = 0
    shortfall: int = 0  # offline redemption no lot could cover: became debt
    ledger_version: int | None = None
    gift_card: GiftCardPart | None = None
    stamps_after: int | None = None
    hold_id: str | None = None
    store_id: str | None = None
    staff_id: str = ""  # who was signed in at the till
    promo_codes: tuple[CodeUse, ...] = ()
    takes: tuple[Take, ...] = ()  # what it counts for; their maxima are not kept
    metadata: tuple[tuple[str, str], ...] = ()
    status: ReceiptStatus = ReceiptStatus.COMPLETED
    returns: tuple[Return, ...] = ()
    revision: int = 1  # grows with every return
    first: "Receipt | None" = None  # the anonymous one it was until it was attached

    @property
    def gross_minor(self) -> int:
        """Return the sum before discounts and points."""
        return sum(line.gross_minor for line in self.lines)

    @property
    def discount_minor(self) -> int:
        """Return the discounts, free units included."""
        return sum(line.discount_minor for line in self.lines)

    @property
    def to_pay_minor(self) -> int:
        """Return what is left to pay, before a gift card."""
        return sum(line.net_minor for line in self.lines)

    @property
    def gift_card_minor(self) -> int:
        """Return what a gift card paid."""
        return self.gift_card.paid_minor if self.gift_card else 0

    @property
    def money_minor(self) -> int:
        """Return what is left to pay in money."""
        return self.to_pay_minor - self.gift_card_minor
