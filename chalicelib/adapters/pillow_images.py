"""The `ImageMaker` port with Pillow: from an upload to the PNGs of both wallets.

An upload is a stranger's bytes: its kind is told by its first bytes and its size read before
anything is decoded; nothing of it but pixels is kept (no EXIF, no profile, no text). What
comes out is drawn with a palette, as every Apple file travels in every pass; how few colours
it takes is tried from fine to coarse.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from itertools import product

from PIL import Image, ImageChops, ImageOps, ImageStat, UnidentifiedImageError

from chalicelib.domain.pass_images import (
    PIXELS_MAX,
    SCALES,
    SHAPES,
    UPLOAD_BYTES_MAX,
    Artwork,
    ImageFile,
    ImageRefused,
    ImageUse,
    ImageWarning,
    Shape,
    pass_file_name,
)

_FORMATS = {"PNG": b"\x89PNG\r\n\x1a\n", "JPEG": b"\xff\xd8\xff"}
_SCANS_MAX = 100  # of a progressive JPEG: each is a pass over all pixels
_SCAN = b"\xff\xda"  # cannot stand inside of one
_RATIO_MAX = 16  # of the longer side to the shorter
_COLOURS_FEW = 64  # from here on a photograph shows bands
# Colours, and how many times coarser than its size an image is drawn: from fine to coarse.
_STEPS = ((256, 1), (128, 1), (64, 1), (32, 1), (16, 1), (32, 2), (16, 2), (16, 4), (8, 8))
_FINE_STEPS = 4  # of them are good enough to make a pass small for its own sake
_PALETTE_SCALE = 3  # a palette is chosen from so many times fewer pixels: it takes long
_CALM_COLOURS_MAX = 4_096  # of a drawing, its soft edges included
_GOOGLE_BYTES_MAX = 290_000
_ROUND_SHARE = 85  # percent of Google's round logo that the logo's own corners may reach
_WHITE, _INK = (255, 255, 255), (29, 29, 31)
_LIGHT_MEAN = 140  # of a logo's visible pixels: from here on it stands on ink
_EDGES_MEAN_MAX, _SPREAD_MAX = 6, 45  # of the left third, in 256ths of white

Step = tuple[int, int]

# What Pillow raises of a broken file, besides its own: it reads with struct and zlib.
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, zlib.error)


class PillowImageMaker:
    """Makes the files of an image; keeps nothing."""

    def make(self, content: bytes, use: ImageUse) -> Artwork:
        """Cut, shrink and palette-reduce an upload."""
        image, shape = _decoded(content), SHAPES[use]
        size = image.size
        if use is ImageUse.LOGO:
            image = _trimmed(image)
        enlarged = _enlarged(image, shape)
        apple, colours = _apple_files(image, use, shape)
        google = _google_picture(image, shape)
        warnings = {
            ImageWarning.BUSY_LEFT: use is ImageUse.STRIP and _is_busy_left(image, shape),
            ImageWarning.ENLARGED: enlarged > 1,
            ImageWarning.FEW_COLOURS: colours < _COLOURS_FEW,
        }
        return Artwork(
            use=use,
            width=size[0],
            height=size[1],
            files=(*apple, _google_file(google, shape.google_name)),
            warnings=tuple(name for name, is_so in warnings.items() if is_so),
        )


def _decoded(content: bytes) -> Image.Image:
    """Return the pixels of an upload, upright, as RGB or RGBA. Raises ImageRefused."""
    if len(content) > UPLOAD_BYTES_MAX:
        raise ImageRefused(f"{len(content)} bytes, at most {UPLOAD_BYTES_MAX}")
    kind = next((name for name, magic in _FORMATS.items() if content.startswith(magic)), None)
    if kind is None:
        raise ImageRefused("the file is neither PNG nor JPEG")
    if kind == "JPEG" and content.count(_SCAN) > _SCANS_MAX:
        raise ImageRefused(f"a JPEG of more than {_SCANS_MAX} scans")
    try:
        with Image.open(io.BytesIO(content), formats=(kind,)) as opened:
            _check_size(opened.width, opened.height)  # nothing is decoded yet
            return _plain(ImageOps.exif_transpose(opened))
    except Image.DecompressionBombError as error:  # so many that Pillow itself gives up
        raise ImageRefused(f"many times the {PIXELS_MAX} pixels that are taken") from error
    except (UnidentifiedImageError, *_BROKEN) as error:
        raise ImageRefused("the file is broken: it cannot be decoded") from error


def _check_size(width: int, height: int) -> None:
    if width * height > PIXELS_MAX:
        raise ImageRefused(f"{width} × {height} pixels, at most {PIXELS_MAX} in all")
    if max(width, height) > _RATIO_MAX * min(width, height):
        raise ImageRefused(f"{width} × {height}: one side is over {_RATIO_MAX} times the other")


def _plain(image: Image.Image) -> Image.Image:
    """Return the pixels alone: 8 bits, no profile, no text."""
    if image.mode.startswith("I"):  # 16 bits of grey, which `convert` would clip
        image = image.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
    plain.info = {}
    return plain


def _trimmed(image: Image.Image) -> Image.Image:
    """Return a logo without the empty margin it was drawn with."""
    box = image.getchannel("A").getbbox() if image.mode == "RGBA" else None
    return image.crop(box) if box else image


def _enlarged(image: Image.Image, shape: Shape) -> float:
    """Return how many times larger the largest file is drawn. Raises ImageRefused."""
    ratios = [points / pixels for points, pixels in zip(shape.points, image.size, strict=True)]
    times = max(ratios) if shape.is_cropped else min(ratios)
    if times > 1:
        width, height = shape.points
        least = f"at least {width} × {height} pixels"
        raise ImageRefused(f"{image.width} × {image.height} pixels are too few: {least}")
    return times * SCALES[-1]


def _cut(image: Image.Image, size: tuple[int, int], *, is_cropped: bool) -> Image.Image:
    if is_cropped:
        return ImageOps.fit(image, size, Image.Resampling.LANCZOS)
    return ImageOps.contain(image, size, Image.Resampling.LANCZOS)


def _apple_files(
    image: Image.Image, use: ImageUse, shape: Shape
) -> tuple[tuple[ImageFile, ...], int]:
    """Return Apple's files, and of how many colours each is."""
    width, height = shape.points
    pictures = [
        _cut(image, (width * scale, height * scale), is_cropped=shape.is_cropped)
        for scale in reversed(SCALES)  # the largest first: it tells soonest that it is too much
    ]
    tries = (
        *product([shape.pass_bytes_wanted], _STEPS[:_FINE_STEPS]),
        *product([shape.pass_bytes_max], _STEPS),
    )
    drawn: dict[Step, _Drawn] = {}
    for bytes_max, step in tries:
        if step not in drawn:
            drawn[step] = _Drawn(step, pictures)
        files = drawn[step].within(bytes_max)
        if files:
            return tuple(_named(use, pictures, files)), step[0]
    raise ImageRefused("too many details for a pass: use a calmer picture")


