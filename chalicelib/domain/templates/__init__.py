"""Programs to begin with: one file each, whose name is the template's.

A file holds `title` and `summary` by language, for whoever chooses, and the `program`, a
document that `program_document.py` reads as it is. `names` says what its tiers and coupons,
which shoppers read on their cards, are called in another language than the document's own.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

NAMES = (  # the richest first
    "sport_nutrition",
    "bakery",
    "fashion_levels",
    "points_per_step",
    "turnover_discount",
    "lifetime_discount",
    "phone_shop",
    "fixed_discount",
    "cafe_stamps",
)


@dataclass(frozen=True, slots=True)
class Template:
    """A program to begin with."""

    name: str
    title: Mapping[str, str]  # language → words
    summary: Mapping[str, str]
    document: Mapping[str, Any]
    names: Mapping[str, Mapping[str, str]]  # language → name in the document → name

    def document_in(self, language: str) -> dict[str, Any]:
        """Return the document for a shop that speaks the language."""
        return self.named_in(language, self.document)

    def named_in(self, language: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return a document that names this program's tiers as a shop of the language does."""
        return dict(_renamed(document, self.names.get(language, {})))


@cache
def template(name: str) -> Template | None:
    """Return the template of that name, or None."""
    if name not in NAMES:
        return None
    found = json.loads(files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    names = found.get("names", {})
    return Template(name, found["title"], found["summary"], found["program"], names)


def templates() -> tuple[Template, ...]:
    """Return every template."""
    found = (template(name) for name in NAMES)
    return tuple(one for one in found if one)


def _renamed(part: Any, names: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {names.get(key, key): _renamed(value, names) for key, value in part.items()}
    if isinstance(part, list):
        return [_renamed(one, names) for one in part]
    return names.get(part, part) if isinstance(part, str) else part
