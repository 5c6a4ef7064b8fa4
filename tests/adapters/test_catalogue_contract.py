"""What a `Catalogue` keeps its promises on, the fake and the real one."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamo.catalogue import DynamoCatalogue
from chalicelib.adapters.dynamo.catalogue_items import PAGE_ROWS
from chalicelib.adapters.dynamo.connection import watch
from chalicelib.adapters.dynamo.merchants import DynamoMerchants
from chalicelib.domain.catalogue import Article
from chalicelib.domain.members import Merchant
from chalicelib.ports import Catalogue, CommitConflict, StoreUnavailable
from tests.adapters.stores import NOW, SHOP
from tests.fakes.catalogue import FakeCatalogue

MERCHANT = Merchant(SHOP, "Roastery", "RU", ("RU",), "ru")


@dataclass(frozen=True, slots=True)
class Table:
    """Catalogues in the engine, and what a till in another process sees."""

    merchants: DynamoMerchants
    catalogue: DynamoCatalogue


def articles(count: int, category: str = "coffee", first: int = 0) -> list[Article]:
    """Return articles in order of SKU."""
    return [Article(f"C-{n:05d}", category, None) for n in range(first, first + count)]


@pytest.fixture
def table(connection) -> Table:
    merchants = DynamoMerchants(connection)
    merchants.open(MERCHANT, {})
    return Table(merchants, DynamoCatalogue(connection, merchants))


@pytest.fixture(params=["fake", "engine"])
def catalogue(request: pytest.FixtureRequest) -> Catalogue:
    if request.param == "fake":
        return FakeCatalogue()
    found: Table = request.getfixturevalue("table")
    return found.catalogue


def save(catalogue: Catalogue, *found: Article, version: int = 1) -> None:
    catalogue.save(SHOP, found, version=version, at=NOW)


def test_without_a_catalogue_nothing_is_known(catalogue: Catalogue) -> None:
    assert catalogue.summary(SHOP) is None
    assert catalogue.articles(SHOP, ["C-1"]) == {}
    assert catalogue.page(SHOP, limit=10) == catalogue.every(SHOP) == ()


def test_articles_are_found_by_sku_and_listed_in_its_order(catalogue: Catalogue) -> None:
    coffee = Article("C-1", "кофе", None, "Эфиопия")
    tea, bag = Article("C-2", None, "low"), Article("A/1#%", "bags", "low")

    save(catalogue, tea, coffee, bag)

    assert catalogue.articles(SHOP, ["C-1", "A/1#%", "C-9", "A"]) == {
        "C-1": coffee,
        "A/1#%": bag,
    }
    assert catalogue.every(SHOP) == (bag, coffee, tea)
    assert catalogue.page(SHOP, after="A/1#%", limit=1) == (coffee,)
    assert catalogue.page(SHOP, after="C-2", limit=1) == ()


def test_the_summary_tells_what_there_is(catalogue: Catalogue) -> None:
    save(catalogue, Article("C-2", "tea", None), Article("C-1", "coffee", "low"))

    found = catalogue.summary(SHOP)

    assert found is not None
    assert (found.version, found.rows, found.updated_at) == (1, 2, NOW)
    assert (found.categories, found.margins) == (("coffee", "tea"), ("low",))


def test_a_catalogue_of_many_pages_is_whole(catalogue: Catalogue) -> None:
    many = articles(2 * PAGE_ROWS + 1)

    save(catalogue, *many)

    cursor, listed = "", []
    while page := catalogue.page(SHOP, after=cursor, limit=PAGE_ROWS - 1):
        listed += page
        cursor = page[-1].sku
    assert listed == many
    assert catalogue.every(SHOP) == tuple(many)
    assert len(catalogue.articles(SHOP, [one.sku for one in many])) == len(many)


def test_a_catalogue_is_replaced_as_a_whole(catalogue: Catalogue) -> None:
    save(catalogue, *articles(PAGE_ROWS + 1))
    assert catalogue.articles(SHOP, ["C-00000"])

    save(catalogue, *articles(1, "tea", first=7), version=2)

    assert catalogue.articles(SHOP, ["C-00000", "C-00007"]) == {
        "C-00007": articles(1, "tea", 7)[0]
    }
    assert len(catalogue.every(SHOP)) == 1


def test_an_empty_catalogue_is_one_too(catalogue: Catalogue) -> None:
    save(catalogue, *articles(1))
    save(catalogue, version=2)

    found = catalogue.summary(SHOP)

    assert found is not None
    assert (found.version, found.rows) == (2, 0)
    assert catalogue.articles(SHOP, ["C-00000"]) == {}


def test_the_same_articles_again_change_nothing(catalogue: Catalogue) -> None:
    save(catalogue, *articles(3))

    again = catalogue.save(SHOP, articles(3)[::-1], version=2, at=NOW + timedelta(days=1))

    assert (again.version, again.updated_at) == (1, NOW)


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_that_is_not_the_next_is_a_conflict(
    catalogue: Catalogue, version: int
) -> None:
    save(catalogue, *articles(1))

    with pytest.raises(CommitConflict):
        save(catalogue, *articles(2), version=version)

    assert len(catalogue.every(SHOP)) == 1


def test_merchants_do_not_see_each_others_articles(catalogue: Catalogue) -> None:
    save(catalogue, *articles(1))

    assert catalogue.every("bakery") == ()
    assert catalogue.articles("bakery", ["C-00000"]) == {}


class TestTheTable:
    def test_a_merchant_without_a_catalogue_costs_no_call(self, connection, table) -> None:
        table.merchants.find(SHOP)
        calls = []
        stop = watch(connection, lambda name, _: calls.append(name))

        table.catalogue.articles(SHOP, ["C-1", "C-2"])

        stop()
        assert calls == []

    def test_a_hundred_skus_are_one_call(self, connection, table) -> None:
        save(table.catalogue, *articles(50 * PAGE_ROWS))
        table.merchants.find(SHOP)
        calls = []
        stop = watch(connection, lambda name, _: calls.append(name))

        found = table.catalogue.articles(SHOP, [f"C-{n:05d}" for n in range(0, 5_000, 50)])

        stop()
        assert len(found) == 100
        assert calls == ["BatchGetItem"]

    @pytest.mark.parametrize("call", range(1, 5))
    def test_an_import_that_breaks_off_leaves_the_old_one_and_can_be_sent_again(
        self, connection, table, call: int
    ) -> None:
        old, new = articles(3), articles(3 * 25 * PAGE_ROWS, "tea")
        save(table.catalogue, *old)
        stop = _break_off(connection, call)

        with pytest.raises(StoreUnavailable):
            save(table.catalogue, *new, version=2)

        stop()
        assert table.catalogue.every(SHOP) == tuple(old)
        assert table.catalogue.summary(SHOP).rows == 3
        save(table.catalogue, *new, version=2)
        assert table.catalogue.every(SHOP) == tuple(new)

    def test_a_till_that_still_knows_the_catalogue_of_before_reads_it(
        self, connection, table
    ) -> None:
        save(table.catalogue, *articles(1))
        other = DynamoCatalogue(connection, DynamoMerchants(connection))
        assert other.articles(SHOP, ["C-00000"])

        save(table.catalogue, *articles(1, "tea"), version=2)
        as_before = other.articles(SHOP, ["C-00000"])["C-00000"].category
        save(table.catalogue, *articles(1, "milk"), version=3)

        assert as_before == "coffee"  # for up to a minute
        assert other.articles(SHOP, ["C-00000"])["C-00000"].category == "milk"  # it is gone

    def test_of_two_imports_at_once_one_is_a_conflict(self, connection, table) -> None:
        other = DynamoCatalogue(connection, DynamoMerchants(connection))
        overtaken = _Overtaken(table.catalogue)

        with pytest.raises(CommitConflict):
            overtaken.save_while(lambda: save(other, *articles(2, "tea")), articles(1))

        assert table.catalogue.every(SHOP) == tuple(articles(2, "tea"))

    def test_pages_nobody_needs_are_deleted(self, table_client, table) -> None:
        for version in range(1, 5):
            save(table.catalogue, *articles(PAGE_ROWS + 1, f"c{version}"), version=version)

        items = table_client.scan(TableName=_table_name())["Items"]

        pages = [item for item in items if item["kind"]["S"] == "z"]
        assert len(pages) == 4  # of the last two


def _table_name() -> str:
    from chalicelib.adapters.dynamo.items import Item

    return Item.Meta.table_name


def _break_off(connection, call: int):
    """Let the transaction of that number fail as if the network had."""
    from botocore.exceptions import ConnectTimeoutError

    sent = []

    def lose(model, **_):
        sent.append(model.name)
        if len(sent) == call:
            raise ConnectTimeoutError(endpoint_url="test")

    events = connection.client.meta.events
    name = "before-call.dynamodb.TransactWriteItems"
    events.register(name, lose)
    return lambda: events.unregister(name, lose)


class _Overtaken(DynamoCatalogue):
    """Somebody else's import happens before this one's last write."""

    def __init__(self, inner: DynamoCatalogue) -> None:
        super().__init__(inner._connection, inner._merchants)
        self._meanwhile = lambda: None

    def save_while(self, meanwhile, found) -> None:
        self._meanwhile = meanwhile
        save(self, *found)

    def _write_pages(self, merchant_id, generation, pages) -> None:
        super()._write_pages(merchant_id, generation, pages)
        self._meanwhile()
