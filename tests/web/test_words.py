"""Words: complete in both languages, safe to fill in, bound to their versions."""

import hashlib
import re

import pytest

from chalicelib.api import me, sign_ups  # noqa: F401  registers their endpoints
from chalicelib.api.endpoint import ENDPOINTS
from chalicelib.domain.entries import EntryKind
from chalicelib.web.consents import QUESTIONS
from chalicelib.web.entry_words import ENTRY_TITLES
from chalicelib.web.problem_words import PROBLEM_WORDS
from chalicelib.web.wording import WORDS
from tests.web.sample import FULL, NEW, card_html, entries, entry, join_html

JOINING = {
    "/v1/merchants/{merchant_id}/sign-ups",
    "/v1/sign-ups/{sign_up_id}/verify",
    "/v1/me",
}
# Said together with the details of the member, whatever the reason.
SAID_AS_UNSAVED = {"member_not_found"}
TEXTS = {
    "program-2026-11": "87ce82f3004859d3",
    "advertising-2026-11": "a10539bbda4cf72a",
}


def test_both_languages_have_the_same_words_and_blanks() -> None:
    for ours in (WORDS, PROBLEM_WORDS):
        russian, english = (
            {name: set(re.findall(r"\{\w+\}", str(word))) for name, word in ours[lang].items()}
            for lang in ("ru", "en")
        )

        assert russian == english


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_problem_of_joining_has_its_words(language: str) -> None:
    codes = {
        code
        for one in ENDPOINTS
        if one.path in JOINING and one.method in {"POST", "PATCH"}
        for code in one.problems
    }

    assert codes, "the endpoints are registered"
    assert codes - SAID_AS_UNSAVED <= set(PROBLEM_WORDS[language])


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_kind_of_entry_has_a_title(language: str) -> None:
    assert set(ENTRY_TITLES[language]) == set(EntryKind)


def test_no_word_shouts() -> None:
    for ours in (WORDS, PROBLEM_WORDS):
        for words in ours.values():
            assert not [word for word in words.values() if "!" in str(word)]


def test_a_consent_cannot_change_its_words_without_a_new_version() -> None:
    pinned = {
        question.version: hashlib.sha256((question.ru + question.en).encode()).hexdigest()[:16]
        for question in QUESTIONS
    }

    assert pinned == TEXTS


def test_only_the_program_consent_is_required_and_nothing_is_ticked() -> None:
    html = join_html("en")

    boxes = re.findall(r'<input id="consent-[^>]*>', html)
    assert [" required" in box for box in boxes] == [True, False]
    assert not [box for box in boxes if "checked" in box]


def test_a_name_that_is_markup_stays_text() -> None:
    html = join_html("en", name="<script>alert(1)</script>\"'")

    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;" in html


def test_the_store_of_the_sticker_is_handed_on() -> None:
    html = join_html("en", store="store&7")

    assert "&#34;store&#34;:&#34;store&amp;7&#34;" in html
    assert 'href="?lang=ru&amp;s=store%267"' in html


def test_a_store_that_cannot_be_one_is_left_out() -> None:
    html = join_html("en", store="x" * 65)

    assert "&#34;store&#34;:null" in html


def test_the_card_shows_the_five_latest_entries_and_leads_to_all() -> None:
    bought = entry(EntryKind.PURCHASE, net_minor=100)

    html = card_html(NEW, [bought] * 25, "en")

    assert html.count(">Purchase of RUB\u00a01<") == 5
    assert 'href="/c/token/history"' in html


def test_what_is_earned_redeemed_and_owed_has_its_own_tone() -> None:
    html = card_html(FULL, entries(), "en")

    assert '<b class="amount earned"><span class="unseen">added </span>+44</b>' in html
    assert '<span class="unseen">taken </span>\N{MINUS SIGN}375</b>' in html
    assert (
        '<b class="amount debt"><span class="unseen">owed </span>\N{MINUS SIGN}30</b>' in html
    )
