"""Importing a catalogue, and sales whose lines only name SKUs."""

from typing import Any, ClassVar

import pytest

from chalicelib.domain.catalogue import ROWS_MAX, Article, CatalogueInvalid
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.ports import CommitConflict
from chalicelib.usecases.catalogue import Imported, ImportMode, import_catalogue
from chalicelib.usecases.merchants import draft_changes, publish_draft, save_draft
from chalicelib.usecases.purchases import quote, record_purchase
from tests.builders import document, line, operation, sale
from tests.domain.rules.baskets import good
from tests.usecases.world import PHONE, SHOP, World

HEADER = "sku,category,margin\n"


def put(world: World, rows: str, mode: ImportMode = ImportMode.ADD) -> Imported:
    """Import rows."""
    raw = (HEADER + rows).encode()
    return import_catalogue(SHOP, raw, mode, at=world.at, catalogue=world.catalogue)


def skus(world: World) -> list[str]:
    return [one.sku for one in world.catalogue.every(SHOP)]


def sell(world: World, *lines: Any, key: str = "p1", phone: str = PHONE) -> Any:
    """Sell to a new member and return the receipt."""
    of = sale(*lines, member=world.join(phone).member_id, receipt=key)
    done = record_purchase(
        of, operation(key), at=world.at, book=world.book, keyring=world.keyring
    )
    return done.value


def refused(world: World, **program: Any) -> list[str]:
    """Return the paths for which a draft is refused."""
    with pytest.raises(InvalidProgram) as found:
        save_draft(SHOP, document(**program), office=world.office)
    return [path for path, _ in found.value.faults]


@pytest.fixture
def world() -> World:
    return World(earn_percent=10, margin_caps={"low": 1}, category_discounts={"tea": 50})


class TestImporting:
    def test_adds_and_changes_and_keeps_the_rest(self, world: World) -> None:
        put(world, "C-1,coffee,\nC-2,tea,\n")

        done = put(world, "C-2,tea,low\nC-3,milk,\n")

        assert skus(world) == ["C-1", "C-2", "C-3"]
        assert (done.summary.version, done.summary.categories) == (2, ("coffee", "milk", "tea"))
        touched = done.difference
        assert (touched.added, touched.changed, touched.removed) == (1, 1, 0)

    def test_replaces_the_whole_catalogue_where_it_is_told_to(self, world: World) -> None:
        put(world, "C-1,coffee,\nC-2,tea,\n")

        done = put(world, "C-2,tea,\n", ImportMode.REPLACE)

        assert skus(world) == ["C-2"]
        assert done.difference.removed == 1

    def test_imports_nothing_of_a_file_with_one_bad_row(self, world: World) -> None:
        put(world, "C-1,coffee,\n")

        with pytest.raises(CatalogueInvalid):
            put(world, "C-2,tea,\nC-3,,\n")

        assert skus(world) == ["C-1"]

    def test_refuses_what_would_make_the_catalogue_too_large(self, world: World) -> None:
        put(world, "".join(f"A-{n},coffee,\n" for n in range(ROWS_MAX)))

        with pytest.raises(CatalogueInvalid, match="more than 50000 articles"):
            put(world, "B-1,coffee,\n")

        put(world, "A-7,tea,\n")  # one of them may change

    def test_two_imports_at_once_do_not_lose_each_others_articles(self, world: World) -> None:
        world.catalogue = _Overtaken(world)

        with pytest.raises(CommitConflict):
            put(world, "C-1,coffee,\n")

        assert skus(world) == ["C-2"]


