"""How a refund is shared out: money goes back first, a gift card last (R23).

So a gift card gets its part back when all the money is back, whatever line is returned.
A void undoes the sale whole: what the card forfeited by paying is given back as well.
"""

from chalicelib.domain.gift_cards import GiftCard, GiftCardChange, Signature, found, refund
from chalicelib.domain.receipts import Receipt


def card_share(receipt: Receipt, refund_minor: int) -> int:
    """Return what of the next refund goes back to the receipt's gift card."""
    refunded_minor = sum(done.refund_minor - done.gift_card_minor for done in receipt.returns)
    money_left_minor = receipt.money_minor - refunded_minor
    return max(0, refund_minor - money_left_minor)


def refund_to_card(
    receipt: Receipt,
    card: GiftCard | None,
    share_minor: int,
    signature: Signature,
    *,
    is_void: bool,
) -> GiftCardChange | None:
    """Give the card its share back; None if there is nothing to give.

    Raises:
        GiftCardNotFound: the receipt's card was not handed in.
    """
    if receipt.gift_card is None:
        return None
    amount = share_minor + (receipt.gift_card.forfeited_minor if is_void else 0)
    return refund(found(card), amount, signature) if amount else None
