"""The page of few words: what happened, and what to do about it."""

import pytest

from chalicelib.web.reading import TROUBLE
from chalicelib.web.rendering import render
from chalicelib.web.wording import WORDS


@pytest.mark.parametrize("language", ["ru", "en"])
def test_trouble_of_a_minute_leads_back_to_the_same_page(language: str) -> None:
    words = WORDS["ru" if language == "ru" else "en"]

    html = render("notice.html", TROUBLE, "ru" if language == "ru" else "en")

    assert f'<a class="button" href="">{words["trouble_go"]}</a>' in html
