"""Draws on the edges: how many prizes there may be, and refusals in words."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import repeat

import pytest

from chalicelib.domain.draw_picks import TRIES_MAX, fair
from chalicelib.domain.draws import (
    PRIZES_MAX,
    Draw,
    DrawRefused,
    DrawState,
    Prize,
    Total,
    announce,
    begin_close,
    begin_draw,
)
from tests.builders import NOON
from tests.domain.test_draws import CLOSED, CLOSES, DRAW, OPENS

LATE = OPENS + timedelta(days=401)
BEGUN = begin_draw(CLOSED, "text", at=NOON)


def prizes(count: int) -> Draw:
    return replace(DRAW, prizes=(Prize("A bicycle", 1), Prize("Points", count - 1, 50)))


def test_a_draw_has_so_many_prizes_at_most_all_kinds_together() -> None:
    assert announce(prizes(PRIZES_MAX), on=OPENS) == prizes(PRIZES_MAX)
    with pytest.raises(DrawRefused, match=r"^a draw has at most 10000 prizes$") as refused:
        announce(prizes(PRIZES_MAX + 1), on=OPENS)
    assert refused.value.facts == {"reason": "too_many_prizes"}


@pytest.mark.parametrize(
    ("decide", "words"),
    [
        (
            lambda: announce(replace(DRAW, closes=OPENS - timedelta(days=1)), on=OPENS),
            "a draw lasts from 1 to 366 days",
        ),
        (
            lambda: announce(DRAW, on=CLOSES + timedelta(days=1)),
            "a draw is announced before it is over",
        ),
        (
            lambda: begin_close(DRAW, on=CLOSES, at=NOON),
            "the draw can be closed after 2026-06-30",
        ),
        (
            lambda: begin_close(DRAW, on=LATE, at=NOON),
            "the first receipts of the draw are no longer listed",
        ),
        (
            lambda: begin_draw(DRAW, "text", at=NOON),
            "close the draw first: its entries are not listed",
        ),
        (
            lambda: begin_draw(BEGUN, "other", at=NOON),
            "the draw was made with another public text",
        ),
    ],
)
def test_a_refusal_says_what_is_wrong(decide: Callable[[], Draw], words: str) -> None:
    with pytest.raises(DrawRefused, match=f"^{re.escape(words)}$"):
        decide()


def test_a_draw_that_begins_keeps_its_text_and_its_moment() -> None:
    begun = begin_draw(CLOSED, "text", at=NOON)

    assert (begun.state, begun.public_text) == (DrawState.DRAWING, "text")
    assert begun.drawn_at == NOON


def test_a_place_beyond_the_prizes_is_no_place() -> None:
    with pytest.raises(ValueError, match=r"^no such place$"):
        DRAW.prize_of(4)


def test_totals_of_several_receipts_add_up() -> None:
    assert Total(1_000, 7) + Total(-200, 3) == Total(800, 10)


def test_numbers_that_never_fit_end_in_a_fault_and_not_in_an_endless_search() -> None:
    numbers = repeat(7, TRIES_MAX + 1)

    with pytest.raises(AssertionError, match=r"^numbers drawn at random do not do this$"):
        fair(3, numbers, space=8)

    assert next(numbers) == 7
