"""What a merchant's passes look like: designs, and the images they show."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.pass_designs import DesignVersion, Look
from chalicelib.domain.pass_images import Artwork, ImageList, ImageUse


class PassDesigns(Protocol):
    """The published looks; never from memory, as a phone asks once and keeps what it got."""

    def look(self, merchant_id: str) -> Look:
        """Return the look (strongly consistent); the default if there is none.

        Whoever asks `Merchants` for the program afterwards gets none that is older than
        the look: read the look first, then what the pass shows.

        Raises:
            StoreUnavailable.
        """

    def renew(self, merchant_id: str) -> int:
        """Count a change that every pass shows, such as a new certificate; the new revision.

        Whoever calls it has the phones told, too.

        Raises:
            StoreUnavailable: perhaps it was counted.
        """

    def untold(self, limit: int = 100) -> tuple[str, ...]:
        """Return merchants that published a design or program nobody has told phones of."""

    def mark_told(self, merchant_id: str, revision: int) -> None:
        """Note that somebody has, if the look is still of that revision."""

    def document(
        self, merchant_id: str, version: int | None = None
    ) -> Mapping[str, Any] | None:
        """Return a published design as its JSON document; the latest without a version."""

    def versions(
        self, merchant_id: str, *, before: int | None = None, limit: int
    ) -> tuple[DesignVersion, ...]:
        """Return the published versions (below `before`), newest first."""

    def save_draft(self, merchant_id: str, document: Mapping[str, Any]) -> None:
        """Replace the draft."""

    def draft(self, merchant_id: str) -> Mapping[str, Any] | None:
        """Return the draft, or None."""

    def publish(
        self,
        merchant_id: str,
        document: Mapping[str, Any],
        version: int,
        *,
        at: datetime,
        record: AuditRecord | None = None,
    ) -> None:
        """Make the document the look as `version`, move the look's revision, and list it.

        Published programs do so as well: see `untold`. The record is written with it.

        Raises:
            CommitConflict: it is not the next version, the draft is another by now, or an
                image is gone; nothing was written.
        """


class PassImages(Protocol):
    """Images of a merchant's passes."""

    def listed(self, merchant_id: str) -> ImageList:
        """Return what images there are."""

    def files(self, merchant_id: str, image_id: str) -> Mapping[str, bytes] | None:
        """Return an image's PNGs by name (perhaps of one just deleted), or None."""

    def add(self, merchant_id: str, artwork: Artwork, after: ImageList) -> None:
        """Write an image and the list with it. Raises CommitConflict: the list has moved."""

    def remove(
        self, merchant_id: str, image_id: str, after: ImageList, *, design_version: int
    ) -> None:
        """Delete an image and write the list without it.

        Raises:
            CommitConflict: the list has moved, or another design was published.
        """


class ImageMaker(Protocol):
    """Makes images of both wallets from one upload."""

    def make(self, content: bytes, use: ImageUse) -> Artwork:
        """Return the files. Raises ImageRefused."""


class Repush(Protocol):
    """Tells every phone that holds a pass of a merchant to fetch it again."""

    def __call__(self, merchant_id: str) -> object:
        """Begin it; it goes on by itself. Raises StoreUnavailable: perhaps it was begun."""
