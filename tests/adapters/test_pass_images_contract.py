"""What a store of images promises, of the fake and of the table alike."""

from dataclasses import replace

import pytest

from chalicelib.adapters.dynamo.pass_images import DynamoPassImages
from chalicelib.domain.pass_images import (
    FILES_BYTES_MAX,
    IMAGES_MAX,
    Artwork,
    ImageFile,
    ImageList,
    ImageUse,
    ImageWarning,
    TooManyImages,
    image_of,
)
from chalicelib.ports import CommitConflict, PassImages
from tests.adapters.stores import NOW, SHOP
from tests.fakes.pass_images import FakePassImages

STRIP = Artwork(
    ImageUse.STRIP,
    1125,
    432,
    (
        ImageFile("strip.png", 375, 123, b"one"),
        ImageFile("strip@2x.png", 750, 246, b"two"),
        ImageFile("google-hero.png", 1032, 336, bytes(range(256))),
    ),
    (ImageWarning.BUSY_LEFT,),
)
ICON = Artwork(ImageUse.ICON, 114, 114, (ImageFile("icon.png", 38, 38, b"icon"),))


@pytest.fixture(params=["fake", "engine"])
def images(request: pytest.FixtureRequest) -> PassImages:
    if request.param == "fake":
        return FakePassImages()
    return DynamoPassImages(request.getfixturevalue("connection"))


def keep(images: PassImages, artwork: Artwork = STRIP) -> ImageList:
    before = images.listed(SHOP)
    images.add(SHOP, artwork, before.adding(image_of(artwork, NOW)))
    return before


def test_nothing_is_there_at_first(images: PassImages) -> None:
    assert images.listed(SHOP) == ImageList()
    assert images.files(SHOP, STRIP.image_id) is None


def test_an_image_comes_back_as_it_was_kept(images: PassImages) -> None:
    keep(images)
    keep(images, ICON)

    listed = images.listed(SHOP)

    assert listed.images == (image_of(STRIP, NOW), image_of(ICON, NOW))
    assert listed.images[0].pass_bytes == 6
    assert images.files(SHOP, STRIP.image_id) == {one.name: one.content for one in STRIP.files}


def test_merchants_do_not_share_images(images: PassImages) -> None:
    keep(images)

    assert images.listed("another") == ImageList()
    assert images.files("another", STRIP.image_id) is None


def test_an_image_goes_with_its_place_in_the_list(images: PassImages) -> None:
    keep(images)
    keep(images, ICON)
    listed = images.listed(SHOP)

    images.remove(SHOP, STRIP.image_id, listed.without(STRIP.image_id), design_version=0)

    assert [one.use for one in images.listed(SHOP).images] == [ImageUse.ICON]
    assert images.files(SHOP, STRIP.image_id) is None
    assert images.files(SHOP, ICON.image_id) is not None


def test_a_list_that_has_moved_is_not_overwritten(images: PassImages) -> None:
    before = keep(images)

    with pytest.raises(CommitConflict):
        images.add(SHOP, ICON, before.adding(image_of(ICON, NOW)))

    assert [one.use for one in images.listed(SHOP).images] == [ImageUse.STRIP]
    assert images.files(SHOP, ICON.image_id) is None


def test_as_many_images_as_allowed_fit_their_list(images: PassImages) -> None:
    for number in range(IMAGES_MAX):
        files = (replace(ICON.files[0], content=f"icon {number}".encode()),)
        keep(images, replace(ICON, files=files))

    listed = images.listed(SHOP)

    assert len(listed.images) == IMAGES_MAX
    with pytest.raises(TooManyImages):
        listed.adding(image_of(STRIP, NOW))


def test_the_largest_image_fits_its_item(images: PassImages) -> None:
    files = (ImageFile("strip.png", 375, 123, bytes(FILES_BYTES_MAX - 200)),)

    keep(images, replace(STRIP, files=files))

    assert len(images.listed(SHOP).images) == 1
