"""The office's stylesheet: the scale's sizes and spaces, known tokens, readable colours."""

import re

import pytest

from chalicelib.domain.colours import CONTRAST_MIN, contrast, read_colour
from chalicelib.web.assets import FOLDER
from chalicelib.web.rendering import TEMPLATES
from chalicelib.web.theme import TOKENS, token

CSS = (FOLDER / "admin.css").read_text(encoding="utf-8")
SIZES = {"12", "14", "16", "20", "28", "44"}
SPACES = {0, 4, 8, 12, 16, 24, 32, 48}
UNSEEN = {1, 72}  # what is unseen; the room of the tabs at the bottom
SURFACES = ("surface-0", "surface-1", "surface-2")


def colour(name: str, is_dark: bool) -> tuple[int, int, int]:
    found = read_colour(token(name, is_dark=is_dark))
    assert found, name
    return found


def test_sizes_weights_radii_and_spaces_are_those_of_the_scale() -> None:
    sizes = set(re.findall(r"var\(--size-(\d+)\)", CSS))
    raw = re.findall(r"font-size: (?!var)[^;]+;", CSS)
    weights = set(re.findall(r"font-weight: ([^;]+);", CSS))
    radii = re.findall(r"border-radius: (?!var|50%)([^;]+);", CSS)
    spaces = re.findall(r"(?:padding|margin|gap)[\w-]*: ([^;]+);", CSS)
    pixels = {int(px) for space in spaces for px in re.findall(r"(\d+)px", space)}

    assert sizes <= SIZES
    assert raw == []
    assert weights <= {"var(--regular)", "var(--semibold)", "var(--bold)"}
    assert set(radii) <= {"4px"}  # half of a bar's height
    assert pixels - UNSEEN <= SPACES


def test_every_token_that_is_used_exists() -> None:
    used = set(re.findall(r"var\(--([\w-]+)\)", CSS))
    known = set(re.findall(r"--([\w-]+):", TOKENS.read_text(encoding="utf-8")))

    assert used <= known


@pytest.mark.parametrize("is_dark", [False, True])
def test_the_houses_colour_can_be_read_by_day_and_by_night(is_dark: bool) -> None:
    grounds = [(surface, "house") for surface in SURFACES] + [("house", "on-house")]

    poor = [
        pair
        for pair in grounds
        if contrast(colour(pair[0], is_dark), colour(pair[1], is_dark)) < CONTRAST_MIN
    ]

    assert poor == []


def test_every_class_of_a_template_is_known_to_a_stylesheet() -> None:
    known = set(re.findall(r"\.([a-z][\w-]*)", CSS))
    texts = [path.read_text(encoding="utf-8") for path in TEMPLATES.glob("admin/*.html")]
    plain = {
        name
        for text in texts
        for value in re.findall(r'class="([^"{]*)"', text)
        for name in value.split()
    }

    assert plain - known <= {"screen", "primary", "mono", "picks", "number", "digits"}


def test_every_form_carries_its_token_and_its_key() -> None:
    for path in TEMPLATES.glob("admin/*.html"):
        text = path.read_text(encoding="utf-8")
        forms = re.findall(r'<form[^>]*method="post".*?</form>', text, re.S)

        assert all("parts.hidden(csrf, key)" in form for form in forms), path.name


def test_nothing_in_a_template_needs_a_weaker_policy() -> None:
    for path in TEMPLATES.glob("admin/*.html"):
        text = path.read_text(encoding="utf-8")

        assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:|hx-on", text), path.name
        assert all("src=" in script for script in re.findall(r"<script[^>]*>", text))
