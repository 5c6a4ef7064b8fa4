"""The overview: what is left to do until the first card, and what happens today."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from chalicelib.api.exchange import Answer
from chalicelib.domain.day_book import DayRow, Place
from chalicelib.domain.funnel import FunnelCounts, total_of
from chalicelib.domain.program import Program
from chalicelib.domain.shifts import shift_of
from chalicelib.domain.staff import Role
from chalicelib.usecases.funnel import show_funnel
from chalicelib.usecases.staff import devices
from chalicelib.usecases.write_once import program_of
from chalicelib.web import formats
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.operations import budget, day_page, rows_view
from chalicelib.web.admin.shop import desk
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services
from passes.wording import Language, percent_text

PPM: Final = 10_000  # of one percent, in millionths
PERIOD: Final = timedelta(days=30)
LATEST: Final = 6
PAGE_ROWS: Final = 400  # of a day, read at once
PAGES_MAX: Final = 25  # of a day: 10 000 rows; of more the figures say that there are more


@dataclass(frozen=True, slots=True)
class _Day:
    """Rows of a day, newest first."""

    rows: tuple[DayRow, ...]
    more: str  # "+": there are more than these


def show(visit: Visit) -> Answer:
    """Show the checklist until all of it is done, the figures and the latest operations."""
    program = program_of(visit.merchant_id, services().merchants)
    today = program.local_date(visit.at)
    day = _day(visit, today)
    before = _day(visit, today - timedelta(days=1))
    months = _months(visit, program)
    steps = _steps(visit, has_members=bool(months[0].created or months[1].created))
    done = sum(step["is_done"] for step in steps)
    view = {
        "steps": steps,
        "steps_done": done,
        "is_launched": done == len(steps),
        "figures": [
            _members(visit, *months),
            _wallet(visit, months[0]),
            _today(visit, day, before),
            _money(visit, day, program),
        ],
        "rows": rows_view(visit, day.rows[:LATEST], program),
        "day": formats.day(today, today, visit.language),
    }
    return page(visit, "home", view, at="home")


def _months(visit: Visit, program: Program) -> tuple[FunnelCounts, FunnelCounts]:
    """Return what was counted in the last 30 days, and in those before."""
    last = program.local_date(visit.at)
    found = []
    for _ in range(2):
        first = last - PERIOD + timedelta(days=1)
        days = show_funnel(
            visit.merchant_id, first, last, at=visit.at, desk=services().funnel_desk
        )
        found.append(total_of(one.counts for one in days))
        last = first - timedelta(days=1)
    return found[0], found[1]


def _steps(visit: Visit, *, has_members: bool) -> list[dict[str, Any]]:
    ports, merchant_id = desk(), visit.merchant_id
    versions = services().merchants.versions(merchant_id, limit=2)
    people = [one for one in ports.room.people(merchant_id) if one.role is not Role.OWNER]
    is_designed = services().pass_designs.look(merchant_id).design.version > 1
    tills = [one for one in ports.room.tills(merchant_id) if one.is_active]
    till_path = f"/admin/tills/{tills[0].till_id}" if tills else "/admin/stores"
    has_devices = any(True for _ in devices(merchant_id, at=visit.at, desk=ports))
    found = (
        ("second_factor", "shield-check", "/admin/security/second-factor", _is_safe(visit)),
        ("program", "award", "/admin/program", len(versions) > 1 or has_members),
        ("design", "palette", "/admin/design", is_designed),
        ("till", "device-tablet", till_path, has_devices),
        ("staff", "user-plus", "/admin/staff", any(one.can_sign_in for one in people)),
        ("member", "qrcode", "/admin/posters", has_members),
    )
    words = words_of(visit.language)
    return [
        {
            "number": number,
            "name": name,
            "icon": icon,
            "path": path,
            "is_done": is_done,
            "title": words[f"launch_{name}"],
            "hint": words[f"launch_{name}_hint"],
            "go": words[f"launch_{name}_go"],
        }
        for number, (name, icon, path, is_done) in enumerate(found, start=1)
    ]


def _is_safe(visit: Visit) -> bool:
    from chalicelib.web.admin.sessions import has_second_factor

    return has_second_factor(visit)


def _members(visit: Visit, now: FunnelCounts, before: FunnelCounts) -> dict[str, str]:
    return _figure(
        visit,
        "members",
        formats.number(now.created, visit.language),
        before=formats.number(before.created, visit.language),
    )


def _wallet(visit: Visit, now: FunnelCounts) -> dict[str, str]:
    value = formats.number(now.walleted, visit.language)
    if not now.created:
        return _figure(visit, "wallet", value, more="figure_wallet_none")
    return _figure(
        visit, "wallet", value, share=_share(now.walleted, now.created, visit.language)
    )


def _day(visit: Visit, on: date) -> _Day:
    """Return the rows of a day, as far as there is time to read them."""
    rows: list[DayRow] = []
    before: Place | None = None
    has_time = budget()
    for _ in range(PAGES_MAX):
        found = day_page(visit, on, before=before, limit=PAGE_ROWS)
        rows += found.rows
        before = found.next
        if before is None:
            return _Day(tuple(rows), more="")
        if not has_time():
            break
    return _Day(tuple(rows), more="+")


def _today(visit: Visit, day: _Day, before: _Day) -> dict[str, str]:
    value, last = (
        formats.number(len(one.rows), visit.language) + one.more for one in (day, before)
    )
    return _figure(visit, "today", value, before=last)


def _money(visit: Visit, day: _Day, program: Program) -> dict[str, str]:
    """Return what was taken, as the shifts of all tills add up to."""
    on = program.local_date(visit.at)
    total = shift_of("", on, day.rows).total.money_minor
    members = [row for row in day.rows if row.member_id]
    of_members = shift_of("", on, members).total.money_minor
    value = formats.money(total, program.currency, visit.language) + day.more
    if total <= 0:
        return _figure(visit, "money", value, more="figure_money_none")
    ours = max(0, min(of_members, total))  # what came back may be others'
    share = _share(ours, total, visit.language)
    return _figure(visit, "money", value, share=share)


def _figure(visit: Visit, name: str, value: str, more: str = "", **said: str) -> dict[str, str]:
    words = words_of(visit.language)
    text = str(words[more or f"figure_{name}_more"])
    return {"label": str(words[f"figure_{name}"]), "value": value, "more": text.format(**said)}


def _share(part: int, whole: int, language: Language) -> str:
    """Write a share in whole percent, rounded down."""
    return percent_text(part * 100 // whole * PPM, language)
