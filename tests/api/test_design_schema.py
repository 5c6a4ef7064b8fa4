"""The published schema says what `read_design` reads: no more is refused, and no less."""

import json
import re
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator

from chalicelib.api.design_schema import design_schema
from chalicelib.domain.design_document import InvalidDesign, read_design
from tests.api.schema_samples import some_fields
from tests.domain.designs import FULL, documents
from tests.domain.test_design_document import BAD

SCHEMA = design_schema()
VALID = Draft202012Validator(SCHEMA)
# What a schema cannot say: one field depends on another, or a text must be more than blanks.
OF_SEVERAL_FIELDS = re.compile(
    "has a contrast|stands in|with secondary, room|must be one line|must be a date"
    "|must be a text like|%@"
)


def faults(document: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    try:
        read_design(document, 1)
    except InvalidDesign as refused:
        return refused.faults
    return ()


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)

    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


def test_a_full_design_is_valid() -> None:
    assert VALID.is_valid(FULL)
    assert VALID.is_valid(dict.fromkeys(FULL))


@given(documents())
def test_whatever_is_read_is_valid(document: dict[str, Any]) -> None:
    assert [error.message for error in VALID.iter_errors(document)] == []


@given(some_fields(SCHEMA))
def test_what_is_valid_is_refused_for_what_a_schema_cannot_say(
    document: dict[str, Any],
) -> None:
    found = [words for _, words in faults(document) if not OF_SEVERAL_FIELDS.search(words)]

    assert found == []


@pytest.mark.parametrize(
    "document",
    [document for document, _, words in BAD if not OF_SEVERAL_FIELDS.search(words)],
    ids=lambda one: str(one)[:40],
)
def test_what_is_refused_for_one_field_alone_is_not_valid(document: dict[str, Any]) -> None:
    shape_only = not any(OF_SEVERAL_FIELDS.search(words) for _, words in faults(document))

    assert not (shape_only and VALID.is_valid(document))


def test_the_schema_is_served_to_anybody(anybody) -> None:
    assert anybody.get("/v1/pass-design/schema").json == SCHEMA
