"""Images of a merchant's passes: what is uploaded once and drawn on both wallets' cards.

From one upload come the files of both: Apple's at one, two and three pixels a point, whose
bytes travel in every pass, and one that Google fetches by its address. Sizes: Apple, "Human
Interface Guidelines", "Wallet", and "Creating the Source for a Pass"; Google Wallet,
"Loyalty cards, brand guidelines" (read 2026-11).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import DomainError

UPLOAD_BYTES_MAX = 1_000_000
PIXELS_MAX = 4_000_000
SCALES = (1, 2, 3)
IMAGES_MAX = 50  # of one merchant
FILES_BYTES_MAX = 380_000  # of one image, in one item of the table
PASS_BYTES_WANTED = 40_000  # of a whole pass
PASS_BYTES_MAX = 120_000
_ID_CHARS = 32


class ImageUse(StrEnum):
    """What an image is for."""

    LOGO = "logo"
    STRIP = "strip"
    ICON = "icon"


class ImageWarning(StrEnum):
    """What a merchant should look at; the image is kept all the same."""

    BUSY_LEFT = "busy_left"  # the left third, where Apple writes the points
    ENLARGED = "enlarged"  # fewer pixels than the sharpest screens have
    FEW_COLOURS = "few_colours"  # what it took to keep the pass small


@dataclass(frozen=True, slots=True)
class Shape:
    """How an image is cut for the wallets; sizes are width × height."""

    points: tuple[int, int]  # Apple's, of one pixel each at the first scale
    is_cropped: bool  # to fill the shape; else it is made to fit into it
    google_name: str
    google_pixels: tuple[int, int]
    pass_bytes_wanted: int  # of Apple's files together, where that is possible
    pass_bytes_max: int


# The wanted bytes of the three leave 6 kB of a pass to its texts, signature and directory.
SHAPES: Mapping[ImageUse, Shape] = {
    ImageUse.LOGO: Shape((160, 50), False, "google-logo.png", (660, 660), 8_000, 16_000),
    ImageUse.STRIP: Shape((375, 123), True, "google-hero.png", (1032, 336), 21_000, 80_000),
    ImageUse.ICON: Shape((38, 38), True, "google-logo.png", (660, 660), 5_000, 12_000),
}


class ImageRefused(DomainError):
    """The upload cannot be an image of a pass; the message says why."""

    code = "image_invalid"


class ImageNotFound(DomainError):
    """The merchant has no such image."""

    code = "image_not_found"


class TooManyImages(DomainError):
    """The merchant has as many images as allowed."""

    code = "too_many_images"


class ImageInUse(DomainError):
    """The published design or its draft shows the image."""

    code = "image_in_use"


@dataclass(frozen=True, slots=True)
class ImageFile:
    """A PNG made of an upload."""

    name: str
    width: int
    height: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Artwork:
    """What was made of an upload, not kept yet."""

    use: ImageUse
    width: int  # of the upload, turned upright
    height: int
    files: tuple[ImageFile, ...]
    warnings: tuple[ImageWarning, ...] = ()

    @property
    def image_id(self) -> str:
        """Return the id: it follows from the files, so that the same upload has the same."""
        digest = hashlib.sha256(self.use.encode())
        for one in self.files:
            digest.update(f"\n{one.name} {len(one.content)}\n".encode())
            digest.update(one.content)
        return f"img_{digest.hexdigest()[:_ID_CHARS]}"


@dataclass(frozen=True, slots=True)
class FileSize:
    """A file of a kept image."""

    name: str
    width: int
    height: int
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PassImage:
    """An image as a merchant's list has it."""

    image_id: str
    use: ImageUse
    width: int
    height: int
    files: tuple[FileSize, ...]
    warnings: tuple[ImageWarning, ...] = ()
    added_at: datetime

    @property
    def pass_bytes(self) -> int:
        """Return how much of every pass it takes."""
        return sum(one.bytes for one in self.files if one.name != SHAPES[self.use].google_name)


@dataclass(frozen=True, slots=True)
class ImageList:
    """The images of a merchant, oldest first; `revision` grows with every change of it."""

    images: tuple[PassImage, ...] = ()
    revision: int = 0

    def find(self, image_id: str) -> PassImage | None:
        """Return the image, or None."""
        return next((one for one in self.images if one.image_id == image_id), None)

    def adding(self, image: PassImage) -> "ImageList":
        """Return the list with another image.

        Raises:
            TooManyImages.
        """
        if len(self.images) >= IMAGES_MAX:
            raise TooManyImages(f"{IMAGES_MAX} images are kept already; delete one of them")
        return replace(self, images=(*self.images, image))

    def without(self, image_id: str) -> "ImageList":
        """Return the list without an image."""
        rest = tuple(one for one in self.images if one.image_id != image_id)
        return replace(self, images=rest)


def image_of(artwork: Artwork, at: datetime) -> PassImage:
    """Return what a merchant's list says of an image added at a moment."""
    sizes = (FileSize(o.name, o.width, o.height, len(o.content)) for o in artwork.files)
    return PassImage(
        image_id=artwork.image_id,
        use=artwork.use,
        width=artwork.width,
        height=artwork.height,
        files=tuple(sizes),
        warnings=artwork.warnings,
        added_at=at,
    )


def pass_file_name(use: ImageUse, scale: int) -> str:
    """Return the name of one of Apple's files.

    >>> pass_file_name(ImageUse.STRIP, 1), pass_file_name(ImageUse.LOGO, 3)
    ('strip.png', 'logo@3x.png')
    """
    return f"{use}.png" if scale == 1 else f"{use}@{scale}x.png"


def pass_file_names(use: ImageUse) -> tuple[str, ...]:
    """Return the names of all of Apple's files."""
    return tuple(pass_file_name(use, scale) for scale in SCALES)
