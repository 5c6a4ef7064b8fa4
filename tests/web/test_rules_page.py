"""The public rules page: complete, in both languages, worked by the engine."""

import re
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.program_document import read_program
from chalicelib.domain.rules import _KINDS
from chalicelib.domain.templates import NAMES
from chalicelib.web.rules_page import rules_view
from chalicelib.web.rules_sections import RULE_SECTIONS
from chalicelib.web.rules_words import RULES_WORDS
from passes.wording import Language
from tests.web.rules_sample import EVERYTHING, of_everything, of_template, rules, rules_html

BLANKS = re.compile(r"\{\w+\}")


def text(html: str) -> str:
    """Return what a reader sees."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ")


def test_both_languages_have_the_same_words_and_blanks() -> None:
    russian, english = (
        {name: set(BLANKS.findall(str(word))) for name, word in words.items()}
        for words in RULES_WORDS.values()
    )

    assert russian == english
    assert not [
        word for words in RULES_WORDS.values() for word in words.values() if "!" in word
    ]


def test_every_kind_of_rule_has_a_section() -> None:
    of_program = {type(rule) for rule in of_everything().rules}
    files = {Path(str(kind.__file__)).stem for kind in _KINDS}

    assert of_program <= set(RULE_SECTIONS)
    assert files <= {rule.__module__.rpartition(".")[2] for rule in of_program}


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_every_template_has_a_page_with_six_examples(name: str, language: Language) -> None:
    html = rules_html(of_template(name), language)

    assert html.count("<article") >= 6
    assert not BLANKS.search(text(html))
    assert "None" not in text(html)


def test_a_tier_is_told_with_its_rates_and_its_example() -> None:
    html = text(rules_html(of_template("sport_nutrition"), "en"))

    assert "Золотой 15% 15% 7% 7%" in html
    assert "Vip more than RUB 30,000" in html
    assert "Online, Vip tier Goods: 1 × RUB 1,000 To pay RUB 1,000 Earned 100 points" in html
    assert "300 points for your birthday, they live 10 days." in html


def test_a_threshold_that_must_be_passed_is_shown_on_both_sides() -> None:
    html = text(rules_html(of_template("turnover_discount"), "en"))

    assert "Bought before: RUB 10,000 Goods: 1 × RUB 1,000 To pay RUB 1,000 Example" in html
    assert "Bought before: RUB 10,000.01 Goods: 1 × RUB 1,000 To pay RUB 950" in html


def test_a_promotion_that_is_over_is_not_told_and_one_to_come_is() -> None:
    html = text(rules_html(of_everything(), "en"))

    assert "tuesday: points × 1.5, on Tue, only online." in html
    assert "summer: 2% more in points, from 10 June, through 31 August." in html
    assert "over:" not in html


def test_the_numbers_of_the_examples_are_the_engines() -> None:
    found = rules(of_everything())

    view = rules_view(found, "en")

    for shown, example in zip(view["examples"], found.examples, strict=True):
        results = {row["label"]: row["value"] for row in shown["results"]}
        digits = int(re.sub(r"\D", "", results["Earned"]))
        assert digits == example.priced.earned


def test_names_that_are_markup_stay_text() -> None:
    bad = EVERYTHING | {"title": "<script>alert(1)</script>"}

    html = rules_html(read_program(bad, 1), "en")

    assert "<script>alert" not in html


def test_a_program_without_points_says_nothing_of_them() -> None:
    html = text(rules_html(of_template("phone_shop"), "en"))

    assert "point" not in html.lower()


def test_a_program_whose_points_pay_nothing_shows_no_column_of_it() -> None:
    html = text(rules_html(of_template("fashion_levels"), "en"))

    assert "Level 4 10% Fractions" in html
    assert "Points may pay" not in html
    assert "Style reward: £5 off, comes by itself for each 500 points, lives 6 months." in html


def test_steps_stand_instead_of_rates_that_earn_nothing_with_them() -> None:
    steps = {"step_accrual": {"per": "300.00", "points": 100}}
    program = read_program({**steps, "category_rates": {"tea": {"earn": 5, "redeem": 40}}}, 1)

    html = text(rules_html(program, "en"))

    assert "Category Points may pay tea 40%" in html
    assert "You earn 100 points for each full RUB 300" in html


def test_goods_of_templates_are_called_what_shoppers_call_them() -> None:
    html = text(rules_html(of_template("bakery"), "ru"))

    assert "выпечка 10 % 15 %" in html
    assert "Категория «выпечка»: 10 % баллами" in html
    assert "pastry" not in html


def test_reasons_write_money_as_the_page_does() -> None:
    html = text(rules_html(of_template("phone_shop"), "ru"))

    assert "Скидка на «телефоны» 3 %: 30 ₽" in html


def test_a_margin_class_without_points_is_told_so() -> None:
    html = text(rules_html(of_template("sport_nutrition"), "en"))

    assert "This item earns no points" in html
    assert "0% in points" not in html.replace("10% in points", "").replace("20% in points", "")


@pytest.mark.parametrize(
    ("terms", "words"),
    [
        ({"cap": 1}, "5 points for a friend you bring, after their first purchase, at most 1"),
        ({"trigger": "sign_up"}, "5 points for a friend you bring. 3 points for the friend."),
    ],
)
def test_a_referral_says_when_and_how_often(terms: dict[str, Any], words: str) -> None:
    referral = {"referrer_points": 5, "friend_points": 3, **terms}

    html = text(rules_html(read_program({"referral": referral}, 1), "en"))

    assert words in html


def test_a_promotion_tells_the_points_it_gave_all_lines_of_an_example() -> None:
    double = {"promotions": [{"id": "double", "multiplier": 2}]}
    sets = {"bundles": [{"id": "set", "skus": {"cup": 1, "tea": 1}, "points": 7}]}
    program = read_program({"earn_percent": 5, **double, **sets}, 1)

    html = text(rules_html(program, "en"))

    assert (
        "Cup: 1 × RUB 500 Tea: 1 × RUB 500 To pay RUB 1,000 Earned 107 points"
        " 5% in points double: points × 2 (+50 points) Bundle set: 7 points Example"
    ) in html
