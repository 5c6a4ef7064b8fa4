"""The `PassImages` port: each image with its files in one item, and the merchant's list.

An image's id follows from its files, so it never stands for others, and what was read once
is kept. The list is one item of some 20 KB at most, written under its revision.
"""

import time
from collections.abc import Callable

from pynamodb.connection import Connection

from chalicelib.adapters.dynamo.connection import Cancelled, Transaction
from chalicelib.adapters.dynamo.pass_designs import unmoved_design
from chalicelib.adapters.dynamo.pass_image_items import (
    Files,
    ImageItem,
    ImageListItem,
    files_of,
    image_item,
    image_key,
    list_item,
    list_key,
    list_of,
)
from chalicelib.adapters.dynamo.reading import find
from chalicelib.adapters.keeping import Kept
from chalicelib.domain.pass_images import Artwork, ImageList
from chalicelib.ports import CommitConflict

KEPT_MAX = 64  # images: 24 MB at most
KEPT_SECONDS = 86_400.0  # they do not change; a deleted one may be asked for a while


class DynamoPassImages:
    """Images in the table, those in use in memory."""

    def __init__(
        self, connection: Connection, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._connection = connection
        self._kept: Kept[tuple[str, str], Files] = Kept(KEPT_SECONDS, KEPT_MAX, monotonic)

    def listed(self, merchant_id: str) -> ImageList:
        """Return the list, never from memory."""
        item = find(ImageListItem, list_key(merchant_id))
        return list_of(item) if item else ImageList()

    def files(self, merchant_id: str, image_id: str) -> Files | None:
        """Return the files by name; from memory if they were read before."""
        kept = self._kept.find((merchant_id, image_id))
        if kept is not None:
            return kept
        item = find(ImageItem, image_key(merchant_id, image_id))
        if item is None:
            return None
        return self._kept.keep((merchant_id, image_id), files_of(item))

    def add(self, merchant_id: str, artwork: Artwork, after: ImageList) -> None:
        """Write files and list in one transaction."""
        write = Transaction(self._connection)
        write.put("image", image_item(merchant_id, artwork), None)
        self._commit(write, merchant_id, after)

    def remove(
        self, merchant_id: str, image_id: str, after: ImageList, *, design_version: int
    ) -> None:
        """Delete files and list entry, if the published design is still that version."""
        write = Transaction(self._connection)
        write.delete("image", ImageItem(*image_key(merchant_id, image_id)))
        write.check("look", *unmoved_design(merchant_id, design_version))
        self._commit(write, merchant_id, after)
        self._kept.drop((merchant_id, image_id))

    def _commit(self, write: Transaction, merchant_id: str, after: ImageList) -> None:
        """Write the list at its next revision. Raises CommitConflict."""
        unmoved = ImageListItem.revision == after.revision
        condition = unmoved if after.revision else ImageListItem.pk.does_not_exist()
        write.put("list", list_item(merchant_id, after, after.revision + 1), condition)
        try:
            write.commit()
        except Cancelled as error:
            raise CommitConflict("images or design were changed meanwhile") from error
