"""The JSON Schema (2020-12) of a program's document, as `GET /v1/program/schema` gives it.

It says which fields there are, of what kind and within what bounds; what depends on several
fields (levels in order, points that would expire before they can be used) only publishing a
draft can tell. Tests hold it to `read_program`: whatever is read is valid here, and what is
valid here is refused for such a reason alone. `null` stands for an absent field, where the
schema admits it.
"""

from functools import cache
from typing import Any

from chalicelib.domain import document_reader, program_document
from chalicelib.domain.basket import CHANNELS
from chalicelib.domain.currencies import EXPONENTS
from chalicelib.domain.gift_cards import Remainder
from chalicelib.domain.program import EarnBase, Mode, ProgramType, ReturnPolicy
from chalicelib.domain.rewards import Trigger
from chalicelib.domain.rules import (
    bundles,
    coupons,
    discounts,
    excluded,
    offer_terms,
    promotions,
    rewards,
    stamps,
)
from chalicelib.domain.turnover import DAYS_KEPT

Schema = dict[str, Any]

_TEXT: Schema = {
    "type": "string",
    "minLength": 1,
    "maxLength": document_reader.TEXT_LENGTH_MAX,
}
_PERCENT: Schema = {
    "description": "0 to 100 with up to four decimals",
    "anyOf": [
        {"type": "number", "minimum": 0, "maximum": 100},
        {"type": "string", "pattern": r"^0*(100(\.0+)?|[0-9]{1,2}(\.[0-9]{1,4}0*)?)$"},
    ],
}
_MONEY: Schema = {
    "description": "an amount in major units, with the decimals of the currency at most",
    "anyOf": [
        {"type": "string", "pattern": r"^[0-9]{1,20}(\.[0-9]{1,3}0*)?$"},
        {"type": "integer", "minimum": 0, "maximum": document_reader.MONEY_MINOR_MAX},
    ],
}
_DAY: Schema = {"type": "string", "format": "date"}


def _whole(minimum: int, maximum: int) -> Schema:
    return {"type": "integer", "minimum": minimum, "maximum": maximum}


def _choice(*values: str) -> Schema:
    return {"enum": list(values)}


def _object(required: tuple[str, ...] = (), /, **properties: Schema) -> Schema:
    found: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
    }
    return {**found, "required": list(required)} if required else found


def _named(value: Schema, maximum: int = document_reader.NAMES_MAX) -> Schema:
    return {"type": "object", "additionalProperties": value, "maxProperties": maximum}


def _list(items: Schema, maximum: int, minimum: int = 1) -> Schema:
    return {"type": "array", "items": items, "minItems": minimum, "maxItems": maximum}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


