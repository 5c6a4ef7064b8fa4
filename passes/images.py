"""The images of a pass, which many cards share: hashed and framed once.

What a pass costs is one RSA signature; hashing images again for each would cost more than the
rest of it together.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from chalicelib.domain.pass_designs import Colours, PassDesign
from passes import artwork
from passes.archive import Archive
from passes.recent import Recent

IMAGES_CACHED_MAX: Final = 256  # sets of them, of about 25 kB each
UPLOADED_CACHED_MAX: Final = 64  # larger ones: up to `IMAGES_BYTES_MAX`
IMAGES_MAX: Final = 24
IMAGES_BYTES_MAX: Final = 500_000  # of all images: API Gateway answers passes as base64

_REQUIRED: Final = ("icon.png", "icon@2x.png")
_SHA1: Final = hashlib.sha1(usedforsecurity=False)
_KINDS: Final = ("icon", "logo", "strip")

Uploaded = Callable[[str], Mapping[str, bytes]]  # id of an image → its PNGs by file name


@dataclass(frozen=True, slots=True)
class PassImages:
    """Images ready to be put into passes; make them with `prepare_images`.

    `manifest_start` is a manifest without its end.
    """

    images: tuple[tuple[str, bytes], ...]
    archive: Archive
    manifest_start: bytes


def prepare_images(images: Mapping[str, bytes]) -> PassImages:
    """Hash and frame images (file name to PNG), sorted by name.

    Raises:
        ValueError: an icon is missing (Wallet drops such a pass in silence), or there is too
            much.
    """
    missing = [name for name in _REQUIRED if name not in images]
    if missing:
        raise ValueError(f"a pass needs {', '.join(missing)}")
    if len(images) > IMAGES_MAX or sum(map(len, images.values())) > IMAGES_BYTES_MAX:
        raise ValueError(
            f"a pass holds {IMAGES_MAX} images of {IMAGES_BYTES_MAX} bytes at most"
        )
    ordered = tuple(sorted(images.items()))
    return PassImages(
        images=ordered,
        archive=Archive().adding(ordered),
        manifest_start=json.dumps({name: sha1(content) for name, content in ordered})
        .removesuffix("}")
        .encode(),
    )


def images_of(design: PassDesign, colours: Colours, uploaded: Uploaded) -> PassImages:
    """Give what the design's merchant uploaded over the default artwork, prepared once.

    `uploaded` is asked only for images that were not prepared lately: their ids must never
    stand for other content.

    Raises:
        ValueError: it is too much for a pass.
    """
    ids = (design.icon, design.logo, design.strip)
    if not any(ids):
        return default_images(colours)
    colours_used = (colours.background, colours.foreground)
    key = (ids, colours_used)
    found = _PREPARED.get(key)
    if found is None:
        images = _artwork(*colours_used)
        for kind, image_id in zip(_KINDS, ids, strict=True):
            if image_id:  # in all scales, or a phone would mix two artworks
                images = {name: png for name, png in images.items() if kind not in name}
                images.update(uploaded(image_id))
        found = _PREPARED.keep(key, prepare_images(images))
    return found


def default_images(colours: Colours) -> PassImages:
    """Give the default artwork in the colours of a card, prepared once."""
    return _default_images(colours.background, colours.foreground)


def sha1(content: bytes) -> str:
    """Hash a file as a pass's manifest wants it; SHA-1 is Apple's choice, not a safeguard."""
    digest = _SHA1.copy()  # half the price of a new one
    digest.update(content)
    return digest.hexdigest()


_PREPARED: Final[Recent[PassImages]] = Recent(UPLOADED_CACHED_MAX)


@lru_cache(maxsize=IMAGES_CACHED_MAX)
def _default_images(background: str, foreground: str) -> PassImages:
    return prepare_images(_artwork(background, foreground))


def _artwork(background: str, foreground: str) -> dict[str, bytes]:
    return artwork.coloured(background=background, foreground=foreground)
