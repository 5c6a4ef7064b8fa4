"""The `PassImages` port in dictionaries."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from chalicelib.domain.pass_images import Artwork, ImageList
from chalicelib.ports import CommitConflict


class FakePassImages:
    """Images of a test. `design_version` tells which design is published, if that matters."""

    def __init__(self, design_version: Callable[[str], int] = lambda _: 0) -> None:
        self.lists: dict[str, ImageList] = {}
        self.kept: dict[tuple[str, str], dict[str, bytes]] = {}
        self.design_version = design_version

    def listed(self, merchant_id: str) -> ImageList:
        return self.lists.get(merchant_id, ImageList())

    def files(self, merchant_id: str, image_id: str) -> Mapping[str, bytes] | None:
        return self.kept.get((merchant_id, image_id))

    def add(self, merchant_id: str, artwork: Artwork, after: ImageList) -> None:
        self._write(merchant_id, after)
        files = {one.name: one.content for one in artwork.files}
        self.kept[merchant_id, artwork.image_id] = files

    def remove(
        self, merchant_id: str, image_id: str, after: ImageList, *, design_version: int
    ) -> None:
        if self.design_version(merchant_id) != design_version:
            raise CommitConflict("another design was published")
        self._write(merchant_id, after)
        self.kept.pop((merchant_id, image_id), None)

    def _write(self, merchant_id: str, after: ImageList) -> None:
        if after.revision != self.listed(merchant_id).revision:
            raise CommitConflict("the list has moved")
        self.lists[merchant_id] = replace(after, revision=after.revision + 1)
