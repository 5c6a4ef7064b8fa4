"""The program's page: the published rules as shoppers read them, with worked examples."""

from typing import Any

from chalicelib.api.exchange import Answer
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import Program
from chalicelib.usecases.program_rules import rules_of
from chalicelib.web import formats
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.visit import Visit
from chalicelib.web.rules_page import rules_view
from chalicelib.wiring import services
from passes.wording import Language


def show(visit: Visit) -> Answer:
    """Show what is in force."""
    merchants = services().merchants
    found = rules_of(visit.merchant_id, at=visit.at, merchants=merchants)
    view = {
        "rules": rules_view(found, visit.language),
        "version": found.program.version,
        "since": _since(visit, found.program),
        "has_draft": merchants.draft(visit.merchant_id) is not None,
    }
    return page(visit, "program", view, at="program")


def document_of(visit: Visit) -> dict[str, Any]:
    """Return the document to work on: the draft, or else what is published."""
    merchants = services().merchants
    draft = merchants.draft(visit.merchant_id)
    return dict(draft or merchants.document(visit.merchant_id) or {})


def rules_text(
    merchant: Merchant, program: Program, visit: Visit, language: Language
) -> dict[str, Any]:
    """Return the rules of a program that may not be published, in words and examples."""
    from chalicelib.domain.examples import worked_examples
    from chalicelib.usecases.program_rules import ProgramRules

    on = program.local_date(visit.at)
    return rules_view(
        ProgramRules(merchant, program, on, worked_examples(program, on)), language
    )


def _since(visit: Visit, program: Program) -> str:
    versions = services().merchants.versions(visit.merchant_id, limit=1)
    at = versions[0].published_at if versions else None
    if at is None:
        return ""
    today = program.local_date(visit.at)
    return formats.day(program.local_date(at), today, visit.language)
