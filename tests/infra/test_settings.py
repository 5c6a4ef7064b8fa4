"""docs/SETTINGS.md lists what the service reads, with its defaults."""

import re
from dataclasses import MISSING, fields

from chalicelib.settings import Settings
from infra.functions import ENVIRONMENT
from infra.package import ROOT

PAGE = (ROOT / "docs" / "SETTINGS.md").read_text()
ROWS = {
    found[1]: (found[2], found[3])
    for found in re.finditer(r"(?m)^\| `([A-Z_]+)` \| (.*?) \| .+? \| (.*?) \|$", PAGE)
}


def _written(default: object) -> str:
    if default is MISSING:
        return "must be set"
    return f"`{default}`" if default != "" else "empty"


def test_every_setting_is_in_the_table_with_its_default() -> None:
    expected = {field.name.upper(): _written(field.default) for field in fields(Settings)}

    assert {name: default for name, (default, _) in ROWS.items()} == expected


def test_the_table_tells_what_the_template_sets() -> None:
    settings = {field.name.upper() for field in fields(Settings)}

    by_template = {name for name, (_, on_aws) in ROWS.items() if on_aws.startswith("template")}

    assert by_template == ENVIRONMENT.keys() & settings


def test_every_other_variable_of_the_template_is_named_below_the_table() -> None:
    settings = {field.name.upper() for field in fields(Settings)}

    others = ENVIRONMENT.keys() - settings

    assert others
    assert [name for name in others if f"`{name}`" not in PAGE] == []


def test_the_template_sets_everything_that_has_no_default() -> None:
    given_by_lambda = {"AWS_REGION"}
    needed = {field.name.upper() for field in fields(Settings) if field.default is MISSING}

    assert needed - given_by_lambda <= ENVIRONMENT.keys()
