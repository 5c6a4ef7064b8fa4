"""How the caller's passes look: the published design, its draft, its versions."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.design_schema import design_schema
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.pass_designs import (
    DesignAnswer,
    DesignBody,
    DesignDiffAnswer,
    DesignPublishedAnswer,
    DesignVersionsAnswer,
)
from chalicelib.api.models.programs import SchemaAnswer
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
from chalicelib.domain.pass_designs import DesignVersion
from chalicelib.usecases.pass_designs import design_changes, publish_design, save_design
from chalicelib.wiring import services

pass_designs = Blueprint(__name__)

_ACCESS = scoped(Scope.PROGRAM)


@endpoint(
    pass_designs,
    "GET",
    "/v1/pass-design",
    summary="The published design of passes; empty if none was published.",
    tag="Pass design",
    access=_ACCESS,
    answers={200: DesignAnswer},
)
def get_pass_design(call: Call[None]) -> Answer:
    """Return the document every pass is drawn by."""
    return Answer(body=services().pass_designs.document(call.merchant_id) or {})


@endpoint(
    pass_designs,
    "GET",
    "/v1/pass-design/versions",
    summary="What was published and when, newest first.",
    tag="Pass design",
    access=_ACCESS,
    query=VersionsQuery,
    answers={200: DesignVersionsAnswer},
)
def get_pass_design_versions(call: Call[None]) -> Answer:
    """Return a page of the design's history."""

    def read(before: int | None, limit: int) -> tuple[DesignVersion, ...]:
        return services().pass_designs.versions(call.merchant_id, before=before, limit=limit)

    return versions_page(call.query, read, _version_json)


@endpoint(
    pass_designs,
    "GET",
    "/v1/pass-design/versions/{version}",
    summary="A design as it was published.",
    tag="Pass design",
    access=_ACCESS,
    answers={200: DesignAnswer},
)
def get_pass_design_version(call: Call[None], version: str) -> Answer:
    """Return one version."""
    number = version_number(version)
    return document_answer(services().pass_designs.document(call.merchant_id, number), "design")


@endpoint(
    pass_designs,
    "GET",
    "/v1/pass-design/draft",
    summary="The draft that would be published next.",
    tag="Pass design",
    access=_ACCESS,
    answers={200: DesignAnswer},
    problems=("not_found",),
)
def get_pass_design_draft(call: Call[None]) -> Answer:
    """Return the draft."""
    return document_answer(services().pass_designs.draft(call.merchant_id), "design")


@endpoint(
    pass_designs,
    "GET",
    "/v1/pass-design/draft/diff",
    summary="What publishing the draft would change.",
    tag="Pass design",
    access=_ACCESS,
    answers={200: DesignDiffAnswer},
    problems=("draft_missing",),
)
def get_pass_design_diff(call: Call[None]) -> Answer:
    """Return the differences by path."""
    found = design_changes(call.merchant_id, desk=services().design_desk)
    return changes_json("pass_design_diff", found)


@endpoint(
    pass_designs,
    "PUT",
    "/v1/pass-design/draft",
    summary="Check and keep a draft; nothing changes until it is published.",
    tag="Pass design",
    access=_ACCESS,
    body=DesignBody,
    answers={200: DesignAnswer},
    problems=("pass_design_invalid", "merchant_not_found"),
)
def put_pass_design_draft(call: Call[DesignBody]) -> Answer:
    """Replace the draft."""
    save_design(call.merchant_id, call.body.root, at=call.at, desk=services().design_desk)
    return Answer(body=call.body.root)


@endpoint(
    pass_designs,
    "POST",
    "/v1/pass-design/draft/publish",
    summary="Make the draft the design: every phone is told to fetch its pass again.",
    tag="Pass design",
    access=_ACCESS,
    answers={201: DesignPublishedAnswer},
    problems=("draft_missing", "draft_outdated", "pass_design_invalid", "merchant_not_found"),
)
def post_pass_design_publish(call: Call[None]) -> Answer:
    """Draw every pass from now on by the draft."""
    by, desk = doer_of(call).by, services().design_desk
    design = publish_design(call.merchant_id, at=call.at, by=by, desk=desk)
    body = {"object": "pass_design_version", "version": design.version}
    return Answer(body=body, status=201, metric="PassDesignPublished")


@endpoint(
    pass_designs,
    "GET",
    "/v1/pass-design/schema",
    summary="The JSON Schema of a design's document.",
    tag="Pass design",
    answers={200: SchemaAnswer},
)
def get_pass_design_schema(call: Call[None]) -> Answer:  # noqa: ARG001  views take a call
    """Return what a document may say."""
    return Answer(body=design_schema())


def _version_json(found: DesignVersion) -> dict[str, Any]:
    return {
        "object": "pass_design_version",
        "version": found.version,
        "published_at": write_moment(found.published_at),
    }