@cache
def program_schema() -> Schema:
    """Return the schema."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Loyalty program",
        **_object(**_basics(), **_rates(), **_lots(), **_rules(), **_gifts()),
    }


def _basics() -> dict[str, Schema]:
    return {
        "type": _choice(*ProgramType),
        "title": _TEXT,
        "currency": _choice(*sorted(EXPONENTS)),
        "timezone": _TEXT,
        "point_value": _TEXT,
        "mode": _choice(*Mode),
        "earn_base": _choice(*EarnBase),
        "min_receipt_for_redeem": _MONEY,
        "min_money": _MONEY,
        "offline_redeem_limit": _whole(0, program_document.POINTS_MAX),
        "confirm_above": _or_null(_whole(0, program_document.POINTS_MAX)),
        "hold_hours": _whole(1, 24 * 60),
    }


def _rates() -> dict[str, Schema]:
    rate = _object(("earn", "redeem"), earn=_PERCENT, redeem=_PERCENT)
    level = _object(("name", "over"), name=_TEXT, over=_MONEY)
    points = _whole(1, program_document.POINTS_MAX)
    return {
        "tiers": _or_null(
            _object(
                ("levels",),
                window_days=_or_null(_whole(1, program_document.WINDOW_DAYS_MAX)),
                compare=_choice("gt", "gte"),
                levels=_list(level, program_document.LEVELS_MAX),
            )
        ),
        "rates": _or_null(
            _named(_object(CHANNELS, offline=rate, online=rate), program_document.LEVELS_MAX)
        ),
        "category_rates": _or_null(_named(rate)),
        "earn_percent": _PERCENT,
        "redeem_percent": _PERCENT,
        "step_accrual": _or_null(_object(("per", "points"), per=_MONEY, points=points)),
        "margin_caps": _or_null(_named(_PERCENT)),
    }


def _lots() -> dict[str, Schema]:
    days = program_document.DAYS_MAX
    return {
        "pending_days": _whole(0, days),
        "expiry_days": _or_null(_whole(1, days)),
        "expiry_months": _or_null(_whole(1, 120)),
        "return_policy": _choice(*ReturnPolicy),
        "restore_grace_days": _whole(0, days),
        "reminder_days": _whole(0, days),
        "anniversary_catch_up_days": _whole(0, 300),
        "leap_day": _choice("28_february", "1_march"),
    }


def _rules() -> dict[str, Schema]:
    level = _object(("over", "percent"), over=_MONEY, percent=_PERCENT)
    return {
        "stacking": _or_null(
            _object(discounts=_choice("best", "sum"), codes=_choice("add", "best"))
        ),
        "discount_percent": _PERCENT,
        "category_discounts": _or_null(_named(_PERCENT)),
        "discount_by_turnover": _or_null(
            _object(
                ("levels",),
                window_days=_or_null(_whole(1, DAYS_KEPT)),
                compare=_choice("gt", "gte"),
                levels=_list(level, discounts.LEVELS_MAX),
            )
        ),
        "stamps": _or_null(
            _object(
                ("category", "every"),
                category=_TEXT,
                every=_whole(2, stamps.EVERY_MAX),
                free_unit_choice=_choice("cheapest_in_receipt"),
            )
        ),
        "bundles": _or_null(_list(_bundle(), bundles.BUNDLES_MAX)),
        "promotions": _or_null(_list(_offer(), promotions.PROMOTIONS_MAX)),
        "coupons": _or_null(_list(_coupon(), coupons.COUPONS_MAX)),
        "excluded": _or_null(_excluded()),
        "gift_card": _or_null(
            _object(
                remainder=_choice(*Remainder),
                category=_TEXT,
                balance_max=_MONEY,
                sold_earns=_choice("no"),
            )
        ),
    }


def _excluded() -> Schema:
    names = _or_null(_list(_TEXT, excluded.NAMES_MAX))
    return _object(categories=names, skus=names, margins=names)


def _bundle() -> Schema:
    units = _named(_whole(1, bundles.UNITS_MAX), bundles.GOODS_MAX)
    return _object(
        ("id",),
        id=_TEXT,
        skus=_or_null(units),
        includes=_or_null(_list(_TEXT, bundles.BUNDLES_MAX)),
        discount_percent=_PERCENT,
        points=_whole(0, bundles.POINTS_MAX),
    )


def _offer(**more: Schema) -> Schema:
    """Return the schema of a promotion, or of a coupon with what more it has."""
    names = _or_null(_list(_TEXT, offer_terms.NAMES_MAX))
    times = {"type": "number", "exclusiveMinimum": 1, "maximum": offer_terms.MULTIPLIER_MAX}
    written = {"type": "string", "pattern": r"^[0-9]{1,20}(\.[0-9]{1,20})?$"}
    week = offer_terms.WEEKDAYS
    fields = {
        "from": _or_null(_DAY),
        "to": _or_null(_DAY),
        "weekdays": _or_null(_list(_choice(*week), len(week))),
        "channels": _or_null(_list(_choice(*CHANNELS), offer_terms.NAMES_MAX)),
        "categories": names,
        "skus": names,
        "stores": names,
        "tiers": names,
        "segments": names,
        "min_receipt": _MONEY,
        "multiplier": _or_null({"anyOf": [times, written]}),
        "extra_percent": _PERCENT,
        "points": _whole(0, offer_terms.POINTS_MAX),
        "discount_percent": _PERCENT,
        "limits": _or_null(_limits()),
    }
    return _object(("id",), id=_TEXT, **fields, **more)


def _coupon() -> Schema:
    return _offer(
        discount=_MONEY,
        price_points=_or_null(_whole(1, offer_terms.POINTS_MAX)),
        valid_days=_or_null(_whole(1, coupons.DAYS_MAX)),
        valid_months=_or_null(_whole(1, coupons.MONTHS_MAX)),
        exchange=_choice(*coupons.EXCHANGES),
    )


def _limits() -> Schema:
    def at_most(value: Schema) -> Schema:
        most = dict.fromkeys(("total", "per_day", "per_member"), _or_null(value))
        return _or_null(_object(**most))

    uses, points = offer_terms.USES_MAX, offer_terms.POINTS_MAX
    return _object(
        uses=at_most(_whole(1, uses)), points=at_most(_whole(1, points)), money=at_most(_MONEY)
    )


def _gifts() -> dict[str, Schema]:
    days = _or_null(_whole(0, program_document.DAYS_MAX))
    given = _whole(1, program_document.POINTS_MAX)
    later = _or_null(_whole(1, rewards.DAYS_MAX))
    bonus = _object(("points",), points=given, expires_in_days=later)
    shared = _whole(0, rewards.POINTS_MAX)
    return {
        "anniversaries": _or_null(
            _named(_object(("points",), points=given, expires_in_days=days))
        ),
        "welcome_points": _or_null(bonus),
        "actions": _or_null(_named(bonus, rewards.ACTIONS_MAX)),
        "benefits": _or_null(_named(_list(_TEXT, rewards.BENEFITS_MAX))),
        "referral": _or_null(
            _object(
                referrer_points=shared,
                friend_points=shared,
                trigger=_choice(*Trigger),
                reversal_days=_whole(0, rewards.REVERSAL_DAYS_MAX),
                cap=_or_null(_whole(1, rewards.CAP_MAX)),
                expires_in_days=later,
            )
        ),
    }
