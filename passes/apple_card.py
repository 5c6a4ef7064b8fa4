"""Where a card's texts stand on an Apple store card.

Over the strip what the card leads with, at the top right and under the strip what the design
places there, the rest on the back. Wallet shows a notification for a field whose value changed
and that has a `changeMessage`, and melts several into "pass changed": so one field has one,
that of the newest change.

Texts may be real or stand for those of any card (`apple_skeleton.py`).

Source: Apple, "Wallet Passes", "PassFieldContent" and "PassFields", read 2026-11.
"""

from typing import Any, Final, NamedTuple

from wallet.models import Alignment, DateField, DateStyle, Field, NumberField, StoreCard

from chalicelib.domain.pass_designs import PassDesign, PassField
from passes.apple_texts import Texts, message
from passes.card import Leading, News
from passes.wording import WORDINGS, Language, Wording

HEADER_FIELDS_MAX: Final = 3
FRONT_FIELDS_MAX: Final = 4  # secondary and auxiliary fields together on a store card

_NO_ALIGNMENT: Final = None  # dropped from the JSON: wallet-py3k says "left" of every field


class Shape(NamedTuple):
    """What of a card decides its layout, beside which texts it has."""

    language: Language
    leading: Leading
    news: News
    is_voided: bool
    is_quiet: bool


def store_card(texts: Texts, design: PassDesign, shape: Shape) -> StoreCard:
    """Lay out the fields of a card."""
    layout = _Layout(texts, design, shape)
    made = StoreCard()
    made.primaryFields = layout.primary()
    made.headerFields = layout.row(design.header, HEADER_FIELDS_MAX)
    made.secondaryFields = layout.row(design.secondary, FRONT_FIELDS_MAX)
    left = FRONT_FIELDS_MAX - len(made.secondaryFields)
    made.auxiliaryFields = layout.row(design.auxiliary, left)
    made.backFields = layout.back()
    layout.announce()
    if len(made.secondaryFields) > 1:
        made.secondaryFields[-1].textAlignment = Alignment.RIGHT
    return made


class _Layout:
    """One store card in the making: each field is placed once, where it is asked for first."""

    def __init__(self, texts: Texts, design: PassDesign, shape: Shape) -> None:
        self._texts = texts
        self._design = design
        self._shape = shape
        self._words: Wording = WORDINGS[shape.language]
        self._placed: dict[str, Any] = {}

    def primary(self) -> list[Any]:
        """Place what the card leads with."""
        shape, words = self._shape, self._words
        if shape.is_voided:
            return [_field("voided", words.card, words.closed)]
        if shape.leading is Leading.POINTS:
            self._placed["points"] = _number(
                "points", self._texts["points"], self._texts["points_noun"]
            )
            return [self._placed["points"]]
        if shape.leading is Leading.NOTHING:
            return []
        return self.row((PassField(shape.leading.value),), 1)

    def row(self, wanted: tuple[PassField, ...], most: int) -> list[Any]:
        """Place those of the fields that the card has and that stand nowhere yet."""
        made: list[Any] = []
        for name in wanted:
            if name.value in self._placed or self._shape.is_voided or len(made) == most:
                continue
            field = self._front(name)
            if field:
                self._placed[name.value] = field
                made.append(field)
        return made

    def announce(self) -> None:
        """Give the field of the newest change its message; without one it changes unsaid.

        That a phone was changed is told whatever the member switched off.
        """
        shape, words, design = self._shape, self._words, self._design
        tier, leading = self._placed.get("tier"), self._placed.get(shape.leading.value)
        if shape.news is News.PAUSE and self._has("paused"):
            self._placed["redeeming"].changeMessage = words.redeeming_changed
        elif shape.is_quiet:
            return
        elif tier and (shape.news is News.TIER or leading is tier):
            tier.changeMessage = message(
                design.tier_changed, shape.language, "tier", words.tier_changed
            )
        elif leading and shape.leading is Leading.POINTS:
            leading.changeMessage = self._texts["points_changed"]
        elif leading:
            changed = {
                Leading.STAMPS: words.stamps_changed,
                Leading.DISCOUNT: words.discount_changed,
            }
            leading.changeMessage = changed[shape.leading]

    def back(self) -> list[Any]:
        """Place the rest."""
        words = self._words
        made = [*self._as_of(), *self._redeeming()]
        rows = (
            ("about", words.program),
            ("tier_until", words.tier_until),
            ("to_next_tier", words.next_tier),
            ("expiry", words.expiry),
            ("history", words.history),
            ("code_text", words.code),
        )
        made += [_field(key, label, self._texts[key]) for key, label in rows if self._has(key)]
        made += self._linked("card_url", "card_link", words.card_page)
        made += self._linked("rules_url", "rules_link", words.rules)
        support = self._design.support
        lines = [line for line in (support.phone, support.email, support.url) if line]
        if lines:
            made.append(_field("support", words.support, "\n".join(lines)))
        return made

    def _as_of(self) -> list[Any]:
        """Place the moment of the last change; the phone writes it in its own language."""
        if not self._has("as_of"):
            return []
        words = self._words
        label = words.balance_as_of if self._has("points") else words.card_as_of
        made = DateField("as_of", self._texts["as_of"], label)
        made.dateStyle = DateStyle.LONG
        made.isRelative = None
        made.ignoresTimeZone = True  # the shop's clock, as on its receipts
        made.textAlignment = _NO_ALIGNMENT
        return [made]

    def _redeeming(self) -> list[Any]:
        """Say whether points can be redeemed, also while they can.

        Wallet tells of a change of what was there before, not of a field that is new.
        """
        if not self._has("points"):
            return []
        words = self._words
        value = self._texts.get("paused", words.redeeming_open)
        self._placed["redeeming"] = _field("redeeming", words.redeeming, value)
        return [self._placed["redeeming"]]

    def _linked(self, key: str, link: str, label: str) -> list[Any]:
        if not self._has(key):
            return []
        made = _field(key, label, self._texts[key])
        made.attributedValue = self._texts[link]  # a word instead of a long address
        return [made]

    def _front(self, name: PassField) -> Any:
        """Return the field of that name, None if the card has none."""
        texts, words = self._texts, self._words
        if not self._has(name.value):
            return None
        if name is PassField.EXPIRING:
            return _number(name.value, texts["expiring"], texts["expiring_label"])
        labels = {
            PassField.TIER: words.tier,
            PassField.MEMBER: words.member,
            PassField.STAMPS: words.stamps,
            PassField.DISCOUNT: words.discount,
            PassField.NEXT_TIER: texts.get("next_tier_label"),
        }
        return _field(name.value, labels[name], texts[name.value])

    def _has(self, name: str) -> bool:
        return name in self._texts


def _field(key: str, label: Any, value: Any) -> Field:
    made = Field(key, value, label)
    made.textAlignment = _NO_ALIGNMENT
    return made


def _number(key: str, value: Any, label: Any) -> NumberField:
    made = NumberField(key, value, label)
    made.textAlignment = _NO_ALIGNMENT
    return made
