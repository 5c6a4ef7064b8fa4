"""Ids, phones and words at the edge."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.ids import purchase_id, receipt_key
from chalicelib.api.phones import (
    PhoneInvalid,
    PhoneNotAllowed,
    parse_allowed_phone,
    parse_phone,
)
from chalicelib.api.wording import RULES, why_text
from chalicelib.domain import pricing
from chalicelib.domain.receipts import ReceiptKey, Why

_TEXT = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=64)


@given(_TEXT, _TEXT)
def test_a_purchase_id_names_its_till_and_receipt(till_id: str, receipt_id: str) -> None:
    key = ReceiptKey("acme", till_id, receipt_id)

    assert receipt_key("acme", purchase_id(key)) == key


@pytest.mark.parametrize(
    "text", ["", "pur_", "pur_!!!!", "r1", "pur_dGlsbA", "pur_dGlsbC0xH3Ix=", "pur_/w", "ю"]
)
def test_what_is_no_purchase_id_names_nothing(text: str) -> None:
    assert receipt_key("acme", text) is None


@pytest.mark.parametrize("typed", ["+7 999 000-00-01", "8 (999) 000 00 01", "9990000001"])
def test_a_phone_is_read_as_people_write_it(typed: str) -> None:
    assert parse_phone(typed, "RU") == "+79990000001"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "112",
        "hello",
        "+7 800 555 35 35",
        "+7 495 123 45 67",
        "1" * 41,
        "+79990000001 ext. 5",
    ],
)
def test_a_number_without_a_mobile_phone_is_invalid(typed: str) -> None:
    with pytest.raises(PhoneInvalid):
        parse_phone(typed, "RU")


def test_a_phone_of_another_country_is_not_allowed() -> None:
    with pytest.raises(PhoneNotAllowed) as refused:
        parse_allowed_phone("+44 7400 123456", "RU", ("RU", "KZ"))

    assert refused.value.facts == {"countries": "RU,KZ"}


def test_every_rule_of_the_engine_has_words() -> None:
    source = Path(pricing.__file__).read_text()
    named = set(re.findall(r"`((?:earn|redeem|discount|free|stamps)\.[a-z_]+)`", source))

    assert named <= set(RULES)


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("rule", sorted(RULES))
def test_no_mark_is_left_in_a_sentence(rule: str, language) -> None:
    why = Why(rule, 5, 30_000, 50_000, "Gold")

    text = why_text(why, currency="RUB", language=language)

    assert text
    assert not re.search(r"%[pantxm]\b", text.replace("\u00a0%", ""))


@pytest.mark.parametrize(
    ("points", "russian", "english"),
    [
        (10, "Акция «tea»: баллы × 2 (+10 баллов)", "tea: points × 2 (+10 points)"),
        (0, "Акция «tea»: баллы × 2 (+0 баллов)", "tea: points × 2 (+0 points)"),
        (None, "Акция «tea»: баллы × 2", "tea: points × 2"),  # of an earlier version
    ],
)
def test_a_multiplier_says_how_many_points_it_added(
    points: int | None, russian: str, english: str
) -> None:
    why = Why("earn.promotion_multiplier", points, None, 2_000_000, "tea")

    said = [why_text(why, currency="RUB", language=one) for one in ("ru", "en")]

    assert [one.replace("\u00a0", " ") for one in said] == [russian, english]


@pytest.mark.parametrize(
    ("code", "russian", "english"),
    [
        ("pastry", "Категория «выпечка»: 5 % баллами", "pastry: 5% in points"),
        (
            "glass_and_cases",
            "Категория «стёкла и чехлы»: 5 % баллами",
            "glass and cases: 5% in points",
        ),
        ("default", "Категория «остальное»: 5 % баллами", "everything else: 5% in points"),
        ("Сырники", "Категория «Сырники»: 5 % баллами", "Сырники: 5% in points"),
    ],
)
def test_a_category_of_a_template_is_called_in_the_readers_language(
    code: str, russian: str, english: str
) -> None:
    why = Why("earn.category_rate", 5, None, 50_000, code)

    said = [why_text(why, currency="RUB", language=one) for one in ("ru", "en")]

    assert [one.replace("\u00a0", " ") for one in said] == [russian, english]


def test_a_name_is_text_and_never_a_template() -> None:
    why = Why("earn.tier_rate", 1, None, 50_000, "%p %a {0}")

    assert why_text(why, currency="RUB", language="en") == "Tier %p %a {0}: 5% in points"
