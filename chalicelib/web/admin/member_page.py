"""A member's page: points and their lots, tier, history with reasons, devices, and deeds."""

from datetime import date
from typing import Any, Final

from chalicelib.api.book import directory
from chalicelib.api.exchange import Answer
from chalicelib.domain.account import Lot
from chalicelib.domain.anniversaries import BIRTHDAY
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.members import Profile
from chalicelib.usecases.members import MemberView, view_member
from chalicelib.web import formats
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.faults import Errors
from chalicelib.web.admin.phone_panel import phone_view
from chalicelib.web.admin.shop import desk
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.web.history import history_rows
from chalicelib.wiring import services
from passes.codes import grouped
from passes.wording import number_text, points_text

ENTRIES_SHOWN: Final = 20
VERSION_DIGITS_MAX: Final = 9
GRANT_POINTS_MAX: Final = 50_000  # by hand, at once


def show(visit: Visit, member_id: str, *, errors: Errors | None = None) -> Answer:
    """Show a member. Raises MemberNotFound."""
    member = visit.member(member_id)
    found = view_member(member, at=visit.at, directory=directory())
    before = _before(visit)
    entries = services().ledger.entries(member, before=before, limit=ENTRIES_SHOWN)
    view = {
        "member": _member_view(found, visit),
        "lots": [_lot_view(lot, found.on, visit) for lot in found.account.lots],
        "entries": entry_rows(entries, found, visit),
        "older": entries[-1].version if entries and entries[-1].version > 1 else None,
        "devices": devices_view(visit, member_id),
        "phone": phone_view(visit, found),
        "is_fresh": visit.is_fresh,
        "ceiling": points_text(GRANT_POINTS_MAX, visit.language),
        "form": visit.form,
        "errors": errors or {},
    }
    return page(visit, "member", view, at="members", status=422 if errors else 200)


def entry_rows(
    entries: tuple[LedgerEntry, ...], found: MemberView, visit: Visit
) -> list[dict[str, Any]]:
    """Return ledger entries as lines: what, when, why, by whom, and the balance after."""
    words = words_of(visit.language)
    names = {one.staff_id: one.name for one in desk().room.people(visit.merchant_id)}
    rows = []
    for entry in entries:
        told = history_rows((entry,), found.program, found.on, visit.language)
        if not told:
            continue
        said = [told[0]["note"]]
        if entry.reference:
            said.append(str(words["ledger_reference"]).format(receipt=entry.reference))
        who = names.get(getattr(entry, "staff_id", ""), "")
        if who:
            said.append(str(words["ledger_by"]).format(name=who))
        rows.append(
            {
                "title": told[0]["title"],
                "said": " · ".join(said),
                "reason": entry.reason,
                "amounts": told[0]["amounts"],
                "after": number_text(entry.balance_after, visit.language),
            }
        )
    return rows


def devices_view(visit: Visit, member_id: str) -> list[dict[str, str]]:
    """Return where a member's card is."""
    from chalicelib.api.devices import device_desk
    from chalicelib.usecases.own_devices import own_devices

    words = words_of(visit.language)
    found = own_devices(visit.member(member_id), "", device_desk())
    return [
        {
            "kind": str(words[f"device_{one.kind}"]),
            "label": one.label,
            "icon": "home" if one.kind == "browser" else "wallet",
        }
        for one in found
    ]


def _before(visit: Visit) -> int | None:
    typed = visit.asked("before")
    is_version = typed.isascii() and typed.isdecimal() and len(typed) <= VERSION_DIGITS_MAX
    return int(typed) if is_version and int(typed) > 1 else None


def _member_view(found: MemberView, visit: Visit) -> dict[str, Any]:
    words, profile, balance = words_of(visit.language), found.profile, found.balance
    turnover = found.account.turnover.lifetime_minor
    joined = found.program.local_date(profile.joined_at)
    since = formats.day(joined, found.on, visit.language)
    others = {
        "member_pending": balance.pending,
        "member_held": balance.held,
        "member_debt": balance.debt,
    }
    return {
        "id": found.member.member_id,
        "name": profile.name or str(words["member_nameless"]),
        "since": str(words["member_since"]).format(day=since),
        "unverified": _unverified(found, visit),
        "points": number_text(balance.available, visit.language),
        "tier": found.tier.name or "",
        "turnover": formats.money(turnover, found.program.currency, visit.language),
        "others": [
            {"label": words[name], "value": number_text(points, visit.language)}
            for name, points in others.items()
            if points
        ],
        "facts": _facts(profile, found, visit),
    }


def _unverified(found: MemberView, visit: Visit) -> str:
    """Return until when the phone can be confirmed; empty: it is."""
    through = found.account.unverified_through
    if through is None:
        return ""
    day = formats.day(through, found.on, visit.language)
    return str(words_of(visit.language)["member_unverified_text"]).format(day=day)


def _facts(profile: Profile, found: MemberView, visit: Visit) -> list[dict[str, str]]:
    words = words_of(visit.language)
    birthday = next((one.day for one in profile.anniversaries if one.kind == BIRTHDAY), None)
    latest = {one.purpose: one.granted for one in profile.consents}
    consents = ", ".join(
        f"{words[f'consent_{purpose}']}: {words['consent_yes' if granted else 'consent_no']}"
        for purpose, granted in latest.items()
    )
    facts = {
        "member_phone": formats.phone(profile.phone) if profile.phone else None,
        "member_email": profile.email,
        "member_code": grouped(profile.code) if profile.code else None,
        "member_card_numbers": ", ".join(profile.card_numbers),
        "member_birthday": formats.day(birthday, found.on, visit.language)
        if birthday
        else None,
        "member_language": str(words.get(f"language_{profile.language}", profile.language)),
        "member_store": _store_name(visit, profile.store),
        "member_consents": consents,
    }
    return [
        {"label": str(words[name]), "value": value} for name, value in facts.items() if value
    ]


def _store_name(visit: Visit, store_id: str | None) -> str | None:
    stores = {one.store_id: one.name for one in desk().room.stores(visit.merchant_id)}
    return stores.get(store_id, store_id) if store_id else None


def _lot_view(lot: Lot, today: date, visit: Visit) -> dict[str, Any]:
    words = words_of(visit.language)
    until = lot.expires_on
    return {
        "points": number_text(lot.points, visit.language),
        "granted": formats.day(lot.granted_on, today, visit.language),
        "from": formats.day(lot.active_from, today, visit.language),
        "until": formats.day(until, today, visit.language)
        if until
        else str(words["lot_forever"]),
        "is_over": lot.is_expired(today),
    }
