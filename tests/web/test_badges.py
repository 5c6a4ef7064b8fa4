"""The wallets' own buttons: shown as their vendors want, or left aside."""

from pathlib import Path

import pytest

from chalicelib.web import badges
from chalicelib.web.assets import TYPES, Assets
from chalicelib.web.badges import HEIGHT, BadgeRefused, width_of
from tests.web.sample import FULL, card_html, entries

SVG = "http://www.w3.org/2000/svg"
SHAPE = '<rect width="110" height="35" rx="6"/>'


def drawing(inner: str = SHAPE, size: str = 'viewBox="0 0 110 35"', more: str = "") -> bytes:
    return f'{more}<svg xmlns="{SVG}" {size}>{inner}</svg>'.encode()


@pytest.mark.parametrize(
    ("size", "width"),
    [
        ('viewBox="0 0 110 35"', 151),
        ('viewBox="0 0 220.5 70"', 151),
        ('width="199" height="55"', 174),
        ('width="199px" height="55px" viewBox="0 0 110 35"', 151),
    ],
)
def test_a_button_keeps_its_proportions(size: str, width: int) -> None:
    assert width_of(drawing(size=size)) == width
    assert HEIGHT == 48


def test_a_drawing_of_shapes_styles_and_gradients_is_taken() -> None:
    inner = (
        "<style>.a{fill:#fff}</style><defs><linearGradient id='g'><stop offset='1'/>"
        "</linearGradient><clipPath id='c'><path d='M0 0'/></clipPath></defs>"
        f"<g clip-path='url(#c)' fill='url(#g)'>{SHAPE}<use href='#c'/></g>"
    )

    assert width_of(drawing(inner, more="<?xml version='1.0'?><!-- made by hand -->")) == 151


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no drawing",
        b"<html/>",
        b'<svg viewBox="0 0 110 35"/>',  # of no namespace
        drawing("<script>alert(1)</script>"),
        drawing("<foreignObject/>"),
        drawing("<image href='https://evil.example/x.png'/>"),
        drawing("<rect onload='alert(1)'/>"),
        drawing("<use href='https://evil.example/x.svg#a'/>"),
        drawing("<use xmlns:x='http://www.w3.org/1999/xlink' x:href='//evil.example'/>"),
        drawing("<style>@import 'https://evil.example/a.css';</style>"),
        drawing("<rect fill='url(https://evil.example/a.svg)'/>"),
        drawing("<animate attributeName='x'/>"),
        drawing(more='<!DOCTYPE svg [<!ENTITY a "b">]>'),
        drawing(" " * 100_001),
        drawing(size=""),
        drawing(size='viewBox="0 0 0 0"'),
        drawing(size='viewBox="0 0 10 35"'),
        drawing(size='viewBox="0 0 9999 35"'),
    ],
    ids=range(19),
)
def test_what_is_more_than_a_drawing_is_left_aside(content: bytes) -> None:
    with pytest.raises(BadgeRefused):
        width_of(content)


def test_the_card_shows_a_button_in_words_where_there_is_no_other() -> None:
    html = card_html(
        FULL, entries(), "ru", wallet={"url": "/p", "word": "add_apple", "badge": None}
    )

    assert '<a class="button wallet" href="/p">Добавить в Apple Wallet</a>' in html
    assert 'class="official"' not in html


def test_the_card_shows_the_vendors_button_with_its_words_for_who_does_not_see_it() -> None:
    badge = badges.Badge("/static/wallet.apple.ru-0a1b2c3d.svg", 151)
    wallet = {"url": "/p", "word": "add_apple", "badge": badge}

    html = card_html(FULL, entries(), "ru", wallet=wallet)

    assert (
        '<a class="official" href="/p"><img src="/static/wallet.apple.ru-0a1b2c3d.svg"'
        ' alt="Добавить в Apple Wallet" width="151" height="48"></a>'
    ) in html
    assert 'class="button wallet"' not in html


def test_a_file_put_there_has_an_address_of_ours(tmp_path: Path) -> None:
    (tmp_path / "wallet").mkdir()
    (tmp_path / "wallet" / "google.en.svg").write_bytes(drawing())

    found = Assets(tmp_path).path("wallet/google.en.svg")

    assert found.startswith("/static/wallet.google.en-")
    assert TYPES[".svg"] == "image/svg+xml"


def test_no_vendors_button_is_shipped() -> None:
    assert not (badges.FOLDER / "wallet").exists()
    assert badges.badge_of("apple", "ru") is None
    assert badges.badge_of("google", "en") is None
