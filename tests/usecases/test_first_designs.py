"""The design a new merchant begins with: its images are kept once, then it is published."""

import pytest

from chalicelib.domain.design_document import InvalidDesign
from chalicelib.domain.pass_images import Artwork, ImageFile, ImageUse
from chalicelib.usecases.first_designs import publish_first_design
from chalicelib.usecases.pass_designs import DesignDesk
from tests.builders import NOON, SHOP
from tests.fakes.pass_designs import FakePassDesigns
from tests.fakes.pass_images import FakePassImages
from tests.usecases.world import World

LOGO = Artwork(ImageUse.LOGO, 150, 150, (ImageFile("logo.png", 50, 50, b"a logo"),))
ICON = Artwork(ImageUse.ICON, 114, 114, (ImageFile("icon.png", 38, 38, b"an icon"),))
DOCUMENT = {"program_name": "Узор", "logo": LOGO.image_id, "icon": ICON.image_id}


@pytest.fixture
def desk() -> DesignDesk:
    world, images = World(), FakePassImages()
    designs = FakePassDesigns(world.merchants, images)
    return DesignDesk(
        designs=designs, images=images, merchants=world.merchants, repush=world.repush
    )


def test_the_design_is_published_with_its_images(desk: DesignDesk) -> None:
    design = publish_first_design(SHOP, DOCUMENT, [LOGO, ICON], at=NOON, desk=desk)

    assert (design.version, design.program_name) == (1, "Узор")
    assert desk.designs.look(SHOP).design == design
    assert desk.images.files(SHOP, design.logo) == {"logo.png": b"a logo"}


def test_an_image_that_is_there_is_not_kept_twice(desk: DesignDesk) -> None:
    publish_first_design(SHOP, DOCUMENT, [LOGO, ICON], at=NOON, desk=desk)

    again = publish_first_design(SHOP, DOCUMENT, [LOGO, ICON], at=NOON, desk=desk)

    assert again.version == 2
    assert len(desk.images.listed(SHOP).images) == 2


def test_a_design_whose_image_is_missing_is_not_published(desk: DesignDesk) -> None:
    with pytest.raises(InvalidDesign, match="/icon: there is no such image"):
        publish_first_design(SHOP, DOCUMENT, [LOGO], at=NOON, desk=desk)

    assert desk.designs.document(SHOP) is None
