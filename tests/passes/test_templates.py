"""The ready designs: complete, legible, small, and drawn by the code beside them."""

import io
import json
from importlib.resources import files

import pytest
from PIL import Image, ImageChops, ImageStat

from chalicelib.domain.colours import CONTRAST_MIN, contrast, read_colour
from chalicelib.domain.design_document import read_design
from chalicelib.domain.pass_images import (
    PASS_BYTES_WANTED,
    SCALES,
    SHAPES,
    Artwork,
    ImageUse,
    pass_file_name,
    pass_file_names,
)
from chalicelib.domain.program_document import read_program
from chalicelib.domain.templates import NAMES, template
from passes.templates import TemplateDesign, template_design
from passes.templates.draw import draw

REST_OF_A_PASS_BYTES = 9_000  # texts in two languages, signature and directory
EDGES_MEAN_MAX, SPREAD_MAX = 6, 45  # of a quiet left third, in 256ths of white

every_template = pytest.mark.parametrize("name", NAMES)


def design_of(name: str) -> TemplateDesign:
    """Return the design of a template that has one."""
    found = template_design(name)
    assert found is not None
    return found


def artwork_of(name: str, use: ImageUse) -> Artwork:
    """Return the images of a use."""
    return next(one for one in design_of(name).artworks if one.use is use)


def picture(png: bytes) -> Image.Image:
    """Return a PNG's pixels."""
    return Image.open(io.BytesIO(png)).convert("RGBA")


@every_template
def test_every_program_template_has_a_design_its_program_can_publish(name: str) -> None:
    begun = template(name)
    assert begun is not None

    design = read_design(design_of(name).document, 1, program=read_program(begun.document, 1))

    assert all((design.logo, design.strip, design.icon))
    assert len(design.program_name or str(begun.document["title"])) <= 20


@every_template
def test_the_images_have_the_sizes_of_both_wallets(name: str) -> None:
    for use in ImageUse:
        shape, sizes = SHAPES[use], {}
        for one in artwork_of(name, use).files:
            sizes[one.name] = picture(one.content).size
            assert (one.width, one.height) == sizes[one.name]

        assert sizes.pop(shape.google_name) == shape.google_pixels
        widest, tallest = shape.points
        for scale in SCALES:
            width, height = sizes[pass_file_name(use, scale)]
            assert height == tallest * scale
            assert width == widest * scale or (use is ImageUse.LOGO and width == height)


@every_template
def test_a_pass_with_the_images_has_at_most_forty_kilobytes(name: str) -> None:
    sizes = [
        len(one.content)
        for use in ImageUse
        for one in artwork_of(name, use).files
        if one.name in pass_file_names(use)
    ]

    assert len(sizes) == 9
    assert sum(sizes) + REST_OF_A_PASS_BYTES <= PASS_BYTES_WANTED


@every_template
def test_every_image_has_a_palette(name: str) -> None:
    kinds = {one.content[25] for use in ImageUse for one in artwork_of(name, use).files}

    assert kinds == {3}


@every_template
def test_the_number_can_be_read_on_the_left_third_of_the_strip(name: str) -> None:
    design = read_design(design_of(name).document)
    strip = picture(artwork_of(name, ImageUse.STRIP).files[0].content).convert("RGB")
    third = strip.crop((0, 0, strip.width // 3, strip.height))
    assert design.colours is not None

    for colours in (design.colours, *design.tier_colours.values()):
        ink = read_colour(colours.foreground)
        assert ink is not None
        worst = min(contrast(ink, pixel) for _, pixel in third.getcolors(third.size[0] * 123))
        assert worst >= CONTRAST_MIN
    grey = third.convert("L")
    moved = grey.crop((1, 0, grey.width, grey.height))
    edges = ImageChops.difference(moved, grey.crop((0, 0, grey.width - 1, grey.height)))
    assert ImageStat.Stat(grey).stddev[0] <= SPREAD_MAX
    assert ImageStat.Stat(edges).mean[0] <= EDGES_MEAN_MAX


@every_template
def test_the_logo_is_clear_around_and_the_icon_is_not(name: str) -> None:
    logo = picture(artwork_of(name, ImageUse.LOGO).files[2].content).getchannel("A")
    icon = picture(artwork_of(name, ImageUse.ICON).files[2].content).getchannel("A")

    assert logo.getpixel((0, 0)) == 0
    assert logo.getextrema() == (0, 255)
    assert icon.getextrema() == (255, 255)


@every_template
def test_googles_circle_cuts_nothing_off_the_mark(name: str) -> None:
    logo = picture(artwork_of(name, ImageUse.LOGO).files[-1].content).convert("RGB")
    ground = logo.getpixel((0, 0))
    radius = logo.width / 2

    beyond = {
        logo.getpixel((x, y))
        for x in range(0, logo.width, 6)
        for y in range(0, logo.height, 6)
        if (x - radius) ** 2 + (y - radius) ** 2 > (radius * 0.92) ** 2
    }

    assert beyond == {ground}


@every_template
def test_drawing_again_gives_the_same_pictures(name: str) -> None:
    drawn = draw(name)
    kept = files("passes.templates").joinpath(name)
    names = {one.name for one in kept.iterdir()} - {"design.json"}

    assert drawn.keys() == names
    for file_name, png in drawn.items():
        same = picture(png).tobytes() == picture((kept / file_name).read_bytes()).tobytes()
        assert same, f"{name}/{file_name}: python -m passes.templates.draw {name}"


def test_no_design_is_another_ones() -> None:
    strips = {artwork_of(name, ImageUse.STRIP).image_id for name in NAMES}

    assert len(strips) == len(NAMES)


def test_a_name_that_is_no_template_has_no_design() -> None:
    assert template_design("../bakery") is None
    assert template_design("") is None


@every_template
def test_a_document_is_written_as_people_read_it(name: str) -> None:
    text = files("passes.templates").joinpath(name, "design.json").read_text("utf-8")

    assert "\\u" not in text
    assert {"logo", "strip", "icon"}.isdisjoint(json.loads(text))
