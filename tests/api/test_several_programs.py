"""The example of "Several programs at once" in docs/PROGRAM.md, published and bought by."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.wiring import services
from tests.api.shop import PROGRAM, Shop, open_shop

PAGE = (Path(__file__).parents[2] / "docs" / "PROGRAM.md").read_text(encoding="utf-8")
CHAPTER = PAGE.split("## Several programs at once\n")[1].split("\n## ")[0]
LINES = [
    {"sku": "cappuccino", "category": "coffee", "unit_price_minor": 20_000, "quantity": "2"},
    {"sku": "croissant", "category": "pastry", "unit_price_minor": 15_000, "quantity": "3"},
    {"sku": "beans", "category": "beans", "unit_price_minor": 100_000, "quantity": "1"},
    {"sku": "water", "margin": "low", "unit_price_minor": 6_000, "quantity": "1"},
]


@pytest.fixture
def corner(shop: Shop, client: Client) -> Shop:
    """A shop that has published the example, on Tuesday, 2 June; `shop` keeps the clock."""
    shop = open_shop(client, services().keyring.new_id("mer"), PROGRAM)
    document = json.loads(re.findall(r"```json\n(.*?)```", CHAPTER, re.DOTALL)[0])
    assert shop.office.call("PUT", "/v1/program/draft", document).status == 200
    assert shop.office.post("/v1/program/draft/publish").status == 201
    services().clock.advance(24 * 3600)
    return shop


def row(name: str) -> list[str]:
    """Return the cells of a row of the chapter's worked example."""
    found = re.search(rf"^\| {re.escape(name)} \|(.*)\|$", CHAPTER, re.MULTILINE)
    assert found, name
    return [cell.strip() for cell in found[1].split("|")]


def money(cell: str) -> int:
    """Return an amount of the page in minor units, whatever its sign."""
    return int(re.sub(r"[^0-9]", "", cell.partition(" (")[0]) or 0)


def test_the_worked_example_comes_to_what_the_page_says(corner: Shop) -> None:
    member_id = _regular(corner)
    gift_card = {"code": _gift_card(corner), "mode": "max"}

    bought = corner.till.post(
        "/v1/purchases",
        corner.sale(member_id, lines=LINES, redeem={"mode": "max"}, gift_card=gift_card),
    ).json

    lines = bought["lines"]
    *to_pay, whole = map(money, row("To pay"))
    *earned, earned_in_all = (int(cell.partition(" (")[0]) for cell in row("Earned at 10 %"))
    off = [
        money(a) + money(b) for a, b in zip(row("Free unit"), row("Best discount"), strict=True)
    ]
    taken = ("discount_minor", "redeemed_minor")
    nets = [line["gross_minor"] - sum(line[name] for name in taken) for line in lines]
    assert nets == to_pay
    assert [line["discount_minor"] for line in lines] == off[:-1]
    assert [line["redeemed_minor"] for line in lines] == list(map(money, row("100 points")))[
        :-1
    ]
    assert [line["earned"] for line in lines] == earned
    assert (bought["to_pay_minor"], bought["earned"]) == (whole, earned_in_all)
    assert (bought["gift_card_minor"], bought["money_minor"]) == (30_000, 114_950)
    assert (bought["redeemed"], bought["stamps"]) == (100, 0)


def _regular(shop: Shop) -> str:
    """Return a member with 4 stamps, 100 points and 12 760.00 of purchases."""
    member_id = shop.join()["member_id"]
    past = {"at": "2026-05-01T12:00:00Z", "net_paid_minor": 1_200_000, "receipt_id": "h1"}
    shop.office.post("/v1/history", [{"member_id": member_id, **past}])
    coffee = {"sku": "latte", "category": "coffee"}
    lines = [{**coffee, "unit_price_minor": 20_000, "quantity": "4"}]
    first = shop.till.post("/v1/purchases", shop.sale(member_id, "r0", lines=lines)).json
    redeem = {"member_id": member_id, "points": first["earned"], "reason": "spent"}
    shop.till.post("/v1/redemptions", redeem)
    shop.give(member_id, 100)
    return member_id


def _gift_card(shop: Shop) -> str:
    card: dict[str, Any] = shop.office.post("/v1/gift-cards", {"amount_minor": 30_000}).json
    shop.office.post(f"/v1/gift-cards/{card['code']}/activate", {})
    return str(card["code"])
