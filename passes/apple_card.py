"""Where a card's values stand on an Apple store card.

At the top right the tier, over the strip the points, under it the member, what expires next
and the stamps; the rest on the back. Only points and tier carry a `changeMessage`: Wallet
shows a notification for a field whose value changed, and melts several into "pass changed".

Source: Apple, "Wallet Passes", "PassFieldContent", read 2026-11.
"""

from typing import Final

from wallet.models import (
    Alignment,
    Field,
    NumberField,
    StoreCard,
)

from passes.card import Card
from passes.wording import WORDINGS, day_text, expiry_text, plural, short_day_text

_NO_ALIGNMENT: Final = None  # dropped from the JSON: wallet-py3k says "left" of every field


def store_card(card: Card) -> StoreCard:
    """Lay out the fields of a card."""
    made = StoreCard()
    made.headerFields = _header(card)
    made.primaryFields = [_points(card)]
    made.secondaryFields = _under_the_strip(card)
    made.auxiliaryFields = _stamps(card)
    made.backFields = _back(card)
    return made


def _field(key: str, label: str, value: str) -> Field:
    made = Field(key, value, label)
    made.textAlignment = _NO_ALIGNMENT
    return made


def _header(card: Card) -> list[Field]:
    if not card.tier_name:
        return []
    words = WORDINGS[card.language]
    tier = _field("tier", words.tier, card.tier_name)
    tier.changeMessage = words.tier_changed
    return [tier]


def _points(card: Card) -> NumberField:
    words = WORDINGS[card.language]
    made = NumberField("points", card.points, plural(card.language, card.points, words.points))
    made.textAlignment = _NO_ALIGNMENT
    made.changeMessage = plural(card.language, card.points, words.points_changed)
    return made


def _under_the_strip(card: Card) -> list[Field]:
    words = WORDINGS[card.language]
    fields = []
    if card.member_name:
        fields.append(_field("member", words.member, card.member_name))
    if card.next_expiry:
        day = short_day_text(card.next_expiry.on, card.language)
        label = plural(card.language, card.next_expiry.points, words.expire_on)
        expiring = NumberField("expiring", card.next_expiry.points, label.format(day=day))
        expiring.textAlignment = Alignment.RIGHT if card.member_name else _NO_ALIGNMENT
        fields.append(expiring)
    return fields


def _stamps(card: Card) -> list[Field]:
    if not card.stamps:
        return []
    words = WORDINGS[card.language]
    text = words.stamps_text.format(collected=card.stamps.collected, needed=card.stamps.needed)
    return [_field("stamps", words.stamps, text)]


def _back(card: Card) -> list[Field]:
    words = WORDINGS[card.language]
    rows = [("program", words.program, f"{card.program_name} · {card.merchant_name}")]
    if card.tier_until:
        text = words.tier_until_text.format(day=day_text(card.tier_until, card.language))
        rows.append(("tier_until", words.tier_until, text))
    if card.next_tier:
        text = words.next_tier_text.format(
            name=card.next_tier.name, to_spend=card.next_tier.to_spend_text
        )
        rows.append(("next_tier", words.next_tier, text))
    if card.next_expiry:
        text = expiry_text(card.next_expiry.points, card.next_expiry.on, card.language)
        rows.append(("expiry", words.expiry, text))
    rows.append(("code", words.code, card.code_text))
    rows.append(("card_page", words.card_page, card.card_url))
    return [_field(*row) for row in rows]
