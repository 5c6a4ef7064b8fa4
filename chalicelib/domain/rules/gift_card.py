"""Gift cards in a program: what becomes of a remainder, and that their sale earns nothing.

A card that a till sells within a basket is a line of the category named here: it gets no
discount, points can neither pay for it nor be earned by it, and it is no turnover (R5,
R28). What a card pays later is in `domain/gift_cards.py`.
"""

from dataclasses import dataclass

from chalicelib.domain.basket import Pricing, Stage
from chalicelib.domain.document_reader import Reader
from chalicelib.domain.gift_cards import Remainder
from chalicelib.domain.program import Program, ProgramType
from chalicelib.domain.receipts import GIFT_CARD_SALE, Why
from chalicelib.domain.rules.frame import Frame
from chalicelib.domain.top_ups import BALANCE_MAX_MINOR

CATEGORY = "gift_card"


@dataclass(frozen=True, slots=True)
class GiftCards:
    """The program's word on gift cards."""

    remainder: Remainder = Remainder.KEEP
    category: str = CATEGORY  # of the lines that sell a card
    balance_max_minor: int = BALANCE_MAX_MINOR  # of one card, as it is sold or topped up
    stage: Stage = Stage.FREE_UNITS  # before any rule could reward the line

    def apply(self, pricing: Pricing) -> None:
        """Set the lines apart that sell a card."""
        for i, line in enumerate(pricing.lines):
            if line.category == self.category:
                pricing.set_apart(i, Why(GIFT_CARD_SALE, 0))


def remainder_of(program: Program) -> Remainder:
    """Return what becomes of the rest of a card that has paid; it is kept unless told."""
    for rule in program.rules:
        if isinstance(rule, GiftCards):
            return rule.remainder
    return Remainder.KEEP


def balance_max_of(program: Program) -> int:
    """Return what a card may hold at most, in minor units."""
    for rule in program.rules:
        if isinstance(rule, GiftCards):
            return rule.balance_max_minor
    return BALANCE_MAX_MINOR


def sells_gift_cards(program: Program) -> bool:
    """Return whether the program says anything of gift cards: then its tills offer them."""
    is_all_of_it = program.type is ProgramType.GIFT_CARD
    return is_all_of_it or any(isinstance(rule, GiftCards) for rule in program.rules)


def read(reader: Reader, frame: Frame) -> list[GiftCards]:
    """Read `gift_card`."""
    if not reader.has("gift_card"):
        return []
    inner = reader.inner("gift_card")
    category = inner.text("category", CATEGORY)
    remainder = inner.choice("remainder", Remainder, Remainder.KEEP)
    most = BALANCE_MAX_MINOR
    if inner.has("balance_max"):
        most = inner.money("balance_max", frame.exponent)
        if not most:
            inner.fault("balance_max", "must be above 0")
    if inner.text("sold_earns", "no") != "no":
        inner.fault("sold_earns", "must be no: the sale of a gift card never earns")
    inner.refuse_unread()
    return [GiftCards(remainder, category, most)]
