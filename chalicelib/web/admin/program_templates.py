"""Programs to begin with: each with its rules in words and examples; one becomes a draft."""

from typing import Any

from chalicelib.api.exchange import Answer
from chalicelib.domain.program_document import InvalidProgram, read_program
from chalicelib.domain.templates import Template, template, templates
from chalicelib.usecases.merchants import save_draft
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import fault_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.program import rules_text
from chalicelib.web.admin.visit import Missing, Visit
from chalicelib.wiring import services

_KEPT = ("currency", "timezone")  # a merchant's own, whatever the template's shop has


def show(visit: Visit, *, errors: dict[str, str] | None = None) -> Answer:
    """Show all, and the one that is looked at with its examples."""
    chosen = template(visit.asked("name") or visit.form["name"])
    view: dict[str, Any] = {
        "templates": choices(visit),
        "chosen": chosen.name if chosen else "",
        "has_draft": services().merchants.draft(visit.merchant_id) is not None,
        "errors": errors or {},
        "rules": None,
    }
    if chosen:
        program = read_program(own_document(visit, chosen), 1)
        view["rules"] = rules_text(visit.shop, program, visit, visit.language)
        view["seen"] = chosen.title[visit.language]
    return page(visit, "program_templates", view, at="program", status=422 if errors else 200)


def post(visit: Visit) -> Answer:
    """Make a template the draft."""
    chosen = template(visit.form["name"])
    if chosen is None:
        raise Missing
    try:
        document = own_document(visit, chosen)
        save_draft(visit.merchant_id, document, office=services().office)
    except InvalidProgram as refusal:
        text = fault_text(refusal.faults[0][1], visit.language)
        return show(visit, errors={"": text})
    return done(visit, "/admin/program/draft", "draft")


def choices(visit: Visit) -> list[dict[str, str]]:
    """Return every template in the reader's language."""
    return [
        {
            "name": one.name,
            "title": one.title[visit.language],
            "summary": one.summary[visit.language],
        }
        for one in templates()
    ]


def own_document(visit: Visit, chosen: Template) -> dict[str, Any]:
    """Return a template's document in the merchant's language, currency and time zone."""
    published = services().merchants.document(visit.merchant_id) or {}
    own = {key: published[key] for key in _KEPT if key in published}
    document = chosen.document_in(visit.shop.language)
    return {**document, "title": published.get("title", visit.shop.name), **own}
