"""Programs to begin with: one file each, whose name is the template's.

A file holds `title` and `summary` by language, for whoever chooses, and the `program`, a
document that `program_document.py` reads as it is.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

NAMES = (  # the richest first
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


@dataclass(frozen=True, slots=True)
class Template:
    """A program to begin with."""

    name: str
    title: Mapping[str, str]  # language → words
    summary: Mapping[str, str]
    document: Mapping[str, Any]


@cache
def template(name: str) -> Template | None:
    """Return the template of that name, or None."""
    if name not in NAMES:
        return None
    found = json.loads(files(__name__).joinpath(f"{name}.json").read_text(encoding="utf-8"))
    return Template(name, found["title"], found["summary"], found["program"])


def templates() -> tuple[Template, ...]:
    """Return every template."""
    found = (template(name) for name in NAMES)
    return tuple(one for one in found if one)
