"""A program that cannot be meant is refused on save, with the place of each fault, in words.

The same table goes through the draft, its publication and a new merchant; nothing of a
refused document is kept.
"""

from typing import Any

import pytest

from chalicelib.api.book import office
from chalicelib.domain.members import Merchant
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.usecases.merchants import open_merchant
from chalicelib.wiring import services
from tests.api.shop import PROGRAM, Shop

LEVELS = [{"name": "base", "over": "0"}, {"name": "gold", "over": "100"}]
OVERLAPPING = [{"over": "100", "percent": 3}, {"over": "100", "percent": 5}]
RATE = {"offline": {"earn": 1, "redeem": 1}, "online": {"earn": 1, "redeem": 1}}
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "tiers that overlap": (
        {"tiers": {"levels": [*LEVELS, {"name": "top", "over": "100.00"}]}},
        "/tiers/levels/2/over",
    ),
    "two tiers of one name": (
        {"tiers": {"levels": [*LEVELS, {"name": "gold", "over": "200"}]}},
        "/tiers/levels/2/name",
    ),
    "no tiers": ({"tiers": {"levels": []}}, "/tiers/levels"),
    "discount levels that overlap": (
        {"discount_by_turnover": {"levels": OVERLAPPING}},
        "/discount_by_turnover/levels/1/over",
    ),
    "no discount levels": (
        {"discount_by_turnover": {"levels": []}},
        "/discount_by_turnover/levels",
    ),
    "a discount over 100 percent": ({"discount_percent": 100.1}, "/discount_percent"),
    "a level over 100 percent": (
        {"discount_by_turnover": {"levels": [{"over": "1", "percent": 101}]}},
        "/discount_by_turnover/levels/0/percent",
    ),
    "a category over 100 percent": (
        {"category_discounts": {"tea": "101"}},
        "/category_discounts/tea",
    ),
    "a margin cap over 100 percent": ({"margin_caps": {"low": 101}}, "/margin_caps/low"),
    "a bundle over 100 percent": (
        {"bundles": [{"id": "b", "skus": {"x": 2}, "discount_percent": 101}]},
        "/bundles/0/discount_percent",
    ),
    "a negative percent": ({"earn_percent": -1}, "/earn_percent"),
    "a window of 0": ({"tiers": {"window_days": 0, "levels": LEVELS}}, "/tiers/window_days"),
    "a discount window of 0": (
        {"discount_by_turnover": {"window_days": 0, "levels": OVERLAPPING[:1]}},
        "/discount_by_turnover/window_days",
    ),
    "a window over a year": (
        {"tiers": {"window_days": 367, "levels": LEVELS}},
        "/tiers/window_days",
    ),
    "a zone that does not exist": ({"timezone": "Europe/Atlantis"}, "/timezone"),
    "a currency that does not exist": ({"currency": "RUR1"}, "/currency"),
    "a bundle in a circle": (
        {
            "bundles": [
                {"id": "a", "includes": ["b"], "points": 1},
                {"id": "b", "includes": ["a"], "points": 1},
            ]
        },
        "/bundles/0/includes",
    ),
    "a bundle of nobody": (
        {"bundles": [{"id": "a", "includes": ["b"], "skus": {"x": 2}, "points": 1}]},
        "/bundles/0/includes",
    ),
    "a promotion that ends before it begins": (
        {"promotions": [{"id": "p", "points": 1, "from": "2026-06-02", "to": "2026-06-01"}]},
        "/promotions/0/to",
    ),
    "a promotion for a tier that is none": (
        {"promotions": [{"id": "p", "points": 1, "tiers": ["silver"]}]},
        "/promotions/0/tiers",
    ),
    "a promotion for no goods": (
        {"promotions": [{"id": "p", "points": 1, "categories": []}]},
        "/promotions/0/categories",
    ),
    "a limit that is not enough once": (
        {"promotions": [{"id": "p", "points": 10, "limits": {"points": {"total": 9}}}]},
        "/promotions/0/limits/points/total",
    ),
    "rates of a tier that is none": (
        {"tiers": {"levels": LEVELS}, "rates": {"base": RATE, "gold": RATE, "top": RATE}},
        "/rates/top",
    ),
    "a tier without rates": (
        {"tiers": {"levels": LEVELS}, "rates": {"base": RATE}},
        "/rates/gold",
    ),
    "benefits of a tier that is none": (
        {"tiers": {"levels": LEVELS}, "rates": None, "benefits": {"top": ["tea"]}},
        "/benefits/top",
    ),
    "points that expire before they can be spent": (
        {"pending_days": 14, "expiry_days": 14},
        "/expiry_days",
    ),
    "points worth nothing": ({"point_value": "0"}, "/point_value"),
    "steps of nothing": ({"step_accrual": {"per": "0", "points": 1}}, "/step_accrual/per"),
    "every first unit free": ({"stamps": {"category": "tea", "every": 1}}, "/stamps/every"),
    "a referral for nobody": ({"referral": {}}, "/referral/referrer_points"),
    "nothing that is excluded": ({"excluded": {}}, "/excluded"),
    "a key nobody knows": ({"discout_percent": 5}, "/discout_percent"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_draft_that_cannot_be_meant_is_refused_and_not_kept(shop: Shop, name: str) -> None:
    fields, path = BAD[name]
    document = {**PROGRAM, **fields}

    refused = shop.office.call("PUT", "/v1/program/draft", document)

    assert (refused.status, refused.code) == (400, "program_invalid")
    words = {one["pointer"]: one["detail"] for one in refused.json["errors"]}
    assert len(words[path]) > 5
    assert shop.office.get("/v1/program/draft").status == 404
    assert shop.till.get("/v1/program").json == PROGRAM


@pytest.mark.parametrize("name", BAD)
def test_what_was_kept_before_it_could_not_be_meant_is_not_published(
    shop: Shop, name: str
) -> None:
    fields, path = BAD[name]
    services().merchants.save_draft(shop.merchant_id, {**PROGRAM, **fields})

    refused = shop.office.post("/v1/program/draft/publish")

    assert (refused.status, refused.code) == (400, "program_invalid")
    assert path in [one["pointer"] for one in refused.json["errors"]]
    assert shop.till.get("/v1/program").json == PROGRAM


@pytest.mark.parametrize("name", BAD)
def test_no_merchant_opens_with_it(wired, name: str) -> None:
    fields, path = BAD[name]
    merchant = Merchant("never-opened", "Never", "RU", ("RU",), "ru")

    with pytest.raises(InvalidProgram) as refused:
        open_merchant(
            merchant, {**PROGRAM, **fields}, at=services().clock.now(), office=office()
        )

    assert path in [found for found, _ in refused.value.faults]
    assert services().merchants.find("never-opened") is None


UNKNOWN = {
    "/stamps/category": {"stamps": {"category": "milk", "every": 6}},
    "/category_discounts/milk": {"category_discounts": {"milk": 5}},
    "/category_rates/milk": {
        "rates": None,
        "category_rates": {"milk": {"earn": 1, "redeem": 1}},
    },
    "/margin_caps/high": {"margin_caps": {"high": 1}},
    "/promotions/0/categories/1": {
        "promotions": [{"id": "p", "points": 1, "categories": ["coffee", "milk"]}]
    },
    "/promotions/0/skus/0": {"promotions": [{"id": "p", "points": 1, "skus": ["C-9"]}]},
    "/excluded/margins/0": {"excluded": {"margins": ["high"]}},
    "/bundles/0/skus/C-9": {"bundles": [{"id": "b", "skus": {"C-9": 2}, "points": 1}]},
}


@pytest.mark.parametrize("path", UNKNOWN)
def test_goods_the_catalogue_lacks_are_refused(shop: Shop, path: str) -> None:
    plain = {key: value for key, value in PROGRAM.items() if key != "margin_caps"}
    document = {**plain, **UNKNOWN[path]}
    without = shop.office.call("PUT", "/v1/program/draft", document)
    shop.office.put_csv("/v1/catalogue", "sku,category,margin\nC-1,coffee,low\n")

    refused = shop.office.call("PUT", "/v1/program/draft", document)
    published = shop.office.post("/v1/program/draft/publish")

    assert without.status == 200
    assert [one["pointer"] for one in refused.json["errors"]] == [path]
    assert (refused.code, published.code) == ("program_invalid", "program_invalid")