class TestASale:
    def test_of_a_sku_is_priced_by_the_catalogue(self, world: World) -> None:
        put(world, "C-1,tea,\nC-2,coffee,low\n")

        found = sell(world, _sku("C-1"), _sku("C-2"), _sku("C-9"))

        assert [one.category for one in found.lines] == ["tea", "coffee", None]
        assert [one.margin for one in found.lines] == [None, "low", None]
        assert [one.discount_minor for one in found.lines] == [5_000, 0, 0]
        assert [one.earned for one in found.lines] == [5, 1, 10]

    def test_that_says_itself_what_its_goods_are_is_believed(self, world: World) -> None:
        put(world, "C-1,tea,low\n")

        found = sell(world, _sku("C-1", category="coffee"), _sku("C-1", margin="high"))

        assert [(one.category, one.margin) for one in found.lines] == [
            ("coffee", None),
            (None, "high"),
        ]
        assert world.catalogue.reads == 0

    def test_looks_nothing_up_without_skus_or_without_a_catalogue(self, world: World) -> None:
        sell(world, _sku("C-1"))
        put(world, "C-1,tea,\n")
        sell(world, line(100), key="p2", phone="+79160000002")

        assert world.catalogue.reads == 0

    def test_costs_what_its_quote_said(self, world: World) -> None:
        put(world, "C-1,tea,\n")
        of = sale(_sku("C-1"), member=world.join().member_id)

        quoted = quote(of, at=world.at, book=world.book, keyring=world.keyring)

        assert quoted.receipt.to_pay_minor == 5_000
        sold = record_purchase(
            of,
            operation("p1"),
            at=world.at,
            book=world.book,
            keyring=world.keyring,
            quote_id=quoted.quote_id,
        )
        assert sold.value.to_pay_minor == 5_000


class TestAProgram:
    NAMING: ClassVar[dict[str, Any]] = {
        "stamps": {"category": "tea", "every": 6},
        "category_discounts": {"coffee": 5},
        "category_rates": {
            "a/b": {"earn": 1, "redeem": 1},
            "default": {"earn": 1, "redeem": 1},
        },
        "margin_caps": {"low": 1},
        "excluded": {"categories": ["x"], "skus": ["C-1", "y"], "margins": ["z"]},
        "bundles": [{"id": "b", "skus": {"C-1": 1, "C~8": 1}, "points": 1}],
        "promotions": [{"id": "p", "points": 1, "categories": ["tea", "q"], "skus": ["C-9"]}],
        "gift_card": {"category": "cards"},
        "benefits": None,
        "actions": {"skus": {"points": 1}},
    }
    PATHS = (
        "/category_discounts/coffee", "/category_rates/a~1b", "/excluded/categories/0",
        "/excluded/margins/0", "/excluded/skus/1", "/bundles/0/skus/C~08",
        "/promotions/0/categories/1", "/promotions/0/skus/0",
    )  # fmt: skip

    def test_may_only_name_goods_of_the_catalogue(self, world: World) -> None:
        put(world, "C-1,tea,low\n")

        assert sorted(refused(world, **self.NAMING)) == sorted(self.PATHS)
        assert world.merchants.draft(SHOP) is None

    def test_may_name_any_goods_without_a_catalogue(self, world: World) -> None:
        save_draft(SHOP, document(**self.NAMING), office=world.office)
        put(world, "")  # an empty one is none

        assert publish_draft(SHOP, office=world.office).version == 2

    def test_is_checked_again_when_it_is_published(self, world: World) -> None:
        save_draft(SHOP, document(category_discounts={"tea": 5}), office=world.office)
        put(world, "C-1,coffee,\n")

        with pytest.raises(
            InvalidProgram, match="/category_discounts/tea: the catalogue has no"
        ):
            publish_draft(SHOP, office=world.office)

        assert world.merchants.program(SHOP).version == 1
        assert world.merchants.draft(SHOP) is not None

    def test_goes_on_when_the_catalogue_changes(self, world: World) -> None:
        put(world, "C-1,tea,low\n")
        save_draft(SHOP, document(category_discounts={"tea": 10}), office=world.office)
        publish_draft(SHOP, office=world.office)

        put(world, "C-1,coffee,\n", ImportMode.REPLACE)

        assert sell(world, line(10_000, category="tea")).discount_minor == 1_000

    def test_tells_what_its_draft_would_change(self, world: World) -> None:
        save_draft(SHOP, {**document(earn_percent=20), "tiers": None}, office=world.office)

        paths = [one.path for one in draft_changes(SHOP, office=world.office)]

        assert "/earn_percent" in paths
        assert "/margin_caps" in paths


def _sku(sku: str, **more: Any) -> Any:
    return good(10_000, sku=sku, **more)


class _Overtaken:
    """A catalogue that somebody else changes between the reading and the writing."""

    def __init__(self, world: World) -> None:
        self._inner = world.catalogue
        self._world = world

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def every(self, merchant_id: str) -> tuple[Article, ...]:
        found = self._inner.every(merchant_id)
        if not found:
            self._inner.save(
                merchant_id, [Article("C-2", "tea", None)], version=1, at=self._world.at
            )
        return found
