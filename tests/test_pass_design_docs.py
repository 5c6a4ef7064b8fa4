"""PASS_DESIGN.md is complete and true: keys, defaults, bounds, numbers and the example."""

import json
import re
from datetime import date
from pathlib import Path

from chalicelib.api.design_schema import design_schema
from chalicelib.domain.design_document import read_design
from chalicelib.domain.pass_designs import DEFAULT_DESIGN
from chalicelib.domain.pass_images import SHAPES, ImageUse, ImageWarning
from chalicelib.domain.program_document import read_program

PAGE = (Path(__file__).parents[1] / "docs" / "PASS_DESIGN.md").read_text()
ROWS = {
    key: (default, bounds.strip())
    for key, default, bounds in re.findall(
        r"^\| `([a-z_]+)` \| (.*?) \|(.*?)\| .* \|$", PAGE.partition("## Images")[0], re.M
    )
}
PROPERTIES = {name: one["anyOf"][0] for name, one in design_schema()["properties"].items()}
EXAMPLE = json.loads(re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)[0])
LEVELS = {"tiers": {"levels": [{"name": "Basic", "over": "0"}, {"name": "Gold", "over": "1"}]}}


def test_every_key_is_in_the_table_and_nothing_else() -> None:
    assert list(ROWS) == list(PROPERTIES)


def test_the_defaults_of_the_table_are_those_of_the_code() -> None:
    spelt_out = {
        key: json.loads(default.strip("`"))
        for key, (default, _) in ROWS.items()
        if default.startswith("`")
    }

    assert set(spelt_out) == {
        "header",
        "secondary",
        "auxiliary",
        "symbology",
        "is_sharing_prohibited",
    }
    assert read_design(spelt_out) == DEFAULT_DESIGN


def test_the_bounds_of_the_table_are_those_of_the_schema() -> None:
    near = PROPERTIES["near_m"]

    assert ROWS["program_name"][1] == f"1–{PROPERTIES['program_name']['maxLength']} characters"
    assert ROWS["tier_colours"][1] == f"at most {PROPERTIES['tier_colours']['maxProperties']}"
    assert ROWS["header"][1] == f"at most {PROPERTIES['header']['maxItems']}"
    for key, other in (("secondary", "auxiliary"), ("auxiliary", "secondary")):
        assert ROWS[key][1] == f"at most {PROPERTIES[key]['maxItems']} with `{other}`"
    assert ROWS["places"][1] == f"1–{PROPERTIES['places']['maxItems']}"
    assert ROWS["near_m"][1] == f"{near['minimum']}–{near['maximum']}"


def test_the_numbers_of_the_images_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| `(logo|strip|icon)` \| (.*?) \| .*? \| (.*?) bytes \|$", PAGE, re.M)

    for use, apple, most in rows:
        shape = SHAPES[ImageUse(use)]
        assert apple.endswith("{} × {}".format(*shape.points))
        told = [int(number.replace(" ", "")) for number in most.split(",")]
        assert told == [shape.pass_bytes_wanted, shape.pass_bytes_max]
    assert [use for use, _, _ in rows] == list(ImageUse)
    assert all(f"`{warning}`" in PAGE for warning in ImageWarning)


def test_the_example_of_the_page_can_be_published() -> None:
    program = read_program(LEVELS, 1)

    design = read_design(EXAMPLE, 1, program=program, on=date(2026, 11, 22))

    images = {"logo", "strip", "icon"}
    assert set(EXAMPLE) == set(PROPERTIES) - images
    assert design != DEFAULT_DESIGN
