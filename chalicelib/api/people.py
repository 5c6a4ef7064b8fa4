"""Members as JSON: to a till with little, to themselves and the office with all.

A till sees a first name with an initial and the last two digits of a phone (UX); the
full profile is the member's own and the scope `members`'.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from chalicelib.api.entries import entry_json
from chalicelib.api.ids import lot_id
from chalicelib.api.notices import notices_json
from chalicelib.api.receipts import balance_json
from chalicelib.api.shapes import write_moment
from chalicelib.domain.account import Lot
from chalicelib.domain.anniversaries import BIRTHDAY
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.members import Anniversary, Consent, Profile
from chalicelib.domain.rules.stamps import stamp_card
from chalicelib.domain.tiers import TierState
from chalicelib.usecases.members import MemberView

BIRTHDAY_NEAR_DAYS = 7
PHONE_DIGITS_SHOWN = 2


def member_json(view: MemberView, *, is_full: bool, is_own: bool = False) -> dict[str, Any]:
    """Return a member; personal fields only if `is_full`.

    Segments are the shop's own notes: a member's own view (`is_own`) is without them.
    """
    profile, account = view.profile, view.account
    found: dict[str, Any] = {
        "id": view.member.member_id,
        "object": "member",
        "created_at": write_moment(profile.joined_at),
        "metadata": dict(profile.metadata),
        "language": profile.language,
        "referral_code": view.referral_code,
        **_seen_by_till(view),
        "lots": [
            _lot_json(lot) for lot in account.lots if lot.points and not lot.is_expired(view.on)
        ],
        "ledger_version": account.version,
    }
    if not is_own:
        found["segments"] = list(account.segments)
    return {**found, **_personal(profile)} if is_full else found


def lookup_json(
    view: MemberView,
    recent: tuple[LedgerEntry, ...],
    offers: list[dict[str, Any]],
    verification: dict[str, Any],
    gift_cards: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """Return the member as the till may see it."""
    return {
        "member_id": view.member.member_id,
        "object": "lookup",
        **_seen_by_till(view),
        "segments": list(view.account.segments),
        "birthday_near": is_birthday_near(view.profile.anniversaries, view.on),
        "offers": offers,
        "gift_cards": list(gift_cards),
        "benefits": list(view.program.rewards.benefits.get(view.tier.name or "", ())),
        "recent": [
            {
                "kind": entry["kind"],
                "points": entry["points"],
                "at": entry["at"],
                "reference": entry["reference"],
            }
            for entry in map(entry_json, recent)
        ],
        **verification,
    }


def tier_json(tier: TierState) -> dict[str, Any]:
    """Return the tier with its last day and the way to the next."""
    return {
        "name": tier.name,
        "until": tier.until.isoformat() if tier.until else None,
        "turnover_minor": tier.turnover_minor,
        "next_name": tier.next_name,
        "to_next_minor": tier.to_next_minor,
    }


def consent_json(consent: Consent) -> dict[str, Any]:
    """Return a consent as it was given."""
    return {
        "purpose": consent.purpose.value,
        "granted": consent.granted,
        "text_version": consent.text_version,
        "language": consent.language,
        "at": write_moment(consent.at),
        "source": consent.source,
    }


def name_short(name: str | None) -> str | None:
    """Return the first name and an initial.

    >>> name_short("Anna Petrova")
    'Anna P.'
    """
    words = (name or "").split()
    if not words:
        return None
    return f"{words[0]} {words[1][0]}." if len(words) > 1 else words[0]


def phone_masked(phone: str | None) -> str | None:
    """Return a phone with all but its last two digits hidden.

    >>> phone_masked("+79990000001")
    '+•••••••••01'
    """
    if not phone:
        return None
    digits = phone.removeprefix("+")
    hidden = "•" * (len(digits) - PHONE_DIGITS_SHOWN)
    return f"+{hidden}{digits[-PHONE_DIGITS_SHOWN:]}"


def is_birthday_near(anniversaries: tuple[Anniversary, ...], on: date) -> bool:
    """Return whether a birthday is today or within a week."""
    days = {(on + timedelta(days=n)).strftime("%m%d") for n in range(BIRTHDAY_NEAR_DAYS + 1)}
    return any(a.kind == BIRTHDAY and a.day.strftime("%m%d") in days for a in anniversaries)


def _seen_by_till(view: MemberView) -> dict[str, Any]:
    expiry, through = view.next_expiry, view.account.unverified_through
    paused = view.account.redeem_paused_until
    return {
        "name_short": name_short(view.profile.name),
        "phone_masked": phone_masked(view.profile.phone),
        "currency": view.program.currency,
        "balance": balance_json(view.balance),
        "tier": tier_json(view.tier),
        "next_expiry": (
            {"points": expiry.points, "on": expiry.on.isoformat()} if expiry else None
        ),
        "stamps": _stamps_json(view),
        "member_verified": view.account.is_verified,
        "unverified_through": through.isoformat() if through else None,
        "redemption_paused_until": write_moment(paused) if paused else None,
    }


def _stamps_json(view: MemberView) -> dict[str, Any] | None:
    card = stamp_card(view.program)
    if card is None:
        return None
    return {"category": card.category, "collected": view.account.stamps, "every": card.every}


def _personal(profile: Profile) -> dict[str, Any]:
    birthday = next((a.day for a in profile.anniversaries if a.kind == BIRTHDAY), None)
    cards = [{"type": "card", "value": number} for number in profile.card_numbers]
    old_codes = [{"type": "old_code", "value": code} for code in profile.old_codes]
    return {
        "name": profile.name,
        "phone": profile.phone,
        "email": profile.email,
        "birth_date": birthday.isoformat() if birthday else None,
        "anniversaries": [
            {"kind": a.kind, "day": a.day.isoformat()}
            for a in profile.anniversaries
            if a.kind != BIRTHDAY
        ],
        "store": profile.store,
        "consents": [consent_json(consent) for consent in profile.consents],
        "notices": notices_json(profile),
        "identifiers": [{"type": "pass", "value": profile.code}, *cards, *old_codes],
    }


def _lot_json(lot: Lot) -> dict[str, Any]:
    return {
        "lot_id": lot_id(lot.lot_id),
        "points": lot.points,
        "active_from": lot.active_from.isoformat(),
        "expires_on": lot.expires_on.isoformat() if lot.expires_on else None,
        "source": lot.source.value,
    }
