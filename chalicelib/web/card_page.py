"""What the card page shows, as plain text ready to be put into its template."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Literal

from chalicelib.domain.coupons import HeldCoupon
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.rules.discounts import discount_ppm
from chalicelib.domain.rules.stamps import stamp_card
from chalicelib.domain.tiers import TierState
from chalicelib.usecases.members import MemberView
from chalicelib.web import formats
from chalicelib.web.benefit import stamps_text
from chalicelib.web.card_coupons import coupons_view
from chalicelib.web.history import SHOWN_ON_CARD, history_rows
from chalicelib.web.home_icon import SIZES, icon_path
from chalicelib.web.invitations import share_view
from chalicelib.web.wording import WORDS
from passes.wording import Language, number_text, percent_text, points_text

EXPIRIES_SHOWN_MAX: Final = 5
YEAR_DAYS: Final = 365
STAMPS_DRAWN_MAX: Final = 12  # more are a bar
_APPLE: Final = ("iPhone", "iPad", "iPod", "Macintosh")

Platform = Literal["apple", "android", "other"]


def platform_of(user_agent: str) -> Platform:
    """Return whose wallet a browser's machine has.

    >>> platform_of("Mozilla/5.0 (Linux; Android 15; Pixel 9)")
    'android'
    """
    if any(name in user_agent for name in _APPLE):
        return "apple"
    return "android" if "Android" in user_agent else "other"


def card_view(view: MemberView, language: Language, public_url: str) -> dict[str, Any]:
    """Return what stays: whose card it is, the link for friends."""
    return {
        "merchant": view.merchant.name,
        "monogram": monogram(view.merchant.name),
        "member": _first_name(view.profile.name),
        "title": WORDS[language]["card_title"].format(merchant=view.merchant.name),
        "share": share_view(view, public_url, language),
        "touch_icon": icon_path(view.merchant.accent, monogram(view.merchant.name), SIZES[0]),
    }


def links_view(
    view: MemberView, language: Language, *, path: str, query: str, is_signed_in: bool
) -> list[dict[str, str]]:
    """Return where the card leads: rules, and the pages behind it.

    What is the member's own is for browsers that signed in: a pass's link is passed on.
    """
    words = WORDS[language]
    rules = f"/r/{view.merchant.merchant_id}?lang={language}"
    own = (
        ("receipt", "forgot", f"{path}/receipts{query}"),
        ("settings", "settings", f"{path}/settings{query}"),
        ("device-mobile", "devices", f"{path}/devices{query}"),
        ("shield-check", "my_data", f"{path}/my-data{query}"),
    )
    found = (*(own if is_signed_in else ()), ("file-text", "rules", rules))
    return [
        {"glyph": glyph, "text": words[word], "hint": words.get(f"{word}_hint", ""), "path": to}
        for glyph, word, to in found
    ]


def live_view(
    view: MemberView,
    entries: Sequence[LedgerEntry],
    held: Sequence[HeldCoupon],
    language: Language,
) -> dict[str, Any]:
    """Return what changes with a purchase: points, stamps, coupons, tier, expiries, history."""
    is_new = all(entry.kind is EntryKind.JOIN for entry in entries)
    rows = [] if is_new else history_rows(entries, view.program, view.on, language)
    return {
        "points": number_text(view.balance.available, language),
        "headline": _headline(view, language),
        "next_expiry": _next_expiry(view, language),
        "limits": _limits(view, language),
        "others": _others(view, language),
        "stamps": _stamps(view, language),
        "coupons": coupons_view(view, held, language),
        "tier": _tier(view, language),
        "expiries": _expiries(view, language),
        "history": rows[:SHOWN_ON_CARD],
    }


def monogram(name: str) -> str:
    """Return the letter that stands for a name: of the quoted part, if there is one.

    >>> monogram("Пекарня «Лён»"), monogram("Blue Cup"), monogram("")
    ('Л', 'B', '')
    """
    _, _, quoted = name.partition("«")
    return next((sign.upper() for sign in quoted or name if sign.isalnum()), "")


def _first_name(name: str | None) -> str:
    return (name or "").split(" ")[0]


def _headline(view: MemberView, language: Language) -> dict[str, str]:
    """Return what stands in the card's head: points, or else stamps, or else the discount."""
    balance, stamps = view.balance, _stamps(view, language)
    has_points = balance.available or balance.pending or balance.debt or balance.held
    if view.program.gives_points or has_points:
        points = points_text(balance.available, language)
        written = number_text(balance.available, language)
        noun = points.removeprefix(written).strip()
        return {"figure": written, "noun": noun, "side": _point_value(view, language)}
    if stamps:
        noun = WORDS[language]["stamps_noun"]
        return {"figure": stamps["count"], "noun": noun, "side": stamps["left"]}
    off = discount_ppm(view.program, view.account.turnover, view.on)
    if off:
        noun = WORDS[language]["discount_noun"]
        return {"figure": percent_text(off, language), "noun": noun, "side": ""}
    return {"figure": "", "noun": "", "side": view.program.title}


