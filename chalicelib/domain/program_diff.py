"""What changes between two programs, or designs: by path, with the value before and after.

A value that means the same as the other side's is no change: a default that is spelt out,
a null, "5.0" for 5, another order of a list where the order says nothing. The test is the
program itself: a difference that makes no other program is left out. Objects of a list are
known by their `id` or `name`, which then stands in the path; others by their position.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.program import Program
from chalicelib.domain.program_document import InvalidProgram, read_program

CHANGES_MAX = 1_000
TESTED_MAX = 200  # differences whose meaning is looked at; of more none is left out
_NAMES = ("id", "name")
_ABSENT = object()

Steps = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference; None stands for what is not there."""

    path: str
    before: Any
    after: Any


def program_meaning(document: Mapping[str, Any]) -> Program | None:
    """Return the program of a document; None if it cannot be one."""
    try:
        return read_program(document, 1)
    except InvalidProgram:
        return None


def changes(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    *,
    meaning: Callable[[Mapping[str, Any]], object | None] = program_meaning,
) -> tuple[Change, ...]:
    """Return the differences in order of path, at most `CHANGES_MAX`; none: the same rules.

    `meaning` is what a document says; None: it cannot be read.
    """
    old, new = _keyed(before), _keyed(after)
    meant = meaning(_plain(new))
    if meant is not None and meaning(_plain(old)) == meant:
        return ()
    found = list(_differences(old, new, ()))
    if meant is not None and len(found) <= TESTED_MAX:
        found = [one for one in found if meaning(_plain(_with(new, one[0], one[1]))) != meant]
    told = [
        Change("/" + "/".join(map(_escaped, steps)), _told(left), _told(right))
        for steps, left, right in found
    ]
    return tuple(sorted(told, key=lambda change: change.path)[:CHANGES_MAX])


@dataclass(frozen=True, slots=True)
class _Listed:
    """A list of objects by their names; the names keep its order."""

    by_name: Mapping[str, Any]


def _keyed(value: Any) -> Any:
    """Return a document with its lists of named objects as tables, nulls left out."""
    if isinstance(value, Mapping):
        return {key: _keyed(one) for key, one in value.items() if one is not None}
    if not isinstance(value, list):
        return value
    names = [_name_of(one) for one in value]
    if names and None not in names and len(set(names)) == len(names):
        return _Listed({str(n): _keyed(one) for n, one in zip(names, value, strict=True)})
    return [_keyed(one) for one in value]


def _name_of(value: Any) -> str | None:
    if not isinstance(value, Mapping):
        return None
    return next((value[key] for key in _NAMES if isinstance(value.get(key), str)), None)


def _plain(value: Any) -> Any:
    """Return what `_keyed` was made of."""
    if isinstance(value, _Listed):
        return [_plain(one) for one in value.by_name.values()]
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def _told(value: Any) -> Any:
    return None if value is _ABSENT else _plain(value)


def _differences(old: Any, new: Any, steps: Steps) -> Iterator[tuple[Steps, Any, Any]]:
    """Yield the smallest parts that differ."""
    left, right = _table(old), _table(new)
    if left is None or right is None or isinstance(old, _Listed) != isinstance(new, _Listed):
        if old != new:
            yield steps, old, new
        return
    for key in {**left, **right}:
        yield from _differences(left.get(key, _ABSENT), right.get(key, _ABSENT), (*steps, key))
    common = [key for key in left if key in right]
    if isinstance(old, _Listed) and common != [key for key in right if key in left]:
        yield steps, list(left), list(right)  # another order


def _table(value: Any) -> Mapping[str, Any] | None:
    return value.by_name if isinstance(value, _Listed) else _object(value)


def _object(value: Any) -> Mapping[str, Any] | None:
    return value if isinstance(value, Mapping) else None


def _with(value: Any, steps: Steps, part: Any) -> Any:
    """Return a copy of the document with another part."""
    if not steps:
        return part
    table = dict(_table(value) or {})
    step, *rest = steps
    changed = _with(table.get(step, _ABSENT), tuple(rest), part)
    if changed is _ABSENT:
        table.pop(step, None)
    else:
        table[step] = changed
    return _Listed(table) if isinstance(value, _Listed) else table


def _escaped(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")
