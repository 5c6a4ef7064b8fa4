"""The panel of a member's page where the phone is changed without the old one."""

from typing import Any, Final

from chalicelib.api.book import directory, number_desk
from chalicelib.domain.phone_changes import APPROVAL_FOR, PhoneChange
from chalicelib.usecases.members import MemberView, view_member
from chalicelib.usecases.phone_changes import open_change, other_with_phone
from chalicelib.usecases.phone_codes import NumberDesk
from chalicelib.web.admin.shop import clock_text, moment_text
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from passes.wording import points_text

EVIDENCE_CHARS_MAX: Final = 200  # as the API takes


def phone_view(visit: Visit, found: MemberView) -> dict[str, Any]:
    """Return how far a change has come, and what it will lead to."""
    desk = number_desk()
    change = open_change(found.member, at=visit.at, desk=desk)
    words, until = words_of(visit.language), found.account.redeem_paused_until
    paused = ""
    if until is not None and until > visit.at:
        paused = str(words["phone_paused"]).format(moment=moment_text(visit, until))
    return {
        "lead": words["phone_lead" if found.profile.phone else "phone_lead_first"],
        "paused": paused,
        "evidence_max": EVIDENCE_CHARS_MAX,
        "change": _change(visit, change, desk) if change else None,
    }


def _change(visit: Visit, change: PhoneChange, desk: NumberDesk) -> dict[str, Any]:
    words = words_of(visit.language)
    other = other_with_phone(change, desk=desk)
    verified_at = change.verified_at
    if verified_at is None:
        text = str(words["phone_codes_sent"]).format(until=clock_text(visit, change.expires_at))
    else:
        until = moment_text(visit, verified_at + APPROVAL_FOR)
        text = str(words["phone_awaiting"]).format(until=until)
    return {
        "id": change.change_id,
        "phone": change.phone,
        "begun": str(words["phone_begun"]).format(moment=moment_text(visit, change.created_at)),
        "state": text,
        "needs_code": verified_at is None,
        "other": _other(visit, view_member(other, at=visit.at, directory=directory()))
        if other
        else None,
    }


def _other(visit: Visit, found: MemberView) -> dict[str, str]:
    words = words_of(visit.language)
    return {
        "path": f"/admin/members/{found.member.member_id}",
        "name": found.profile.name or str(words["member_nameless"]),
        "points": points_text(found.balance.available, visit.language),
    }
