"""Top-ups over HTTP: exactly once, within limits, in the shift, taken back while unused."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.api.caller import Answer
from tests.api.shop import Shop

TILLS = 6


def issue(shop: Shop, minor: int = 100_000) -> str:
    """Sell a card; its path."""
    body = {"amount_minor": minor, "activate": True}
    return f"/v1/gift-cards/{shop.till.post('/v1/gift-cards', body).json['code']}"


def top_up(shop: Shop, path: str, minor: int = 50_000, **more: Any) -> Answer:
    return shop.till.post(f"{path}/top-ups", {"amount_minor": minor}, **more)


def undo(shop: Shop, path: str, made: Answer, **more: Any) -> Answer:
    url = f"{path}/top-ups/{made.json['id']}/void"
    return shop.till.post(url, {"reason": "wrong amount"}, **more)


def test_a_card_is_topped_up_and_tells_so(shop: Shop) -> None:
    path = issue(shop)

    made = top_up(shop, path)

    shown = shop.till.get(path).json
    assert made.status == 201
    assert (made.json["amount_minor"], made.json["balance_minor"]) == (50_000, 150_000)
    assert (shown["amount_minor"], shown["topped_up_minor"]) == (100_000, 50_000)
    assert [
        (entry["kind"], entry["amount_minor"], entry["can_be_undone"])
        for entry in shown["entries"]
    ] == [("top_up", 50_000, True), ("issue", 100_000, False)]


def test_a_repeat_is_told_the_same_and_puts_nothing_on_it(shop: Shop) -> None:
    path = issue(shop)
    first = top_up(shop, path, key="k")

    again = top_up(shop, path, key="k")

    assert (again.json, again.status, again.is_replay) == (first.json, 200, True)
    assert shop.till.get(path).json["balance_minor"] == 150_000


@pytest.mark.parametrize("minor", [0, -1, 10**12 + 1, "100", 1.5, True, None])
def test_nothing_or_nonsense_is_refused(shop: Shop, minor: Any) -> None:
    assert top_up(shop, issue(shop), minor).code == "bad_input"


def test_no_card_holds_more_than_fits(shop: Shop) -> None:
    path = issue(shop)

    refused = top_up(shop, path, 10**12)

    assert (refused.status, refused.code) == (409, "gift_card_over_limit")
    assert refused.json["limit_minor"] == 10**12


def test_a_voided_and_an_unknown_card_are_refused(shop: Shop, other_shop: Shop) -> None:
    path = issue(shop)
    shop.till.post(f"{path}/void", {"reason": "mistake"})

    assert top_up(shop, path).code == "gift_card_refused"
    assert top_up(other_shop, issue(shop)).code == "gift_card_not_found"


def test_a_top_up_is_taken_back_while_it_is_unused(shop: Shop) -> None:
    path = issue(shop)
    made = top_up(shop, path)

    done = undo(shop, path, made, key="u")
    again = undo(shop, path, made, key="u")
    refused = undo(shop, path, made)

    assert (done.status, again.status) == (201, 200)
    assert (done.json["amount_minor"], done.json["balance_minor"]) == (-50_000, 100_000)
    assert (done.json["id"], again.json) == (made.json["id"], done.json)
    assert refused.code == "gift_card_refused"


def test_a_top_up_that_has_paid_stands_and_so_does_the_sale(shop: Shop) -> None:
    path = issue(shop)
    made = top_up(shop, path)

    sale = shop.till.post(f"{path}/void", {"reason": "mistake"})
    shop.till.post(f"{path}/payments", {"amount_minor": 120_000})

    assert sale.code == "gift_card_used"
    assert undo(shop, path, made).code == "gift_card_used"


@pytest.mark.parametrize("top_up_id", ["gft_x.2", "2", "gft.x", "gft.99999999999", "."])
def test_what_is_no_top_up_is_not_found(shop: Shop, top_up_id: str) -> None:
    path = issue(shop)
    top_up(shop, path)

    answer = shop.till.post(f"{path}/top-ups/{top_up_id}/void", {"reason": "mistake"})

    assert (answer.status, answer.code) == (404, "top_up_not_found")


def test_the_shift_has_a_row_of_them(shop: Shop) -> None:
    path = issue(shop)
    made = top_up(shop, path)
    top_up(shop, path, 20_000)
    undo(shop, path, made)

    total = shop.till.get("/v1/till/shift").json["total"]

    assert (total["gift_cards"], total["gift_cards_minor"]) == (1, 100_000)
    assert (total["top_ups"], total["top_ups_minor"]) == (1, 20_000)
    assert (total["sales"], total["money_minor"], total["points_given"]) == (0, 120_000, 0)


def test_racing_tills_put_everything_on_it_once(shop: Shop) -> None:
    path = issue(shop)
    barrier = Barrier(TILLS)

    def till(number: int) -> Answer:
        barrier.wait()
        asks_max = 20
        for _ in range(asks_max):
            answer = top_up(shop, path, 1_000, key=f"race-{number}")
            if answer.status != 503:
                return answer
        raise AssertionError("always busy")

    with ThreadPoolExecutor(TILLS) as pool:
        made = list(pool.map(till, range(TILLS)))

    assert sorted(one.json["balance_minor"] for one in made) == [
        101_000, 102_000, 103_000, 104_000, 105_000, 106_000,
    ]  # fmt: skip
    assert shop.till.get(path).json["balance_minor"] == 106_000


def test_no_code_is_logged(shop: Shop, logged: Callable[[], str]) -> None:
    path = issue(shop)
    undo(shop, path, top_up(shop, path))

    text = logged()

    assert "/v1/gift-cards/{code}/top-ups" in text
    assert path.rpartition("/")[2] not in text
