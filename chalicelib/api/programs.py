"""The program of the caller's merchant: the published one, its draft, its versions.

Beside them what a program is made from: its schema, and templates to begin with.
"""

from typing import Any

from chalice import Blueprint

from chalicelib.api.book import office
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.programs import (
    DiffAnswer,
    ProgramAnswer,
    ProgramBody,
    PublishedAnswer,
    SchemaAnswer,
    TemplatesAnswer,
    VersionsAnswer,
)
from chalicelib.api.program_schema import program_schema
from chalicelib.api.shapes import write_moment
from chalicelib.api.staff import doer_of
from chalicelib.api.versions import (
    VersionsQuery,
    changes_json,
    document_answer,
    version_number,
    versions_page,
)
from chalicelib.domain.members import Scope
from chalicelib.domain.program import ProgramVersion
from chalicelib.domain.program_document import DEFAULT_TITLE
from chalicelib.domain.templates import templates
from chalicelib.usecases.merchants import draft_changes, publish_draft, save_draft
from chalicelib.wiring import services

programs = Blueprint(__name__)

_READ = scoped(Scope.TILL, Scope.PROGRAM)
_WRITE = scoped(Scope.PROGRAM)


@endpoint(
    programs,
    "GET",
    "/v1/program",
    summary="The published program.",
    tag="Program",
    access=_READ,
    answers={200: ProgramAnswer},
    problems=("not_found",),
)
def get_program(call: Call[None]) -> Answer:
    """Return the document every purchase is priced by."""
    return document_answer(services().merchants.document(call.merchant_id), "program")


@endpoint(
    programs,
    "GET",
    "/v1/program/versions",
    summary="What was published and when, newest first.",
    tag="Program",
    access=_READ,
    query=VersionsQuery,
    answers={200: VersionsAnswer},
)
def get_program_versions(call: Call[None]) -> Answer:
    """Return a page of the program's history."""

    def read(before: int | None, limit: int) -> tuple[ProgramVersion, ...]:
        return services().merchants.versions(call.merchant_id, before=before, limit=limit)

    return versions_page(call.query, read, _version_json)


@endpoint(
    programs,
    "GET",
    "/v1/program/versions/{version}",
    summary="A program as it was published.",
    tag="Program",
    access=_READ,
    answers={200: ProgramAnswer},
)
def get_program_version(call: Call[None], version: str) -> Answer:
    """Return one version."""
    number = version_number(version)
    return document_answer(services().merchants.document(call.merchant_id, number), "program")


@endpoint(
    programs,
    "GET",
    "/v1/program/draft",
    summary="The draft that would be published next.",
    tag="Program",
    access=_WRITE,
    answers={200: ProgramAnswer},
    problems=("not_found",),
)
def get_program_draft(call: Call[None]) -> Answer:
    """Return the draft."""
    return document_answer(services().merchants.draft(call.merchant_id), "program")


@endpoint(
    programs,
    "GET",
    "/v1/program/draft/diff",
    summary="What publishing the draft would change.",
    tag="Program",
    access=_WRITE,
    answers={200: DiffAnswer},
    problems=("draft_missing", "merchant_not_found"),
)
def get_program_diff(call: Call[None]) -> Answer:
    """Return the differences by path."""
    return changes_json("program_diff", draft_changes(call.merchant_id, office=office()))


@endpoint(
    programs,
    "PUT",
    "/v1/program/draft",
    summary="Check and keep a draft; nothing changes until it is published.",
    tag="Program",
    access=_WRITE,
    body=ProgramBody,
    answers={200: ProgramAnswer},
    problems=("program_invalid", "merchant_not_found"),
)
def put_program_draft(call: Call[ProgramBody]) -> Answer:
    """Replace the draft."""
    save_draft(call.merchant_id, call.body.root, office=office())
    return Answer(body=call.body.root)


@endpoint(
    programs,
    "POST",
    "/v1/program/draft/publish",
    summary="Make the draft the program.",
    tag="Program",
    access=_WRITE,
    answers={201: PublishedAnswer},
    problems=("draft_missing", "draft_outdated", "program_invalid", "merchant_not_found"),
)
def post_publish(call: Call[None]) -> Answer:
    """Price every purchase from now on by the draft."""
    program = publish_draft(call.merchant_id, at=call.at, by=doer_of(call).by, office=office())
    body = {"object": "program_version", "version": program.version}
    return Answer(body=body, status=201, metric="ProgramPublished")


@endpoint(
    programs,
    "GET",
    "/v1/program/schema",
    summary="The JSON Schema of a program's document.",
    tag="Program",
    answers={200: SchemaAnswer},
)
def get_program_schema(call: Call[None]) -> Answer:  # noqa: ARG001  views take a call
    """Return what a document may say."""
    return Answer(body=program_schema())


@endpoint(
    programs,
    "GET",
    "/v1/templates",
    summary="Programs to begin with.",
    tag="Program",
    answers={200: TemplatesAnswer},
)
def get_templates(call: Call[None]) -> Answer:
    """List every template with its document, described in the caller's language."""
    language = call.accepted_language or "en"
    items = [
        {
            "object": "program_template",
            "name": one.name,
            "title": one.title[language],
            "summary": one.summary[language],
            "program": one.document,
        }
        for one in templates()
    ]
    return Answer(body={"items": items, "next_cursor": None})


def _version_json(found: ProgramVersion) -> dict[str, Any]:
    at = found.published_at
    return {
        "object": "program_version",
        "version": found.version,
        "title": found.title or DEFAULT_TITLE,
        "published_at": write_moment(at) if at else None,
    }
