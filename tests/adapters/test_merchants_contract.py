"""The `Merchants` port: one contract for the fake and the table, then the table's memory."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest

from chalicelib.adapters.dynamo.merchants import KEPT_SECONDS, DynamoMerchants
from chalicelib.domain.members import Merchant
from chalicelib.ports import CommitConflict, Taken
from tests.adapters.stores import NOW, SHOP, Stores, dynamo_stores, stores_of

THREADS = 16
MERCHANT = Merchant(SHOP, "Обжарка", "RU", ("RU", "KZ"), "ru", "#112233", NOW)
DOCUMENT = {
    "type": "points",
    "title": "Обжарка",
    "currency": "RUB",
    "timezone": "Europe/Moscow",
    "reminder_days": 5,
}


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


@pytest.fixture
def engine(connection) -> Stores:
    return dynamo_stores(connection)


def _merchant(name: str, hours: int | None) -> Merchant:
    run = None if hours is None else NOW + timedelta(hours=hours)
    return replace(MERCHANT, merchant_id=name, next_run_at=run)


@pytest.mark.parametrize(
    "merchant", [MERCHANT, replace(MERCHANT, next_run_at=None, phone_countries=("RU",))]
)
def test_a_merchant_comes_back_as_it_was_opened(stores: Stores, merchant: Merchant) -> None:
    stores.merchants.open(merchant, DOCUMENT)

    assert stores.merchants.find(SHOP) == merchant
    assert stores.merchants.document(SHOP) == DOCUMENT
    assert stores.merchants.document(SHOP, 1) == DOCUMENT


def test_nothing_is_known_of_a_stranger(stores: Stores) -> None:
    assert stores.merchants.find(SHOP) is None
    assert stores.merchants.program(SHOP) is None
    assert stores.merchants.document(SHOP) is None
    assert stores.merchants.document(SHOP, 1) is None
    assert stores.merchants.draft(SHOP) is None


def test_a_merchant_asked_for_before_it_was_opened_is_found_at_once(stores: Stores) -> None:
    assert stores.merchants.find(SHOP) is None

    stores.merchants.open(MERCHANT, DOCUMENT)

    assert stores.merchants.find(SHOP) == MERCHANT


def test_the_program_is_built_from_the_document(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)

    program = stores.merchants.program(SHOP)

    assert program is not None
    assert (program.version, program.title, program.reminder_days) == (1, "Обжарка", 5)


def test_numbers_that_are_not_whole_are_kept_exactly_as_text(stores: Stores) -> None:
    stores.merchants.save_draft(SHOP, {"accrual": {"percent": 7.1}, "days": 3})

    assert stores.merchants.draft(SHOP) == {"accrual": {"percent": "7.1"}, "days": 3}


def test_a_merchant_id_is_given_once(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)

    with pytest.raises(Taken):
        stores.merchants.open(replace(MERCHANT, name="Other"), {**DOCUMENT, "title": "Other"})

    assert stores.merchants.find(SHOP) == MERCHANT
    assert stores.merchants.document(SHOP) == DOCUMENT


def test_the_next_version_is_published_and_the_first_stays(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)
    stores.merchants.program(SHOP)
    changed = {**DOCUMENT, "title": "New"}

    stores.merchants.publish(SHOP, changed, 2)

    program = stores.merchants.program(SHOP)
    assert program is not None
    assert (program.version, program.title) == (2, "New")
    assert stores.merchants.document(SHOP) == changed
    assert stores.merchants.document(SHOP, 1) == DOCUMENT
    assert stores.merchants.document(SHOP, 3) is None


@pytest.mark.parametrize("version", [0, 1, 3])
def test_only_the_next_version_can_be_published(stores: Stores, version: int) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)

    with pytest.raises(CommitConflict):
        stores.merchants.publish(SHOP, {**DOCUMENT, "title": "New"}, version)

    assert stores.merchants.document(SHOP) == DOCUMENT
    assert stores.merchants.document(SHOP, 3) is None


def test_a_draft_is_gone_once_it_is_published(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)
    stores.merchants.save_draft(SHOP, {**DOCUMENT, "title": "New"})

    stores.merchants.publish(SHOP, {**DOCUMENT, "title": "New"}, 2)

    assert stores.merchants.draft(SHOP) is None


def test_a_draft_stays_if_it_could_not_be_published(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)
    stores.merchants.save_draft(SHOP, {**DOCUMENT, "title": "New"})

    with pytest.raises(CommitConflict):
        stores.merchants.publish(SHOP, {**DOCUMENT, "title": "New"}, 3)

    assert stores.merchants.draft(SHOP) == {**DOCUMENT, "title": "New"}


def test_a_draft_that_was_saved_meanwhile_is_not_lost(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)
    stores.merchants.save_draft(SHOP, {**DOCUMENT, "title": "New"})
    read = stores.merchants.draft(SHOP)
    assert read is not None
    stores.merchants.save_draft(SHOP, {**DOCUMENT, "title": "Newer"})

    with pytest.raises(CommitConflict):
        stores.merchants.publish(SHOP, read, 2)

    assert stores.merchants.draft(SHOP) == {**DOCUMENT, "title": "Newer"}
    assert stores.merchants.document(SHOP) == DOCUMENT


def test_a_draft_with_a_fraction_is_published_as_it_was_read(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)
    stores.merchants.save_draft(SHOP, {**DOCUMENT, "earn_percent": 7.5})
    read = stores.merchants.draft(SHOP)
    assert read is not None

    stores.merchants.publish(SHOP, read, 2)

    assert stores.merchants.draft(SHOP) is None


def test_nobody_publishes_for_a_stranger(stores: Stores) -> None:
    with pytest.raises(CommitConflict):
        stores.merchants.publish("nobody", DOCUMENT, 1)

    assert stores.merchants.document("nobody") is None


def test_a_draft_is_replaced_and_is_not_what_runs(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)
    stores.merchants.save_draft(SHOP, {"title": "first"})

    stores.merchants.save_draft(SHOP, {"title": "second"})

    assert stores.merchants.draft(SHOP) == {"title": "second"}
    assert stores.merchants.document(SHOP) == DOCUMENT


def test_merchants_whose_run_has_come_are_listed_earliest_first(stores: Stores) -> None:
    for name, hours in (("now", 0), ("past", -5), ("later", 1), ("never", None)):
        stores.merchants.open(_merchant(name, hours), DOCUMENT)

    due = stores.merchants.due_for_run(NOW)
    first = stores.merchants.due_for_run(NOW, limit=1)
    everything = stores.merchants.all_scheduled()

    assert [merchant.merchant_id for merchant in due] == ["past", "now"]
    assert due[0] == _merchant("past", -5)
    assert first == due[:1]
    assert [merchant.merchant_id for merchant in everything] == ["past", "now", "later"]


def test_a_claimed_run_moves_on(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)
    later = NOW + timedelta(days=1)

    won = stores.merchants.claim_run(MERCHANT, later)

    assert won
    assert stores.merchants.due_for_run(NOW) == ()
    assert stores.merchants.all_scheduled() == (replace(MERCHANT, next_run_at=later),)
    found = stores.merchants.find(SHOP)
    assert found is not None
    assert found.next_run_at == later


def test_a_run_claimed_already_is_lost(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)
    stores.merchants.claim_run(MERCHANT, NOW + timedelta(days=1))

    won = stores.merchants.claim_run(MERCHANT, NOW + timedelta(days=2))

    assert not won
    (found,) = stores.merchants.all_scheduled()
    assert found.next_run_at == NOW + timedelta(days=1)


def test_a_first_run_can_be_claimed(stores: Stores) -> None:
    never = _merchant(SHOP, None)
    stores.merchants.open(never, DOCUMENT)

    won = stores.merchants.claim_run(never, NOW)

    assert won
    assert stores.merchants.due_for_run(NOW) == (MERCHANT,)


def test_a_run_of_nobody_is_not_claimed(stores: Stores) -> None:
    assert not stores.merchants.claim_run(_merchant("nobody", None), NOW)
    assert stores.merchants.all_scheduled() == ()


def test_one_of_sixteen_claims_a_run(engine: Stores) -> None:
    engine.merchants.open(MERCHANT, DOCUMENT)
    start = Barrier(THREADS)

    def claim(number: int) -> bool:
        start.wait()
        return engine.merchants.claim_run(MERCHANT, NOW + timedelta(days=1, seconds=number))

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(claim, range(THREADS)))

    assert answers.count(True) == 1


def test_what_another_process_publishes_is_seen_within_a_minute(
    engine: Stores, connection
) -> None:
    engine.merchants.open(MERCHANT, DOCUMENT)
    engine.merchants.program(SHOP)
    other = DynamoMerchants(connection, monotonic=engine.clock.monotonic)
    other.publish(SHOP, {**DOCUMENT, "title": "New"}, 2)

    engine.clock.advance(seconds=KEPT_SECONDS - 1)
    before = engine.merchants.program(SHOP)
    engine.clock.advance(seconds=1)
    after = engine.merchants.program(SHOP)

    assert before is not None
    assert after is not None
    assert (before.version, after.version) == (1, 2)


def test_a_merchant_that_opened_itself_stays_so(stores: Stores) -> None:
    opened = replace(MERCHANT, is_self_opened=True)

    stores.merchants.open(opened, DOCUMENT)

    assert stores.merchants.find(SHOP) == opened


def test_a_merchant_takes_another_colour_and_keeps_all_else(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)

    stores.merchants.paint(SHOP, "#0b6558")

    assert stores.merchants.find(SHOP) == replace(MERCHANT, accent="#0b6558")


def test_a_switch_of_notices_comes_back_as_it_was_set(stores: Stores) -> None:
    stores.merchants.open(MERCHANT, DOCUMENT)
    found = []

    for is_on in (True, False):
        stores.merchants.tell_points(SHOP, is_on=is_on)
        found.append(stores.merchants.find(SHOP))

    assert found == [replace(MERCHANT, tells_points=True), MERCHANT]


def test_a_switch_makes_no_merchant_of_a_stranger(stores: Stores) -> None:
    stores.merchants.tell_points(SHOP, is_on=True)

    assert stores.merchants.find(SHOP) is None


def test_a_colour_makes_no_merchant_of_a_stranger(stores: Stores) -> None:
    stores.merchants.paint(SHOP, "#0b6558")

    assert stores.merchants.find(SHOP) is None
    stores.merchants.open(MERCHANT, DOCUMENT)  # the id is free
    assert stores.merchants.find(SHOP) == MERCHANT
