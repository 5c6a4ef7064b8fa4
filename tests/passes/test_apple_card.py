"""Where an Apple pass shows what, and which change it announces."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.domain.entries import EntryKind
from chalicelib.domain.pass_designs import (
    PassDesign,
    PassField,
    Support,
)
from passes.apple import ApplePassSigner
from passes.card import HistoryLine, News, Stamps
from tests.passes.builders import card
from tests.passes.building import built, fields_of, shown_json
from tests.passes.reading import json_of


def _announcing(content: dict[str, Any]) -> dict[str, str]:
    return {
        field["key"]: field["changeMessage"]
        for field in fields_of(content)
        if "changeMessage" in field
    }


@pytest.mark.parametrize(
    ("news", "announcing"),
    [
        (News.POINTS, {"points": "На карте %@ баллов"}),
        (News.TIER, {"tier": "Ваш уровень: %@"}),
    ],
)
def test_one_field_announces_the_newest_change(
    news: News, announcing: dict[str, str], signer: ApplePassSigner
) -> None:
    assert _announcing(shown_json(signer, card(news=news))) == announcing


def test_a_new_tier_that_is_not_on_the_front_is_announced_by_the_points(
    signer: ApplePassSigner,
) -> None:
    design = PassDesign(header=())

    assert _announcing(shown_json(signer, card(news=News.TIER), design=design)).keys() == {
        "points"
    }


@pytest.mark.parametrize(
    ("news", "given", "announced"),
    [
        (News.POINTS, "{balance} — 100% ваши", "%@ — 100%% ваши"),
        (News.POINTS, "{balance.real} {0} {balance}", "{balance.real} {0} %@"),
        (News.POINTS, "ни числа", "На карте %@ баллов"),
        (News.POINTS, "{balance} {balance}", "На карте %@ баллов"),
        (News.TIER, "%@ %s: {tier}", "%%@ %%s: %@"),
    ],
)
def test_a_designs_own_message_is_never_a_template_of_anything_else(
    news: News, given: str, announced: str, signer: ApplePassSigner
) -> None:
    design = PassDesign(points_changed={"ru": given}, tier_changed={"ru": given})

    [message] = _announcing(shown_json(signer, card(news=news), design=design)).values()

    assert message == announced


@pytest.mark.parametrize(
    ("changes", "leading"),
    [
        ({}, ("points", 1240)),
        ({"has_points": False}, ("stamps", "4 из 6")),
        (
            {"has_points": False, "stamps": None, "discount_ppm": 75_000},
            ("discount", "7,5\xa0%"),
        ),
        ({"has_points": False, "stamps": None}, ("tier", "Серебро")),
    ],
)
def test_a_card_without_points_leads_with_something_else(
    changes: dict[str, Any], leading: tuple[str, Any], signer: ApplePassSigner
) -> None:
    content = shown_json(signer, card(**changes))

    [primary] = content["storeCard"]["primaryFields"]
    assert (primary["key"], primary["value"]) == leading
    assert list(_announcing(content)) == [leading[0]]


def test_a_card_with_nothing_to_lead_with_has_no_primary_field(signer: ApplePassSigner) -> None:
    content = shown_json(signer, card(has_points=False, stamps=None, tier_name=None))

    assert "primaryFields" not in content["storeCard"]


def test_a_stamp_card_announces_its_stamps(signer: ApplePassSigner) -> None:
    content = shown_json(signer, card(has_points=False, stamps=Stamps(5, 6)))

    assert _announcing(content) == {"stamps": "Штампов на карте: %@"}


def test_fields_stand_where_the_design_places_them_and_once(signer: ApplePassSigner) -> None:
    design = PassDesign(
        header=(PassField.STAMPS, PassField.DISCOUNT),
        secondary=(PassField.STAMPS, PassField.NEXT_TIER, PassField.MEMBER),
        auxiliary=(PassField.TIER, PassField.EXPIRING),
    )

    shown = shown_json(signer, card(discount_ppm=100_000), design=design)["storeCard"]

    rows = {
        place: [field["key"] for field in shown[place]]
        for place in ("headerFields", "secondaryFields", "auxiliaryFields")
    }
    assert rows == {
        "headerFields": ["stamps", "discount"],
        "secondaryFields": ["next_tier", "member"],
        "auxiliaryFields": ["tier", "expiring"],
    }


def test_a_design_with_too_many_fields_shows_the_first_four_under_the_strip(
    signer: ApplePassSigner,
) -> None:
    design = PassDesign(
        header=(),
        secondary=(PassField.MEMBER, PassField.EXPIRING, PassField.STAMPS),
        auxiliary=(PassField.TIER, PassField.NEXT_TIER),
    )

    shown = shown_json(signer, card(), design=design)["storeCard"]

    assert [field["key"] for field in shown["auxiliaryFields"]] == ["tier"]


def test_the_back_tells_what_the_front_has_no_room_for(signer: ApplePassSigner) -> None:
    design = PassDesign(support=Support("+7 342 200-00-00", "hello@uzor.example"))

    back = {
        field["key"]: field
        for field in shown_json(signer, card(), design=design)["storeCard"]["backFields"]
    }

    assert list(back) == [
        *(
            "as_of",
            "redeeming",
            "about",
            "tier_until",
            "to_next_tier",
            "expiry",
            "history",
            "code_text",
        ),
        *("card_url", "rules_url", "support"),
    ]
    assert back["rules_url"]["value"] == "https://cards.example/r/uzor"
    assert back["rules_url"]["attributedValue"] == (
        "<a href='https://cards.example/r/uzor'>Открыть</a>"
    )
    assert back["support"]["value"] == "+7 342 200-00-00\nhello@uzor.example"


def test_the_back_says_of_when_it_is_by_the_shops_clock(signer: ApplePassSigner) -> None:
    back = _back(shown_json(signer, card()))

    assert back["as_of"] == {
        "key": "as_of",
        "label": "Баланс на",
        "value": "2026-11-20T14:05+03:00",
        "dateStyle": "PKDateStyleLong",
        "timeStyle": "PKDateStyleShort",
        "ignoresTimeZone": True,
    }


def test_a_pause_changes_a_field_that_was_there_and_announces_it(
    signer: ApplePassSigner,
) -> None:
    until = datetime(2026, 11, 25, 11, 5, tzinfo=UTC)

    before = _back(shown_json(signer, card()))["redeeming"]
    paused = shown_json(signer, card(news=News.PAUSE, paused_until=until))

    assert before["value"] == "баллы можно списывать"
    assert _back(paused)["redeeming"]["value"].startswith(
        "закрыто до 25 ноября 2026 г., 14:05: "
    )
    assert _announcing(paused) == {"redeeming": "Списание баллов %@"}


def test_the_end_of_a_pause_wakes_nobody(signer: ApplePassSigner) -> None:
    assert _announcing(shown_json(signer, card(news=News.PAUSE))).keys() == {"points"}


@pytest.mark.parametrize("news", [News.POINTS, News.TIER])
def test_a_quiet_card_changes_without_a_word(news: News, signer: ApplePassSigner) -> None:
    assert _announcing(shown_json(signer, card(news=news, is_quiet=True))) == {}


def test_a_quiet_card_announces_a_pause_all_the_same(signer: ApplePassSigner) -> None:
    until = datetime(2026, 11, 25, 11, 5, tzinfo=UTC)
    quiet = card(news=News.PAUSE, is_quiet=True, paused_until=until)

    assert _announcing(shown_json(signer, quiet)).keys() == {"redeeming"}


def test_quiet_and_loud_cards_are_not_laid_out_as_one(signer: ApplePassSigner) -> None:
    both = [_announcing(json_of(built(signer, card(is_quiet=one)))) for one in (False, True)]

    assert both == [{"points": "На карте %@ баллов"}, {}]


def test_a_card_without_points_has_no_balance_and_nothing_to_redeem(
    signer: ApplePassSigner,
) -> None:
    back = _back(shown_json(signer, card(has_points=False)))

    assert back["as_of"]["label"] == "Данные на"
    assert "redeeming" not in back


def _back(content: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {field["key"]: field for field in content["storeCard"]["backFields"]}


def test_the_back_lists_the_latest_entries_with_day_points_and_reason(
    signer: ApplePassSigner,
) -> None:
    lines = (
        HistoryLine(date(2026, 11, 20), 44, EntryKind.PURCHASE),
        HistoryLine(date(2025, 12, 31), -1286, EntryKind.EXPIRE),
    )

    content = shown_json(signer, card(history=lines))

    [shown] = [field for field in fields_of(content) if field["key"] == "history"]
    assert shown["value"] == (
        "20 нояб. 2026 · +44 · Покупка\n31 дек. 2025 · −1\xa0286 · Баллы сгорели"
    )


def test_an_address_cannot_break_out_of_its_link(signer: ApplePassSigner) -> None:
    content = shown_json(signer, card(rules_url="https://cards.example/r/a'b&c<d"))

    [shown] = [field for field in fields_of(content) if field["key"] == "rules_url"]
    assert shown["attributedValue"].startswith(
        "<a href='https://cards.example/r/a&#x27;b&amp;c&lt;d'>"
    )


@pytest.mark.parametrize(
    ("points", "label", "message"),
    [
        (0, "баллов", "На карте %@ баллов"),
        (1, "балл", "На карте %@ балл"),
        (2, "балла", "На карте %@ балла"),
        (5, "баллов", "На карте %@ баллов"),
    ],
)
def test_points_are_a_number_with_the_right_noun(
    points: int, label: str, message: str, signer: ApplePassSigner
) -> None:
    content = shown_json(signer, card(points=points))

    assert content["storeCard"]["primaryFields"] == [
        {
            "key": "points",
            "value": points,
            "label": label,
            "changeMessage": message,
            "numberStyle": "PKNumberStyleDecimal",
        }
    ]


def test_a_bare_card_has_no_nulls_and_nothing_empty(signer: ApplePassSigner) -> None:
    bare = card(
        member_name="",
        tier_name=None,
        tier_until=None,
        next_tier=None,
        next_expiry=None,
        stamps=None,
        points=0,
        history=(),
        rules_url="",
    )

    content = shown_json(signer, bare)

    assert _empty_places(content) == []
    assert "voided" not in content
    assert [field["key"] for field in fields_of(content)] == [
        "points",
        "as_of",
        "redeeming",
        "about",
        "code_text",
        "card_url",
    ]


def _empty_places(content: Any, path: str = "") -> list[str]:
    if content is None or content in ("", [], {}):
        return [path]
    if isinstance(content, dict):
        return [
            p for key, part in content.items() for p in _empty_places(part, f"{path}/{key}")
        ]
    if isinstance(content, list):
        return [p for part in content for p in _empty_places(part, f"{path}/*")]
    return []
