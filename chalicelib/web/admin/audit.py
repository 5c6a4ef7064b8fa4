"""The audit log: who did what, to what and why, newest first."""

from typing import Any, Final

from chalicelib.api.exchange import Answer
from chalicelib.domain.audit import AuditRecord
from chalicelib.usecases.staff import audit_page
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.members import MEMBER_PREFIX
from chalicelib.web.admin.shop import desk, moment_text
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from passes.wording import number_text

RECORDS_SHOWN: Final = 50
CURSOR_CHARS_MAX: Final = 100
FACTS: Final = (  # in the order they are read
    "route", "member", "merged", "points", "till", "version", "for", "approved_by",
    "reason",
)  # fmt: skip
_ACTORS: Final = ("key", "device", "operator")


def show(visit: Visit) -> Answer:
    """Show a page of records."""
    before = visit.asked("before")[:CURSOR_CHARS_MAX] or None
    found = audit_page(visit.merchant_id, before=before, limit=RECORDS_SHOWN, desk=desk())
    names = _names(visit)
    view = {
        "rows": [_row(visit, record, names) for record in found],
        "next": found[-1].place if len(found) == RECORDS_SHOWN else "",
    }
    return page(visit, "audit", view, at="audit")


def _names(visit: Visit) -> dict[str, str]:
    room, merchant_id = desk().room, visit.merchant_id
    names = {one.store_id: one.name for one in room.stores(merchant_id)}
    names |= {one.till_id: one.name for one in room.tills(merchant_id)}
    names |= {one.staff_id: one.name for one in room.people(merchant_id)}
    return names | {visit.who.staff_id: visit.owner_name}


def _row(visit: Visit, record: AuditRecord, names: dict[str, str]) -> dict[str, Any]:
    words = words_of(visit.language)
    kind = record.actor.partition(":")[0]
    who = str(words[f"actor_{kind}"]) if kind in _ACTORS else record.actor
    return {
        "at": moment_text(visit, record.at),
        "who": names.get(record.actor, who),
        "what": str(words[f"deed_{record.deed}"]),
        "subject": _thing(visit, record.subject, names),
        "facts": [
            {"label": words[f"fact_{fact}"], **_thing(visit, _said(visit, fact, text), names)}
            for fact in FACTS
            if (text := record.facts.get(fact, ""))
        ],
    }


def _said(visit: Visit, fact: str, text: str) -> str:
    """Return a fact as people read it."""
    words = words_of(visit.language)
    if fact == "points":
        return number_text(int(text), visit.language)
    if fact != "route":
        return text
    last = text.rpartition("/")[2]
    kind = "gift-cards" if "/gift-cards/" in text else last
    kind = "top-ups" if "/top-ups/" in text else kind
    return str(words.get(f"route_{kind.replace('-', '_')}", words["route_other"]))


def _thing(visit: Visit, text: str, names: dict[str, str]) -> dict[str, str]:
    """Return what stands for an id: a name, or a link to a member's page."""
    if text.startswith(MEMBER_PREFIX):
        word = str(words_of(visit.language)["audit_member"])
        return {"text": word, "path": f"/admin/members/{text}"}
    return {"text": names.get(text, text), "path": ""}
