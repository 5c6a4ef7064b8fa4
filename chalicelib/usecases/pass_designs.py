"""How passes look: a merchant changes it by draft and publish, with images of its own."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.audit import Deed
from chalicelib.domain.design_document import InvalidDesign, read_design
from chalicelib.domain.pass_designs import PassDesign
from chalicelib.domain.pass_images import (
    SHAPES,
    ImageInUse,
    ImageNotFound,
    ImageUse,
    PassImage,
    image_of,
    pass_file_names,
)
from chalicelib.domain.program_diff import Change, changes
from chalicelib.ports import (
    CommitConflict,
    ImageMaker,
    Merchants,
    PassDesigns,
    PassImages,
    Repush,
    StoreUnavailable,
)
from chalicelib.usecases.deeds import version_record
from chalicelib.usecases.merchants import DraftMissing, DraftOutdated
from chalicelib.usecases.write_once import program_of


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignDesk:
    """The ports that know how passes look."""

    designs: PassDesigns
    images: PassImages
    merchants: Merchants
    repush: Repush


def save_design(
    merchant_id: str, document: Mapping[str, Any], *, at: datetime, desk: DesignDesk
) -> PassDesign:
    """Check and keep a draft of the design.

    Raises:
        MerchantNotFound, InvalidDesign: nothing was saved.
    """
    design = _read(merchant_id, document, 0, at, desk)
    desk.designs.save_draft(merchant_id, document)
    return design


def publish_design(
    merchant_id: str, *, at: datetime, by: str = "", desk: DesignDesk
) -> PassDesign:
    """Make the draft the design, and have every phone fetch its pass again.

    `by` is who the audit log names: a staff id or `key:…`.

    The draft is gone then: a repeat finds none instead of publishing it again.

    Raises:
        MerchantNotFound, DraftMissing, InvalidDesign, DraftOutdated.
    """
    document = desk.designs.draft(merchant_id)
    if document is None:
        raise DraftMissing("there is no draft to publish")
    version = desk.designs.look(merchant_id).design.version + 1
    design = _read(merchant_id, document, version, at, desk)
    record = version_record(Deed.DESIGN_PUBLISHED, merchant_id, version, by=by, at=at)
    try:
        desk.designs.publish(merchant_id, document, version, at=at, record=record)
    except CommitConflict as error:
        raise DraftOutdated("another version or another draft came meanwhile") from error
    tell_phones(merchant_id, designs=desk.designs, repush=desk.repush)
    return design


def tell_phones(merchant_id: str, *, designs: PassDesigns, repush: Repush) -> None:
    """Begin to tell every phone of a merchant's that its pass shows something else.

    What was published is published: if it cannot begin now, the sweep begins it.
    """
    with suppress(StoreUnavailable):
        revision = designs.look(merchant_id).revision
        repush(merchant_id)
        designs.mark_told(merchant_id, revision)


def tell_left_phones(*, designs: PassDesigns, repush: Repush, limit: int) -> int:
    """Begin what was not begun when it was published; of how many merchants."""
    left = designs.untold(limit)
    for merchant_id in left:
        tell_phones(merchant_id, designs=designs, repush=repush)
    return len(left)


def design_changes(merchant_id: str, *, desk: DesignDesk) -> tuple[Change, ...]:
    """Return what publishing the draft would change.

    Raises:
        DraftMissing.
    """
    draft = desk.designs.draft(merchant_id)
    if draft is None:
        raise DraftMissing("there is no draft")
    return changes(desk.designs.document(merchant_id) or {}, draft, meaning=_meaning)


def add_image(
    merchant_id: str,
    content: bytes,
    use: ImageUse,
    *,
    at: datetime,
    maker: ImageMaker,
    images: PassImages,
) -> tuple[PassImage, bool]:
    """Make and keep an image; whether it is new. The same upload again changes nothing.

    Raises:
        ImageRefused, TooManyImages: nothing was kept.
        CommitConflict: another image came meanwhile.
    """
    artwork = maker.make(content, use)
    before = images.listed(merchant_id)
    known = before.find(artwork.image_id)
    if known is not None:
        return known, False
    image = image_of(artwork, at)
    images.add(merchant_id, artwork, before.adding(image))
    return image, True


def remove_image(merchant_id: str, image_id: str, *, desk: DesignDesk) -> PassImage:
    """Delete an image that neither the design nor its draft shows.

    Raises:
        ImageNotFound, ImageInUse.
        CommitConflict: another design or image came meanwhile.
    """
    before = desk.images.listed(merchant_id)
    image = before.find(image_id)
    if image is None:
        raise ImageNotFound("there is no such image")
    design = desk.designs.look(merchant_id).design
    draft = desk.designs.draft(merchant_id) or {}
    if image_id in _shown(design).values() or image_id in [draft.get(use) for use in ImageUse]:
        raise ImageInUse("the design or its draft shows the image")
    after = before.without(image_id)
    desk.images.remove(merchant_id, image_id, after, design_version=design.version)
    return image


def pass_images(merchant_id: str, image_id: str, *, images: PassImages) -> Mapping[str, bytes]:
    """Return the files of an image that travel in Apple's passes; none if it is gone."""
    return of_passes(images.files(merchant_id, image_id) or {})


def of_passes(files: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """Return those files of an image that travel in Apple's passes."""
    names = {name for use in ImageUse for name in pass_file_names(use)}
    return {name: content for name, content in files.items() if name in names}


def google_images(design: PassDesign) -> Mapping[str, tuple[str, str]]:
    """Return Google's `logo` and `hero` as (image id, file name), where there are any."""
    logo = (design.logo, ImageUse.LOGO) if design.logo else (design.icon, ImageUse.ICON)
    found = {"logo": logo, "hero": (design.strip, ImageUse.STRIP)}
    return {
        name: (image_id, SHAPES[use].google_name)
        for name, (image_id, use) in found.items()
        if image_id
    }


def _read(
    merchant_id: str, document: Mapping[str, Any], version: int, at: datetime, desk: DesignDesk
) -> PassDesign:
    """Return the design of a document that may be published now.

    Raises:
        MerchantNotFound, InvalidDesign.
    """
    program = program_of(merchant_id, desk.merchants)
    on = program.local_date(at)
    design = read_design(document, version, program=program, on=on)
    shown = {use: image_id for use, image_id in _shown(design).items() if image_id}
    listed = desk.images.listed(merchant_id) if shown else None
    faults = []
    for use, image_id in shown.items():
        image = listed.find(image_id) if listed else None
        if image is None:
            faults.append((f"/{use}", "there is no such image"))
        elif image.use is not use:
            faults.append((f"/{use}", f"the image was uploaded as {image.use}"))
    if faults:
        raise InvalidDesign(tuple(faults))
    return design


def _shown(design: PassDesign) -> dict[ImageUse, str]:
    return {
        ImageUse.LOGO: design.logo,
        ImageUse.STRIP: design.strip,
        ImageUse.ICON: design.icon,
    }


def _meaning(document: Mapping[str, Any]) -> PassDesign | None:
    try:
        return read_design(document)
    except InvalidDesign:
        return None
