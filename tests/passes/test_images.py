"""The artwork of a pass, and what is refused."""

import struct
import zlib

import pytest

from chalicelib.domain.pass_designs import DEFAULT_DESIGN, Colours, PassDesign
from passes.artwork import LEVELS, NAMES, coloured
from passes.artwork.draw import SCALES, draw
from passes.images import IMAGES_BYTES_MAX, default_images, images_of, prepare_images
from passes.recent import Recent

SIZES = {"icon": (38, 38), "logo": (50, 50), "strip": (375, 123)}


def _chunks(png: bytes) -> dict[bytes, bytes]:
    """Give the chunks of a PNG by kind; every CRC is checked."""
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    chunks, position = {}, 8
    while position < len(png):
        length, kind = struct.unpack_from(">I4s", png, position)
        body = png[position + 8 : position + 8 + length]
        (crc,) = struct.unpack_from(">I", png, position + 8 + length)
        assert crc == zlib.crc32(kind + body)
        chunks[kind] = body
        position += 12 + length
    return chunks


def test_every_image_is_a_sound_png_of_the_size_apple_wants() -> None:
    images = coloured(background="#7A3B12", foreground="#F4E3CF")

    assert images.keys() == set(NAMES)
    for image, (width, height) in SIZES.items():
        for scale, suffix in SCALES:
            chunks = _chunks(images[f"{image}{suffix}.png"])
            size = struct.unpack_from(">2I", chunks[b"IHDR"])
            assert size == (width * scale, height * scale)
            assert len(zlib.decompress(chunks[b"IDAT"])) == (size[0] + 1) * size[1]


def test_the_palette_runs_from_the_background_to_the_foreground() -> None:
    palette = _chunks(coloured(background="#7A3B12", foreground="#F4E3CF")["strip.png"])[
        b"PLTE"
    ]

    assert palette[:3].hex() == "7a3b12"
    assert palette[-3:].hex() == "f4e3cf"
    assert len(palette) == 3 * LEVELS


def test_the_logo_is_the_foreground_at_growing_opacity() -> None:
    chunks = _chunks(coloured(background="#7A3B12", foreground="#F4E3CF")["logo.png"])

    assert chunks[b"PLTE"] == bytes.fromhex("f4e3cf") * LEVELS
    assert (chunks[b"tRNS"][0], chunks[b"tRNS"][-1]) == (0, 255)


@pytest.mark.parametrize(("scale", "suffix"), SCALES)
def test_the_committed_images_are_what_the_program_draws(scale: int, suffix: str) -> None:
    committed = coloured(background="#0B6E63", foreground="#FFFFFF")

    for name, drawn in draw(scale).items():  # pixels: zlib's versions pack differently
        pixels = zlib.decompress(_chunks(drawn)[b"IDAT"])
        assert pixels == zlib.decompress(_chunks(committed[f"{name}{suffix}.png"])[b"IDAT"])


def test_colours_are_prepared_once() -> None:
    first = default_images(Colours("#7A3B12", "#FFFFFF", "#F4E3CF"))
    second = default_images(Colours("#7A3B12", "#FFFFFF", "#F4E3CF"))

    assert first is second


@pytest.mark.parametrize("colour", ["7A3B12", "#7A3B1", "#7A3B1G", "rgb(1, 2, 3)", "red", ""])
def test_what_is_no_colour_is_refused(colour: str) -> None:
    with pytest.raises(ValueError, match="#RRGGBB"):
        Colours(colour, "#FFFFFF", "#FFFFFF")


def test_images_without_an_icon_is_refused() -> None:
    with pytest.raises(ValueError, match=r"icon@2x\.png"):
        prepare_images({"icon.png": b""})


def test_images_that_are_too_large_is_refused() -> None:
    images = {"icon.png": b"", "icon@2x.png": b"", "strip.png": b"x" * IMAGES_BYTES_MAX + b"x"}

    with pytest.raises(ValueError, match="at most"):
        prepare_images(images)


COLOURS = Colours("#7A3B12", "#FFFFFF", "#F4E3CF")
DEFAULT = dict(default_images(COLOURS).images)


def test_a_design_without_images_has_the_default_artwork() -> None:
    images = images_of(DEFAULT_DESIGN, COLOURS, pytest.fail)

    assert images is default_images(COLOURS)


def test_an_uploaded_image_takes_the_place_of_the_default_in_every_scale() -> None:
    design = PassDesign(strip="img_replaces")

    images = images_of(design, COLOURS, lambda _: {"strip@2x.png": b"theirs"})

    shown = dict(images.images)
    assert shown["strip@2x.png"] == b"theirs"
    assert {"strip.png", "strip@3x.png"}.isdisjoint(shown)
    assert {name: png for name, png in shown.items() if "strip" not in name} == {
        name: png for name, png in DEFAULT.items() if "strip" not in name
    }


def test_uploaded_images_are_asked_for_once() -> None:
    asked: list[str] = []

    def uploaded(image_id: str) -> dict[str, bytes]:
        asked.append(image_id)
        return {"logo.png": b"theirs"}

    for colours in (COLOURS, COLOURS, Colours("#000000", "#FFFFFF", "#EEEEEE")):
        images_of(PassDesign(logo="img_once", version=len(asked)), colours, uploaded)

    assert asked == ["img_once"] * 2  # once for each pair of colours


def test_the_latest_things_are_kept() -> None:
    recent: Recent[str] = Recent(2)

    for key in ("a", "b", "a", "c"):
        recent.keep(key, key.upper())

    assert [recent.get(key) for key in ("a", "b", "c")] == ["A", None, "C"]
