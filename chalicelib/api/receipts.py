"""Receipts, returns and quotes as JSON: the contract of API.md, from domain values.

Plain dicts, built once per answer; `models/purchases.py` documents their shape, and a
test holds the two together.
"""

from dataclasses import replace
from typing import Any

from chalicelib.api.ids import lot_id, purchase_id
from chalicelib.api.shapes import write_moment, write_quantity
from chalicelib.api.wording import receipt_text, why_text
from chalicelib.domain.account import Balance
from chalicelib.domain.confirmations import METHODS
from chalicelib.domain.promo_codes import CodeUse
from chalicelib.domain.receipts import Receipt, ReceiptLine, ReceiptStatus, Return, Why
from chalicelib.domain.till_rule import Need
from chalicelib.usecases.purchases import Quoted
from passes.wording import Language


def purchase_json(receipt: Receipt, language: Language) -> dict[str, Any]:
    """Return a receipt as it was recorded, with what has been returned of it."""
    earned_lot = receipt.earned_lot
    staff = {"staff_id": receipt.staff_id} if receipt.staff_id else {}
    return {
        "id": purchase_id(receipt.key),
        "object": "purchase",
        "created_at": write_moment(receipt.recorded_at),
        "metadata": dict(receipt.metadata),
        "status": receipt.status.value,
        "hold_id": receipt.hold_id,
        "earned_lot_id": lot_id(earned_lot.lot_id) if earned_lot else None,
        "shortfall": receipt.shortfall,
        "ledger_version": receipt.ledger_version,
        **staff,
        "returns": [return_json(receipt, done) for done in receipt.returns],
        **priced_json(receipt, language),
    }


def as_recorded(receipt: Receipt) -> Receipt:
    """Return the receipt without what came later: a repeat gets the first answer (P5)."""
    if not receipt.returns:
        return receipt
    return replace(receipt, returns=(), status=ReceiptStatus.COMPLETED)


def quote_json(quoted: Quoted, language: Language) -> dict[str, Any]:
    """Return what a purchase would come to."""
    return {
        "id": quoted.quote_id,
        "object": "quote",
        "created_at": write_moment(quoted.receipt.recorded_at),
        "quote_id": quoted.quote_id,
        "confirmation": _need_json(quoted.need),
        "valid_until": write_moment(quoted.valid_until),
        **priced_json(quoted.receipt, language),
    }


def _need_json(need: Need | None) -> dict[str, Any] | None:
    if need is None:
        return None
    return {
        "is_required": need.is_required,
        "allowed": need.allowed,
        "used_today": need.used_today,
        "methods": [str(method) for method in METHODS],
        **({"identified_by": "phone"} if need.is_spoken else {}),
        **({"pays_by": "gift_card"} if need.by_kept_card else {}),
    }


def priced_json(receipt: Receipt, language: Language) -> dict[str, Any]:
    """Return what quotes and purchases have in common."""
    return {
        "receipt_id": receipt.key.receipt_id or None,
        "member_id": receipt.member_id,
        "at": write_moment(receipt.at),
        "channel": receipt.channel,
        "program_version": receipt.program_version,
        "currency": receipt.currency,
        "gross_minor": receipt.gross_minor,
        "discount_minor": receipt.discount_minor,
        "to_pay_minor": receipt.to_pay_minor,
        "gift_card_minor": receipt.gift_card_minor,
        "money_minor": receipt.money_minor,
        "redeem_max": receipt.redeem_max,
        "redeemed": receipt.redeemed,
        "earned": receipt.earned,
        "tier": {
            "name": receipt.tier,
            "is_new": receipt.is_tier_new,
            "after": receipt.tier_after or receipt.tier,
        },
        "balance": balance_json(receipt.balance) if receipt.balance else None,
        "stamps": receipt.stamps_after,
        "allocation": [
            {"lot_id": lot_id(portion.lot_id), "points": portion.points}
            for portion in receipt.allocation
        ],
        "promo_codes": [_code_json(use) for use in receipt.promo_codes],
        "lines": [
            _line_json(i, line, receipt.currency, language)
            for i, line in enumerate(receipt.lines)
        ],
        "receipt_text": receipt_text(receipt, language=language),
    }


def return_json(receipt: Receipt, done: Return) -> dict[str, Any]:
    """Return what one return moved."""
    return {
        "id": f"ret_{done.return_id.strip()}",
        "object": "return",
        "return_id": done.return_id.strip(),  # a void's own number ends in a line break
        "is_void": done.is_void,
        **_moved_json(receipt, done),
    }


def return_quote_json(receipt: Receipt, done: Return) -> dict[str, Any]:
    """Return what a return would move."""
    return {"object": "return_quote", **_moved_json(receipt, done)}


def _moved_json(receipt: Receipt, done: Return) -> dict[str, Any]:
    return {
        "purchase_id": purchase_id(receipt.key),
        "created_at": write_moment(done.at),
        "currency": receipt.currency,
        "lines": [
            {"line": part.line, "quantity": write_quantity(part.quantity_milli)}
            for part in done.lines
        ],
        "refund_minor": done.refund_minor,
        "gift_card_minor": done.gift_card_minor,
        "money_minor": done.refund_minor - done.gift_card_minor,
        "clawed_back": done.clawed_back,
        "restored": done.restored,
        "forfeited": done.forfeited,
        "balance": balance_json(done.balance) if done.balance else None,
    }


def balance_json(balance: Balance) -> dict[str, int]:
    """Return the points of one day."""
    return {
        "available": balance.available,
        "pending": balance.pending,
        "debt": balance.debt,
        "held": balance.held,
    }


def _code_json(use: CodeUse) -> dict[str, Any]:
    return {
        "code": use.code,
        "coupon": use.coupon_id,
        "is_applied": use.is_applied,
        "discount_minor": use.discount_minor,
        "points": use.points,
    }


def _line_json(
    position: int, line: ReceiptLine, currency: str, language: Language
) -> dict[str, Any]:
    return {
        "line": position,
        "sku": line.sku,
        "category": line.category,
        "quantity": write_quantity(line.quantity_milli),
        "unit": line.unit,
        "gross_minor": line.gross_minor,
        "discount_minor": line.discount_minor,
        "free_quantity": write_quantity(line.free_milli),
        "redeemed": line.redeemed,
        "redeemed_minor": line.redeemed_minor,
        "earned": line.earned,
        "why": [_why_json(why, currency, language) for why in line.why],
    }


def _why_json(why: Why, currency: str, language: Language) -> dict[str, Any]:
    found: dict[str, Any] = {
        "rule": why.rule,
        "text": why_text(why, currency=currency, language=language),
    }
    if why.points is not None:
        found["points"] = why.points
    if why.amount_minor is not None:
        found["amount_minor"] = why.amount_minor
    return found
