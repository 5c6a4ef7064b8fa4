"""Previews of both cards: what stands on them, and that no text of a stranger is code."""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from chalicelib.domain.pass_designs import Symbology
from passes.preview_apple import apple_preview
from passes.preview_google import google_preview
from passes.preview_parts import Letters, fitted, measured
from passes.symbols import symbol
from tests.passes.previews import (
    CODE,
    CODE_TEXT,
    apple_svg,
    field,
    google_class,
    google_object,
    google_svg,
    pass_json,
)

SVG = "{http://www.w3.org/2000/svg}"
EVIL = "<script>alert(1)</script>\"'&]]>\x00\x1b\ud800"
DRAWN = {
    "apple": lambda: apple_svg(pass_json()),
    "google": lambda: google_svg(google_class(), google_object()),
}

both_wallets = pytest.mark.parametrize("drawn", DRAWN.values(), ids=DRAWN)


def texts(svg: str) -> list[str]:
    """Return the texts on a card, from the top."""
    return [one.text or "" for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def evil_card(wallet: str) -> str:
    """Draw a card on which every text is an attack."""
    if wallet == "google":
        of_class = google_class(issuerName=EVIL, programName=EVIL)
        points = {"label": EVIL, "balance": {"string": EVIL}}
        return google_svg(of_class, google_object(loyaltyPoints=points))
    rows = ("primaryFields", "headerFields", "secondaryFields", "auxiliaryFields")
    content = pass_json(logoText=EVIL, storeCard={row: [field(EVIL, EVIL)] for row in rows})
    content["barcodes"][0]["altText"] = EVIL
    return apple_svg(content)


def test_an_apple_card_shows_what_the_pass_says() -> None:
    assert texts(apple_svg(pass_json())) == [
        "УРОВЕНЬ",
        "Серебро",
        "Узор Бонус",
        "12\u00a0480",
        "баллов",
        "УЧАСТНИК",
        "Елена К.",
        "СГОРЯТ 31 ДЕК.",
        "120",
        CODE_TEXT,
    ]


def test_a_google_card_shows_what_its_class_and_object_say() -> None:
    assert texts(google_svg(google_class(), google_object())) == [
        "Пекарня «Узор»",
        "Узор Бонус",
        "Баллы",
        "12\u00a0480",
        "Уровень",
        "Серебро",
        CODE_TEXT,
    ]


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert "12,480" in texts(apple_svg(pass_json(), "en"))
    assert "12,480" in texts(google_svg(google_class(), google_object(), "en"))


@pytest.mark.parametrize("symbology", Symbology)
def test_the_code_is_the_members_own_in_the_symbol_of_the_design(symbology: Symbology) -> None:
    path = symbol(CODE, symbology).path

    assert path in apple_svg(pass_json(symbology))
    assert path in google_svg(google_class(), google_object(symbology))


def test_a_rotating_code_is_drawn_with_noughts_for_the_phones_digits() -> None:
    rotating = {
        "type": "QR_CODE",
        "valuePattern": "L27Q2M8K4D9XAB{totp_value_0}",
        "alternateText": CODE_TEXT,
    }
    made = google_object(rotatingBarcode=rotating)
    del made["barcode"]

    svg = google_svg(google_class(), made)

    assert symbol("L27Q2M8K4D9XAB000000", Symbology.QR).path in svg


@both_wallets
def test_a_preview_says_aloud_what_it_shows(drawn: Callable[[], str]) -> None:
    root = ElementTree.fromstring(drawn())
    title, about = root.find(f"{SVG}title"), root.find(f"{SVG}desc")

    assert root.get("role") == "img"
    assert title is not None
    assert about is not None
    assert root.get("aria-labelledby") == f"{title.get('id')} {about.get('id')}"
    assert "12\u00a0480" in (about.text or "")


@both_wallets
def test_a_preview_fetches_nothing_and_runs_nothing(drawn: Callable[[], str]) -> None:
    root = ElementTree.fromstring(drawn())
    names = {one.tag.removeprefix(SVG) for one in root.iter()}
    attributes = [(name, value) for one in root.iter() for name, value in one.attrib.items()]

    assert names <= {
        "svg", "title", "desc", "clipPath", "rect", "g", "image", "text", "path", "circle",
    }  # fmt: skip
    assert not [name for name, _ in attributes if name.startswith("on") or name == "style"]
    sources = [value for name, value in attributes if name.endswith("href")]
    assert sources
    assert all(value.startswith("data:image/png;base64,") for value in sources)


@pytest.mark.parametrize("wallet", DRAWN)
def test_no_name_becomes_markup_or_breaks_the_picture(wallet: str) -> None:
    svg = evil_card(wallet)

    root = ElementTree.fromstring(svg.encode())
    assert "<script" not in svg.lower()
    assert root.find(f".//{SVG}script") is None
    assert any(text.lower().startswith("<script") for text in texts(svg))


def test_two_cards_on_one_page_share_no_ids() -> None:
    found = [set(re.findall(r' id="([^"]+)"', drawn())) for drawn in DRAWN.values()]

    assert found[0].isdisjoint(found[1])


def test_a_long_name_ends_in_an_ellipsis() -> None:
    name = "Константин Константинопольский-Задунайский"
    fields = {"secondaryFields": [field("Участник", name), field("Сгорят", 120)]}

    shown = texts(apple_svg(pass_json(storeCard=fields)))

    assert name not in shown
    assert [text for text in shown if text.endswith("…") and name.startswith(text[:-1])]


@pytest.mark.parametrize("room", [0, 1, 20, 90, 1_000])
def test_a_fitted_text_is_never_wider_than_its_room(room: int) -> None:
    letters = Letters(17, "#000000", 600)

    for words in ("Ж" * 500, "i" * 500, "слово " * 90, "", " ", "😀😀😀😀"):
        assert measured(fitted(words, room, letters), letters) <= room


def test_a_voided_pass_has_no_code() -> None:
    content = pass_json()
    del content["barcodes"]
    made = google_object()
    del made["barcode"]

    assert CODE_TEXT not in texts(apple_svg(content))
    assert CODE_TEXT not in texts(google_svg(google_class(), made))


@pytest.mark.parametrize(("ground", "ink"), [("#fbf3e4", "#202124"), ("#12161f", "#ffffff")])
def test_googles_text_stands_out_from_the_ground(ground: str, ink: str) -> None:
    svg = google_svg(google_class(hexBackgroundColor=ground), google_object())

    fills = {one.get("fill") for one in ElementTree.fromstring(svg).iter(f"{SVG}text")}

    assert fills - {"#1d1d1f"} == {ink}  # the code's text is always on white


def test_a_card_without_images_is_drawn_all_the_same() -> None:
    bare: dict[str, Any] = {"language": "en", "title": "Card"}

    apple = apple_preview(pass_json(), {}, **bare)
    google = google_preview(google_class(), google_object(), logo=None, hero=None, **bare)

    assert "<image" not in apple + google
    assert CODE_TEXT in texts(apple) + texts(google)
