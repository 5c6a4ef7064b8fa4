"""The draft of a program: what publishing it would change, and the button that does."""

from itertools import islice
from typing import Final

from chalicelib.api.exchange import Answer
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.usecases.merchants import (
    DraftMissing,
    DraftOutdated,
    draft_changes,
    publish_draft,
)
from chalicelib.web.admin.changes import change_rows
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import fault_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services

CHANGES_SHOWN_MAX: Final = 100


def show(visit: Visit, error: str = "") -> Answer:
    """Show the differences to what is published."""
    try:
        found = draft_changes(visit.merchant_id, office=services().office)
        has_draft = True
    except DraftMissing:
        found, has_draft = (), False
    rows = (row for one in found for row in change_rows(one, visit.language))
    view = {
        "changes": list(islice(rows, CHANGES_SHOWN_MAX)),
        "has_draft": has_draft,
        "error": error,
    }
    return page(visit, "program_draft", view, at="program", status=422 if error else 200)


def publish(visit: Visit) -> Answer:
    """Make the draft the program."""
    by, office = visit.who.staff_id, services().office
    try:
        publish_draft(visit.merchant_id, at=visit.at, by=by, office=office)
    except DraftMissing:
        return done(visit, "/admin/program", "published")  # by the same form, sent twice
    except DraftOutdated:
        return show(visit, str(words_of(visit.language)["conflict"]))
    except InvalidProgram as refusal:
        path, words = refusal.faults[0]
        return show(visit, f"{path}: {fault_text(words, visit.language)}")
    return done(visit, "/admin/program", "published")
