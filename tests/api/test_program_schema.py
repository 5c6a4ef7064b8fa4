"""The published schema says what `read_program` reads: no more is refused, and no less."""

import json
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from chalicelib.api.program_schema import program_schema
from chalicelib.domain.program_document import InvalidProgram, read_program
from chalicelib.domain.templates import templates
from tests.api.schema_samples import some_fields
from tests.domain.rules.test_rules_properties import DOCUMENTS

SCHEMA = program_schema()
VALID = Draft202012Validator(SCHEMA)
# What a schema cannot say: one field depends on another, or on the world.
OF_SEVERAL_FIELDS = re.compile(
    "must be above|there are two|there is no time zone|is not a level of tiers|has no rates"
    "|stands beside|must be longer|above 0|decimals|must be a date|is before from|give one of"
    "|give either|is for offers|automatic needs|must be enough|cannot contain itself"
    "|must name 2 units"
    "|nobody is rewarded|must be a percentage|must have a name|there is no bundle"
    "|leads back|names no goods"
)


def faults(document: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    try:
        read_program(document, 1)
    except InvalidProgram as refused:
        return refused.faults
    return ()


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("one", templates(), ids=lambda one: one.name)
def test_every_template_is_valid(one) -> None:
    assert VALID.is_valid(dict(one.document))


@given(DOCUMENTS)
def test_what_is_read_is_valid(document: dict[str, Any]) -> None:
    assert not faults(document)

    VALID.validate(document)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(some_fields(SCHEMA))
def test_what_is_valid_is_refused_for_reasons_of_several_fields_alone(
    document: dict[str, Any],
) -> None:
    VALID.validate(document)

    others = [fault for fault in faults(document) if not OF_SEVERAL_FIELDS.search(fault[1])]

    assert others == []


WRONG: tuple[Any, ...] = (None, True, -1, 1.5, 10**13, "", "x" * 201, [], ["x"], {"x": 1}, [{}])


@pytest.mark.parametrize("name", sorted(SCHEMA["properties"]))
def test_a_field_of_the_wrong_kind_is_invalid_where_it_is_refused(name: str) -> None:
    for value in WRONG:
        document = {name: value}

        words = [words for _, words in faults(document)]

        if VALID.is_valid(document):
            assert all(OF_SEVERAL_FIELDS.search(one) for one in words), (value, words)
        else:
            assert words, value


class Asked(dict[str, Any]):
    """A document that remembers what was looked for in it."""

    def __init__(self, asked: set[str]) -> None:
        super().__init__()
        self.asked = asked

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return default


def test_the_schema_names_every_field_that_is_read() -> None:
    document = Asked(set())

    read_program(document, 1)

    assert document.asked == set(SCHEMA["properties"])


def test_a_field_nobody_knows_is_invalid_at_every_depth() -> None:
    known = {
        "tiers": {"levels": [{"name": "a", "over": "0"}]},
        "step_accrual": {"per": "1", "points": 1},
        "stamps": {"category": "a", "every": 2},
        "referral": {"friend_points": 1},
        "stacking": {},
    }

    for name, inner in known.items():
        assert VALID.is_valid({name: inner})
        assert not VALID.is_valid({name: {**inner, "colour": 1}})
        assert ("/" + name + "/colour", "is not a known field") in faults(
            {name: {**inner, "colour": 1}}
        )
