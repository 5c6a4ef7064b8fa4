"""What a manager does about a member's phone when the old one is gone.

A code proves the new phone; what proves the person is looked at and written down. The old
phone is warned as soon as the change begins, and points wait for 72 hours once it is done.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from chalicelib.api.book import number_desk
from chalicelib.api.deeds import tell
from chalicelib.api.exchange import Answer
from chalicelib.api.phones import PhoneInvalid, PhoneNotAllowed, parse_allowed_phone
from chalicelib.domain.audit import Deed
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.phone_changes import (
    PhoneChange,
    PhoneChangeNotFound,
    PhoneUnchanged,
)
from chalicelib.domain.sign_ups import CodeExpired, CodeLocked, CodeWrong, PrefixBlocked
from chalicelib.ports import LimitReached
from chalicelib.usecases.phone_changes import (
    approve_change,
    approve_merge,
    find_change,
    open_change,
    other_with_phone,
    verify_change,
)
from chalicelib.usecases.phone_codes import NumberWish, begin_change
from chalicelib.web.admin import member_page
from chalicelib.web.admin.faults import Errors, is_line, limit_text, missing, refusal_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.phone_panel import EVIDENCE_CHARS_MAX
from chalicelib.web.admin.visit import Missing, Visit
from chalicelib.web.admin.words import words_of

TWICE: Final = timedelta(minutes=1)  # the form of a moment ago, sent again
_OF_PHONE: Final = (PhoneInvalid, PhoneNotAllowed, PhoneUnchanged, PrefixBlocked)
_OF_CODE: Final = (CodeWrong, CodeExpired, CodeLocked)


def begin(visit: Visit, member_id: str) -> Answer:
    """Send a code to the new phone and a warning to the old one."""
    errors = missing(visit.form, "phone", language=visit.language)
    if not errors:
        errors = _begun(visit, member_id)
    if errors:
        return member_page.show(visit, member_id, errors=errors)
    return done(visit, _path(member_id), "phone_code_sent")


def approve(visit: Visit, member_id: str, change_id: str) -> Answer:
    """Give the member the phone, on what the manager has seen."""
    found = _own(visit, member_id, change_id)
    errors = _evidence_errors(visit)
    if found.verified_at is None:
        errors |= missing(visit.form, "new_code", language=visit.language)
    if not errors:
        errors = _approved(visit, found)
    if errors:
        return member_page.show(visit, member_id, errors=errors)
    return done(visit, _path(member_id), "phone_changed")


def merge(visit: Visit, member_id: str, change_id: str) -> Answer:
    """Make the member who has the new phone one with this one, who gets the phone too."""
    found = _own(visit, member_id, change_id)
    errors = _evidence_errors(visit)
    if not errors:
        errors = _merged(visit, found)
    if errors:
        return member_page.show(visit, member_id, errors=errors)
    return done(visit, _path(member_id), "phone_merged")


def _begun(visit: Visit, member_id: str) -> Errors:
    member, shop, desk = visit.member(member_id), visit.shop, number_desk()
    try:
        phone = parse_allowed_phone(visit.form["phone"], shop.country, shop.phone_countries)
        waits = open_change(member, at=visit.at, desk=desk)
        if waits and waits.phone == phone and visit.at - waits.created_at < TWICE:
            return {}
        wish = NumberWish(
            member=member, phone=phone, is_without_old=True, ip=visit.call.network
        )
        begin_change(wish, at=visit.at, desk=desk)
    except _OF_PHONE as refusal:
        return {"phone": refusal_text(refusal, visit.language)}
    except LimitReached as reached:
        return {"phone": limit_text(reached, visit.at, visit.language)}
    return {}


def _approved(visit: Visit, found: PhoneChange) -> Errors:
    desk, form = number_desk(), visit.form
    try:
        if found.verified_at is None:
            found = verify_change(found, form["new_code"], None, at=visit.at, desk=desk)
        ended = approve_change(
            found, form["evidence"], at=visit.at, desk=desk, staff_id=visit.who.staff_id
        )
    except _OF_CODE as refusal:
        return {"new_code": refusal_text(refusal, visit.language)}
    except MemberNotFound:
        raise
    except DomainError as refusal:
        return {"": refusal_text(refusal, visit.language)}
    _note(visit, ended)
    return {}


def _merged(visit: Visit, found: PhoneChange) -> Errors:
    desk = number_desk()
    other = other_with_phone(found, desk=desk)
    evidence, operation = visit.form["evidence"], visit.operation()
    try:
        ended = approve_merge(found, evidence, operation, at=visit.at, desk=desk)
    except MemberNotFound:
        raise
    except DomainError as refusal:
        return {"": refusal_text(refusal, visit.language)}
    _note(visit, ended, merged=other.member_id if other else "")
    return {}


def _note(visit: Visit, ended: PhoneChange, **facts: str) -> None:
    assert ended.done_at is not None, "an approval ends it"
    named = replace(visit.operation(), key=ended.change_id)  # however often it is sent
    told = {"reason": visit.form["evidence"], **facts}
    tell(Deed.PHONE_CHANGED, ended.member.member_id, named, ended.done_at, **told)


def _own(visit: Visit, member_id: str, change_id: str) -> PhoneChange:
    """Return the member's change. Raises Missing."""
    try:
        found = find_change(visit.merchant_id, change_id, desk=number_desk())
    except PhoneChangeNotFound:
        raise Missing from None
    if found.member != visit.member(member_id):
        raise Missing
    return found


def _evidence_errors(visit: Visit) -> Errors:
    errors = missing(visit.form, "evidence", language=visit.language)
    evidence = visit.form["evidence"]
    if len(evidence) > EVIDENCE_CHARS_MAX or not is_line(evidence):
        text = str(words_of(visit.language)["error_long"]).format(maximum=EVIDENCE_CHARS_MAX)
        errors.setdefault("evidence", text)
    return errors


def _path(member_id: str) -> str:
    return f"/admin/members/{member_id}"
