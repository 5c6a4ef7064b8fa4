"""Templates are programs, and examples are worked by the engine (R52)."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given

from chalicelib.domain.examples import EXAMPLES_MAX, EXAMPLES_MIN, worked_examples
from chalicelib.domain.pricing import price
from chalicelib.domain.program import Program
from chalicelib.domain.program_document import read_program
from chalicelib.domain.templates import NAMES, template, templates
from tests.domain.rules.test_rules_properties import DOCUMENTS

TODAY = date(2026, 6, 1)


def of(name: str) -> Program:
    found = template(name)
    assert found is not None, name
    return read_program(found.document, 1)


def amounts(name: str, kind: str) -> list[tuple[str | None, int]]:
    """Return what examples of a kind are about, and what is to be paid."""
    return [
        (one.name, sum(line.net_minor for line in one.priced.lines))
        for one in worked_examples(of(name), TODAY)
        if one.kind == kind
    ]


class TestTemplates:
    def test_every_name_is_a_template(self) -> None:
        assert [one.name for one in templates()] == list(NAMES)

    def test_the_richest_come_first(self) -> None:
        assert NAMES == (
            "sport_nutrition",
            "bakery",
            "fashion_levels",
            "points_per_step",
            "turnover_discount",
            "lifetime_discount",
            "phone_shop",
            "fixed_discount",
            "cafe_stamps",
        )

    @pytest.mark.parametrize("name", NAMES)
    def test_a_template_is_a_program_and_says_what_it_is_for(self, name: str) -> None:
        found = template(name)

        assert found is not None
        assert read_program(found.document, 1).title
        assert set(found.title) == set(found.summary) == {"ru", "en"}
        assert found.name == name
        assert len(found.title["ru"]) < len(found.summary["ru"])

    @pytest.mark.parametrize("name", ["bakery", "points_per_step", "sport_nutrition"])
    def test_where_points_pay_a_copied_code_is_good_for_500_a_day(self, name: str) -> None:
        assert of(name).confirm_above == 500

    @pytest.mark.parametrize("language", ["ru", "en"])
    @pytest.mark.parametrize("name", NAMES)
    def test_what_shoppers_read_is_of_the_shops_language(
        self, name: str, language: str
    ) -> None:
        found = template(name)
        assert found is not None

        document = found.document_in(language) | {"title": "Shop"}

        rules = read_program(document, 1)
        tiers = {one.name for one in rules.tiers.levels} if rules.tiers else set()
        coupons = {str(one["id"]) for one in document.get("coupons", [])}
        foreign = re.compile("[А-яё]" if language == "en" else "Level|reward")
        assert {one for one in tiers | coupons if foreign.search(one)} == set()
        assert set(rules.rates) <= tiers

    @pytest.mark.parametrize("name", ["", "../bakery", "bakery.json", "unknown"])
    def test_another_name_is_none(self, name: str) -> None:
        assert template(name) is None


class TestExamples:
    @pytest.mark.parametrize("name", NAMES)
    def test_a_template_has_six_at_least(self, name: str) -> None:
        examples = worked_examples(of(name), TODAY)

        assert EXAMPLES_MIN <= len(examples) <= EXAMPLES_MAX
        shown = {(repr(one.scene), one.lines, one.available) for one in examples}
        assert len(shown) == len(examples)

    def test_every_tier_and_channel_has_one(self) -> None:
        examples = worked_examples(of("sport_nutrition"), TODAY)

        found = [(one.name, one.scene.channel) for one in examples if one.kind == "tier"]
        tiers, channels = ("Стандарт", "Золотой", "Vip"), ("offline", "online")
        assert found == [(tier, channel) for tier in tiers for channel in channels]

    def test_a_level_of_a_discount_is_shown_where_it_begins(self) -> None:
        assert amounts("lifetime_discount", "turnover") == [
            (None, 97_000),
            (None, 95_000),
            (None, 92_000),
        ]

    def test_a_full_card_is_shown_with_what_is_free(self) -> None:
        assert ("coffee", 0) in amounts("cafe_stamps", "stamps")

    def test_points_are_shown_paying_in_part_and_to_the_cap(self) -> None:
        assert amounts("bakery", "redeem") == [(None, 98_000), (None, 85_000)]

    @given(DOCUMENTS)
    def test_any_program_has_six_and_the_engine_agrees(self, document: dict[str, Any]) -> None:
        rules = read_program(document, 1)

        examples = worked_examples(rules, TODAY)

        assert EXAMPLES_MIN <= len(examples) <= EXAMPLES_MAX
        for one in examples:
            again = price(
                one.lines,
                program=rules,
                scene=one.scene,
                available=one.available,
                redeem=one.redeem,
            )
            assert again == one.priced
