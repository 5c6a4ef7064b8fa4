"""What a new merchant's passes look like until somebody changes it: a ready design."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.pass_designs import PassDesign
from chalicelib.domain.pass_images import Artwork, image_of
from chalicelib.usecases.pass_designs import DesignDesk, publish_design, save_design


def publish_first_design(
    merchant_id: str,
    document: Mapping[str, Any],
    artworks: Iterable[Artwork],
    *,
    at: datetime,
    desk: DesignDesk,
) -> PassDesign:
    """Keep the images a document names, and make it the design.

    Raises:
        MerchantNotFound, InvalidDesign, DraftOutdated, TooManyImages.
        CommitConflict: another image came meanwhile.
    """
    for artwork in artworks:
        before = desk.images.listed(merchant_id)
        if before.find(artwork.image_id) is None:
            after = before.adding(image_of(artwork, at))
            desk.images.add(merchant_id, artwork, after)
    save_design(merchant_id, document, at=at, desk=desk)
    return publish_design(merchant_id, at=at, desk=desk)
