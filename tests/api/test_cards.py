"""What a member's pass says after purchases, tiers and days, over the API."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.api.cards import history_of, news_of, voided_card_of
from chalicelib.domain.account import Lot, MemberRef
from chalicelib.domain.entries import EntryKind, LedgerEntry, MovementKind
from passes.card import HISTORY_MAX, HistoryLine, News
from tests.api.caller import Caller
from tests.api.shop import PROGRAM, Shop, open_shop
from tests.builders import lot
from tests.web.sample import entry

POINTS: Lot = lot("may", 10)
STAMPS = {
    **{key: PROGRAM[key] for key in ("title", "currency", "timezone", "point_value")},
    "type": "stamps",
    "stamps": {"category": "coffee", "every": 6},
}


def _pass_of(shop: Shop, joined: dict[str, Any]) -> dict[str, Any]:
    path = joined["apple_pass_url"].removeprefix("https://cards.example")
    with zipfile.ZipFile(io.BytesIO(Caller(shop.client).get(path).body)) as archive:
        content: dict[str, Any] = json.loads(archive.read("pass.json"))
    return content


def _fields(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    places = content["storeCard"].values()
    return {field["key"]: field for place in places for field in place}


def test_a_pass_lists_the_latest_entries_and_links_the_rules(shop: Shop) -> None:
    joined = shop.join()
    shop.give(joined["member_id"], 70)
    shop.till.post("/v1/purchases", shop.sale(joined["member_id"]))

    fields = _fields(_pass_of(shop, joined))

    assert fields["history"]["value"] == (
        "1 июн. 2026 · +5 · Покупка\n1 июн. 2026 · +70 · Начисление"
    )
    assert fields["rules_url"]["value"] == f"https://cards.example/r/{shop.merchant_id}"


def test_a_purchase_that_lifts_the_tier_is_announced_by_the_tier_alone(shop: Shop) -> None:
    joined = shop.join()
    member = joined["member_id"]
    dear = [{"quantity": "1", "unit_price_minor": 1_000_000}]

    shop.till.post("/v1/purchases", shop.sale(member, lines=dear))
    lifted = _fields(_pass_of(shop, joined))
    shop.till.post("/v1/purchases", shop.sale(member, "r2"))
    later = _fields(_pass_of(shop, joined))

    assert [key for key in lifted if "changeMessage" in lifted[key]] == ["tier"]
    assert [key for key in later if "changeMessage" in later[key]] == ["points"]


def test_a_program_of_stamps_leads_with_stamps(shop: Shop) -> None:
    stamps = open_shop(shop.client, f"stamps-{shop.merchant_id}", STAMPS)
    joined = stamps.join()

    content = _pass_of(stamps, joined)

    [primary] = content["storeCard"]["primaryFields"]
    assert (primary["key"], primary["value"]) == ("stamps", "0 из 6")


def test_a_voided_card_has_the_serial_and_token_of_the_members_pass(shop: Shop) -> None:
    joined = shop.join(name="Anna Petrova")
    content = _pass_of(shop, joined)

    pass_id, _, _ = content["authenticationToken"].partition(".")
    voided = voided_card_of(MemberRef(shop.merchant_id, joined["member_id"]), 7, pass_id)

    assert voided.serial_number == content["serialNumber"]
    assert voided.authentication_token == content["authenticationToken"]
    assert (voided.is_voided, voided.code, voided.points, voided.version) == (True, "", 0, 7)
    assert "Anna" not in str(voided)


def _moved(kind: EntryKind, points: int, **more: Any) -> LedgerEntry:
    made: LedgerEntry = entry(kind, (MovementKind.EARN, points, POINTS), **more)
    return made


@pytest.mark.parametrize(
    ("entries", "news"),
    [
        ((), News.POINTS),
        ((_moved(EntryKind.PURCHASE, 5),), News.POINTS),
        ((entry(EntryKind.TIER, tier_before="base", tier_after="silver"),), News.TIER),
        (
            (
                entry(EntryKind.REMIND),
                _moved(EntryKind.PURCHASE, 5, tier_before="base", tier_after="silver"),
            ),
            News.TIER,
        ),
        (
            (
                _moved(EntryKind.GRANT, 5, tier_before="silver", tier_after="silver"),
                entry(EntryKind.TIER, tier_before="base", tier_after="silver"),
            ),
            News.POINTS,
        ),
        (
            (
                entry(EntryKind.PURCHASE, net_minor=100),  # of stamps alone
                entry(EntryKind.TIER, tier_before="base", tier_after="silver"),
            ),
            News.POINTS,
        ),
    ],
)
def test_the_news_are_those_of_the_newest_entry_that_changed_the_card(
    entries: tuple[LedgerEntry, ...], news: News
) -> None:
    assert news_of(entries) is news


def test_the_history_is_the_latest_entries_that_moved_points() -> None:
    moved = [_moved(EntryKind.GRANT, n) for n in range(1, HISTORY_MAX + 3)]
    entries = (entry(EntryKind.SEGMENTS), moved[0], entry(EntryKind.REMIND), *moved[1:])

    shown = history_of(entries)

    assert [line.points for line in shown] == list(range(1, HISTORY_MAX + 1))


def test_points_that_went_with_an_entry_of_another_kind_had_expired() -> None:
    expired = replace(_moved(EntryKind.SEGMENTS, -5), on=date(2026, 6, 2))

    assert history_of((expired,)) == (HistoryLine(date(2026, 6, 2), -5, EntryKind.EXPIRE),)
