"""The commonest numbers of a program in a form."""

from collections.abc import Mapping
from typing import Any

from chalicelib.api.exchange import Answer
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.usecases.merchants import save_draft
from chalicelib.web.admin.bases import base_of, is_overtaken
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, faults_by_field
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.program import document_of
from chalicelib.web.admin.program_fields import Group, changed, groups_of
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services


def show(visit: Visit) -> Answer:
    """Show the numbers of the draft, or of what is published."""
    document = document_of(visit)
    return _page(visit, document, groups_of(document, visit.language), {})


def post(visit: Visit) -> Answer:
    """Keep what was typed as the draft."""
    document = document_of(visit)
    groups = groups_of(document, visit.language)
    try:
        after = changed(document, groups, visit.form)
        if is_overtaken(visit, document, after):
            return _page(visit, document, groups, _overtaken(visit, groups))
        save_draft(visit.merchant_id, after, office=services().office)
    except InvalidProgram as refusal:
        errors = faults_by_field(refusal.faults, visit.language)
        known = {number.pointer for group in groups for number in group.numbers}
        if not known & errors.keys():
            errors[""] = "; ".join(errors.values())
        return _page(visit, document, groups, errors)
    return done(visit, "/admin/program/draft", "draft")


def _overtaken(visit: Visit, groups: tuple[Group, ...]) -> Errors:
    """Return what the draft says by now, beside whatever was typed otherwise."""
    words = words_of(visit.language)
    found = {
        number.pointer: str(words["conflict_value"]).format(value=number.value or "—")
        for group in groups
        for number in group.numbers
        if visit.form.values.get(number.pointer, number.value) != number.value
    }
    return {"": str(words["conflict"]), **found}


def _page(
    visit: Visit, document: Mapping[str, Any], groups: tuple[Group, ...], errors: Errors
) -> Answer:
    shown = [
        {
            "heading": group.heading,
            "numbers": [
                {
                    "name": number.pointer,
                    "label": number.label,
                    "value": visit.form.values.get(number.pointer, number.value),
                    "hint": number.hint,
                    "unit": _unit(visit, number.kind),
                    "is_text": number.kind == "text",
                }
                for number in group.numbers
            ],
        }
        for group in groups
    ]
    view: dict[str, Any] = {"groups": shown, "errors": errors, "base": base_of(document)}
    return page(visit, "program_editor", view, at="program", status=422 if errors else 200)


def _unit(visit: Visit, kind: str) -> str:
    if kind == "money":
        program = services().merchants.program(visit.merchant_id)
        return program.currency if program else ""
    return str(words_of(visit.language).get(f"unit_{kind}", ""))
