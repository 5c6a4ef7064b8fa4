"""The commonest numbers of a program: every template can be edited, and says what it said."""

from typing import Any

import pytest

from chalicelib.domain.program_document import InvalidProgram, read_program
from chalicelib.domain.templates import template, templates
from chalicelib.web.admin.forms import Form
from chalicelib.web.admin.program_fields import FIELDS_MAX, changed, groups_of
from passes.wording import Language


def document_of(name: str) -> dict[str, Any]:
    found = template(name)
    assert found is not None
    return dict(found.document)


def typed(document: dict[str, Any], language: Language, **over: str) -> dict[str, Any]:
    """Return the document after a form with these fields changed, named by their pointers."""
    groups = groups_of(document, language)
    values = {number.pointer: number.value for group in groups for number in group.numbers}
    values |= {name.replace("__", "/"): text for name, text in over.items()}
    return changed(document, groups, Form(values))


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", [one.name for one in templates()])
def test_a_form_sent_as_it_came_changes_no_rule(name: str, language: Language) -> None:
    document = document_of(name)

    after = typed(document, language)

    assert read_program(after, 1) == read_program(document, 1)
    numbers = [n for group in groups_of(document, language) for n in group.numbers]
    assert 1 < len(numbers) <= FIELDS_MAX
    assert len({number.pointer for number in numbers}) == len(numbers)


def test_a_percent_may_be_typed_with_a_comma_and_money_with_spaces() -> None:
    shortest = {"earn_percent": 5, "redeem_percent": 30}

    after = typed(shortest, "ru", __earn_percent="7,5", __min_money="1 500,50")

    assert after["earn_percent"] == 7.5
    assert after["min_money"] == "1500.50"
    assert read_program(after, 1).flat.earn_ppm == 75_000


def test_an_emptied_field_takes_its_key_away() -> None:
    document = {"earn_percent": 5, "expiry_days": 365, "welcome_points": {"points": 100}}

    after = typed(document, "ru", __expiry_days="", __welcome_points__points="")

    assert "expiry_days" not in after
    assert "welcome_points" not in after


def test_a_gift_that_was_not_there_is_made() -> None:
    after = typed({"earn_percent": 5}, "en", __anniversaries__birthday__points="300")

    assert after["anniversaries"] == {"birthday": {"points": 300}}
    assert read_program(after, 1).anniversaries["birthday"].points == 300


def test_what_is_no_number_is_left_for_the_rules_to_refuse() -> None:
    after = typed({"earn_percent": 5}, "en", __earn_percent="a lot")

    with pytest.raises(InvalidProgram) as refused:
        read_program(after, 1)
    assert [path for path, _ in refused.value.faults] == ["/earn_percent"]


def test_the_document_that_was_read_stays_as_it_was() -> None:
    document = document_of("sport_nutrition")
    before = repr(document)

    typed(document, "ru", __title="Другое")

    assert repr(document) == before
