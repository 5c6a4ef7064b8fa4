"""What the pages show that are a card's member's own: settings, devices, data."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from babel.numbers import get_currency_symbol

from chalicelib.domain.anniversaries import BIRTHDAY, EDITS_MAX
from chalicelib.domain.attaching import ATTACH_DAYS
from chalicelib.domain.members import Consent, ConsentPurpose, Profile
from chalicelib.domain.money import currency_exponent
from chalicelib.domain.phone_changes import APPROVAL_FOR, PhoneChange
from chalicelib.domain.rules.stamps import stamp_card
from chalicelib.domain.staff import Store
from chalicelib.usecases.members import MemberView
from chalicelib.usecases.own_devices import DeviceKind, OwnDevice
from chalicelib.web import formats
from chalicelib.web.card_frame import Frame
from chalicelib.web.consents import QUESTIONS
from chalicelib.web.join_page import countries
from chalicelib.web.notices_view import notices_view
from chalicelib.web.problem_words import PROBLEM_WORDS
from chalicelib.web.wording import LANGUAGE_NAMES, WORDS
from passes.codes import grouped
from passes.wording import Language, points_text

NAME_CHARS_MAX: Final = 64
_GLYPHS: Final = {
    DeviceKind.BROWSER: "device-mobile",
    DeviceKind.APPLE: "wallet",
    DeviceKind.GOOGLE: "wallet",
}


def own_view(frame: Frame, title: str, token: str) -> dict[str, Any]:
    """Return what every such page has: its title, and what its scripts speak and act with."""
    words = dict(PROBLEM_WORDS[frame.language])
    return {
        "title": WORDS[frame.language][title],
        "member_token": token,
        "problem_words": json.dumps(words, ensure_ascii=False, separators=(",", ":")),
        "join_path": f"/j/{frame.view.merchant.merchant_id}?lang={frame.language}",
    }


def settings_view(frame: Frame) -> dict[str, Any]:
    """Return the profile as it can be changed, the language, and what may be sent."""
    profile, words = frame.view.profile, WORDS[frame.language]
    birthday = _birthday(profile)
    is_fixed = profile.birth_date_edits >= EDITS_MAX
    hint = "birth_fixed" if is_fixed else "birth_last" if birthday else "birth_once"
    advertising = _latest(profile).get(ConsentPurpose.ADVERTISING)
    question = next(one for one in QUESTIONS if one.purpose is ConsentPurpose.ADVERTISING)
    return {
        "name": profile.name or "",
        "name_chars_max": NAME_CHARS_MAX,
        "email": profile.email or "",
        "birth_date": birthday or "",
        "is_birth_fixed": is_fixed,
        "birth_hint": words[hint],
        "phone": _phone(profile, frame.language),
        "has_phone": profile.phone is not None,
        "card_languages": LANGUAGE_NAMES,
        "card_language": profile.language,
        "topics": notices_view(frame),
        "notice": {
            "purpose": question.purpose.value,
            "version": question.version,
            "text": question.text(frame.view.merchant.name, frame.language),
            "is_granted": bool(advertising and advertising.granted),
        },
    }


def phone_view(frame: Frame, waiting: PhoneChange | None) -> dict[str, Any]:
    """Return the number of now, a change that staff must see, the countries of another."""
    has_phone = frame.view.profile.phone is not None
    return {
        "title": WORDS[frame.language]["phone_change" if has_phone else "phone_add"],
        "waits_for": _waits_for(frame, waiting),
        "phone": _phone(frame.view.profile, frame.language),
        "has_phone": has_phone,
        "letter_to": "" if frame.view.profile.phone else frame.view.profile.proven_email or "",
        "countries": countries(frame.view.merchant, frame.language),
    }


def _waits_for(frame: Frame, change: PhoneChange | None) -> str:
    if change is None or change.verified_at is None:
        return ""
    last = formats.day(
        _local(change.verified_at + APPROVAL_FOR, frame), frame.view.on, frame.language
    )
    phone = formats.phone_hidden(change.phone)
    return str(WORDS[frame.language]["waits_for"].format(phone=phone, day=last))


def receipt_view(frame: Frame) -> dict[str, Any]:
    """Return how a total is written, and the days a receipt may be of."""
    currency, today = frame.view.program.currency, frame.view.on
    sign = get_currency_symbol(currency, locale=frame.language)
    return {
        "exponent": currency_exponent(currency),
        "total_hint": WORDS[frame.language]["claim_total_hint"].format(sign=sign),
        "today": today.isoformat(),
        "first_day": (today - timedelta(days=ATTACH_DAYS)).isoformat(),
    }


def devices_view(frame: Frame, found: Sequence[OwnDevice]) -> dict[str, Any]:
    """Return where the card is, this device first."""
    rows = sorted(found, key=lambda one: not one.is_this)
    return {
        "devices": [_device(frame, one) for one in rows],
        "has_others": any(
            not one.is_this and one.kind is not DeviceKind.GOOGLE for one in found
        ),
    }


def data_view(frame: Frame, stores: Iterable[Store]) -> dict[str, Any]:
    """Return all that is known of the person, the consents, and what an erasure takes."""
    profile, view, language = frame.view.profile, frame.view, frame.language
    words, lost = WORDS[language], _points_lost(view)
    points, ending = points_text(lost, language), "" if lost else "_none"
    contact = profile.proven_email if profile.phone is None else None
    told = contact or _phone(profile, language)
    names = {one.store_id: one.name for one in stores}
    facts = (
        ("name", profile.name),
        ("phone_of_card", formats.phone(profile.phone) if profile.phone else None),
        ("email", profile.email),
        ("birth_date", _day_of(_birthday(profile), frame)),
        ("member_since", formats.day(_local(profile.joined_at, frame), view.on, language)),
        ("store", names.get(profile.store or "", profile.store)),
        ("card_number", grouped(profile.code)),
        *(("gift_card", f"…{one.ending}") for one in profile.gift_cards),
        *(("card_number", number) for number in (*profile.card_numbers, *profile.old_codes)),
    )
    return {
        "facts": [{"label": words[name], "value": value} for name, value in facts if value],
        "consents": [_consent(frame, one, profile) for one in _latest(profile).values()],
        "erase_loses": _loses(view, language),
        "erase_send": words["erase_send"].format(phone=told),
        "erase_do": words[f"erase_do{ending}"].format(points=points),
        "is_by_letter": contact is not None,
        "has_contact": bool(profile.phone or profile.proven_email),
    }


def _points_lost(view: MemberView) -> int:
    balance = view.balance
    return balance.available + balance.pending + balance.held


def _loses(view: MemberView, language: Language) -> str:
    """Return what of value goes with the card: points, and stamps on the way to a free unit."""
    words, lost, card = WORDS[language], _points_lost(view), stamp_card(view.program)
    said = []
    if lost:
        said.append(words["erase_loses"].format(points=points_text(lost, language)))
    elif view.program.gives_points:
        said.append(words["erase_loses_none"])
    if card and view.account.stamps:
        stamps = min(view.account.stamps, card.every - 1)
        count = words["stamps_count"].format(count=stamps, every=card.every)
        said.append(words["erase_loses_stamps"].format(count=count))
    return " ".join(said)


def _device(frame: Frame, one: OwnDevice) -> dict[str, Any]:
    words, kind = WORDS[frame.language], WORDS[frame.language][f"device_{one.kind.value}"]
    named = f"{kind} · {one.label}" if one.label and one.kind is DeviceKind.APPLE else one.label
    note = ""
    if one.kind is DeviceKind.GOOGLE:
        note = words["google_hint"]
    elif one.is_this:
        note = words["this_device"]
    elif one.seen_on:
        # Days are counted in UTC: the shop's may have been the next when the device came.
        first = _local(one.created_at, frame) if one.created_at else one.seen_on
        day = formats.day(max(one.seen_on, first), frame.view.on, frame.language)
        note = words["seen_on"].format(day=day)
    elif one.created_at:
        day = formats.day(_local(one.created_at, frame), frame.view.on, frame.language)
        note = words["added_on"].format(day=day)
    return {
        "id": one.device_id,
        "glyph": _GLYPHS[one.kind],
        "name": named or kind,
        "note": note,
        "is_this": one.is_this,
        "is_removable": one.kind is not DeviceKind.GOOGLE,
    }


def _consent(frame: Frame, given: Consent, profile: Profile) -> dict[str, Any]:
    words, language = WORDS[frame.language], frame.language
    asked = next((one for one in QUESTIONS if one.purpose is given.purpose), None)
    text = asked.text(frame.view.merchant.name, language) if asked else given.purpose.value
    was_granted = any(one.granted for one in profile.consents if one.purpose is given.purpose)
    word = "withdrawn_on" if was_granted else "refused_on"
    word = "granted_on" if given.granted else word
    day = formats.day(_local(given.at, frame), frame.view.on, language)
    return {
        "purpose": given.purpose.value,
        "version": given.text_version,
        "text": text,
        "on": words[word].format(day=day),
        "is_program": given.purpose is ConsentPurpose.PROGRAM,
        "is_granted": given.granted,
    }


def _latest(profile: Profile) -> dict[ConsentPurpose, Consent]:
    """Return the latest answer to each question: they are kept oldest first."""
    return {one.purpose: one for one in profile.consents}


def _birthday(profile: Profile) -> str | None:
    day = next((one.day for one in profile.anniversaries if one.kind == BIRTHDAY), None)
    return day.isoformat() if day else None


def _day_of(text: str | None, frame: Frame) -> str | None:
    return (
        formats.day(date.fromisoformat(text), frame.view.on, frame.language) if text else None
    )


def _local(at: datetime, frame: Frame) -> date:
    return frame.view.program.local_date(at)


def _phone(profile: Profile, language: Language) -> str:
    number = profile.phone
    return formats.phone_hidden(number) if number else str(WORDS[language]["no_phone"])
