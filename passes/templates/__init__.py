"""Designs to begin with: one folder for each program template, of the same name.

A folder holds `design.json`, a pass design's document but for its images, and the images as
`draw.py` has made them. The document of a merchant names images by id; so it is completed
with those of the folder's images, which must be kept first.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from chalicelib.domain.pass_images import (
    SHAPES,
    Artwork,
    ImageFile,
    ImageUse,
    pass_file_names,
)
from chalicelib.domain.templates import NAMES

_SIZE_AT: Final = 16  # of a PNG's width and height, behind the signature and IHDR's frame


@dataclass(frozen=True, slots=True)
class TemplateDesign:
    """A design's document, and the images it names."""

    document: Mapping[str, Any]
    artworks: tuple[Artwork, ...]

    @property
    def pass_files(self) -> dict[str, dict[str, bytes]]:
        """Return the files that travel in Apple's passes, by image and name."""
        return {
            artwork.image_id: {
                one.name: one.content
                for one in artwork.files
                if one.name in pass_file_names(artwork.use)
            }
            for artwork in self.artworks
        }


@cache
def template_design(name: str) -> TemplateDesign | None:
    """Return the design of the program template of that name, or None."""
    if name not in NAMES:
        return None
    folder = files(__name__).joinpath(name)
    document = json.loads(folder.joinpath("design.json").read_text(encoding="utf-8"))
    artworks = tuple(_artwork(name, use) for use in ImageUse)
    ids = {one.use.value: one.image_id for one in artworks}
    return TemplateDesign({**document, **ids}, artworks)


def _artwork(name: str, use: ImageUse) -> Artwork:
    folder = files(__name__).joinpath(name)
    found = []
    for file_name in (*pass_file_names(use), SHAPES[use].google_name):
        content = folder.joinpath(file_name).read_bytes()
        width, height = struct.unpack_from(">2I", content, _SIZE_AT)
        found.append(ImageFile(file_name, width, height, content))
    largest = found[-2]
    return Artwork(use, largest.width, largest.height, tuple(found))
