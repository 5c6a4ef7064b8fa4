"""What the owner does to a member: grant points with a reason, erase for good."""

from typing import Final

from chalicelib.api.book import book, directory, exit_desk
from chalicelib.api.deeds import tell, tell_grant
from chalicelib.api.exchange import Answer
from chalicelib.domain.audit import Deed
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import DateRefused, Grant
from chalicelib.usecases.leaving import erase_member
from chalicelib.usecases.members import MemberView, view_member
from chalicelib.usecases.points import grant_points
from chalicelib.usecases.write_once import KeyReused
from chalicelib.web.admin import member_page
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, is_line, missing, refusal_text, whole
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.member_page import GRANT_POINTS_MAX
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from passes.wording import points_text

REASON_CHARS_MAX: Final = 120
DAYS_MAX: Final = 3_660


def grant(visit: Visit, member_id: str) -> Answer:
    """Give points; the same form sent twice gives them once."""
    errors = _grant_errors(visit)
    if not errors:
        form = visit.form
        given = Grant(
            points=whole(form, "points", 1, GRANT_POINTS_MAX) or 0,
            reason=form["reason"],
            expires_in_days=whole(form, "days", 1, DAYS_MAX),
        )
        member = visit.member(member_id)
        try:
            made = grant_points(member, given, visit.operation(), at=visit.at, book=book())
            tell_grant(given, made.value, visit.operation())
            return done(visit, f"/admin/members/{member_id}", "granted")
        except (DateRefused, KeyReused) as refusal:
            errors = {"": refusal_text(refusal, visit.language)}
    return member_page.show(visit, member_id, errors=errors)


def show_erase(visit: Visit, member_id: str, *, errors: Errors | None = None) -> Answer:
    """Tell what erasing takes away, and ask why."""
    found = view_member(visit.member(member_id), at=visit.at, directory=directory())
    words = words_of(visit.language)
    view = {
        "member_id": member_id,
        "name": found.profile.name or str(words["member_nameless"]),
        "effect": str(words["erase_effect"]).format(points=_lost(found, visit)),
        "form": visit.form,
        "errors": errors or {},
    }
    return page(visit, "erase", view, at="members", status=422 if errors else 200)


def erase(visit: Visit, member_id: str) -> Answer:
    """Forget who the member is."""
    errors = reason_errors(visit)
    if errors:
        return show_erase(visit, member_id, errors=errors)
    member, reason, operation = visit.member(member_id), visit.form["reason"], visit.operation()
    try:
        gone = erase_member(member, reason, operation, at=visit.at, desk=exit_desk())
    except DomainError as refusal:
        if not isinstance(refusal, KeyReused):
            raise
        return show_erase(visit, member_id, errors={"": refusal_text(refusal, visit.language)})
    tell(Deed.MEMBER_ERASED, member_id, operation, gone.value.at, reason=reason)
    return done(visit, "/admin/members", "erased")


def _lost(found: MemberView, visit: Visit) -> str:
    balance = found.balance
    points = balance.available + balance.pending + balance.held
    return points_text(points, visit.language)


def _grant_errors(visit: Visit) -> Errors:
    words, form = words_of(visit.language), visit.form
    errors = reason_errors(visit)
    if whole(form, "points", 1, GRANT_POINTS_MAX) is None:
        maximum = points_text(GRANT_POINTS_MAX, visit.language)
        is_too_many = whole(form, "points", 1, 10**12) is not None
        word = "error_over_ceiling" if is_too_many else "error_whole"
        text = str(words[word]).format(minimum=1, maximum=maximum)
        errors["points"] = text
    if form.has("days") and whole(form, "days", 1, DAYS_MAX) is None:
        errors["days"] = str(words["error_whole"]).format(minimum=1, maximum=DAYS_MAX)
    return errors


def reason_errors(visit: Visit) -> Errors:
    """Return what is wrong with the reason of a form."""
    errors = missing(visit.form, "reason", language=visit.language)
    if len(visit.form["reason"]) > REASON_CHARS_MAX or not is_line(visit.form["reason"]):
        text = str(words_of(visit.language)["error_long"]).format(maximum=REASON_CHARS_MAX)
        errors.setdefault("reason", text)
    return errors
