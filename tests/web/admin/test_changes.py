"""The differences of a draft as an owner reads them."""

from itertools import permutations

import pytest

from chalicelib.domain.program_diff import Change, changes
from chalicelib.domain.templates import templates
from chalicelib.web.admin.changes import change_rows


@pytest.mark.parametrize("language", ["ru", "en"])
def test_no_difference_between_templates_is_told_as_json(language):
    rows = [
        row
        for before, after in permutations(templates(), 2)
        for one in changes(before.document, after.document)
        for row in change_rows(one, language)
    ]

    assert rows
    assert not [row for row in rows if set('{}[]"') & set("".join(row.values()))]


def test_a_rule_that_comes_whole_is_told_by_what_is_in_it():
    change = Change("/anniversaries", None, {"birthday": {"points": 300, "is_kept": True}})

    rows = list(change_rows(change, "ru"))

    assert [(row["what"], row["before"], row["after"]) for row in rows] == [
        ("Праздники › День рождения › Баллов", "нет", "300"),
        ("Праздники › День рождения › is_kept", "нет", "да"),
    ]


def test_levels_are_told_by_their_names():
    before = [{"name": "Золотой", "over": "100.00"}]
    after = [{"name": "Золотой", "over": "200.00"}]

    rows = list(change_rows(Change("/tiers/levels", before, after), "ru"))

    assert rows == [
        {
            "what": "Уровни › Пороги › Золотой › Порог",
            "was": "gone",
            "before": "100.00",
            "after": "200.00",
        }
    ]


def test_a_category_and_a_percentage_are_written_as_in_the_rules():
    change = Change("/category_rates/pastry/earn", 10, 7.5)

    (row,) = change_rows(change, "ru")

    assert row == {
        "what": "Ставки категорий › выпечка › Начисляем баллами",
        "was": "gone",
        "before": "10",
        "after": "7,5",
    }
