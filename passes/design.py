"""The looks of a pass that many cards share: its images, hashed and framed once.

What a pass costs is one RSA signature; hashing images again for each would cost more than the
rest of it together.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from passes import artwork
from passes.archive import Archive
from passes.card import Colours

DESIGNS_CACHED_MAX: Final = 256  # about 25 kB each
IMAGES_MAX: Final = 24
IMAGES_BYTES_MAX: Final = 500_000  # of all images: API Gateway answers passes as base64

_REQUIRED: Final = ("icon.png", "icon@2x.png")


@dataclass(frozen=True, slots=True)
class Design:
    """Images ready to be put into passes; make one with `prepare_design`.

    `manifest_start` is a manifest without its last entry, which `manifest` appends.
    """

    images: tuple[tuple[str, bytes], ...]
    archive: Archive
    manifest_start: bytes

    def manifest(self, pass_json: bytes) -> bytes:
        """Give the manifest of a pass with this `pass.json`."""
        return b'%s, "pass.json": "%s"}' % (self.manifest_start, sha1(pass_json).encode())


def prepare_design(images: Mapping[str, bytes]) -> Design:
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
    return Design(
        images=ordered,
        archive=Archive().adding(ordered),
        manifest_start=json.dumps({name: sha1(content) for name, content in ordered})
        .removesuffix("}")
        .encode(),
    )


@lru_cache(maxsize=DESIGNS_CACHED_MAX)
def default_design(colours: Colours) -> Design:
    """Give the default artwork in the colours of a card."""
    return prepare_design(
        artwork.coloured(background=colours.background, foreground=colours.foreground)
    )


def sha1(content: bytes) -> str:
    """Hash a file as a pass's manifest wants it; SHA-1 is Apple's choice, not a safeguard."""
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()
