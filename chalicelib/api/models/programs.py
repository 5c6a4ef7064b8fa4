"""The program's document; its own rules are checked by the domain."""

from typing import Any, Literal

from pydantic import ConfigDict, RootModel

from chalicelib.api.shapes import Body


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
