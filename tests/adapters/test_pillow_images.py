"""Uploads become the PNGs of both wallets; whatever else comes is refused, undecoded.

Pictures are made here with a fixed seed: no file of anybody's.
"""

import io
import random
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from chalicelib.adapters.pillow_images import PillowImageMaker
from chalicelib.domain.pass_images import (
    FILES_BYTES_MAX,
    SHAPES,
    Artwork,
    ImageRefused,
    ImageUse,
    ImageWarning,
)

MAKER = PillowImageMaker()
ORIENTATION, ROTATED = 0x0112, 6  # turn by 90° clockwise to see it upright
STRIP_SIZES = {
    "strip.png": (375, 123),
    "strip@2x.png": (750, 246),
    "strip@3x.png": (1125, 369),
    "google-hero.png": (1032, 336),
}
PIXELS_ONLY = {b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"}


def written(image: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **more)
    return buffer.getvalue()


def calm(size: tuple[int, int] = (1125, 432)) -> Image.Image:
    """Return what a strip should be: plain on the left, drawn on the right."""
    image = Image.new("RGB", size, "#7a3b12")
    width, height = size
    box = (width * 3 // 4, height // 4, width * 7 // 8, height * 3 // 4)
    ImageDraw.Draw(image).ellipse(box, fill="#ffe0b0")
    return image


def noise(size: tuple[int, int]) -> Image.Image:
    return Image.frombytes("RGB", size, random.Random(1).randbytes(size[0] * size[1] * 3))


def photograph(size: tuple[int, int] = (1800, 1200)) -> Image.Image:
    """Return soft shapes of many colours, with grain."""
    soft = noise((60, 40)).resize(size, Image.Resampling.BICUBIC)
    return Image.blend(soft, noise(size), 0.08)


def opened(artwork: Artwork) -> dict[str, Image.Image]:
    return {one.name: Image.open(io.BytesIO(one.content)) for one in artwork.files}


def chunks(png: bytes) -> set[bytes]:
    found, place = set(), 8
    while place < len(png):
        (length,) = struct.unpack_from(">I", png, place)
        found.add(png[place + 4 : place + 8])
        place += 12 + length
    return found


def with_size(png: bytes, width: int, height: int) -> bytes:
    """Return a PNG whose header says another size."""
    header = b"IHDR" + struct.pack(">II", width, height) + png[24:29]
    return png[:12] + header + struct.pack(">I", zlib.crc32(header)) + png[33:]


def refusal(content: bytes, use: ImageUse = ImageUse.STRIP) -> str:
    with pytest.raises(ImageRefused) as refused:
        MAKER.make(content, use)
    return str(refused.value)


class TestCutting:
    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    def test_a_strip_is_cut_for_both_wallets_from_one_upload(self, kind: str) -> None:
        made = MAKER.make(written(calm(), kind), ImageUse.STRIP)

        assert {name: image.size for name, image in opened(made).items()} == STRIP_SIZES
        assert (made.width, made.height) == (1125, 432)
        assert made.warnings == ()

    def test_a_strip_keeps_its_middle(self) -> None:
        tall = Image.new("RGB", (1125, 1107), "#000000")
        tall.paste("#ffffff", (0, 369, 1125, 738))

        found = opened(MAKER.make(written(tall), ImageUse.STRIP))["strip@3x.png"]

        assert found.convert("L").getextrema() == (255, 255)

    @pytest.mark.parametrize(
        ("size", "wanted"),
        [((480, 480), (50, 50)), ((960, 150), (160, 25)), ((480, 150), (160, 50))],
    )
    def test_a_logo_is_made_to_fit_whole(self, size, wanted) -> None:
        found = opened(MAKER.make(written(calm(size)), ImageUse.LOGO))

        width, height = wanted
        assert found["logo.png"].size == wanted
        assert found["logo@2x.png"].size == (2 * width, 2 * height)
        assert found["logo@3x.png"].size == (3 * width, 3 * height)
        assert found["google-logo.png"].size == (660, 660)

    def test_an_empty_margin_of_a_logo_is_cut_off(self) -> None:
        logo = Image.new("RGBA", (600, 600))
        logo.paste("#7a3b12", (100, 250, 500, 350))

        found = opened(MAKER.make(written(logo), ImageUse.LOGO))

        assert found["logo.png"].size == (160, 40)

    def test_a_logo_keeps_what_is_transparent(self) -> None:
        logo = Image.new("RGBA", (480, 150))
        ImageDraw.Draw(logo).ellipse((0, 0, 479, 149), fill="#7a3b12")

        found = opened(MAKER.make(written(logo), ImageUse.LOGO))["logo@3x.png"].convert("RGBA")

        assert found.getpixel((0, 0))[3] == 0
        assert found.getpixel((240, 75)) == (0x7A, 0x3B, 0x12, 255)

    def test_googles_round_mask_cuts_nothing_of_a_logo(self) -> None:
        logo = Image.new("RGB", (960, 300), "#7a3b12")

        made = opened(MAKER.make(written(logo), ImageUse.ICON))["google-logo.png"]
        drawn = Image.new("RGBA", (960, 300), "#7a3b12")
        drawn.putpixel((0, 0), (0, 0, 0, 0))
        round_logo = opened(MAKER.make(written(drawn), ImageUse.LOGO))["google-logo.png"]

        assert made.convert("RGB").getpixel((0, 0)) == (0x7A, 0x3B, 0x12)  # its own edge
        box = round_logo.convert("L").point(lambda grey: 255 * (grey < 200)).getbbox()
        left, top, right, bottom = box
        assert (right - left) ** 2 + (bottom - top) ** 2 < 600**2

    @pytest.mark.parametrize(("ink", "ground"), [("#ffffff", 29), ("#202020", 255)])
    def test_a_transparent_logo_stands_on_what_it_shows_up_on(self, ink, ground) -> None:
        logo = Image.new("RGBA", (480, 480))
        ImageDraw.Draw(logo).ellipse((0, 0, 479, 479), fill=ink)

        found = opened(MAKER.make(written(logo), ImageUse.LOGO))["google-logo.png"]

        assert found.convert("RGB").getpixel((0, 0))[0] == ground

    def test_an_icon_is_square(self) -> None:
        found = opened(MAKER.make(written(calm((900, 600))), ImageUse.ICON))

        sizes = [found[name].size for name in ("icon.png", "icon@2x.png", "icon@3x.png")]
        assert sizes == [(38, 38), (76, 76), (114, 114)]


class TestWhatIsLeftOut:
    def test_a_photograph_is_turned_upright_and_says_nothing_of_its_maker(self) -> None:
        exif = Image.Exif()
        exif[ORIENTATION] = ROTATED
        exif[0x010F] = "A phone"
        exif.get_ifd(0x8825)[2] = (55.0, 45.0, 0.0)  # where it was taken
        sideways = calm((1125, 432)).transpose(Image.Transpose.ROTATE_90)
        content = written(sideways, "JPEG", exif=exif, comment=b"secret", quality=95)

        made = MAKER.make(content, ImageUse.STRIP)
        upright = MAKER.make(written(calm((1125, 432))), ImageUse.STRIP)

        assert (made.width, made.height) == (1125, 432)
        found, wanted = opened(made)["strip.png"], opened(upright)["strip.png"]
        for place in ((20, 60), (300, 60)):
            pair = zip(
                found.convert("RGB").getpixel(place),
                wanted.convert("RGB").getpixel(place),
                strict=True,
            )
            assert all(abs(one - other) < 12 for one, other in pair)
        assert all(chunks(one.content) <= PIXELS_ONLY for one in made.files)
        assert all(b"A phone" not in one.content for one in made.files)

    def test_profile_and_texts_of_a_png_are_dropped(self) -> None:
        from PIL.PngImagePlugin import PngInfo

        texts = PngInfo()
        texts.add_text("Author", "A designer", zip=True)
        content = written(calm(), icc_profile=b"profile" * 99, pnginfo=texts, dpi=(300, 300))

        made = MAKER.make(content, ImageUse.STRIP)

        assert {b"iCCP", b"zTXt"} <= chunks(content)
        assert all(chunks(one.content) <= PIXELS_ONLY for one in made.files)

    def test_cmyk_becomes_what_screens_show(self) -> None:
        content = written(calm().convert("CMYK"), "JPEG", quality=95)

        found = opened(MAKER.make(content, ImageUse.STRIP))["strip.png"].convert("RGB")

        red, green, blue = found.getpixel((20, 60))
        assert red > green > blue

    def test_sixteen_bits_of_grey_are_not_clipped(self) -> None:
        grey = Image.new("I;16", (1125, 432), 0x8000)

        found = opened(MAKER.make(written(grey), ImageUse.STRIP))["strip.png"].convert("L")

        low, high = found.getextrema()
        assert 126 <= low <= high <= 130

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
    def test_every_kind_of_png_is_taken(self, mode: str) -> None:
        made = MAKER.make(written(calm().convert(mode)), ImageUse.STRIP)

        assert opened(made)["strip.png"].size == (375, 123)


class TestRefusals:
    def test_no_svg(self) -> None:
        svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'

        assert refusal(svg) == "the file is neither PNG nor JPEG"

    @pytest.mark.parametrize("kind", ["GIF", "BMP", "WEBP", "TIFF"])
    def test_no_other_kind_of_image(self, kind: str) -> None:
        assert refusal(written(calm((400, 150)), kind)) == "the file is neither PNG nor JPEG"

    @pytest.mark.parametrize("kind", ["PNG", "JPEG"])
    @pytest.mark.parametrize("percent", [1, 10, 50, 90])
    def test_a_truncated_file_is_refused(self, kind: str, percent: int) -> None:
        content = written(noise((400, 150)), kind)

        words = refusal(content[: len(content) * percent // 100])

        assert words == "the file is broken: it cannot be decoded"

    def test_bytes_that_only_begin_like_an_image_are_refused(self) -> None:
        assert "broken" in refusal(b"\x89PNG\r\n\x1a\n" + bytes(200))
        assert "broken" in refusal(b"\xff\xd8\xff" + bytes(200))

    def test_a_bomb_is_refused_by_its_header(self) -> None:
        """10 KB that would be 10 GB of pixels; what stands behind the header is never read."""
        plain = written(Image.new("L", (1000, 1000)))

        assert refusal(with_size(plain, 100_000, 100_000)) == (
            "many times the 4000000 pixels that are taken"
        )
        assert refusal(with_size(plain, 10_000, 10_000)) == (
            "10000 × 10000 pixels, at most 4000000 in all"
        )

    def test_text_that_unpacks_to_gigabytes_is_refused(self) -> None:
        packed = zlib.compress(bytes(50_000_000), 9)
        body = b"zTXt" + b"Comment\0\0" + packed
        chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
        png = written(calm())

        assert "broken" in refusal(png[:33] + chunk + png[33:])

    def test_a_little_over_four_megapixels_is_refused(self) -> None:
        assert refusal(written(Image.new("L", (2_050, 2_000)))) == (
            "2050 × 2000 pixels, at most 4000000 in all"
        )
        assert MAKER.make(written(Image.new("L", (2_000, 2_000))), ImageUse.ICON)

    def test_a_jpeg_of_endless_scans_is_refused(self) -> None:
        one = written(calm(), "JPEG", progressive=True)
        scan = one[one.index(b"\xff\xda") : one.index(b"\xff\xda") + 40]

        assert refusal(one[:-2] + scan * 200) == "a JPEG of more than 100 scans"

    @pytest.mark.parametrize("use", list(ImageUse))
    def test_one_pixel_is_too_few(self, use: ImageUse) -> None:
        assert "1 × 1 pixels are too few" in refusal(written(Image.new("RGB", (1, 1))), use)

    def test_a_line_is_refused(self) -> None:
        assert "over 16 times the other" in refusal(written(Image.new("RGB", (1700, 100))))

    def test_too_many_bytes_are_refused(self) -> None:
        assert refusal(bytes(1_000_001)) == "1000001 bytes, at most 1000000"


@settings(max_examples=40, deadline=None)
@given(
    kind=st.sampled_from(["PNG", "JPEG"]),
    changes=st.lists(
        st.tuples(st.integers(8, 1_500), st.integers(0, 255)), min_size=1, max_size=20
    ),
    use=st.sampled_from(list(ImageUse)),
)
def test_whatever_bytes_come_they_are_an_image_or_refused(kind, changes, use) -> None:
    content = bytearray(written(noise((170, 140)).resize((400, 130)), kind))
    for place, value in changes:
        content[place] = value

    try:
        made = MAKER.make(bytes(content), use)
    except ImageRefused:
        return
    assert all(chunks(one.content) <= PIXELS_ONLY for one in made.files)


class TestBytes:
    def test_a_calm_design_stays_within_forty_kilobytes(self) -> None:
        logo = Image.new("RGBA", (480, 480))
        ImageDraw.Draw(logo).ellipse((20, 20, 460, 460), fill="#ffffff")
        uploads = {
            ImageUse.STRIP: written(calm(), "JPEG", quality=85),
            ImageUse.LOGO: written(logo),
            ImageUse.ICON: written(calm((600, 600))),
        }

        sizes = {use: pass_bytes(MAKER.make(png, use)) for use, png in uploads.items()}

        assert all(size <= SHAPES[use].pass_bytes_wanted for use, size in sizes.items())
        assert sum(SHAPES[use].pass_bytes_wanted for use in ImageUse) == 34_000

    @pytest.mark.parametrize("picture", [photograph, lambda: noise((1125, 369))])
    @pytest.mark.parametrize("use", list(ImageUse))
    def test_whatever_is_uploaded_a_pass_stays_within_its_bytes(self, use, picture) -> None:
        made = MAKER.make(written(picture(), "JPEG", quality=40), use)

        assert pass_bytes(made) <= SHAPES[use].pass_bytes_max
        assert sum(SHAPES[each].pass_bytes_max for each in ImageUse) == 108_000
        assert sum(len(one.content) for one in made.files) <= FILES_BYTES_MAX - 5_000

    def test_few_colours_are_told(self) -> None:
        made = MAKER.make(written(photograph(), "JPEG", quality=60), ImageUse.STRIP)

        assert ImageWarning.FEW_COLOURS in made.warnings


class TestWarnings:
    def test_a_busy_left_third_is_told(self) -> None:
        busy = calm()
        busy.paste(noise((300, 300)), (20, 60))

        assert ImageWarning.BUSY_LEFT in MAKER.make(written(busy), ImageUse.STRIP).warnings

    def test_half_black_half_white_is_busy_too(self) -> None:
        halves = Image.new("RGB", (1125, 369), "#000000")
        halves.paste("#ffffff", (190, 0, 1125, 369))

        made = MAKER.make(written(halves), ImageUse.STRIP)

        assert ImageWarning.BUSY_LEFT in made.warnings

    def test_an_upload_smaller_than_the_sharpest_screen_is_told(self) -> None:
        made = MAKER.make(written(calm((750, 246))), ImageUse.STRIP)

        assert made.warnings == (ImageWarning.ENLARGED,)


class TestIds:
    def test_the_same_upload_has_the_same_id(self) -> None:
        once = MAKER.make(written(calm()), ImageUse.STRIP)
        again = MAKER.make(written(calm()), ImageUse.STRIP)

        assert once.image_id == again.image_id
        assert len(once.image_id) == len("img_") + 32

    def test_another_picture_or_use_has_another(self) -> None:
        ids = {
            MAKER.make(written(picture), use).image_id
            for picture in (calm((400, 400)), noise((400, 400)))
            for use in ImageUse
        }

        assert len(ids) == 6


def pass_bytes(made: Artwork) -> int:
    return sum(len(one.content) for one in made.files if not one.name.startswith("google"))
