"""The goods a program names (categories, margin classes, SKUs) and where it does so.

With a catalogue they are checked against it when a program is saved: a misspelt category
would be a rule that never applies. What sells a gift card need not be in a catalogue.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.catalogue import CatalogueSummary
from chalicelib.domain.rates import DEFAULT_CATEGORY

_LISTS = {"categories": "category", "margins": "margin", "skus": "sku"}
_TABLES = {
    "category_discounts": "category",
    "category_rates": "category",
    "margin_caps": "margin",
}
_WORDS = {"category": "category", "margin": "margin class", "sku": "SKU"}


@dataclass(frozen=True, slots=True)
class NamedGoods:
    """One name, and the JSON pointer to it."""

    kind: str  # category, margin or sku
    name: str
    path: str


def goods_named(document: Mapping[str, Any]) -> tuple[NamedGoods, ...]:
    """Return every name of goods in a document that can be read."""
    return tuple(_found(document))


def unknown_goods(
    named: Collection[NamedGoods], summary: CatalogueSummary, skus: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Return a fault (JSON pointer, words) for each name the catalogue lacks."""
    known = {"category": set(summary.categories), "margin": set(summary.margins), "sku": skus}
    return tuple(
        (one.path, f"the catalogue has no {_WORDS[one.kind]} {one.name!r}")
        for one in named
        if one.name not in known[one.kind]
    )


def _found(document: Mapping[str, Any]) -> Iterator[NamedGoods]:
    for key, kind in _TABLES.items():
        for name in document.get(key) or ():
            if name != DEFAULT_CATEGORY:
                yield NamedGoods(kind, name, f"/{key}/{_escaped(name)}")
    stamps = document.get("stamps")
    if stamps:
        yield NamedGoods("category", stamps["category"], "/stamps/category")
    excluded = document.get("excluded")
    if excluded:
        yield from _of_part(excluded, "/excluded")
    for key, value in document.items():
        parts = value if isinstance(value, list) else []  # bundles, promotions and the like
        for position, part in enumerate(parts):
            if isinstance(part, Mapping):
                yield from _of_part(part, f"/{key}/{position}")


def _of_part(part: Mapping[str, Any], path: str) -> Iterator[NamedGoods]:
    for key, kind in _LISTS.items():
        value = part.get(key)
        if isinstance(value, Mapping):  # SKU → units
            for name in value:
                yield NamedGoods(kind, name, f"{path}/{key}/{_escaped(name)}")
        for position, name in enumerate(value if isinstance(value, list) else ()):
            yield NamedGoods(kind, name, f"{path}/{key}/{position}")


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
