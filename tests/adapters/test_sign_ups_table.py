"""Sign-ups in the table: limits and guesses under parallel requests."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from chalicelib.adapters.dynamo.items import Item
from chalicelib.ports import LimitReached
from tests.adapters.stores import (
    NOW,
    SHOP,
    Stores,
    charge,
    dynamo_stores,
    open_sign_up,
    sign_up,
    sliding,
)

THREADS = 16
FAILURES = charge("failures", maximum=10)


@pytest.fixture
def engine(connection) -> Stores:
    return dynamo_stores(connection)


def test_sixteen_at_a_limit_of_five_are_exactly_five(engine: Stores) -> None:
    start = Barrier(THREADS)

    def open_one(number: int) -> bool:
        start.wait()
        try:
            open_sign_up(
                engine, str(number), charge("ip_hour", maximum=5), charge("day", maximum=99)
            )
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(open_one, range(THREADS)))

    found = [bool(engine.sign_ups.find(SHOP, f"sup_{number}")) for number in range(THREADS)]
    assert answers.count(True) == 5
    assert found == answers
    assert len(engine.sms_outbox.waiting()) == 5


def test_sixteen_at_a_sliding_limit_of_five_are_exactly_five(engine: Stores) -> None:
    start = Barrier(THREADS)

    def open_one(number: int) -> bool:
        start.wait()
        try:
            open_sign_up(engine, str(number), sliding(maximum=5))
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(open_one, range(THREADS)))

    assert answers.count(True) == 5


def test_a_code_takes_five_guesses_of_sixteen_at_once(engine: Stores) -> None:
    open_sign_up(engine, "one")
    start = Barrier(THREADS)

    def guess(_: int) -> bool:
        start.wait()
        return (
            engine.sign_ups.count_guess(
                sign_up(), guesses_max=5, failures=charge("failures", maximum=99), at=NOW
            )
            is not None
        )

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(guess, range(THREADS)))

    assert answers.count(True) == 5
    assert engine.sign_ups.find(SHOP, "sup_one") == sign_up(guesses=5)


def test_counters_go_when_their_window_ends(engine: Stores, table_client) -> None:
    ends = charge()

    open_sign_up(engine, "one", ends)

    items = table_client.scan(TableName=Item.Meta.table_name)["Items"]
    (counter,) = [item for item in items if item["kind"]["S"] == "L"]
    assert counter["ttl"]["N"] == str(int(ends.ends_at.timestamp()))
    assert counter["units"]["N"] == "1"
