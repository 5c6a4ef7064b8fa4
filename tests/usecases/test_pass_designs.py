"""A merchant changes how its passes look: images, drafts, publishing, and the phones told."""

from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.domain.design_document import InvalidDesign
from chalicelib.domain.pass_designs import DEFAULT_DESIGN, PassDesign
from chalicelib.domain.pass_images import (
    IMAGES_MAX,
    Artwork,
    ImageFile,
    ImageInUse,
    ImageNotFound,
    ImageRefused,
    ImageUse,
    TooManyImages,
)
from chalicelib.ports import CommitConflict, StoreUnavailable
from chalicelib.usecases.merchants import DraftMissing, DraftOutdated, publish_draft, save_draft
from chalicelib.usecases.pass_designs import (
    DesignDesk,
    add_image,
    design_changes,
    google_images,
    pass_images,
    publish_design,
    remove_image,
    save_design,
    tell_left_phones,
)
from chalicelib.usecases.write_once import MerchantNotFound
from tests.builders import SHOP, document
from tests.fakes.pass_designs import FakePassDesigns
from tests.fakes.pass_images import FakePassImages
from tests.usecases.world import World

LEVELS = [{"name": "Basic", "over": "0"}, {"name": "Gold", "over": "1000"}]
GOLD = {"background": "#c9a227", "foreground": "#1d1d1f", "label": "#1d1d1f"}


class Maker:
    """Makes an image of whatever it is given, but of nothing."""

    def make(self, content: bytes, use: ImageUse) -> Artwork:
        if not content:
            raise ImageRefused("the file is empty")
        google = "google-hero.png" if use is ImageUse.STRIP else "google-logo.png"
        files = [ImageFile(f"{use}{n}.png", 1, 1, content) for n in ("", "@2x", "@3x")]
        return Artwork(use, 10, 10, (*files, ImageFile(google, 2, 2, content)))


class Studio:
    """A shop with a designer."""

    def __init__(self) -> None:
        self.world = World(tiers={"levels": LEVELS})
        self.images = FakePassImages(self._version)
        self.designs = FakePassDesigns(self.world.merchants, self.images)
        self.desk = DesignDesk(
            designs=self.designs,
            images=self.images,
            merchants=self.world.merchants,
            repush=self.world.repush,
        )

    def _version(self, merchant_id: str) -> int:
        return self.designs.look(merchant_id).design.version

    def upload(self, use: ImageUse = ImageUse.LOGO, content: bytes = b"drawn") -> str:
        image, _ = add_image(
            SHOP, content, use, at=self.world.at, maker=Maker(), images=self.images
        )
        return image.image_id

    def save(self, said: Mapping[str, Any]) -> PassDesign:
        return save_design(SHOP, said, at=self.world.at, desk=self.desk)

    def sweep(self) -> int:
        repush = self.world.repush
        return tell_left_phones(designs=self.designs, repush=repush, limit=10)

    def publish(self) -> PassDesign:
        return publish_design(SHOP, at=self.world.at, desk=self.desk)


@pytest.fixture
def studio() -> Studio:
    return Studio()


def faults(studio: Studio, said: Mapping[str, Any]) -> dict[str, str]:
    with pytest.raises(InvalidDesign) as refused:
        studio.save(said)
    return dict(refused.value.faults)


class TestDrafts:
    def test_a_draft_changes_nothing_and_tells_nobody(self, studio: Studio) -> None:
        studio.save({"program_name": "Bonus"})

        assert studio.designs.look(SHOP).design == DEFAULT_DESIGN
        assert studio.world.repush.merchants == []

    def test_a_draft_that_cannot_be_is_not_kept(self, studio: Studio) -> None:
        studio.save({"near_m": 1})

        assert "/near_m" in faults(studio, {"near_m": 0})
        assert studio.designs.draft(SHOP) == {"near_m": 1}

    def test_colours_are_for_the_tiers_there_are(self, studio: Studio) -> None:
        said = {"tier_colours": {"Gold": GOLD, "Silver": GOLD}}

        assert faults(studio, said) == {"/tier_colours/Silver": "is no tier of the program"}

    def test_a_merchant_that_is_not_there_has_no_draft(self, studio: Studio) -> None:
        with pytest.raises(MerchantNotFound):
            save_design("nobody", {}, at=studio.world.at, desk=studio.desk)

    def test_images_must_be_there_and_for_that_use(self, studio: Studio) -> None:
        logo = studio.upload(ImageUse.LOGO)

        found = faults(studio, {"logo": logo, "strip": logo, "icon": "img_" + "0" * 32})

        assert found == {
            "/strip": "the image was uploaded as logo",
            "/icon": "there is no such image",
        }

    def test_what_publishing_would_change_is_told_by_path(self, studio: Studio) -> None:
        studio.save({"near_m": 5, "header": ["tier"]})
        studio.publish()
        studio.save({"near_m": 6, "header": None, "symbology": "aztec"})

        found = design_changes(SHOP, desk=studio.desk)

        assert [(one.path, one.before, one.after) for one in found] == [
            ("/near_m", 5, 6),
            ("/symbology", None, "aztec"),
        ]

    def test_without_a_draft_there_is_nothing_to_compare_or_publish(
        self, studio: Studio
    ) -> None:
        with pytest.raises(DraftMissing):
            design_changes(SHOP, desk=studio.desk)
        with pytest.raises(DraftMissing):
            studio.publish()


