"""A member takes away everything that is known (P21)."""

from typing import Any

from chalicelib.usecases.exports import ENTRIES_MAX
from tests.api.caller import Caller
from tests.api.shop import Shop, new_phone


def exported(shop: Shop, joined: dict[str, Any], cursor: str | None = None) -> Any:
    more = f"?cursor={cursor}" if cursor else ""
    answer = Caller(shop.client, joined["member_token"]).get(f"/v1/me/export{more}")
    assert answer.status == 200
    return answer.json


def test_the_export_has_all_that_was_ever_said_bought_and_given(shop: Shop) -> None:
    phone = new_phone()
    joined = shop.join(phone, name="Anna Petrova", email="anna@example.org")
    member_id = joined["member_id"]
    shop.till.post("/v1/purchases", shop.sale(member_id))
    shop.give(member_id, 30)
    card = {"type": "card", "value": "C-1000"}
    shop.office.post(f"/v1/members/{member_id}/identifiers", card)

    found = exported(shop, joined)

    person = found["person"]
    assert person["member"]["phone"] == phone
    assert person["member"]["email"] == "anna@example.org"
    assert card in person["member"]["identifiers"]
    assert len(person["member"]["consents"]) == 1
    assert [one["is_this"] for one in person["devices"]] == [True]
    assert [entry["kind"] for entry in found["ledger"]] == ["grant", "purchase", "join"]
    assert [receipt["receipt_id"] for receipt in found["receipts"]] == ["r1"]
    assert found["next_cursor"] is None


def test_a_long_history_comes_page_by_page_without_a_gap(shop: Shop) -> None:
    joined = shop.join()
    for _ in range(ENTRIES_MAX):
        shop.give(joined["member_id"], 1)

    first = exported(shop, joined)
    second = exported(shop, joined, first["next_cursor"])

    versions = [entry["version"] for page in (first, second) for entry in page["ledger"]]
    assert versions == list(range(ENTRIES_MAX + 1, 0, -1))
    assert (second["person"], second["next_cursor"]) == (None, None)


def test_what_was_attached_is_in_the_export_once(shop: Shop) -> None:
    joined = shop.join()
    bought = shop.till.post("/v1/purchases", shop.sale(None)).json
    body = {"member_id": joined["member_id"], "total_minor": bought["to_pay_minor"]}
    shop.till.post(f"/v1/purchases/{bought['id']}/attach", body)

    found = exported(shop, joined)

    assert [receipt["id"] for receipt in found["receipts"]] == [bought["id"]]


def test_an_export_names_nobody_else(shop: Shop) -> None:
    other = shop.join(name="Boris Ivanov")
    shop.till.post("/v1/purchases", shop.sale(other["member_id"], "r-other"))

    found = exported(shop, shop.join())

    assert "Boris" not in str(found)
    assert found["receipts"] == []


def test_a_cursor_of_nothing_is_refused(shop: Shop) -> None:
    me = Caller(shop.client, shop.join()["member_token"])

    answer = me.get("/v1/me/export?cursor=17")

    assert (answer.status, answer.code) == (400, "bad_input")
