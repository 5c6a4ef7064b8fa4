"""The whole program as JSON, for those who know it; errors by the place they are in."""

import json
from typing import Any

from chalicelib.api.exchange import Answer
from chalicelib.api.parsing import BadRequest, parse_json
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.usecases.merchants import save_draft
from chalicelib.web.admin.bases import base_of, is_overtaken
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import fault_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.program import document_of
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services

Faults = list[dict[str, str]]


def show(visit: Visit) -> Answer:
    """Show the draft, or what is published."""
    text = json.dumps(document_of(visit), ensure_ascii=False, indent=2)
    return _page(visit, text, [])


def post(visit: Visit) -> Answer:
    """Keep it as the draft."""
    text = visit.form["document"]
    try:
        document = parse_json(text.encode(), None)
        if not isinstance(document, dict):
            raise InvalidProgram((("/", "must be an object"),))
        if is_overtaken(visit, document_of(visit), document):
            said = str(words_of(visit.language)["conflict"])
            return _page(visit, text, [{"path": "", "text": said}])
        save_draft(visit.merchant_id, document, office=services().office)
    except BadRequest as refusal:
        return _page(visit, text, [{"path": "", "text": _not_json(visit, refusal)}])
    except InvalidProgram as refusal:
        faults = [
            {"path": path, "text": fault_text(words, visit.language)}
            for path, words in refusal.faults
        ]
        return _page(visit, text, faults)
    return done(visit, "/admin/program/draft", "draft")


def _not_json(visit: Visit, refusal: BadRequest) -> str:
    """Return where the text stops being JSON; or why it is none that can be taken."""
    words, cause = words_of(visit.language), refusal.__cause__
    if refusal.code == "body_too_large":
        return str(words["document_too_large"])
    if isinstance(cause, json.JSONDecodeError):
        found = str(words["document_not_json"])
        return found.format(line=cause.lineno, column=cause.colno)
    return str(words["document_unsure"])


def _page(visit: Visit, text: str, faults: Faults) -> Answer:
    base = base_of(document_of(visit))
    view: dict[str, Any] = {"document": text, "faults": faults, "base": base}
    return page(visit, "program_document", view, at="program", status=422 if faults else 200)
