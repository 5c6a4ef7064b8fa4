"""What a reader takes on the edges of what it allows, and what it says of the rest."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum
from typing import Any

import pytest

from chalicelib.domain.document_reader import NAMES_MAX, TEXT_LENGTH_MAX, Reader

LONGEST = "x" * TEXT_LENGTH_MAX


class Taste(StrEnum):
    """Of coffee."""

    SOUR = "sour"
    SWEET = "sweet"


def units(inner: Reader, name: str) -> int:
    return inner.whole(name, 0, maximum=9)


@pytest.mark.parametrize(
    ("value", "take", "taken"),
    [
        (LONGEST, lambda r: r.text("a"), LONGEST),
        ("sweet", lambda r: r.choice("a", Taste, Taste.SOUR), Taste.SWEET),
        (9, lambda r: r.whole("a", 0, maximum=9), 9),
        (100, lambda r: r.percent("a"), 1_000_000),
        ("1.05", lambda r: r.money("a", 2), 105),
        (1.5, lambda r: r.decimal("a", 6, maximum=2_000_000), 1_500_000),
        ("2026-12-31", lambda r: r.day("a"), date(2026, 12, 31)),
        ([LONGEST, "b"], lambda r: r.names("a", maximum=2), frozenset([LONGEST, "b"])),
        ([{"b": 1}, {"b": 2}], lambda r: [one.whole("b", 0, maximum=2) for one in
                                         r.each("a", maximum=2)], [1, 2]),
        ({f"n{n}": 1 for n in range(NAMES_MAX)}, lambda r: len(r.named("a", units)), NAMES_MAX),
    ],
)  # fmt: skip
def test_what_is_on_the_edge_is_taken_and_known(
    value: Any, take: Callable[[Reader], Any], taken: Any
) -> None:
    reader = Reader({"a": value})

    found = take(reader)
    reader.refuse_unread()

    assert (found, reader.faults) == (taken, [])


@pytest.mark.parametrize(
    ("value", "take", "words", "instead"),
    [
        (LONGEST + "x", lambda r: r.text("a"), "must be a text of 1 to 200 characters", ""),
        ("salt", lambda r: r.choice("a", Taste, Taste.SOUR), "must be one of sour, sweet",
         Taste.SOUR),
        (10, lambda r: r.whole("a", 3, minimum=1, maximum=9),
         "must be a whole number from 1 to 9", 3),
        (101, lambda r: r.percent("a"),
         "must be a percentage from 0 to 100 with up to four decimals", 0),
        ("1.005", lambda r: r.money("a", 2),
         'must be an amount like "100.00" with 2 decimals at most', 0),
        ("many", lambda r: r.decimal("a", 6, maximum=9),
         "must be a number with up to 6 decimals", 0),
        ("31.12.2026", lambda r: r.day("a"), "must be a date like 2026-12-31", None),
        (["b", "c", "d"], lambda r: r.names("a", maximum=2), "must be a list of 1 to 2 names",
         frozenset()),
        ([LONGEST + "x"], lambda r: r.names("a", maximum=2), "must be a list of 1 to 2 names",
         frozenset()),
        ([{}, {}, {}], lambda r: list(r.each("a", maximum=2)),
         "must be a list of 1 to 2 objects", []),
        ({f"n{n}": 1 for n in range(NAMES_MAX + 1)}, lambda r: r.named("a", units),
         "has more than 500 names", {}),
        (5, lambda r: r.inner("a").path, "must be an object", "/a"),
    ],
)  # fmt: skip
def test_what_is_beyond_is_told_at_its_place_and_stands_for_nothing(
    value: Any, take: Callable[[Reader], Any], words: str, instead: Any
) -> None:
    reader = Reader({"a": value})

    found = take(reader)

    assert (found, reader.faults) == (instead, [("/a", words)])


def test_a_document_that_is_no_object_is_told_at_the_root() -> None:
    assert Reader([]).faults == [("/", "must be an object")]


def test_an_object_that_is_not_there_is_an_empty_one() -> None:
    reader = Reader({})

    assert (reader.inner("a").object, reader.faults) == ({}, [])


def test_a_field_nobody_asked_for_is_told_by_its_name_a_tilde_and_a_slash_marked() -> None:
    reader = Reader({"b": {}, "a~/": 1})
    reader.inner("b")

    reader.refuse_unread()

    assert reader.faults == [("/a~0~1", "is not a known field")]