def _point_value(view: MemberView, language: Language) -> str:
    """Return what a point is worth, where that is a whole number of minor units."""
    minor, parts = view.program.point_value
    if minor % parts:
        return ""
    worth = formats.money(minor // parts, view.program.currency, language)
    return str(WORDS[language]["point_value"].format(money=worth))


def _next_expiry(view: MemberView, language: Language) -> dict[str, str] | None:
    expiry = view.next_expiry
    if expiry is None:
        return None
    pattern = formats.plural(expiry.points, WORDS[language]["expire_after"], language)
    return {
        "points": points_text(expiry.points, language),
        "on": pattern.format(day=formats.day(expiry.on, view.on, language)),
    }


def _limits(view: MemberView, language: Language) -> list[dict[str, str]]:
    """Return why points cannot be redeemed now, and what the member can do about it."""
    words, account, found = WORDS[language], view.account, []
    if account.unverified_through is not None:
        day = formats.day(account.unverified_through, view.on, language)
        word = "unverified" if view.profile.phone else "unverified_no_phone"
        do = "" if view.profile.phone else words["phone_add"]
        found.append({"text": words[word].format(day=day), "do": do})
    if account.redeem_paused_until is not None:
        local = account.redeem_paused_until.astimezone(view.program.zone)
        moment = f"{formats.day(local.date(), view.on, language)}, {local:%H:%M}"
        found.append({"text": words["redemption_paused"].format(moment=moment), "do": ""})
    return found


def _others(view: MemberView, language: Language) -> list[dict[str, str]]:
    """Return the points that cannot be spent now, and the debt; none of them: nothing."""
    words, balance = WORDS[language], view.balance
    starts = [lot.active_from for lot in view.account.lots if lot.active_from > view.on]
    rows = (
        ("pending", balance.pending, _from(starts, view.on, language)),
        ("held", balance.held, ""),
        ("debt", -balance.debt, words["debt_hint"]),
    )
    return [
        {
            "label": words[name],
            "points": formats.number(points, language),
            "note": note,
            "tone": name,
        }
        for name, points, note in rows
        if points
    ]


def _from(starts: list[date], today: date, language: Language) -> str:
    if not starts:
        return ""
    begins = formats.day(min(starts), today, language)
    return str(WORDS[language]["from_day"].format(day=begins))


def _stamps(view: MemberView, language: Language) -> dict[str, Any] | None:
    card, words = stamp_card(view.program), WORDS[language]
    if card is None:
        return None
    left = max(1, card.every - view.account.stamps)  # the free unit itself is one of them
    pattern = words["stamps_next"] if left == 1 else words["stamps_left"]
    return {
        "value": card.every - left,
        "maximum": card.every,
        "are_drawn": card.every <= STAMPS_DRAWN_MAX,
        "rule": stamps_text(view.program, language),
        "count": words["stamps_count"].format(count=card.every - left, every=card.every),
        "left": pattern.format(left=left - 1),
    }


def _tier(view: MemberView, language: Language) -> dict[str, Any] | None:
    tier, words = view.tier, WORDS[language]
    if tier.name is None:
        return None
    until = formats.day(tier.until, view.on, language) if tier.until else None
    return {
        "name": words["tier"].format(name=tier.name),
        "until": words["tier_until"].format(day=until) if until else "",
        "progress": _progress(view, tier, language),
        "top": words["tier_top"],
        "benefits": view.program.rewards.benefits.get(tier.name, ()),
    }


def _progress(view: MemberView, tier: TierState, language: Language) -> dict[str, Any] | None:
    """Return the way to the next tier; None at the top."""
    if tier.next_name is None or tier.to_next_minor is None:
        return None
    words, currency = WORDS[language], view.program.currency
    goal_minor = tier.turnover_minor + tier.to_next_minor
    left = formats.money(tier.to_next_minor, currency, language)
    return {
        "heading": words["to_next"].format(name=tier.next_name, money=left),
        "value": max(0, tier.turnover_minor),
        "maximum": max(1, goal_minor),
        "turnover": _turnover(view, language),
        "goal": words["of_money"].format(money=formats.money(goal_minor, currency, language)),
    }


def _turnover(view: MemberView, language: Language) -> str:
    words, tiers = WORDS[language], view.program.tiers
    sum_text = formats.money(view.tier.turnover_minor, view.program.currency, language)
    days = tiers.window_days if tiers else None
    if days is None:
        return str(words["turnover"].format(money=sum_text))
    if days == YEAR_DAYS:
        return str(words["turnover_months"].format(money=sum_text))
    noun = formats.plural(days, words["days"], language)
    return str(words["turnover_days"].format(count=days, days=noun, money=sum_text))


def _expiries(view: MemberView, language: Language) -> dict[str, Any]:
    by_day: defaultdict[date, int] = defaultdict(int)
    for lot in view.account.lots:
        if lot.expires_on is not None and not lot.is_expired(view.on):
            by_day[lot.expires_on] += lot.points
    days = sorted(by_day)
    word = WORDS[language]["expiry"]
    return {
        "rows": [
            {
                "points": number_text(by_day[on], language),
                "on": word.format(day=formats.day(on, view.on, language)),
            }
            for on in days[:EXPIRIES_SHOWN_MAX]
        ],
        "is_more": len(days) > EXPIRIES_SHOWN_MAX,
    }
