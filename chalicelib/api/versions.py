"""A document with a draft and published versions, as the API shows it: program, pass design."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, Any, Protocol, TypeVar

from pydantic import Field

from chalicelib.api.exchange import Answer
from chalicelib.api.parsing import BadRequest
from chalicelib.api.shapes import Body, Query
from chalicelib.domain.program_diff import Change

VERSIONS_MAX = 50
VERSION_DIGITS_MAX = 6


class Versioned(Protocol):
    """What a version is known by."""

    @property
    def version(self) -> int:
        """Return its number, from 1."""


VersionT = TypeVar("VersionT", bound=Versioned)


class VersionsQuery(Query):
    """Which versions."""

    cursor: Annotated[str, Field(pattern=r"^[0-9]{1,6}$")] | None = None
    limit: Annotated[int, Field(ge=1, le=VERSIONS_MAX)] = 20


class ChangeAnswer(Body):
    """One difference; null is what is not there."""

    path: str
    before: Any
    after: Any


def versions_page(
    query: VersionsQuery,
    read: Callable[[int | None, int], Sequence[VersionT]],
    show: Callable[[VersionT], Mapping[str, Any]],
) -> Answer:
    """Return a page of a history, newest first; `read` takes (before, limit)."""
    found = read(int(query.cursor) if query.cursor else None, query.limit)
    is_last = len(found) < query.limit or found[-1].version <= 1
    return Answer(
        body={
            "items": [show(one) for one in found],
            "next_cursor": None if is_last else str(found[-1].version),
        }
    )


def version_number(text: str) -> int:
    """Return the number in an address. Raises BadRequest."""
    if not text.isascii() or not text.isdigit() or len(text) > VERSION_DIGITS_MAX:
        raise BadRequest("not_found", "there is no such version")
    return int(text)


def changes_json(kind: str, found: Iterable[Change]) -> Answer:
    """Return the differences by path as an object of that kind."""
    items = [{"path": one.path, "before": one.before, "after": one.after} for one in found]
    return Answer(body={"object": kind, "items": items})


def document_answer(found: Mapping[str, Any] | None, name: str) -> Answer:
    """Return a document as it is kept. Raises BadRequest: there is none."""
    if found is None:
        raise BadRequest("not_found", f"there is no such {name}")
    return Answer(body=found)
