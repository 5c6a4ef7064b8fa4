"""The documents are complete and true: settings, routes, commands, program keys, links."""

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

import app
from chalicelib.domain.program_document import InvalidProgram, read_program
from chalicelib.settings import Settings

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PROGRAM_MD = (DOCS / "PROGRAM.md").read_text()
SMS_MD = (DOCS / "SMS.md").read_text()
README = (ROOT / "README.md").read_text()
# Methods of the reader whose first argument is a key of the document.
READING = {"text", "choice", "whole", "percent", "money", "decimal", "day", "names"}
READING |= {"named", "has", "inner", "each"}
_ROW = re.compile(r"^\| `([a-z_]+)` \| (.*?) \|(.*?)\| .* \|$", re.MULTILINE)
_LINK = re.compile(r"(?:\]\(|src=\")([^)\"#:]+)[)\"#]")
_JSON = re.compile(r"^```json\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def keys_in_code() -> set[str]:
    """Return every key that the code reads from a program document."""
    domain = ROOT / "chalicelib/domain"
    files = [domain / "program_document.py", *(domain / "rules").glob("*.py")]
    nodes = [node for file in files for node in ast.walk(ast.parse(file.read_text()))]
    return {
        call.args[0].value
        for call in nodes
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in READING
        and call.args
        and isinstance(call.args[0], ast.Constant)
    }


class Asked(dict[str, Any]):
    """An empty document that remembers what was looked for in it."""

    def __init__(self) -> None:
        super().__init__()
        self.keys_asked: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.keys_asked.add(key)
        return default


def keys_of_the_top() -> set[str]:
    """Return every key that the code looks for in a document itself, not inside of one."""
    document = Asked()
    read_program(document, 1)
    return document.keys_asked


def program_rows() -> dict[str, tuple[str, str]]:
    """Return key → (default, bounds) as the tables of PROGRAM.md say."""
    rows = _ROW.findall(PROGRAM_MD.partition("## Keys")[2])
    return {key: (default, bounds.strip()) for key, default, bounds in rows}


def examples() -> dict[str, dict[str, Any]]:
    """Return the JSON blocks of PROGRAM.md by their headings."""
    return {
        PROGRAM_MD[: found.start()].rpartition("\n## ")[2].split("\n")[0]: json.loads(found[1])
        for found in _JSON.finditer(PROGRAM_MD)
    }


def bounded() -> Iterator[tuple[str, int, int]]:
    """Yield key, lowest and highest where the page names whole numbers."""
    for key, (_, bounds) in program_rows().items():
        low, dash, high = bounds.partition("–")
        if dash and high.isdecimal():
            yield key, int(low), int(high)


def document_with(key: str, value: int) -> dict[str, Any]:
    """Return the smallest document that says so."""
    levels = [{"name": "Basic", "over": "0"}]
    return {"tiers": {"levels": levels, key: value}} if key == "window_days" else {key: value}


def is_program(document: dict[str, Any]) -> bool:
    try:
        read_program(document, 1)
    except InvalidProgram:
        return False
    return True


def test_every_key_of_a_program_is_documented_and_every_documented_key_is_read() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PROGRAM_MD))

    assert keys_of_the_top() - set(program_rows()) == set()
    assert set(program_rows()) - keys_in_code() == set()
    assert keys_in_code() - named == set()


def test_the_defaults_of_a_program_are_those_the_page_spells_out() -> None:
    spelt_out = examples()["All defaults, spelt out"]

    assert read_program(spelt_out, 1) == read_program({}, 1)
    for key, (default, _) in program_rows().items():
        if default.startswith("`") and key in spelt_out:
            assert json.loads(default.strip("`")) == spelt_out[key], key


def test_the_page_spells_out_every_key_of_the_top() -> None:
    inside = {"window_days", "compare", "levels"}

    spelt_out = set(examples()["All defaults, spelt out"])
    assert spelt_out == set(program_rows()) - inside == keys_of_the_top()


@pytest.mark.parametrize("heading", ["The shortest program", "A full example"])
def test_the_examples_of_the_page_are_programs(heading: str) -> None:
    program = read_program(examples()[heading], 1)

    assert program != replace(read_program({}, 1), title=program.title)


@pytest.mark.parametrize(("key", "low", "high"), list(bounded()))
def test_the_bounds_of_a_key_are_those_the_page_names(key: str, low: int, high: int) -> None:
    assert is_program(document_with(key, low))
    assert is_program(document_with(key, high))
    assert not is_program(document_with(key, low - 1))
    assert not is_program(document_with(key, high + 1))


def test_every_setting_is_in_settings_md_with_its_default() -> None:
    text = (DOCS / "SETTINGS.md").read_text()

    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", text, re.MULTILINE))

    assert set(rows) == {setting.name.upper() for setting in fields(Settings)}
    for setting in fields(Settings):
        if setting.default not in ("", None) and isinstance(setting.default, int | str):
            assert rows[setting.name.upper()] == f"`{setting.default}`", setting.name


def test_every_setting_of_messages_is_in_sms_md_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `(SMS_[A-Z_]+)` \| `?([0-9]+)`? \|", SMS_MD, re.MULTILINE))

    numbers = {
        setting.name.upper(): str(setting.default)
        for setting in fields(Settings)
        if setting.name.startswith("sms_") and isinstance(setting.default, int)
    }
    assert rows == numbers
    assert all(
        setting.name.upper() in SMS_MD
        for setting in fields(Settings)
        if setting.name.startswith("sms_") and setting.name != "sms_queue_url"
    )


def test_every_route_is_in_api_md() -> None:
    text = (DOCS / "API.md").read_text()
    reports = "/sms-reports/"  # an operator's, not a caller's: SMS.md
    office = " /admin"  # pages and their forms: one row tells of all

    documented = set(re.findall(r"^\| `([A-Z]+ /\S*)` \|", text, re.MULTILINE))

    served = {
        f"{method} {path}" for path, methods in app.app.routes.items() for method in methods
    }
    callers = {route for route in served if reports not in route}
    assert documented == {one for one in callers if office not in one} | {"GET /admin"}
    assert reports in SMS_MD


def test_every_make_target_is_in_the_readme() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE)) - {"help"}

    documented = set(re.findall(r"^\| `make ([a-z-]+)` \|", README, re.MULTILINE))

    assert documented == targets


@pytest.mark.parametrize(
    "page", [*ROOT.glob("*.md"), *DOCS.rglob("*.md")], ids=lambda page: page.name
)
def test_every_link_leads_to_a_file_that_is_there(page: Path) -> None:
    links = [found for found in _LINK.findall(page.read_text()) if "<" not in found]

    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_file_that_the_architecture_names_is_there() -> None:
    text = README + (DOCS / "ARCHITECTURE.md").read_text()
    named = set(re.findall(r"\b((?:api|usecases|domain|adapters|jobs)/[\w/]+\.py)", text))

    assert named
    assert [name for name in named if not (ROOT / "chalicelib" / name).exists()] == []
