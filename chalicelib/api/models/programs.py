"""The program's document; its own rules are checked by the domain."""

from typing import Any, Literal

from pydantic import ConfigDict, RootModel

from chalicelib.api.shapes import Body
from chalicelib.api.versions import ChangeAnswer


class ProgramBody(RootModel[dict[str, Any]]):
    """A program as docs/PROGRAM.md describes it."""

    model_config = ConfigDict(defer_build=True)


class ProgramAnswer(RootModel[dict[str, Any]]):
    """A program's document with its `version`."""

    model_config = ConfigDict(defer_build=True)


class SchemaAnswer(RootModel[dict[str, Any]]):
    """A JSON Schema."""

    model_config = ConfigDict(defer_build=True)


class TemplateAnswer(Body):
    """A program to begin with, as it would be put as a draft."""

    object: Literal["program_template"]
    name: str
    title: str
    summary: str
    program: dict[str, Any]


class TemplatesAnswer(Body):
    """All of them: there is no next page."""

    items: list[TemplateAnswer]
    next_cursor: None


class PublishedAnswer(Body):
    """What was published."""

    object: Literal["program_version"]
    version: int


class VersionAnswer(Body):
    """A version of the program; when it was published is not known of the oldest."""

    object: Literal["program_version"]
    version: int
    title: str
    published_at: str | None


class VersionsAnswer(Body):
    """Versions, newest first."""

    items: list[VersionAnswer]
    next_cursor: str | None


class DiffAnswer(Body):
    """What publishing the draft would change, in order of path."""

    object: Literal["program_diff"]
    items: list[ChangeAnswer]


class HealthAnswer(Body):
    """Whether the service can answer."""

    status: Literal["ok", "failing"]
    table: Literal["ok", "failing"]


class ProblemAnswer(Body):
    """A problem (RFC 9457). Its page names cause and cure; more fields may follow."""

    model_config = ConfigDict(extra="allow", defer_build=True)

    type: str
    title: str
    status: int
    detail: str
    code: str
    retryable: bool
    errors: list[dict[str, str]]
