"""What needs attention: sales offline tills were refused, debts, phones, offline points."""

from datetime import date, timedelta
from typing import Any, Final

from chalicelib.api.book import book, day_desk, number_desk
from chalicelib.api.deeds import tell, tell_grant
from chalicelib.api.exchange import Answer
from chalicelib.domain.account import MemberRef
from chalicelib.domain.attention import ConflictNotFound, Debt, OfflineConflict
from chalicelib.domain.audit import Deed
from chalicelib.domain.entries import Operation
from chalicelib.domain.ledger import Grant, present
from chalicelib.domain.offline_limit import till_counter
from chalicelib.domain.staff import OFFICE
from chalicelib.usecases.attention import Waiting, list_debts, list_waiting
from chalicelib.usecases.offline_conflicts import settle_conflict
from chalicelib.usecases.points import grant_points
from chalicelib.usecases.write_once import KeyReused, program_of
from chalicelib.web import formats
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors, refusal_text
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.member_deeds import reason_errors
from chalicelib.web.admin.operations import budget
from chalicelib.web.admin.shop import desk, moment_text
from chalicelib.web.admin.visit import Missing, Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services
from passes.wording import number_text, points_text

PATH: Final = "/admin/attention"
ROWS_SHOWN: Final = 20
TILLS_SHOWN: Final = 40  # two counters each, in one read of at most 100
ID_CHARS_MAX: Final = 128
_NOBODY: Final = "member_not_found"


def show(visit: Visit, *, errors: Errors | None = None, at: str = "") -> Answer:
    """Show what waits; `at` is the row whose form was wrong."""
    port, names = services().attention, _Names(visit)
    is_settled = visit.asked("state") == "settled"
    before, after = (visit.asked(one)[:ID_CHARS_MAX] or None for one in ("before", "after"))
    kept = port.conflicts(
        visit.merchant_id, is_settled=is_settled, before=before, limit=ROWS_SHOWN
    )
    view: dict[str, Any] = {
        "is_settled": is_settled,
        "conflicts": [_conflict_view(one, names) for one in kept],
        "older": kept[-1].conflict_id if len(kept) == ROWS_SHOWN else "",
        "form": visit.form,
        "errors": errors or {},
        "wrong": at,
    }
    if not is_settled:
        view |= _standing(visit, names, after)
    return page(visit, "attention", view, at="attention", status=422 if errors else 200)


def settle(visit: Visit, conflict_id: str) -> Answer:
    """Take the owner's word for what was done about a conflict."""
    errors = reason_errors(visit)
    if errors:
        return show(visit, errors=errors, at=conflict_id)
    try:
        found = settle_conflict(
            visit.merchant_id,
            conflict_id,
            visit.form["reason"],
            by=visit.who.staff_id,
            at=visit.at,
            attention=services().attention,
        )
    except ConflictNotFound:
        raise Missing from None
    if found.settled_at is not None and found.settled_by == visit.who.staff_id:
        named = _named(visit, conflict_id)
        tell(
            Deed.CONFLICT_SETTLED,
            found.receipt_id,
            named,
            found.settled_at,
            reason=found.note,
            member=found.member_id,
        )
    return done(visit, PATH, "settled")


def forgive(visit: Visit, member_id: str) -> Answer:
    """Give the member what they owe."""
    errors = reason_errors(visit)
    if errors:
        return show(visit, errors=errors, at=member_id)
    member = visit.member(member_id)
    debt = present(book().ledger.account(member)).debt
    if debt:  # else it was paid meanwhile, or the form was sent before
        given = Grant(points=debt, reason=visit.form["reason"])
        try:
            made = grant_points(member, given, visit.operation(), at=visit.at, book=book())
        except KeyReused as refusal:
            wrong = {"reason": refusal_text(refusal, visit.language)}
            return show(visit, errors=wrong, at=member_id)
        tell_grant(given, made.value, visit.operation())
    return done(visit, PATH, "forgiven")


class _Names:
    """Names of tills, people and members, each read once."""

    def __init__(self, visit: Visit) -> None:
        room, merchant_id = desk().room, visit.merchant_id
        self.visit = visit
        self.tills = {one.till_id: one.name for one in room.tills(merchant_id)}
        self.people = {one.staff_id: one.name for one in room.people(merchant_id)}
        self.people[visit.who.staff_id] = visit.owner_name
        self._members: dict[str, str] = {}

    def member(self, member_id: str) -> str:
        """Return a member's name."""
        if member_id not in self._members:
            profile = services().members.profile(MemberRef(self.visit.merchant_id, member_id))
            words = words_of(self.visit.language)
            name = profile.name if profile else ""
            self._members[member_id] = name or str(words["member_nameless"])
        return self._members[member_id]


