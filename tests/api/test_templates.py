"""What a program is made from: templates and the schema, for anybody; the public page."""

import re
from pathlib import Path
from urllib.parse import urlencode

import pytest
from chalice.test import Client

from chalicelib.api.program_schema import program_schema
from chalicelib.domain.templates import NAMES, template
from chalicelib.jobs.outbox import sweep
from tests.api.caller import Caller
from tests.api.shop import Shop, open_shop

SWEEPS_MAX = 5  # of 100 members each

DOCS = Path(__file__).parents[2] / "docs" / "PROGRAM.md"


def test_templates_are_listed_in_the_callers_language(anybody: Caller) -> None:
    russian, english = (
        anybody.get("/v1/templates", **{"Accept-Language": language})
        for language in ("ru", "en")
    )

    assert [one["name"] for one in english.json["items"]] == list(NAMES)
    assert russian.json["items"][1]["title"] == "Кешбэк по категориям"
    assert english.json["items"][1]["title"] == "Cashback by category"
    assert english.json["next_cursor"] is None


def test_every_template_can_be_a_draft_of_a_shop_in_its_currency(
    anybody: Caller, client: Client
) -> None:
    found = anybody.get("/v1/templates").json["items"]

    answers = []
    for one in found:
        currency = {"currency": one["program"]["currency"]}
        shop = open_shop(client, one["name"].replace("_", "-"), currency)
        answers.append(shop.office.call("PUT", "/v1/program/draft", one["program"]))

    assert [answer.status for answer in answers] == [200] * len(NAMES)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_a_shop_opens_with_every_template_in_either_language(
    anybody: Caller, name: str, language: str
) -> None:
    form = {
        "shop_name": "Kolos",
        "email": f"{name}-{language}@example.org",
        "password": "seven small spoons",
        "template": name,
        "currency": "RUB",
        "key": "0" * 32,
    }
    sent = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Sec-Fetch-Site": "same-origin",
    }

    opened = anybody.call(
        "POST", f"/admin/sign-up?lang={language}", raw=urlencode(form).encode(), headers=sent
    )

    assert opened.status == 303


def test_500_points_of_the_clothes_shop_become_a_coupon(client: Client) -> None:
    found = template("fashion_levels")
    assert found is not None
    shop = open_shop(client, "clothes", dict(found.document))
    member = shop.join()["member_id"]
    sale = shop.sale(member, lines=[{"quantity": "1", "unit_price_minor": 12_400}])
    shop.till.post("/v1/purchases", sale)

    for _ in range(SWEEPS_MAX):  # the table is that of other tests too
        sweep({}, None)

    coupons = shop.office.get(f"/v1/members/{member}/coupons").json["items"]
    balance = shop.office.get(f"/v1/members/{member}").json["balance"]
    assert [(one["coupon"], one["points"]) for one in coupons] == [("Style reward", 500)]
    assert balance["available"] == 120


def test_the_schema_is_served(anybody: Caller) -> None:
    answer = anybody.get("/v1/program/schema")

    assert (answer.status, answer.json) == (200, program_schema())


def test_every_field_of_a_program_is_documented() -> None:
    named = set(re.findall(r"`([a-z_]+)`", DOCS.read_text(encoding="utf-8")))

    assert set(program_schema()["properties"]) - named == set()


def test_the_rules_of_a_merchant_are_public(anybody: Caller, shop: Shop) -> None:
    answer = anybody.get(f"/r/{shop.merchant_id}?lang=en")

    html = answer.body.decode()
    assert answer.status == 200
    assert "Gold" in html
    assert html.count("<article") >= 6
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_an_unknown_merchant_has_no_rules(anybody: Caller) -> None:
    answer = anybody.get("/r/nobody")

    assert answer.status == 404
    assert b"<h1>" in answer.body