class _Drawn:
    """The pictures of one step, drawn as far as there was room for them."""

    def __init__(self, step: Step, pictures: list[Image.Image]) -> None:
        self._colours, self._coarser = step
        self._pictures = pictures
        self._palette = _palette(pictures[-1], self._colours)
        self._files: list[bytes] = []

    def within(self, bytes_max: int) -> list[bytes]:
        """Return all files; none if they are over the bytes."""
        for picture in self._pictures[len(self._files) :]:
            if sum(map(len, self._files)) > bytes_max:
                return []
            self._files.append(_png(picture, self._palette, self._colours, self._coarser))
        return self._files if sum(map(len, self._files)) <= bytes_max else []


def _named(
    use: ImageUse, pictures: list[Image.Image], files: list[bytes]
) -> Iterator[ImageFile]:
    for scale, picture, content in zip(SCALES, pictures[::-1], files[::-1], strict=True):
        yield ImageFile(pass_file_name(use, scale), *picture.size, content)


def _google_picture(image: Image.Image, shape: Shape) -> Image.Image:
    """Return the hero image, or the logo on a ground that a round mask may cut."""
    if shape.google_pixels[0] != shape.google_pixels[1]:
        return _cut(image, shape.google_pixels, is_cropped=True)
    side = shape.google_pixels[0]
    ground = Image.new("RGB", shape.google_pixels, _ground(image))
    diagonal = (image.width**2 + image.height**2) ** 0.5
    times = side * _ROUND_SHARE / 100 / diagonal
    size = (max(1, round(image.width * times)), max(1, round(image.height * times)))
    small = image.resize(size, Image.Resampling.LANCZOS)
    corner = ((side - small.width) // 2, (side - small.height) // 2)
    ground.paste(small, corner, small if small.mode == "RGBA" else None)
    return ground


def _google_file(picture: Image.Image, name: str) -> ImageFile:
    small = picture.reduce(_PALETTE_SCALE)
    for colours, coarser in _STEPS:
        content = _png(picture, _palette(small, colours), colours, coarser)
        if len(content) <= _GOOGLE_BYTES_MAX:
            return ImageFile(name, *picture.size, content)
    raise AssertionError("eight colours of 40 000 pixels fit always")


def _ground(image: Image.Image) -> tuple[int, int, int]:
    """Return what a logo stands on: its own edge, or what its visible pixels show up on."""
    grey = image.convert("L")
    if image.mode == "RGBA":
        visible = ImageStat.Stat(grey, image.getchannel("A").point(lambda a: 255 * (a > 0)))
        return _INK if visible.count[0] and visible.mean[0] >= _LIGHT_MEAN else _WHITE
    edges = [(x, y) for x in (0, image.width - 1) for y in (0, image.height - 1)]
    corners = [image.getpixel(one) for one in edges]
    red, green, blue = (sum(parts) // len(edges) for parts in zip(*corners, strict=True))
    return red, green, blue


def _is_busy_left(image: Image.Image, shape: Shape) -> bool:
    """Return whether white or black numbers would drown in the left third."""
    width, height = shape.points
    grey = (
        _cut(image, shape.points, is_cropped=True).convert("L").crop((0, 0, width // 3, height))
    )
    moved = grey.crop((1, 0, grey.width, height))
    edges = ImageChops.difference(moved, grey.crop((0, 0, grey.width - 1, height)))
    is_uneven = ImageStat.Stat(grey).stddev[0] > _SPREAD_MAX
    return is_uneven or ImageStat.Stat(edges).mean[0] > _EDGES_MEAN_MAX


def _palette(picture: Image.Image, colours: int) -> Image.Image | None:
    """Return an image with the colours to draw with; None where each file chooses its own.

    That is exact, and slow of many colours; with a palette given, a flat ground may come out
    a shade beside itself, which nobody sees in a photograph.
    """
    if picture.mode == "RGBA" or picture.getcolors(_CALM_COLOURS_MAX) is not None:
        return None
    return picture.quantize(colours, Image.Quantize.MEDIANCUT)


def _png(
    picture: Image.Image, palette: Image.Image | None, colours: int, coarser: int
) -> bytes:
    if coarser > 1:
        small = (max(1, picture.width // coarser), max(1, picture.height // coarser))
        picture = picture.resize(small, Image.Resampling.BOX).resize(
            picture.size, Image.Resampling.BILINEAR
        )
    drawn = io.BytesIO()
    _indexed(picture, palette, colours).save(drawn, "PNG", optimize=True)
    return drawn.getvalue()


def _indexed(picture: Image.Image, palette: Image.Image | None, colours: int) -> Image.Image:
    if palette is not None:
        return picture.quantize(palette=palette, dither=Image.Dither.NONE)
    if picture.mode == "RGBA":  # one method alone knows transparency
        return picture.quantize(colours, Image.Quantize.FASTOCTREE)
    return picture.quantize(colours, Image.Quantize.MEDIANCUT)
