"""What a card shows beside points: stamps, and a head for programs that give no points."""

import re
from typing import Any

import pytest

from chalicelib.web.card_page import live_view
from tests.builders import account, lot, program
from tests.web.sample import HELD, card_html, view


@pytest.mark.parametrize(
    ("stamps", "words"),
    [(0, "5 more"), (4, "1 more"), (5, "The next one is free"), (9, "next")],
)
def test_a_card_says_how_many_stamps_are_missing(stamps: int, words: str) -> None:
    html = card_html(account(stamps=stamps), (), "en", held=HELD)

    assert words in re.sub(r"<[^>]+>", " ", html)


def test_a_stamp_card_says_what_is_stamped() -> None:
    html = card_html(account(stamps=4), (), "ru", held=HELD)

    assert "Кофе: каждый 6-й бесплатно" in html
    assert "Ещё 1 до бесплатного" in html


def headline(seen: Any, **rules: Any) -> dict[str, str]:
    rules = program(currency="RUB", earn_percent=0, **rules)
    found: dict[str, str] = live_view(view(seen, program=rules), (), (), "en")["headline"]
    return found


def test_a_stamp_card_without_points_is_headed_by_its_stamps() -> None:
    found = headline(account(stamps=4), stamps={"category": "coffee", "every": 6})

    assert (found["figure"], found["noun"]) == ("4 of 6", "stamps")


GROWING = {
    "discount_percent": 3,
    "discount_by_turnover": {"levels": [{"over": "500", "percent": 5}]},
}


@pytest.mark.parametrize(
    ("bought", "stacking", "figure"),
    [(50_000, "best", "3%"), (50_001, "best", "5%"), (50_001, "sum", "8%")],
)
def test_a_discount_card_is_headed_by_what_the_member_has_off(
    bought: int, stacking: str, figure: str
) -> None:
    seen = account(days={"2026-05-01": bought})

    found = headline(seen, **GROWING, stacking={"discounts": stacking})

    assert found == {"figure": figure, "noun": "off", "side": ""}


def test_a_card_of_nothing_that_can_be_counted_is_headed_by_its_program() -> None:
    found = headline(account(), category_discounts={"glass": 10}, title="Ten for glass")

    assert found == {"figure": "", "noun": "", "side": "Ten for glass"}


def test_points_somebody_has_are_shown_whatever_the_program_gives() -> None:
    found = headline(account(lot("prize", 30)), discount_percent=5)

    assert (found["figure"], found["noun"]) == ("30", "points")
