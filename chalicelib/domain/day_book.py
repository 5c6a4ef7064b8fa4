"""The day-book: what was done at the tills of a merchant, business day by business day.

A row is what somebody would look for afterwards: a sale, a return, points given or redeemed,
a gift card sold. It repeats the figures of the receipt or entry it stands for, so that a
shift is added up from rows alone. Amounts are minor units and say what was done, never less
than nothing: the kind says which way the money went. Points are signed, as the member sees
them. A row written again is the same row; that of a receipt which is attached replaces the
anonymous one.
"""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.receipts import ReceiptKey

DAY_BOOK_DAYS = 400  # how long a row is kept, counted from its own day
_NAME_DIGITS = 24  # of a row: two of one moment with one name would be a wonder


class DayKind(StrEnum):
    """What was done."""

    PURCHASE = "purchase"
    RETURN = "return"
    VOID = "void"
    MOVE = "move"  # a receipt changed its member: no money moved
    GRANT = "grant"
    REDEEM = "redeem"  # without a receipt
    GIFT_CARD_SALE = "gift_card_sale"
    GIFT_CARD_PAYMENT = "gift_card_payment"  # of what is no purchase of the program
    GIFT_CARD_VOID = "gift_card_void"
    GIFT_CARD_TOP_UP = "gift_card_top_up"
    GIFT_CARD_TOP_UP_VOID = "gift_card_top_up_void"


Place = tuple[datetime, str]  # of a row within its day: when, and its name


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRow:
    """One thing that was done."""

    merchant_id: str
    on: date  # the business day it counts for
    at: datetime  # UTC; of a sale the sale's own
    kind: DayKind
    name: str  # its own within the moment; made by `name_of`
    till_id: str = ""  # where it was done; empty: at none
    store_id: str = ""
    staff_id: str = ""
    member_id: str = ""
    receipt: ReceiptKey | None = None
    amount_minor: int = 0  # after discounts; of a return, what went back
    points_minor: int = 0  # what of it points paid
    gift_card_minor: int = 0  # and a gift card
    points: int = 0  # given (+), clawed back (-)
    redeemed: int = 0  # redeemed (+), restored (-)

    @property
    def place(self) -> Place:
        """Return where the row stands in its day."""
        return self.at, self.name

    @property
    def money_minor(self) -> int:
        """Return what of the amount was money."""
        return self.amount_minor - self.points_minor - self.gift_card_minor


def name_of(kind: DayKind, *parts: str | int) -> str:
    """Return the name of a row: the same for the same parts, however long they are.

    >>> name_of(DayKind.RETURN, "till-1", "r-1", "t-1")
    'return-ef1167009278073e68dbb71a'
    """
    text = "\x1f".join(str(part) for part in parts)
    return f"{kind}-{hashlib.sha256(text.encode()).hexdigest()[:_NAME_DIGITS]}"
