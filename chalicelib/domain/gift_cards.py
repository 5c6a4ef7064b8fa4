"""Gift cards: money paid beforehand, spent like money by whoever holds the code.

A card is issued, activated when it is sold, topped up (`top_ups.py`), and pays receipts until
nothing is left; the program says whether a remainder is kept or forfeited (R39). Its ledger
is its own: every change of the balance is an entry, versions 1..n without a gap, and the
amounts add up to the balance. Amounts are minor units of the card's currency. How a code is
spelled is in `gift_codes.py`; here a card is known by the keyed hash of its code only.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import DomainError
from chalicelib.domain.receipts import GiftCardPart


class GiftCardNotFound(DomainError):
    """The merchant has no gift card with that code."""

    code = "gift_card_not_found"


class GiftCardRefused(DomainError):
    """The card is not in a state for that: not activated, activated already, voided."""

    code = "gift_card_refused"


class GiftCardInsufficient(DomainError):
    """The card holds less than asked for."""

    code = "gift_card_insufficient"

    def __init__(self, *, asked_minor: int, available_minor: int) -> None:
        super().__init__(
            f"{asked_minor} minor units asked for, {available_minor} on the card",
            asked_minor=asked_minor,
            available_minor=available_minor,
        )


class GiftCardUsed(DomainError):
    """The sale of a card stands once the card has paid something (R27)."""

    code = "gift_card_used"


class Remainder(StrEnum):
    """What becomes of the rest of a card that has paid."""

    KEEP = "keep"
    FORFEIT = "forfeit"


class GiftCardState(StrEnum):
    """Whether a card can pay."""

    ISSUED = "issued"  # not yet
    ACTIVE = "active"
    VOIDED = "voided"  # never again


_CANNOT_PAY = {
    GiftCardState.ISSUED: "the gift card is not active yet: activate it when it is sold",
    GiftCardState.VOIDED: "the gift card is voided",
}


class GiftCardEntryKind(StrEnum):
    """Why an entry was written."""

    ISSUE = "issue"
    ACTIVATE = "activate"
    PAY = "pay"
    REFUND = "refund"
    VOID = "void"
    TOP_UP = "top_up"
    TOP_UP_VOID = "top_up_void"


class GiftCardMode(StrEnum):
    """How much of a receipt a card is to pay."""

    MAX = "max"  # as much as it can, at most `amount_minor` if given
    EXACT = "exact"  # `amount_minor`: refused if the card has less, cut to what is to pay


@dataclass(frozen=True, slots=True)
class GiftCardWish:
    """The wish to pay by gift card."""

    code_hash: str
    mode: GiftCardMode = GiftCardMode.MAX
    amount_minor: int | None = None
    is_kept: bool = False  # named by the member who keeps it, not by its code


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCard:
    """A gift card as it stands."""

    merchant_id: str
    code_hash: str
    card_id: str
    currency: str
    amount_minor: int  # what it was sold for
    balance_minor: int
    issued_at: datetime
    state: GiftCardState = GiftCardState.ISSUED
    receipt_id: str = ""  # the till's, of its sale
    topped_up_minor: int = 0  # since it was sold, less what was taken back
    version: int = 0  # that of the last entry

    @property
    def loaded_minor(self) -> int:
        """Return all the money that was put on it."""
        return self.amount_minor + self.topped_up_minor


@dataclass(frozen=True, slots=True, kw_only=True)
class GiftCardEntry:
    """One immutable line of a card's ledger."""

    version: int
    kind: GiftCardEntryKind
    at: datetime
    amount_minor: int  # signed, the forfeited part left out
    balance_after: int  # the previous one plus the amount, less what was forfeited
    state_after: GiftCardState
    forfeited_minor: int = 0
    topped_up_after: int = 0
    undoes: int = 0  # the version of the top-up it takes back
    reference: str = ""  # receipt number
    reason: str = ""
    actor: str = ""  # till or integration
    key: str = ""


