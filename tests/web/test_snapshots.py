"""The pages in both languages, against the snapshots."""

import pytest

from tests.web.sample import pages
from tests.web.write_snapshots import FOLDER

NAMES = [
    f"{page}.{lang}"
    for page in (
        "join",
        "join-invited",
        "card-full",
        "card-new",
        "rules-all",
        "rules-bakery",
        "draw-open",
        "draw-drawn",
    )
    for lang in ("ru", "en")
]


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_as_in_its_snapshot(name: str) -> None:
    html = pages()[name]

    assert html == (FOLDER / f"{name}.html").read_text(encoding="utf-8")
