"""Images of passes as items: the files of one, and the merchant's list.

| item  | pk                        | sk     |
|-------|---------------------------|--------|
| image | T#{merchant}#F#{image id} | F      |
| list  | T#{merchant}              | IMAGES |
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item
from chalicelib.domain.pass_images import (
    FILES_BYTES_MAX,
    Artwork,
    FileSize,
    ImageList,
    ImageUse,
    ImageWarning,
    PassImage,
)

Files = Mapping[str, bytes]


class ImageItem(Item, discriminator="i"):
    """The files of an image, as a zip without compression."""

    body = BinaryAttribute(legacy_encoding=False)


class ImageListItem(Item, discriminator="il"):
    """What images there are."""

    revision = IntegerAttribute()
    text = UnicodeAttribute()


def image_key(merchant_id: str, image_id: str) -> keys.Key:
    """Return where the files of an image lie."""
    return f"T#{keys.part(merchant_id)}#F#{keys.part(image_id)}", "F"


def list_key(merchant_id: str) -> keys.Key:
    """Return where the list of a merchant's images lies."""
    return f"T#{keys.part(merchant_id)}", "IMAGES"


def image_item(merchant_id: str, artwork: Artwork) -> ImageItem:
    """Return an image with its files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for one in artwork.files:
            archive.writestr(zipfile.ZipInfo(one.name), one.content)
    body = packed.getvalue()
    assert len(body) <= FILES_BYTES_MAX, "the maker keeps the bounds"
    return ImageItem(*image_key(merchant_id, artwork.image_id), body=body)


def files_of(item: ImageItem) -> Files:
    """Return the files by name."""
    with zipfile.ZipFile(io.BytesIO(item.body)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def list_item(merchant_id: str, images: ImageList, revision: int) -> ImageListItem:
    """Return a list as it is written at a revision."""
    told = [{**asdict(one), "added_at": keys.moment(one.added_at)} for one in images.images]
    text = json.dumps(told, separators=(",", ":"))
    return ImageListItem(*list_key(merchant_id), revision=revision, text=text)


def list_of(item: ImageListItem) -> ImageList:
    """Return the list an item holds."""
    return ImageList(tuple(map(_image, json.loads(item.text))), item.revision)


def _image(told: Mapping[str, Any]) -> PassImage:
    return PassImage(
        image_id=told["image_id"],
        use=ImageUse(told["use"]),
        width=told["width"],
        height=told["height"],
        files=tuple(FileSize(**one) for one in told["files"]),
        warnings=tuple(map(ImageWarning, told["warnings"])),
        added_at=datetime.fromisoformat(told["added_at"]),
    )
