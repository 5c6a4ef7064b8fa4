"""What the join page shows and hands to its script, as plain text."""

import json
from datetime import date
from typing import Any, Final
from urllib.parse import quote

from chalicelib.domain.anniversaries import BIRTHDAY
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import Program
from chalicelib.web import formats
from chalicelib.web.benefit import benefits
from chalicelib.web.card_page import monogram
from chalicelib.web.consents import QUESTIONS
from chalicelib.web.invitations import invitation_text
from chalicelib.web.problem_words import PROBLEM_WORDS
from chalicelib.web.wording import WORDS
from passes.wording import Language, points_text

STORE_CHARS_MAX: Final = 64
NAME_CHARS_MAX: Final = 64
COUNTRIES_MAX: Final = 250  # there are fewer


def join_view(
    merchant: Merchant,
    program: Program,
    language: Language,
    *,
    store: str | None,
    referral_code: str | None = None,
    code_minutes: int,
    on: date,
) -> dict[str, Any]:
    """Return the words of the page, and its facts for the script."""
    words = WORDS[language]
    minutes = formats.plural(code_minutes, words["minutes"], language)
    gift = program.anniversaries.get(BIRTHDAY)
    if store and not (store.isprintable() and len(store) <= STORE_CHARS_MAX):
        store = None
    gift_text = points_text(gift.points, language) if gift else ""
    return {
        "merchant": merchant.name,
        "monogram": monogram(merchant.name),
        "title": words["join_title"].format(merchant=merchant.name),
        "phone_hint": words["phone_hint"],
        "countries": countries(merchant, language),
        "benefits": [*benefits(program, on, language), ("device-mobile", words["gives_card"])],
        "code_hint": words["code_hint"].format(count=code_minutes, minutes=minutes),
        "birthday_gift": words["birthday_gift"].format(points=gift_text) if gift else "",
        "invitation": invitation_text(program, referral_code, language),
        "rules_path": f"/r/{merchant.merchant_id}?lang={language}",
        "extra_query": _query(s=store, r=referral_code),
        "name_chars_max": NAME_CHARS_MAX,
        "consents": [
            {
                "purpose": question.purpose.value,
                "version": question.version,
                "text": question.text(merchant.name, language),
                "is_required": question.is_required,
            }
            for question in QUESTIONS
        ],
        "words_json": _json(dict(PROBLEM_WORDS[language])),
        "facts": _json(
            {
                "merchant": merchant.merchant_id,
                "language": language,
                "store": store,
                "referral_code": referral_code,
                "country": merchant.country,
            }
        ),
    }


def countries(merchant: Merchant, language: Language) -> list[dict[str, Any]]:
    """Return where codes may be sent to, the merchant's own country first, then by name."""
    from babel import Locale  # lazy: 50 ms

    names = Locale.parse(language).territories
    found = [
        {"region": region, "name": str(names[region]), "code": calling_code(region)}
        for region in merchant.phone_countries[:COUNTRIES_MAX]
        if region in names
    ]
    return sorted(found, key=lambda one: (one["region"] != merchant.country, one["name"]))


def calling_code(country: str) -> int:
    """Return what international numbers of a country begin with.

    >>> calling_code("RU")
    7
    """
    import phonenumbers  # lazy: 30 ms that the card page need not spend

    code: int = phonenumbers.country_code_for_region(country)
    return code


def _query(**asked: str | None) -> str:
    """Return what the links to other languages keep of the page's own query."""
    return "".join(f"&{name}={quote(value)}" for name, value in asked.items() if value)


def _json(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"))
