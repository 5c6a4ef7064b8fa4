"""The gift cards on a card: those the member keeps, by the ends of their codes."""

from collections.abc import Sequence
from typing import Any

from chalicelib.domain.gift_cards import GiftCardState
from chalicelib.domain.kept_gift_cards import KEPT_MAX, HeldGiftCard
from chalicelib.domain.rules.gift_card import sells_gift_cards
from chalicelib.usecases.members import MemberView
from chalicelib.web import formats
from chalicelib.web.wording import WORDS
from passes.wording import Language


def gift_cards_view(
    view: MemberView, held: Sequence[HeldGiftCard], language: Language
) -> dict[str, Any]:
    """Return what is left on each, the latest first; nothing where nobody sells any."""
    words = WORDS[language]
    return {
        "is_shown": bool(held) or sells_gift_cards(view.program),
        "is_full": len(held) >= KEPT_MAX,
        "rows": [
            {
                "id": one.kept.card_id,
                "name": words["gift_card_named"].format(ending=one.kept.ending),
                "note": "" if one.can_pay else words[_why_not(one)],
                "money": formats.money(one.card.balance_minor, one.card.currency, language),
            }
            for one in held
        ],
    }


def _why_not(held: HeldGiftCard) -> str:
    is_voided = held.card.state is GiftCardState.VOIDED
    return "gift_card_voided" if is_voided else "gift_card_empty"
