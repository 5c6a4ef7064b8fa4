"""The commonest numbers of a program as fields of a form, each named by its JSON pointer.

What a document has is shown, with a few things any program may have beside it. An empty field
takes the key out of the document again.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any, Final

from chalicelib.web.admin.forms import Form
from chalicelib.web.admin.words import words_of
from chalicelib.web.rules_words import RULES_WORDS
from passes.wording import Language

FIELDS_MAX: Final = 150
# What counts where a document says nothing; the other keys are off without a value.
DEFAULTS: Final = {
    "earn_percent": "0",
    "redeem_percent": "0",
    "pending_days": "0",
    "reminder_days": "7",
    "min_receipt_for_redeem": "0",
    "min_money": "0",
}
_NUMBER: Final = re.compile(r"-?[0-9]+(\.[0-9]+)?", re.ASCII)
_SPACES: Final = re.compile(r"[\s\u00a0\u202f]")

Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One field: where it stands, how it is written, what it is called."""

    steps: Steps
    kind: str  # text, percent, money, days, months, points, pieces
    label: str
    value: str
    hint: str = ""
    within: str = ""  # what else must go if this is emptied

    @property
    def pointer(self) -> str:
        """Return its JSON pointer, as faults name it."""
        return pointer_of(self.steps)


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under a heading."""

    heading: str
    numbers: tuple[Number, ...]


def pointer_of(steps: Steps) -> str:
    """Return a JSON pointer.

    >>> pointer_of(("rates", "a/b"))
    '/rates/a~1b'
    """
    return "".join(f"/{step.replace('~', '~0').replace('/', '~1')}" for step in steps)


def groups_of(document: Mapping[str, Any], language: Language) -> tuple[Group, ...]:
    """Return the fields of a document."""
    maker = _Maker(document, language)
    found = (
        maker.group("group_name", maker.names()),
        maker.group("group_earning", maker.flat()),
        *maker.tiers(),
        *maker.categories(),
        maker.group("group_discount", maker.discounts()),
        maker.group("group_life", maker.life()),
        maker.group("group_safety", maker.safety()),
        maker.group("group_gifts", maker.gifts()),
    )
    return tuple(group for group in found if group.numbers)


def changed(
    document: Mapping[str, Any], groups: tuple[Group, ...], form: Form
) -> dict[str, Any]:
    """Return the document with what the form says; what is no number stays as it was typed."""
    after: dict[str, Any] = deepcopy(dict(document))
    for group in groups:
        for number in group.numbers:
            if number.pointer in form.values:
                _put(after, number, form[number.pointer])
    return after


def read_number(kind: str, typed: str) -> Any:
    """Return what a document holds for a typed value; faults are the domain's to find.

    >>> read_number("percent", "7,5"), read_number("points", "1 500"), read_number("days", "x")
    (7.5, 1500, 'x')
    """
    if kind == "text":
        return typed
    plain = _SPACES.sub("", typed).replace(",", ".")
    if not _NUMBER.fullmatch(plain):
        return typed
    if kind == "money":
        return plain
    return int(plain) if "." not in plain else float(plain)


class _Maker:
    """Makes fields of one document in one language."""

    def __init__(self, document: Mapping[str, Any], language: Language) -> None:
        self.document = document
        self.language = language
        self.words = words_of(language)

    def group(self, heading: str, numbers: Iterator[Number], name: str = "") -> Group:
        """Return a group under a heading that may have a name in it."""
        return Group(str(self.words[heading]).format(name=name), tuple(numbers))

    def names(self) -> Iterator[Number]:
        yield self.number(("title",), "text")

    def flat(self) -> Iterator[Number]:
        document = self.document
        by_goods = document.get("rates") or document.get("category_rates")
        if document.get("step_accrual"):
            yield self.number(("step_accrual", "per"), "money")
            yield self.number(("step_accrual", "points"), "points")
        elif not by_goods and document.get("type", "points") == "points":
            yield self.number(("earn_percent",), "percent")
        if not by_goods and document.get("type", "points") == "points":
            yield self.number(("redeem_percent",), "percent")

    def tiers(self) -> Iterator[Group]:
        levels = _at(self.document, ("tiers", "levels")) or []
        for place, level in enumerate(levels):
            name = str(level.get("name", ""))
            yield self.group("group_tier", self.tier(place, name), name)

    def tier(self, place: int, name: str) -> Iterator[Number]:
        if place:
            steps = ("tiers", "levels", str(place), "over")
            yield self.number(steps, "money", hint="hint_over")
        for channel in ("offline", "online"):
            for side in ("earn", "redeem"):
                steps = ("rates", name, channel, side)
                if _at(self.document, steps) is not None:
                    said = f"{self.called(channel)}: {self.called(side).lower()}"
                    yield self.number(steps, "percent", label=said)

    def categories(self) -> Iterator[Group]:
        for name in self.document.get("category_rates") or {}:
            steps = ("category_rates", name)
            numbers = (self.number((*steps, side), "percent") for side in ("earn", "redeem"))
            yield self.group("group_category", numbers, self.called(name))

    def discounts(self) -> Iterator[Number]:
        document = self.document
        if "discount_percent" in document or document.get("type") == "discount":
            by_turnover = document.get("discount_by_turnover")
            if "discount_percent" in document or not (
                by_turnover or document.get("category_discounts")
            ):
                yield self.number(("discount_percent",), "percent")
        for name in document.get("category_discounts") or {}:
            yield self.number(("category_discounts", name), "percent", label=self.called(name))
        levels = _at(document, ("discount_by_turnover", "levels")) or []
        for place in range(len(levels)):
            steps = ("discount_by_turnover", "levels", str(place))
            yield self.number((*steps, "over"), "money")
            yield self.number((*steps, "percent"), "percent")
        if document.get("stamps"):
            yield self.number(("stamps", "every"), "pieces")

    def life(self) -> Iterator[Number]:
        if not self.has_points:
            return
        yield self.number(("pending_days",), "days", hint="hint_pending")
        if self.document.get("expiry_months"):
            yield self.number(("expiry_months",), "months", hint="hint_expiry")
        else:
            yield self.number(("expiry_days",), "days", hint="hint_expiry")
        yield self.number(("reminder_days",), "days")

    def safety(self) -> Iterator[Number]:
        if not self.has_points:
            return
        yield self.number(("confirm_above",), "points", hint="hint_confirm")
        yield self.number(("min_receipt_for_redeem",), "money")
        yield self.number(("min_money",), "money")

    def gifts(self) -> Iterator[Number]:
        if not self.has_points:
            return
        for steps in (("welcome_points",), ("anniversaries", "birthday")):
            points = (*steps, "points")
            label = self.called(steps[-1])
            hint = "hint_gift"
            yield self.number(points, "points", label=label, hint=hint, within="/".join(steps))
        for key in ("referrer_points", "friend_points"):
            if _at(self.document, ("referral", key)) is not None:
                yield self.number(("referral", key), "points")

    @property
    def has_points(self) -> bool:
        return str(self.document.get("type", "points")) == "points"

    def called(self, key: str) -> str:
        names = self.words["key_names"]
        return str(names.get(key) or RULES_WORDS[self.language]["names"].get(key, key))

    def number(
        self, steps: Steps, kind: str, *, label: str = "", hint: str = "", within: str = ""
    ) -> Number:
        value = _at(self.document, steps)
        return Number(
            steps=steps,
            kind=kind,
            label=label or self.called(steps[-1]),
            value=self.written(kind, DEFAULTS.get(steps[0], "") if value is None else value),
            hint=str(self.words[hint]) if hint else "",
            within=within,
        )

    def written(self, kind: str, value: Any) -> str:
        text = str(value)
        return text.replace(".", ",") if kind == "percent" and self.language == "ru" else text


def _at(document: Any, steps: Steps) -> Any:
    """Return what stands at the end of the steps; None if nothing does."""
    for step in steps:
        if isinstance(document, list):
            place = int(step) if step.isdecimal() else len(document)
            document = document[place] if place < len(document) else None
        elif isinstance(document, Mapping):
            document = document.get(step)
        else:
            return None
    return document


def _put(document: dict[str, Any], number: Number, typed: str) -> None:
    """Write a typed value where it belongs; empty takes the key away."""
    if not typed and number.within:
        *outer, last = number.within.split("/")
        inner = _at(document, tuple(outer))
        if isinstance(inner, dict):
            inner.pop(last, None)
            if outer and not inner:
                document.pop(outer[0], None)
        return
    *outer, last = number.steps
    inner = document
    for step in outer:
        inner = inner[int(step)] if isinstance(inner, list) else inner.setdefault(step, {})
    if typed:
        inner[last] = read_number(number.kind, typed)
    else:
        inner.pop(last, None)
