"""The office's words, page by page, put together in one catalogue for each language."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any, Final

from passes.wording import Language

PARTS: Final = (
    "frame",
    "door",
    "home",
    "program",
    "design",
    "messages",
    "stores",
    "staff",
    "keys",
    "members",
    "operations",
    "attention",
    "audit",
    "faults",
)


@cache
def words_of(language: Language) -> Mapping[str, Any]:
    """Return every word of a language."""
    found: dict[str, Any] = {}
    for part in PARTS:
        words = import_module(f"{__name__}.{part}").WORDS[language]
        assert not found.keys() & words.keys(), f"{part} has another page's words"
        found |= words
    return found
