"""A draw's public page: what it tells when, in both languages, and whom it never names."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.draws import DrawState, EntryRule, Per
from chalicelib.web.draw_page import WINNERS_SHOWN_MAX
from chalicelib.web.draw_words import DRAW_WORDS
from passes.wording import Language
from tests.builders import TODAY
from tests.web.draw_sample import CLOSED, DRAWN, OPEN, SEED, WINNERS, draw_html

BLANKS = re.compile(r"\{\w+\}")


def text(html: str) -> str:
    """Return what a reader sees."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def test_both_languages_have_the_same_words_and_blanks_and_none_shouts() -> None:
    russian, english = (
        {name: set(BLANKS.findall(word)) for name, word in words.items()}
        for words in DRAW_WORDS.values()
    )

    assert russian == english
    assert not [word for words in DRAW_WORDS.values() for word in words.values() if "!" in word]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_hashes_are_shown_as_they_come_and_the_seed_at_last(language: Language) -> None:
    opened, closed, drawn = (
        draw_html(OPEN, language),
        draw_html(CLOSED, language),
        draw_html(DRAWN, language, WINNERS),
    )

    assert all(OPEN.commitment in html for html in (opened, closed, drawn))
    assert ["ab" * 32 in html for html in (opened, closed, drawn)] == [False, True, True]
    assert [SEED.hex() in html for html in (opened, closed, drawn)] == [False, False, True]
    assert ["IMOEX 2789.14" in html for html in (opened, closed, drawn)] == [False, False, True]


def test_a_text_that_is_settled_is_not_shown_before_the_seed_is() -> None:
    drawing = replace(CLOSED, state=DrawState.DRAWING, public_text="IMOEX", drawn_at=None)

    html = draw_html(drawing, "en")

    assert "IMOEX" not in html
    assert "The winners are being picked." in text(html)


def test_before_its_first_day_a_draw_is_not_said_to_be_on() -> None:
    later = replace(OPEN, opens=TODAY + timedelta(days=1), closes=TODAY + timedelta(days=9))

    coming, begun = text(draw_html(later, "en")), text(draw_html(OPEN, "en"))

    assert "The draw begins on" in coming
    assert "The draw is on." not in coming
    assert "The draw is on." in begun


def test_the_files_are_those_that_there_are() -> None:
    names = [
        re.findall(r'href="/d/roastery/drw_1/([^"]+)"', draw_html(draw, "en", WINNERS))
        for draw in (OPEN, CLOSED, DRAWN)
    ]

    entries = ["entries-1.csv", "entries-2.csv"]
    assert names[0] == ["draw.json"]
    assert names[1] == ["draw.json", *entries]
    assert names[2] == ["draw.json", *entries, "winners.csv", "check.py"]


def test_winners_are_named_by_pseudonym_alone_the_first_thousand_of_them() -> None:
    html = draw_html(DRAWN, "en", WINNERS)

    assert len(re.findall(r"\d{4}-AAAA-AAAA", html)) == WINNERS_SHOWN_MAX
    assert "mem_" not in html
    assert "These are the first 1,000. The file has all." in text(html)


def test_a_draw_without_entries_says_so() -> None:
    empty = replace(DRAWN, winners=0)

    assert "Nobody took part." in text(draw_html(empty, "en"))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (EntryRule(), "Buy with your card in the days of the draw: one entry per member."),
        (EntryRule(Per.AMOUNT, 10_000), "One entry for every full RUB 100 bought"),
        (EntryRule(Per.POINTS, 50), "One entry for every full 50 points earned"),
        (EntryRule(min_total_minor=50_000), "Those take part who have bought for RUB 500"),
        (EntryRule(Per.POINTS, 1, member_max=1), "Entries of one member: at most 1."),
    ],
)
def test_what_gives_an_entry_is_said(rule: EntryRule, said: str) -> None:
    assert said in text(draw_html(replace(OPEN, rule=rule), "en"))


def test_a_prize_that_is_markup_stays_text() -> None:
    html = draw_html(replace(OPEN, title="<script>alert(1)</script>"), "en")

    assert "<script>alert" not in html


def test_a_draw_of_one_day_names_it_once() -> None:
    one_day, more = replace(OPEN, closes=OPEN.opens), OPEN

    assert " – " not in text(draw_html(one_day, "en")).partition("Prizes")[0]
    assert " – " in text(draw_html(more, "en")).partition("Prizes")[0]
