"""Which goods a program names and where, and which of them a catalogue lacks."""

from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.catalogue import CatalogueSummary
from chalicelib.domain.named_goods import NamedGoods, goods_named, unknown_goods

SUMMARY = CatalogueSummary(
    version=1,
    rows=2,
    categories=("coffee", "tea"),
    margins=("low",),
    updated_at=datetime(2026, 6, 1, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("document", "named"),
    [
        ({}, []),
        ({"title": "tea", "stamps": None, "excluded": None, "bundles": None}, []),
        (
            {"stamps": {"category": "tea", "every": 6}},
            [("category", "tea", "/stamps/category")],
        ),
        ({"category_discounts": {"tea": 5}}, [("category", "tea", "/category_discounts/tea")]),
        (
            {"category_rates": {"default": {}, "a/b~c": {}}},
            [("category", "a/b~c", "/category_rates/a~1b~0c")],
        ),
        ({"margin_caps": {"low": 1}}, [("margin", "low", "/margin_caps/low")]),
        (
            {"excluded": {"categories": ["x"], "margins": ["y"], "skus": ["z", "Z"]}},
            [
                ("category", "x", "/excluded/categories/0"),
                ("margin", "y", "/excluded/margins/0"),
                ("sku", "z", "/excluded/skus/0"),
                ("sku", "Z", "/excluded/skus/1"),
            ],
        ),
        (
            {"bundles": ["of a name", {"id": "b", "skus": {"C-1": 1, "C~2": 3}}]},
            [("sku", "C-1", "/bundles/1/skus/C-1"), ("sku", "C~2", "/bundles/1/skus/C~02")],
        ),
        ({"gift_card": {"category": "cards"}, "actions": {"skus": {"points": 1}}}, []),
    ],
)
def test_goods_are_found_where_a_program_names_them(
    document: dict[str, Any], named: list[tuple[str, str, str]]
) -> None:
    assert [(one.kind, one.name, one.path) for one in goods_named(document)] == named


def test_each_kind_of_goods_is_looked_for_among_its_own() -> None:
    named = (
        NamedGoods("category", "low", "/a"),
        NamedGoods("category", "tea", "/b"),
        NamedGoods("margin", "C-1", "/c"),
        NamedGoods("margin", "low", "/d"),
        NamedGoods("sku", "tea", "/e"),
        NamedGoods("sku", "C-1", "/f"),
    )

    faults = unknown_goods(named, SUMMARY, {"C-1"})

    assert faults == (
        ("/a", "the catalogue has no category 'low'"),
        ("/c", "the catalogue has no margin class 'C-1'"),
        ("/e", "the catalogue has no SKU 'tea'"),
    )
