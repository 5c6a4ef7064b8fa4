"""The words of a card."""

from dataclasses import fields
from datetime import date

import pytest

from passes.wording import (
    WORDINGS,
    Language,
    day_text,
    expiry_text,
    number_text,
    points_text,
    short_day_text,
)


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (0, "0 баллов"),
        (1, "1 балл"),
        (2, "2 балла"),
        (4, "4 балла"),
        (5, "5 баллов"),
        (11, "11 баллов"),
        (14, "14 баллов"),
        (21, "21 балл"),
        (22, "22 балла"),
        (111, "111 баллов"),
        (1001, "1 001 балл"),
        (12_345_672, "12 345 672 балла"),
    ],
)
def test_russian_points_have_their_noun(points: int, text: str) -> None:
    assert points_text(points, "ru") == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("points", "text"),
    [
        (0, "0 points"),
        (1, "1 point"),
        (2, "2 points"),
        (21, "21 points"),
        (1240, "1,240 points"),
    ],
)
def test_english_points_have_their_noun(points: int, text: str) -> None:
    assert points_text(points, "en") == text


@pytest.mark.parametrize(
    ("language", "full", "short"),
    [("ru", "31 декабря 2026 г.", "31 дек."), ("en", "31 December 2026", "31 Dec")],
)
def test_dates_are_written_in_full_and_short(language: Language, full: str, short: str) -> None:
    last_day = date(2026, 12, 31)

    assert day_text(last_day, language) == full
    assert short_day_text(last_day, language) == short


def test_expiring_points_have_their_verb() -> None:
    day = date(2026, 5, 1)

    assert expiry_text(1, day, "ru") == "1\u00a0балл сгорит после 1 мая 2026 г."
    assert expiry_text(3, day, "ru") == "3\u00a0балла сгорят после 1 мая 2026 г."


def test_a_negative_number_keeps_its_groups() -> None:
    assert number_text(-12400, "en") == "-12,400"


@pytest.mark.parametrize(("language", "plural_forms"), [("ru", 3), ("en", 2)])
def test_every_plural_has_all_its_forms(language: Language, plural_forms: int) -> None:
    wording = WORDINGS[language]

    for field in fields(wording):
        value = getattr(wording, field.name)
        expected = 12 if field.name.startswith("months") else plural_forms
        assert value, field.name
        assert isinstance(value, str) or len(value) == expected, field.name