@dataclass(frozen=True, slots=True)
class GiftCardChange:
    """What one decision writes: the card after it, and its entry.

    The card stood at the version before the entry's when it was decided.
    """

    card: GiftCard
    entry: GiftCardEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who changes a card, when, and for what."""

    at: datetime
    actor: str
    key: str
    reference: str = ""
    reason: str = ""


def found(card: GiftCard | None) -> GiftCard:
    """Return the card if there is one.

    Raises:
        GiftCardNotFound: there is none.
    """
    if card is None:
        raise GiftCardNotFound("there is no gift card with this code")
    return card


def issue(card: GiftCard, signature: Signature, *, is_active: bool) -> GiftCardChange:
    """Make a new card, which has its balance and nothing written yet."""
    state = GiftCardState.ACTIVE if is_active else GiftCardState.ISSUED
    blank = replace(card, balance_minor=0, state=state)
    return changed(blank, GiftCardEntryKind.ISSUE, card.amount_minor, signature)


def activate(card: GiftCard, signature: Signature) -> GiftCardChange:
    """Let a card pay from now on.

    Raises:
        GiftCardRefused: it can already (perhaps another shopper holds it), or was voided.
    """
    if card.state is not GiftCardState.ISSUED:
        raise GiftCardRefused(f"the gift card is {card.state} already", state=card.state)
    active = replace(card, state=GiftCardState.ACTIVE)
    return changed(active, GiftCardEntryKind.ACTIVATE, 0, signature)


def pay(
    card: GiftCard,
    wish: GiftCardWish,
    to_pay_minor: int,
    *,
    currency: str,
    remainder: Remainder,
    signature: Signature,
) -> tuple[GiftCardPart, GiftCardChange | None]:
    """Pay as much of what is to pay as is wished for; no change if that is nothing.

    Raises:
        GiftCardRefused: the card is not active, or of another currency.
        GiftCardInsufficient: exactly so much was asked for, and there is less.
    """
    if card.state is not GiftCardState.ACTIVE:
        raise GiftCardRefused(_CANNOT_PAY[card.state], state=card.state)
    if card.currency != currency:
        raise GiftCardRefused(f"the gift card is in {card.currency}, not in {currency}")
    paid = min(_asked(wish, card.balance_minor), card.balance_minor, to_pay_minor)
    if not paid:
        return GiftCardPart(card.code_hash, 0), None
    rest = card.balance_minor - paid
    forfeited = rest if remainder is Remainder.FORFEIT else 0
    change = changed(card, GiftCardEntryKind.PAY, -paid, signature, forfeited)
    return GiftCardPart(card.code_hash, paid, forfeited), change


def refund(card: GiftCard, amount_minor: int, signature: Signature) -> GiftCardChange:
    """Give back what the card had paid (R23)."""
    return changed(card, GiftCardEntryKind.REFUND, amount_minor, signature)


def void(card: GiftCard, signature: Signature) -> GiftCardChange:
    """Undo the sale of a card: its money goes back as it came, by the till.

    Raises:
        GiftCardUsed: it has paid something that was not given back, or a top-up stands.
        GiftCardRefused: it was voided before.
    """
    if card.state is GiftCardState.VOIDED:
        raise GiftCardRefused("the gift card is voided already", state=card.state)
    if card.topped_up_minor:
        raise GiftCardUsed("take the top-ups back first", topped_up_minor=card.topped_up_minor)
    if card.balance_minor != card.amount_minor:
        raise GiftCardUsed(
            f"{card.balance_minor} of {card.amount_minor} minor units are left",
            amount_minor=card.amount_minor,
            balance_minor=card.balance_minor,
        )
    voided = replace(card, state=GiftCardState.VOIDED)
    return changed(voided, GiftCardEntryKind.VOID, -card.balance_minor, signature)


def as_after(card: GiftCard, entry: GiftCardEntry) -> GiftCard:
    """Return the card as one of its entries left it."""
    return replace(
        card,
        version=entry.version,
        balance_minor=entry.balance_after,
        topped_up_minor=entry.topped_up_after,
        state=entry.state_after,
    )


def _asked(wish: GiftCardWish, balance_minor: int) -> int:
    if wish.mode is GiftCardMode.MAX:
        return balance_minor if wish.amount_minor is None else wish.amount_minor
    asked = wish.amount_minor or 0
    if asked > balance_minor:
        raise GiftCardInsufficient(asked_minor=asked, available_minor=balance_minor)
    return asked


def changed(
    card: GiftCard,
    kind: GiftCardEntryKind,
    amount_minor: int,
    signature: Signature,
    forfeited_minor: int = 0,
    *,
    undoes: int = 0,
) -> GiftCardChange:
    """Return a step of the card's ledger; state and top-ups are those of the card."""
    balance = card.balance_minor + amount_minor - forfeited_minor
    assert 0 <= balance <= card.loaded_minor, "no card holds less than nothing or gains"
    entry = GiftCardEntry(
        version=card.version + 1,
        kind=kind,
        at=signature.at,
        amount_minor=amount_minor,
        balance_after=balance,
        state_after=card.state,
        forfeited_minor=forfeited_minor,
        topped_up_after=card.topped_up_minor,
        undoes=undoes,
        reference=signature.reference,
        reason=signature.reason,
        actor=signature.actor,
        key=signature.key,
    )
    return GiftCardChange(as_after(card, entry), entry)
