"""Rules pages: of every template, and of one program with every kind of rule."""

from datetime import date
from typing import Any

from chalicelib.domain.examples import worked_examples
from chalicelib.domain.program import Program
from chalicelib.domain.program_document import read_program
from chalicelib.domain.templates import template
from chalicelib.usecases.program_rules import ProgramRules
from chalicelib.web.rendering import render
from chalicelib.web.rules_page import rules_view
from passes.wording import Language
from tests.builders import rates, tiers
from tests.web.sample import MERCHANT

TODAY = date(2026, 6, 1)
EVERYTHING: dict[str, Any] = {
    "title": "Всё сразу",
    "mode": "earn_and_redeem",
    "earn_base": "gross",
    "point_value": "0.001",
    "tiers": tiers(),
    "rates": rates(base=(5, 30), silver=(10, 40), gold=(15, 50)),
    "margin_caps": {"medium": 5, "low": 0},
    "min_receipt_for_redeem": "200",
    "min_money": "10",
    "discount_percent": 1,
    "category_discounts": {"tea": 10},
    "discount_by_turnover": {"window_days": 30, "levels": [{"over": "5000", "percent": 3}]},
    "stacking": {"discounts": "sum"},
    "stamps": {"category": "coffee", "every": 6},
    "bundles": [
        {"id": "breakfast", "skus": {"coffee": 1, "roll": 2}, "points": 20},
        {"id": "lunch", "skus": {"soup": 1, "salad": 1}, "discount_percent": 10},
        {"id": "day", "includes": ["breakfast", "lunch"], "points": 40},
    ],
    "excluded": {"categories": ["tobacco"], "margins": ["regulated"], "skus": ["BAG-1"]},
    "promotions": [
        {"id": "tuesday", "multiplier": 1.5, "weekdays": ["tue"], "channels": ["online"]},
        {"id": "summer", "extra_percent": 2, "from": "2026-06-10", "to": "2026-08-31"},
        {"id": "big", "points": 50, "min_receipt": "3000", "tiers": ["gold"]},
        {"id": "tea week", "discount_percent": 20, "categories": ["tea"], "stores": ["main"]},
        {"id": "over", "multiplier": 9, "to": "2026-05-31"},
        {
            "id": "nurses",
            "multiplier": 2,
            "segments": ["nurses"],
            "limits": {"uses": {"per_member": 3}},
        },
    ],
    "coupons": [
        {"id": "spring", "discount": "150", "limits": {"money": {"total": "90000"}}},
        {
            "id": "half a year",
            "discount_percent": 10,
            "price_points": 500,
            "valid_months": 6,
            "exchange": "automatic",
        },
    ],
    "pending_days": 14,
    "expiry_days": 365,
    "return_policy": "within_balance",
    "gift_card": {"remainder": "forfeit"},
    "anniversaries": {
        "birthday": {"points": 300, "expires_in_days": 10},
        "wedding": {"points": 5},
    },
    "welcome_points": {"points": 100},
    "referral": {"referrer_points": 500, "friend_points": 50},
    "actions": {"review": {"points": 10}, "quiz": {"points": 1}},
    "benefits": {"gold": ["закрытые распродажи", "доставка"]},
}


def rules(program: Program) -> ProgramRules:
    """Return the rules of a program as of 1 June, a Monday."""
    return ProgramRules(MERCHANT, program, TODAY, worked_examples(program, TODAY))


def of_everything() -> Program:
    """Return a program with every kind of rule."""
    return read_program(EVERYTHING, 7)


def of_template(name: str) -> Program:
    """Return the program of a template."""
    found = template(name)
    assert found is not None, name
    return read_program(found.document, 1)


def rules_html(program: Program, language: Language) -> str:
    """Return the page."""
    view = rules_view(rules(program), language)
    return render("rules.html", view, language, accent=MERCHANT.accent)
