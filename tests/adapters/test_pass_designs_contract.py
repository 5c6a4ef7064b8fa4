"""What a store of pass designs promises, of the fake and of the table alike."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from chalicelib.adapters.dynamo.merchants import DynamoMerchants
from chalicelib.adapters.dynamo.pass_designs import DynamoPassDesigns
from chalicelib.adapters.dynamo.pass_images import DynamoPassImages
from chalicelib.domain.design_document import read_design
from chalicelib.domain.members import Merchant
from chalicelib.domain.pass_designs import DEFAULT_DESIGN, DesignVersion
from chalicelib.domain.pass_images import Artwork, ImageFile, ImageUse, image_of
from chalicelib.ports import CommitConflict, Merchants, PassDesigns, PassImages
from tests.adapters.stores import NOW, SHOP
from tests.domain.designs import FULL, documents
from tests.fakes.merchants import FakeMerchants
from tests.fakes.pass_designs import FakePassDesigns
from tests.fakes.pass_images import FakePassImages

MERCHANT = Merchant(SHOP, "Roastery", "RU", ("RU",), "ru")
LOGO = Artwork(ImageUse.LOGO, 480, 150, (ImageFile("logo.png", 160, 50, b"png"),))
THREADS = 8


@dataclass(frozen=True)
class Store:
    designs: PassDesigns
    images: PassImages
    merchants: Merchants


@pytest.fixture(params=["fake", "engine"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "fake":
        merchants, images = FakeMerchants(), FakePassImages()
        designs = FakePassDesigns(merchants, images)
        images.design_version = lambda merchant_id: designs.look(merchant_id).design.version
        return Store(designs, images, merchants)
    return engine_store(request.getfixturevalue("connection"))


@pytest.fixture
def designs(store: Store) -> PassDesigns:
    return store.designs


def engine_store(connection: Any) -> Store:
    merchants = DynamoMerchants(connection)
    return Store(
        DynamoPassDesigns(connection, merchants.catch_up),
        DynamoPassImages(connection),
        merchants,
    )


def publish(designs: PassDesigns, document: dict[str, Any], version: int) -> None:
    designs.save_draft(SHOP, document)
    designs.publish(SHOP, document, version, at=NOW + timedelta(days=version))


def keep(images: PassImages, artwork: Artwork = LOGO) -> str:
    before = images.listed(SHOP)
    images.add(SHOP, artwork, before.adding(image_of(artwork, NOW)))
    return artwork.image_id


class TestLooks:
    def test_a_merchant_without_a_design_has_the_default_one(
        self, designs: PassDesigns
    ) -> None:
        look = designs.look(SHOP)

        assert (look.design, look.revision) == (DEFAULT_DESIGN, 0)
        assert designs.document(SHOP) is None
        assert designs.draft(SHOP) is None
        assert designs.versions(SHOP, limit=9) == ()

    def test_each_change_of_what_all_passes_show_gives_the_next_revision(
        self, designs: PassDesigns
    ) -> None:
        counted = [designs.renew(SHOP), designs.renew(SHOP)]

        assert counted == [1, 2]
        assert designs.look(SHOP).revision == 2
        assert designs.look(SHOP).design == DEFAULT_DESIGN

    def test_a_published_program_moves_the_look(self, store: Store) -> None:
        store.merchants.open(MERCHANT, {"title": "First"})
        before = store.designs.look(SHOP).revision

        for version in (2, 3):
            store.merchants.publish(SHOP, {"title": f"Number {version}"}, version)

        assert (before, store.designs.look(SHOP).revision) == (0, 2)

    def test_a_program_that_is_refused_moves_nothing(self, store: Store) -> None:
        store.merchants.open(MERCHANT, {"title": "First"})

        with pytest.raises(CommitConflict):
            store.merchants.publish(SHOP, {"title": "Third"}, 3)

        assert store.designs.look(SHOP).revision == 0

    def test_design_and_program_count_together(self, store: Store) -> None:
        store.merchants.open(MERCHANT, {"title": "First"})
        publish(store.designs, FULL, 1)
        store.merchants.publish(SHOP, {"title": "Second"}, 2)
        publish(store.designs, {}, 2)
        store.designs.renew(SHOP)

        look = store.designs.look(SHOP)

        assert (look.design.version, look.revision) == (2, 4)


class TestPhonesToTell:
    def test_whoever_published_waits_until_its_phones_are_told(self, store: Store) -> None:
        store.merchants.open(MERCHANT, {"title": "First"})
        at_first = store.designs.untold()
        publish(store.designs, FULL, 1)
        after_design = store.designs.untold()
        store.designs.mark_told(SHOP, 1)
        told = store.designs.untold()
        store.merchants.publish(SHOP, {"title": "Second"}, 2, at=NOW)

        assert (at_first, after_design, told) == ((), (SHOP,), ())
        assert store.designs.untold() == (SHOP,)

    def test_what_was_published_meanwhile_still_waits(self, designs: PassDesigns) -> None:
        publish(designs, {}, 1)
        revision = designs.look(SHOP).revision
        publish(designs, FULL, 2)

        designs.mark_told(SHOP, revision)

        assert designs.untold() == (SHOP,)


class TestPublishing:
    def test_a_draft_changes_nothing(self, designs: PassDesigns) -> None:
        designs.save_draft(SHOP, FULL)

        assert designs.draft(SHOP) == FULL
        assert designs.look(SHOP).revision == 0

    def test_a_published_draft_is_the_look_and_is_gone(self, designs: PassDesigns) -> None:
        publish(designs, FULL, 1)

        look = designs.look(SHOP)

        assert look.design == read_design(FULL, 1)
        assert look.revision == 1
        assert designs.document(SHOP) == designs.document(SHOP, 1) == FULL
        assert designs.draft(SHOP) is None

    def test_the_history_goes_back_page_by_page(self, designs: PassDesigns) -> None:
        for version in (1, 2, 3):
            publish(designs, {"near_m": version}, version)

        latest = designs.versions(SHOP, limit=2)
        rest = designs.versions(SHOP, before=2, limit=2)

        assert latest + rest == tuple(
            DesignVersion(version, NOW + timedelta(days=version)) for version in (3, 2, 1)
        )
        assert designs.versions(SHOP, before=1, limit=2) == ()
        assert designs.document(SHOP, 2) == {"near_m": 2}
        assert designs.document(SHOP, 4) is None
        assert designs.document(SHOP, 0) is None

    @pytest.mark.parametrize("version", [1, 3])
    def test_only_the_next_version_is_published(
        self, designs: PassDesigns, version: int
    ) -> None:
        publish(designs, FULL, 1)
        designs.save_draft(SHOP, {})

        with pytest.raises(CommitConflict):
            designs.publish(SHOP, {}, version, at=NOW)

        assert designs.look(SHOP).design == read_design(FULL, 1)
        assert designs.look(SHOP).revision == 1
        assert designs.draft(SHOP) == {}

    def test_a_draft_that_was_saved_meanwhile_is_not_lost(self, designs: PassDesigns) -> None:
        designs.save_draft(SHOP, {"near_m": 2})

        with pytest.raises(CommitConflict):
            designs.publish(SHOP, {"near_m": 1}, 1, at=NOW)

        assert designs.draft(SHOP) == {"near_m": 2}
        assert designs.document(SHOP) is None

    def test_no_design_shows_an_image_that_is_gone(self, store: Store) -> None:
        image_id = keep(store.images)
        store.images.remove(SHOP, image_id, without(store.images, image_id), design_version=0)

        with pytest.raises(CommitConflict):
            store.designs.publish(SHOP, {"logo": image_id}, 1, at=NOW)

        assert store.designs.look(SHOP).design == DEFAULT_DESIGN

    def test_no_image_goes_while_a_design_that_shows_it_is_published(
        self, store: Store
    ) -> None:
        image_id = keep(store.images)
        store.designs.publish(SHOP, {"logo": image_id}, 1, at=NOW)

        with pytest.raises(CommitConflict):  # it was looked for before, and in version 0
            store.images.remove(
                SHOP, image_id, without(store.images, image_id), design_version=0
            )

        assert store.images.files(SHOP, image_id) == {"logo.png": b"png"}

    def test_merchants_do_not_share_designs(self, designs: PassDesigns) -> None:
        publish(designs, FULL, 1)

        assert designs.look("another").design == DEFAULT_DESIGN
        assert designs.document("another", 1) is None


def without(images: PassImages, image_id: str) -> Any:
    return images.listed(SHOP).without(image_id)


def test_of_two_that_publish_at_once_one_does(connection) -> None:
    store = engine_store(connection)
    store.designs.save_draft(SHOP, FULL)
    start = Barrier(THREADS)

    def run(_: int) -> bool:
        start.wait()
        try:
            store.designs.publish(SHOP, FULL, 1, at=NOW)
        except CommitConflict:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(run, range(THREADS)))

    look = store.designs.look(SHOP)
    assert answers.count(True) == 1
    assert (look.design.version, look.revision) == (1, 1)
    assert len(store.designs.versions(SHOP, limit=9)) == 1


def test_who_has_read_the_look_sees_no_older_program(connection) -> None:
    """Another process published; ours has had the old program in memory for a second."""
    here, there = engine_store(connection), engine_store(connection)
    here.merchants.open(MERCHANT, {"title": "Old"})
    old = here.merchants.program(SHOP)
    there.merchants.publish(SHOP, {"title": "New"}, 2)

    still_old = here.merchants.program(SHOP)
    look = here.designs.look(SHOP)
    new = here.merchants.program(SHOP)

    assert old is not None
    assert still_old is not None
    assert new is not None
    assert (old.title, still_old.title) == ("Old", "Old")
    assert (look.revision, new.title) == (1, "New")


def test_a_design_leaves_the_program_in_memory(connection) -> None:
    here = engine_store(connection)
    here.merchants.open(MERCHANT, {"title": "Old"})
    program = here.merchants.program(SHOP)
    publish(here.designs, FULL, 1)

    here.designs.look(SHOP)

    assert here.merchants.program(SHOP) is program


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(document=documents())
def test_any_design_reads_back_as_it_was_published(
    connection, document: dict[str, Any]
) -> None:
    store = engine_store(connection)
    version = store.designs.look(SHOP).design.version + 1

    publish(store.designs, document, version)

    assert store.designs.look(SHOP).design == read_design(document, version)
    assert store.designs.document(SHOP, version) == document
