"""Looks: colours in one file and readable, few sizes, nothing inline; hashed file names."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.colours import contrast
from chalicelib.web.assets import FOLDER, asset_file, asset_path
from chalicelib.web.card_page import platform_of
from chalicelib.web.qr import symbol
from chalicelib.web.rendering import TEMPLATES
from chalicelib.web.theme import TOKENS, theme_file, theme_path, token
from tests.web.sample import pages

SIZES = {"12", "14", "16", "20", "28", "44"}
SPACES = {0, 4, 8, 12, 16, 24, 32, 48}
SURFACES = ("surface-0", "surface-1", "surface-2")
SPOKEN = ("text-1", "text-2", "accent")
STATUSES = ("success", "warning", "danger", "info")
SITE = (FOLDER / "site.css").read_text(encoding="utf-8")
CSS = SITE + (FOLDER / "card.css").read_text(encoding="utf-8")
TILL = [
    (FOLDER / name).read_text(encoding="utf-8")
    for name in ("till.css", "till_sale.css", "till_desk.css")
]
SHEETS = [pytest.param(CSS, id="site"), pytest.param("".join(TILL), id="till")]
RAW_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch|lab)a?\(")


def test_only_the_token_file_holds_raw_colours() -> None:
    texts = {
        path.name: path.read_text(encoding="utf-8")
        for path in [*own_files(), *TEMPLATES.rglob("*.html"), *FOLDER.parent.glob("*.py")]
    }

    holders = {name for name, text in texts.items() if RAW_COLOUR.search(text)}

    assert holders == {"tokens.css"}


def test_a_theme_changes_colours_and_nothing_else() -> None:
    themed, _ = theme_file(theme_path("#7a3b12").removeprefix("/theme/")) or ("", "")
    pages = [*own_files(), *TEMPLATES.rglob("*.html")]
    sheets = {path.name: path.read_text(encoding="utf-8") for path in pages}
    sheets["of a merchant"] = themed

    night = {
        name: text.partition("prefers-color-scheme: dark")[2]
        for name, text in sheets.items()
        if "prefers-color-scheme" in text
    }
    changed = set(re.findall(r"([\w-]+): ", "".join(night.values())))

    assert night.keys() == {"tokens.css", "of a merchant"}
    assert changed >= {"--text-1", "--on-accent"}
    assert not [one for one in changed if not re.match(r"--(?!size|radius)[a-z]", one)]


@pytest.mark.parametrize("css", SHEETS)
def test_every_token_that_is_used_exists(css: str) -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", css))
    known = set(re.findall(r"--([\w-]+):", TOKENS.read_text(encoding="utf-8")))

    assert used <= known


@pytest.mark.parametrize("is_dark", [False, True])
def test_every_text_colour_can_be_read_on_every_surface(is_dark: bool) -> None:
    pairs = [(text, surface) for text in SPOKEN for surface in SURFACES]
    pairs += [(status, surface) for status in STATUSES for surface in SURFACES[:2]]

    poor = [pair for pair in pairs if contrast(*(rgb(name, is_dark) for name in pair)) < 4.5]

    assert not poor


@pytest.mark.parametrize("css", SHEETS)
def test_sizes_weights_and_spaces_are_those_of_the_scale(css: str) -> None:
    sizes = re.findall(r"font-size: ([^;]+);|font: [^;/]+ (var[^/]+)/", css)
    weights = re.findall(r"font-weight: ([^;]+);", css)
    spaces = re.findall(r"(?:padding|margin|gap)[\w-]*: ([^;]+);", css)
    pixels = {int(px) for space in spaces for px in re.findall(r"(\d+)px", space)}

    found = {re.sub(r"var\(--size-(\d+)\)", r"\1", one or other) for one, other in sizes}
    # 15vw: seven digits fit a phone whose reader has doubled the text.
    assert found - {"min(44, 15vw)"} <= SIZES
    assert set(weights) <= {"var(--regular)", "var(--semibold)", "var(--bold)"}
    # 1: what is unseen; 224, 240, 464: half of the columns that heads are in line with;
    # 360: the keys and the button that a phone's till keeps below all else; 440: with what
    # comes of the sale above them.
    assert pixels - {1, 224, 240, 360, 440, 464} <= SPACES


@pytest.mark.parametrize("name", sorted(pages()))
def test_nothing_in_a_page_needs_a_weaker_policy(name: str) -> None:
    html = pages()[name]

    assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", html)
    assert all("src=" in script for script in re.findall(r"<script[^>]*>", html))


@given(st.integers(0, 0xFFFFFF))
def test_any_accent_can_be_read_by_day_and_by_night(number: int) -> None:
    path = theme_path(f"#{number:06x}")

    content, kind = theme_file(path.removeprefix("/theme/")) or ("", "")

    day, night = content.split("@media")
    colours = dict(re.findall(r"--([\w-]+): (#\w{6});", day))
    dark = dict(re.findall(r"--([\w-]+): (#\w{6});", night))
    assert kind == "css"
    assert contrast(read(colours["pass"]), read(colours["on-pass"])) >= 4.5
    assert contrast(read(colours["accent"]), read(colours["on-accent"])) >= 4.5
    assert contrast(read(dark["accent"]), read(dark["on-accent"])) >= 4.5
    for surface in SURFACES:
        assert contrast(read(colours["accent"]), rgb(surface, False)) >= 4.5
        assert contrast(read(dark["accent"]), rgb(surface, True)) >= 4.5


def test_an_accent_that_is_no_colour_becomes_our_own() -> None:
    assert theme_path("red;}") == theme_path(token("accent"))


@pytest.mark.parametrize("name", ["../tokens.css", "7a3b12.css", "7a3b12-00000000.js", ""])
def test_a_theme_with_another_name_is_none(name: str) -> None:
    assert theme_file(name) is None


def test_a_file_is_found_by_its_hashed_name_alone() -> None:
    path = asset_path("site.css").removeprefix("/static/")

    found = asset_file(path)

    assert found is not None
    assert found.content.decode() == SITE
    for other in ("site.css", "site-00000000.css", "../web/pages.py", "", "."):
        assert asset_file(other) is None


def test_a_code_takes_the_smallest_symbol_and_one_path() -> None:
    made = symbol("L17Q2M8K4D9XAB")

    assert made.size == 21
    assert made.path.startswith("M0,0H1V1H0z")


@pytest.mark.parametrize(
    ("browser", "platform"),
    [
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)", "apple"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)", "apple"),
        ("Mozilla/5.0 (Linux; Android 15; Pixel 9)", "android"),
        ("Mozilla/5.0 (X11; Linux x86_64)", "other"),
        ("", "other"),
    ],
)
def test_a_wallet_is_offered_where_it_lives(browser: str, platform: str) -> None:
    assert platform_of(browser) == platform


def own_files() -> list[Path]:
    """Return the texts of `static/` that are ours, not vendored."""
    found = [path for path in FOLDER.rglob("*") if path.suffix in {".css", ".js", ".svg"}]
    return [path for path in found if FOLDER / "vendor" not in path.parents]


def rgb(name: str, is_dark: bool) -> tuple[int, int, int]:
    return read(token(name, is_dark=is_dark))


def read(text: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(text[1:])
    return red, green, blue
