"""What gift cards do in the model: each function returns the card after it, or refuses."""

from tests.simulation.books import ACTIVE, ISSUED, VOIDED, Books, Card, Refused


def find(books: Books, name: str) -> Card:
    """Return the card of that name."""
    if name not in books.cards:
        raise Refused("gift_card_not_found")
    return books.cards[name]


def activate(card: Card) -> Card:
    """Let it pay."""
    if card.state != ISSUED:
        raise Refused("gift_card_refused")
    return card._replace(state=ACTIVE, version=card.version + 1)


def payment(card: Card, asked: int | None, due: int) -> int:
    """Return how much it pays of what is due; `asked`: exactly so much, if it is due."""
    if card.state != ACTIVE:
        raise Refused("gift_card_refused")
    if asked is not None and asked > card.balance:
        raise Refused("gift_card_insufficient")
    return min(card.balance if asked is None else asked, due)


def paid(card: Card, amount: int, *, is_rest_kept: bool) -> tuple[Card, int]:
    """Return the card after it has paid, and what it forfeited by that."""
    rest = card.balance - amount
    kept = rest if is_rest_kept else 0
    return card._replace(balance=kept, version=card.version + 1), rest - kept


def refunded(card: Card, amount: int) -> Card:
    """Give back what it had paid."""
    return card._replace(balance=card.balance + amount, version=card.version + 1)


def voided(card: Card) -> Card:
    """Undo its sale."""
    if card.state == VOIDED:
        raise Refused("gift_card_refused")
    if card.balance != card.amount:
        raise Refused("gift_card_used")
    return Card(card.amount, 0, VOIDED, card.version + 1)
