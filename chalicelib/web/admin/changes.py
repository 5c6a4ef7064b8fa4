"""What a draft changes, as an owner reads it: one number, word or switch a row.

A rule that comes or goes whole is told by what is in it, never as a piece of JSON.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from chalicelib.domain.program_diff import Change
from chalicelib.web.admin.words import words_of
from chalicelib.web.admin.words.values import VALUES
from chalicelib.web.rules_words import RULES_WORDS
from passes.wording import Language

DEPTH_MAX: Final = 20  # as deep as a body of ours may be
_NAMES: Final = ("name", "id")

Steps = tuple[str, ...]


def change_rows(change: Change, language: Language) -> Iterator[dict[str, str]]:
    """Yield the rows of one difference; `was` is empty where nothing was."""
    steps = tuple(
        step.replace("~1", "/").replace("~0", "~") for step in change.path.split("/")[1:]
    )
    before = dict(_leaves(change.before, steps))
    after = dict(_leaves(change.after, steps))
    for place in {**before, **after}:
        if before.get(place) != after.get(place):
            yield {
                "what": " › ".join(_called(step, language) for step in place),
                "was": "gone" if place in before else "",
                "before": value_text(before.get(place), language),
                "after": value_text(after.get(place), language),
            }


def value_text(value: Any, language: Language) -> str:
    """Return a value of a document in one line."""
    values = VALUES[language]
    if value is None:
        return str(words_of(language)["draft_absent"])
    if isinstance(value, bool):
        return values["true" if value else "false"]
    if isinstance(value, float) and language == "ru":
        return str(value).replace(".", ",")
    if isinstance(value, list):
        return ", ".join(value_text(one, language) for one in value)
    text = str(value)
    return values.get(text) or str(RULES_WORDS[language]["names"].get(text, text))


def _leaves(value: Any, steps: Steps, depth: int = 0) -> Iterator[tuple[Steps, Any]]:
    assert depth <= DEPTH_MAX, "documents are read with a limit"
    if isinstance(value, Mapping):
        for key, part in value.items():
            if depth == 0 or key not in _NAMES or steps[-1] != part:  # else told already
                yield from _leaves(part, (*steps, str(key)), depth + 1)
    elif isinstance(value, list) and any(isinstance(one, Mapping) for one in value):
        for number, one in enumerate(value, start=1):
            yield from _leaves(one, (*steps, _name_of(one) or str(number)), depth + 1)
    elif value not in (None, [], {}):
        yield steps, value


def _name_of(value: Any) -> str:
    if not isinstance(value, Mapping):
        return ""
    return next((str(value[name]) for name in _NAMES if value.get(name)), "")


def _called(step: str, language: Language) -> str:
    """Return a key as owners know it; a name of their own as it is."""
    known = words_of(language)["key_names"]
    return str(known.get(step) or RULES_WORDS[language]["names"].get(step, step))