class TestPublishing:
    def test_a_published_design_is_the_look_and_every_phone_is_told(
        self, studio: Studio
    ) -> None:
        studio.save({"program_name": "Bonus"})

        design = studio.publish()

        look = studio.designs.look(SHOP)
        assert (design.version, design.program_name) == (1, "Bonus")
        assert (look.design, look.revision) == (design, 1)
        assert studio.world.repush.merchants == [SHOP]

    def test_a_published_program_tells_every_phone_as_well(self, studio: Studio) -> None:
        office = studio.world.office
        save_draft(SHOP, document(title="New", tiers={"levels": LEVELS}), office=office)

        publish_draft(SHOP, office=office)

        assert studio.designs.look(SHOP).revision == 1
        assert studio.world.repush.merchants == [SHOP]

    def test_phones_that_could_not_be_told_at_once_are_told_by_the_sweep(
        self, studio: Studio
    ) -> None:
        repush = studio.world.repush
        repush.trouble = StoreUnavailable("the queue is down")
        studio.save({"near_m": 1})

        studio.publish()
        swept_in_vain = studio.sweep()
        repush.trouble = None
        swept, swept_again = studio.sweep(), studio.sweep()

        assert (swept_in_vain, swept, swept_again) == (1, 1, 0)
        assert repush.merchants == [SHOP]
        assert studio.designs.look(SHOP).design.near_m == 1

    def test_who_publishes_what_became_outdated_is_refused(self, studio: Studio) -> None:
        studio.save({"expires_on": "2026-06-02"})
        studio.world.wait(days=2)

        with pytest.raises(InvalidDesign):
            studio.publish()
        assert studio.world.repush.merchants == []

    def test_somebody_elses_publication_is_not_overwritten(
        self, studio: Studio, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        studio.save({"near_m": 1})
        publish = studio.designs.publish

        def overtaken(merchant_id: str, said: Mapping[str, Any], *args: Any, **at: Any) -> None:
            publish(merchant_id, said, *args, **at)
            publish(merchant_id, said, *args, **at)

        monkeypatch.setattr(studio.designs, "publish", overtaken)
        with pytest.raises(DraftOutdated):
            studio.publish()
        assert studio.world.repush.merchants == []

    def test_a_repeat_finds_no_draft_and_publishes_nothing(self, studio: Studio) -> None:
        studio.save({"near_m": 1})
        studio.publish()

        with pytest.raises(DraftMissing):
            studio.publish()
        assert studio.designs.look(SHOP).revision == 1


class TestImages:
    def test_the_same_upload_again_changes_nothing(self, studio: Studio) -> None:
        once = studio.upload()
        studio.world.wait(days=1)

        again = studio.upload()

        assert once == again
        assert len(studio.images.listed(SHOP).images) == 1

    def test_what_cannot_be_an_image_is_not_kept(self, studio: Studio) -> None:
        with pytest.raises(ImageRefused):
            studio.upload(content=b"")
        assert studio.images.listed(SHOP).images == ()

    def test_no_more_are_kept_than_allowed(self, studio: Studio) -> None:
        for number in range(IMAGES_MAX):
            studio.upload(content=str(number).encode())

        with pytest.raises(TooManyImages):
            studio.upload(content=b"one more")
        assert studio.upload(content=b"7")  # it is there already

    @pytest.mark.parametrize("is_published", [False, True])
    def test_an_image_that_is_shown_stays(self, studio: Studio, is_published: bool) -> None:
        image_id = studio.upload()
        studio.save({"logo": image_id})
        if is_published:
            studio.publish()

        with pytest.raises(ImageInUse):
            remove_image(SHOP, image_id, desk=studio.desk)
        assert studio.images.files(SHOP, image_id)

    def test_an_image_nobody_shows_any_more_goes(self, studio: Studio) -> None:
        image_id = studio.upload()
        for said in ({"logo": image_id}, {}):
            studio.save(said)
            studio.publish()

        gone = remove_image(SHOP, image_id, desk=studio.desk)

        assert gone.image_id == image_id
        assert studio.images.files(SHOP, image_id) is None
        with pytest.raises(ImageNotFound):
            remove_image(SHOP, image_id, desk=studio.desk)

    def test_an_image_that_is_published_meanwhile_stays(
        self, studio: Studio, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        image_id = studio.upload()
        draft = studio.designs.draft

        def published_meanwhile(merchant_id: str) -> Mapping[str, Any] | None:
            found = draft(merchant_id)
            monkeypatch.undo()
            studio.designs.publish(merchant_id, {"logo": image_id}, 1, at=studio.world.at)
            return found

        monkeypatch.setattr(studio.designs, "draft", published_meanwhile)
        with pytest.raises(CommitConflict):
            remove_image(SHOP, image_id, desk=studio.desk)
        assert studio.images.files(SHOP, image_id)

    def test_apple_gets_its_own_files_and_google_the_addresses_of_its_own(
        self, studio: Studio
    ) -> None:
        strip, icon = studio.upload(ImageUse.STRIP), studio.upload(ImageUse.ICON)
        studio.save({"strip": strip, "icon": icon})
        design = studio.publish()

        apple = pass_images(SHOP, strip, images=studio.images)

        assert set(apple) == {"strip.png", "strip@2x.png", "strip@3x.png"}
        assert google_images(design) == {
            "logo": (icon, "google-logo.png"),
            "hero": (strip, "google-hero.png"),
        }
        assert google_images(DEFAULT_DESIGN) == {}
        assert pass_images(SHOP, "img_gone", images=studio.images) == {}
