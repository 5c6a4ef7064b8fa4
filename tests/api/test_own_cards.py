"""A cashier's own card: no sale to it by themselves, no reward for a friend they ring up."""

from itertools import count

import pytest
from chalice.test import Client

from chalicelib.jobs.outbox import sweep
from tests.api.shop import Shop, open_shop
from tests.api.test_rewards import REWARDING, SWEEPS_MAX, available, bring
from tests.api.test_till_sessions import PIN, bind, hire, sign_in

_NUMBERS = count(1)


@pytest.fixture
def town(client: Client, shop: Shop) -> Shop:
    return open_shop(client, f"own-cards-{next(_NUMBERS)}", REWARDING)


@pytest.mark.parametrize("is_own", [True, False])
def test_a_friend_whom_the_cashier_brought_in_is_rewarded_by_a_colleague_alone(
    town: Shop, is_own: bool
) -> None:
    ann = town.join()["member_id"]
    code = town.till.get(f"/v1/members/{ann}").json["referral_code"]
    friend = bring(town, code)["member_id"]
    store_id = town.office.post("/v1/stores", {"name": "North"}).json["store_id"]
    made = town.office.post("/v1/tills", {"store_id": store_id, "name": "Till"})
    cashier = hire(town, "Vera", "cashier", PIN)
    if is_own:
        town.office.call("PATCH", f"/v1/staff/{cashier}", {"member_id": ann})
    till = bind(town, made.json["till_id"])
    sign_in(till, cashier, PIN)

    sold = till.post("/v1/purchases", town.sale(friend), Idempotency_Key="k1")
    for _ in range(SWEEPS_MAX):  # the table is that of other tests too
        sweep({}, None)

    assert sold.status == 201
    assert available(town, ann) == 50 + (0 if is_own else 500)
    assert available(town, friend) == 50 + 5 + (0 if is_own else 200)