def _standing(visit: Visit, names: _Names, after: str | None) -> dict[str, Any]:
    """Return what waits beside the conflicts."""
    debts = list_debts(
        visit.merchant_id, desk=day_desk(), has_time=budget(), after=after, limit=ROWS_SHOWN
    )
    waiting = list_waiting(
        visit.merchant_id,
        at=visit.at,
        attention=services().attention,
        desk=number_desk(),
        limit=ROWS_SHOWN,
    )
    return {
        "debts": [_debt_view(one, names) for one in debts],
        "more_debts": debts[-1].member.member_id if len(debts) == ROWS_SHOWN else "",
        "phones": [_phone_view(one, names) for one in waiting],
        "offline": _offline_view(visit, names),
    }


def _conflict_view(one: OfflineConflict, names: _Names) -> dict[str, Any]:
    visit = names.visit
    words = words_of(visit.language)
    facts = [
        moment_text(visit, one.sold_at),
        names.tills.get(one.till_id, one.till_id),
        names.people.get(one.staff_id, ""),
        str(words["ledger_reference"]).format(receipt=one.receipt_id),
    ]
    member_id = "" if one.code == _NOBODY else one.member_id
    known = f"conflict_why_{one.code}"
    return {
        "id": one.conflict_id,
        "amount": formats.money(one.total_minor, one.currency, visit.language),
        "who": _who(one, names),
        "member": f"/admin/members/{member_id}" if member_id else "",
        "facts": " · ".join(fact for fact in facts if fact),
        "promised": _promised(one, visit),
        "why": str(words.get(known, words["conflict_why_other"])),
        "cure": str(words["conflict_cure" if member_id else "conflict_cure_anonymous"]),
        "settled": _settled(one, names),
    }


def _who(one: OfflineConflict, names: _Names) -> str:
    words = words_of(names.visit.language)
    if one.code == _NOBODY:
        return str(words["conflict_unknown"])
    return names.member(one.member_id) if one.member_id else str(words["conflict_anonymous"])


def _promised(one: OfflineConflict, visit: Visit) -> str:
    words = words_of(visit.language)
    if one.redeem_points:
        points = points_text(one.redeem_points, visit.language)
        return str(words["conflict_promised"]).format(points=points)
    return str(words["conflict_promised_most"]) if one.redeem_mode == "max" else ""


def _settled(one: OfflineConflict, names: _Names) -> dict[str, str] | None:
    if one.settled_at is None:
        return None
    who = names.people.get(one.settled_by, one.settled_by)
    when = moment_text(names.visit, one.settled_at)
    return {"by": " · ".join((when, who)), "note": one.note}


def _debt_view(debt: Debt, names: _Names) -> dict[str, str]:
    visit, start = names.visit, debt.since
    words = words_of(visit.language)
    known = f"debt_since_{start.kind}" if start else ""
    receipt = start.receipt if start else None
    named = str(words["ledger_reference"]).format(receipt=receipt.receipt_id) if receipt else ""
    facts = [
        moment_text(visit, start.at) if start else "",
        str(words.get(known, words["debt_since_other"])),
        named,
    ]
    return {
        "id": debt.member.member_id,
        "who": names.member(debt.member.member_id),
        "member": f"/admin/members/{debt.member.member_id}",
        "points": points_text(debt.points, visit.language),
        "facts": " · ".join(fact for fact in facts if fact),
    }


def _phone_view(one: Waiting, names: _Names) -> dict[str, str]:
    visit, member_id = names.visit, one.wait.member.member_id
    word = "phone_row_paused" if one.wait.is_pause else "phone_row_waits"
    until = moment_text(visit, one.wait.until)
    return {
        "who": names.member(member_id),
        "member": f"/admin/members/{member_id}",
        "text": str(words_of(visit.language)[word]).format(until=until),
        "tone": "" if one.wait.is_pause else "warning",
    }


def _offline_view(visit: Visit, names: _Names) -> list[dict[str, str]]:
    """Return the points each till redeemed without a network today and the day before."""
    today = program_of(visit.merchant_id, services().merchants).local_date(visit.at)
    days = (today, today - timedelta(days=1))
    tills = sorted(names.tills, key=lambda one: names.tills[one])[:TILLS_SHOWN]
    counters = [till_counter(till, on) for till in tills for on in days]
    used = book().offers.read(visit.merchant_id, member_id=None, counters=counters).used

    def of(till: str, on: date) -> int:
        return used.get(till_counter(till, on), 0)

    return [
        {
            "till": names.tills[till],
            "today": number_text(of(till, today), visit.language),
            "yesterday": number_text(of(till, days[1]), visit.language),
        }
        for till in tills
        if any(of(till, on) for on in days)
    ]


def _named(visit: Visit, conflict_id: str) -> Operation:
    """Return the deed as one: whoever sends it again does it once."""
    return Operation(visit.merchant_id, OFFICE, conflict_id, "", visit.who.staff_id)
