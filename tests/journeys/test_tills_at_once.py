"""Many tills at one account: nothing is spent or written twice (LEDGER P4, P5, P7, P8)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.journeys.calling import Answer, Service, new_key
from tests.journeys.shop import Shop, assert_ledger_adds_up, open_shop, sale

TILLS = 12
ASKED_MAX = 20  # times that a till asks again after 503


def at_once(call: Callable[[int], Answer]) -> list[Answer]:
    """Call from every till at the same time, each again until it is told."""

    def until_told(till: int) -> Answer:
        for _ in range(ASKED_MAX):
            answer = call(till)
            if answer.status != 503:
                return answer
        raise AssertionError("busy for ever")

    with ThreadPoolExecutor(TILLS) as pool:
        return list(pool.map(until_told, range(TILLS)))


def test_a_balance_for_five_redemptions_is_redeemed_five_times(shop: Shop) -> None:
    member_id = shop.join().member_id
    shop.grant(member_id, 5 * 20 + 19)
    keys = [new_key() for _ in range(TILLS)]
    body = {"member_id": member_id, "points": 20, "reason": "a mug"}

    answers = at_once(lambda till: shop.till("POST", "/v1/redemptions", body, key=keys[till]))

    statuses = [answer.status for answer in answers]
    assert [status in (200, 201) for status in statuses].count(True) == 5
    assert statuses.count(409) == TILLS - 5
    assert shop.available(member_id) == 19
    assert_ledger_adds_up(shop, member_id)


def test_one_purchase_sent_by_many_at_once_is_recorded_once(shop: Shop) -> None:
    member_id, key = shop.join().member_id, new_key()

    answers = at_once(lambda _: shop.buy(member_id, 10_000, key=key))

    assert {answer.status for answer in answers} <= {200, 201}
    assert [answer.status for answer in answers].count(201) <= 1
    assert len({answer.json["id"] for answer in answers}) == 1
    assert shop.available(member_id) == 10
    assert_ledger_adds_up(shop, member_id)


def test_one_receipt_under_many_keys_at_once_earns_once(shop: Shop) -> None:
    member_id = shop.join().member_id
    keys, body = [new_key() for _ in range(TILLS)], sale(member_id, 10_000, "one receipt")

    answers = at_once(lambda till: shop.till("POST", "/v1/purchases", body, key=keys[till]))

    assert [answer.status in (200, 201) for answer in answers].count(True) == 1
    assert {answer.code for answer in answers if answer.status == 409} == {"receipt_exists"}
    assert shop.available(member_id) == 10


def test_every_purchase_of_every_till_is_in_the_ledger(shop: Shop) -> None:
    member_id = shop.join().member_id
    keys = [new_key() for _ in range(TILLS)]

    answers = at_once(lambda till: shop.buy(member_id, 10_000, key=keys[till]))

    assert {answer.status for answer in answers} <= {200, 201}
    written = [entry["key"] for entry in shop.ledger(member_id) if entry["kind"] == "purchase"]
    assert sorted(written) == sorted(keys)
    assert shop.available(member_id) == 10 * TILLS
    assert_ledger_adds_up(shop, member_id)


def test_a_repeat_of_the_redemption_that_emptied_the_account_is_not_refused(
    shop: Shop,
) -> None:
    member_id, key = shop.join().member_id, new_key()
    shop.grant(member_id, 20)
    body = {"member_id": member_id, "points": 20, "reason": "a mug"}

    first = shop.till("POST", "/v1/redemptions", body, key=key)
    again = shop.till("POST", "/v1/redemptions", body, key=key)

    assert (first.status, again.status, again.is_replay) == (201, 200, True)
    assert again.json == first.json


def test_a_repeat_gets_its_first_answer_whatever_has_happened_since(shop: Shop) -> None:
    member_id, key = shop.join().member_id, new_key()
    first = shop.buy(member_id, 10_000, key=key)
    shop.till("POST", f"/v1/purchases/{first.json['id']}/void", {"reason": "a mistake"})
    shop.grant(member_id, 500)

    again = shop.buy(member_id, 10_000, key=key)

    assert (again.status, again.json) == (200, first.json)


def test_a_promotion_for_five_receipts_is_given_five_times(service: Service) -> None:
    limits = {"uses": {"total": 5}}
    gift = {"id": "gift", "points": 40, "limits": limits}
    shop = open_shop(service, promotions=[gift])
    members = [shop.join().member_id for _ in range(TILLS)]
    keys = [new_key() for _ in range(TILLS)]

    answers = at_once(lambda till: shop.buy(members[till], 10_000, key=keys[till]))

    earned = sorted(answer.json["earned"] for answer in answers)
    assert earned == [10] * (TILLS - 5) + [50] * 5
