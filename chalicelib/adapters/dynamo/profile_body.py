"""What is sealed of a profile and of a sign-up: JSON, empty values left out.

Lists of consents and anniversaries are positional, so that an ordinary profile with its
seal stays under 1 KB.
"""

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.adapters.dynamo.keys import moment
from chalicelib.domain.account import MemberRef
from chalicelib.domain.browsers import Browser
from chalicelib.domain.kept_gift_cards import KeptGiftCard
from chalicelib.domain.members import (
    Anniversary,
    AnniversaryKind,
    Consent,
    ConsentPurpose,
    Profile,
    SignUp,
)

_PLAIN = ("phone", "name", "email", "store", "birth_date_edits", "referred_by", "code",
          "proven_email")  # fmt: skip


def pack_profile(profile: Profile) -> bytes:
    """Return everything of a profile that is nobody's business."""
    body: dict[str, Any] = {name: getattr(profile, name) for name in _PLAIN}
    body["consents"] = _packed_consents(profile.consents)
    body["anniversaries"] = [
        [item.kind, item.day.isoformat(), item.granted_on and item.granted_on.isoformat()]
        for item in profile.anniversaries
    ]
    body["anniversary_kinds"] = [
        [past.kind, past.edits, past.granted_on and past.granted_on.isoformat()]
        for past in profile.anniversary_kinds
    ]
    body["card_numbers"] = profile.card_numbers
    body["old_codes"] = profile.old_codes
    body["merged_phones"] = profile.merged_phones
    body["merged_codes"] = profile.merged_codes
    body["replaced_codes"] = profile.replaced_codes
    body["browsers"] = [
        [one.browser_id, one.label, moment(one.created_at), one.seen_on.isoformat()]
        for one in profile.browsers
    ]
    body["gift_cards"] = [
        [one.card_id, one.code_hash, one.ending, moment(one.kept_at)]
        for one in profile.gift_cards
    ]
    body["muted"] = profile.muted
    body["metadata"] = profile.metadata
    return _json({name: value for name, value in body.items() if value})


def unpack_profile(
    body: bytes,
    member: MemberRef,
    *,
    language: str,
    joined_at: datetime,
    anniversary_due: date | None,
    revision: int,
    removed_passes: tuple[str, ...] = (),
) -> Profile:
    """Return the profile of its sealed part and what stands beside it."""
    found = json.loads(body)
    return Profile(
        member=member,
        phone=found.get("phone"),
        language=language,
        joined_at=joined_at,
        name=found.get("name"),
        email=found.get("email"),
        proven_email=found.get("proven_email"),
        store=found.get("store"),
        consents=_consents(found.get("consents", ())),
        anniversaries=tuple(_anniversary(*item) for item in found.get("anniversaries", ())),
        anniversary_kinds=tuple(_kind(*item) for item in found.get("anniversary_kinds", ())),
        birth_date_edits=found.get("birth_date_edits", 0),
        referred_by=found.get("referred_by"),
        card_numbers=tuple(found.get("card_numbers", ())),
        old_codes=tuple(found.get("old_codes", ())),
        code=found.get("code", ""),
        merged_phones=tuple(found.get("merged_phones", ())),
        merged_codes=tuple(found.get("merged_codes", ())),
        replaced_codes=tuple(found.get("replaced_codes", ())),
        browsers=tuple(_browser(*item) for item in found.get("browsers", ())),
        gift_cards=tuple(_gift_card(*item) for item in found.get("gift_cards", ())),
        muted=tuple(found.get("muted", ())),
        removed_passes=removed_passes,
        anniversary_due=anniversary_due,
        revision=revision,
        metadata=tuple((name, value) for name, value in found.get("metadata", ())),
    )


def pack_sign_up(sign_up: SignUp) -> bytes:
    """Return what a sign-up says of a person."""
    return _json(
        {
            "phone": sign_up.phone,
            "store": sign_up.store,
            "consents": _packed_consents(sign_up.consents),
            "referral_code": sign_up.referral_code,
            **({"email": sign_up.email} if sign_up.email else {}),
        }
    )


def unpack_sign_up(body: bytes) -> dict[str, Any]:
    """Return the sealed fields of a sign-up, by name."""
    found: dict[str, Any] = json.loads(body)
    return {**found, "consents": _consents(found["consents"])}


def _packed_consents(consents: Sequence[Consent]) -> list[list[Any]]:
    return [
        [c.purpose, c.granted, c.text_version, c.language, moment(c.at), c.source]
        for c in consents
    ]


def _consents(rows: Sequence[Any]) -> tuple[Consent, ...]:
    return tuple(
        Consent(
            ConsentPurpose(purpose),
            granted,
            text_version,
            language,
            datetime.fromisoformat(at),
            source,
        )
        for purpose, granted, text_version, language, at, source in rows
    )


def _anniversary(kind: str, day: str, granted_on: str | None) -> Anniversary:
    granted = date.fromisoformat(granted_on) if granted_on else None
    return Anniversary(kind, date.fromisoformat(day), granted)


def _browser(browser_id: str, label: str, created_at: str, seen_on: str) -> Browser:
    created = datetime.fromisoformat(created_at)
    return Browser(browser_id, label, created, date.fromisoformat(seen_on))


def _gift_card(card_id: str, code_hash: str, ending: str, kept_at: str) -> KeptGiftCard:
    return KeptGiftCard(card_id, code_hash, ending, datetime.fromisoformat(kept_at))


def _kind(kind: str, edits: int, granted_on: str | None) -> AnniversaryKind:
    granted = date.fromisoformat(granted_on) if granted_on else None
    return AnniversaryKind(kind, edits, granted)


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
