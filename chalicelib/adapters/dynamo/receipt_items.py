"""A receipt as an item, to and from the domain.

`body` is what was priced, `returns` what came back since; both are a format byte and
compressed positional JSON. Values stand in the order of the code below; a new one goes to
the end of its list, under the next format: 2 ends with the body of the anonymous receipt
that an attached one was; 3 is 1 and 4 is 2 with what `offer_packing.py` says after each
body. Lines are in `line_packing.py`; moments, days and lots are numbers as in `packing.py`.
What a gift card paid is in the body, which card beside it.
"""

import json
import zlib
from dataclasses import replace
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.items import HashAttribute, IntegerAttribute, Item
from chalicelib.adapters.dynamo.line_packing import line_of, line_values
from chalicelib.adapters.dynamo.offer_packing import offer_values, with_offers
from chalicelib.adapters.dynamo.packing import (
    FORMAT,
    day_number,
    day_of,
    lot_numbers,
    lots_of,
    microseconds,
    moment_of,
    to_json,
)
from chalicelib.adapters.dynamo.raw_items import RawFormat, RawItem
from chalicelib.domain.account import Balance
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.receipts import (
    GiftCardPart,
    Receipt,
    ReceiptKey,
    ReceiptStatus,
    Return,
    ReturnedLine,
)

# What the compressor knows beforehand: what receipts are made of, the commonest last.
# Part of format 1 for ever: without it no receipt of that format can be read again.
KNOWN = (
    b'promotion","gift_card","discount.","pcs"],["earn.receipt_minimum","earn.flat_rate",'
    b'"redeem.flat_rate","redeem.receipt_minimum",["earn.step",["earn.redeeming_receipt",0]'
    b'["earn.category_unlisted",0,null,0,["redeem.margin_cap",null,null,30000,1]],"l"]'
    b'null,null,null,0,0,null,null,[]]"EUR","USD","online","offline","RUB",1,[["mem_'
    b'00000,0,0,0,0,0,["redeem.category_rate",1,null,300000,0],["earn.category_rate",1,null,'
    b'50000,0],["earn.margin_cap",null,null,30000,1]],"kg"],["redeem.tier_rate",0,null,'
    b'300000,2],["earn.tier_rate",1,null,50000,2]],null],["'
)
_FORMAT_ATTACHED, _FORMAT_OFFERS, _FORMAT_BOTH = 2, 3, 4
_FORMATS = (FORMAT, _FORMAT_ATTACHED, _FORMAT_OFFERS, _FORMAT_BOTH)


class ReceiptItem(Item, discriminator="R"):
    """A receipt: what was priced in `body`, what grows beside it."""

    body = BinaryAttribute(legacy_encoding=False)
    revision = IntegerAttribute()
    returns = BinaryAttribute(legacy_encoding=False, null=True)
    status = UnicodeAttribute(null=True)  # absent: completed
    gift_card = HashAttribute(null=True)  # that paid: of its code
    forfeited = IntegerAttribute(null=True)  # rest of that card
    staff = UnicodeAttribute(null=True)  # who was signed in


RECEIPTS = RawFormat(ReceiptItem)


def receipt_item(receipt: Receipt) -> ReceiptItem:
    """Return the item of a receipt at its own revision."""
    return ReceiptItem.from_raw_data(raw_receipt(receipt))


def raw_receipt(receipt: Receipt) -> RawItem:
    """Return the JSON of a receipt's item."""
    is_completed = receipt.status is ReceiptStatus.COMPLETED
    values = {
        "body": _packed_body(receipt),
        "revision": receipt.revision,
        "returns": _packed_returns(receipt.returns) if receipt.returns else None,
        "status": None if is_completed else receipt.status.value,
        "staff": receipt.staff_id or None,
    }
    if receipt.gift_card:
        values["gift_card"] = receipt.gift_card.code_hash
        values["forfeited"] = receipt.gift_card.forfeited_minor or None
    return RECEIPTS.write(keys.receipt_key(receipt.key), values)


def receipt_actions(change: LedgerChange) -> list[Action]:
    """Return what turns the stored receipt into the changed one, at the next revision.

    A return leaves what was priced alone (R19); only giving the receipt to a member
    prices it anew.
    """
    receipt = change.changed_receipt
    assert receipt is not None, "the caller looks"
    actions: list[Action] = [ReceiptItem.revision.set(receipt.revision + 1)]
    if change.return_id is None:
        actions.append(ReceiptItem.body.set(_packed_body(receipt)))
    if receipt.returns:
        actions.append(ReceiptItem.returns.set(_packed_returns(receipt.returns)))
    if receipt.status is not ReceiptStatus.COMPLETED:
        actions.append(ReceiptItem.status.set(receipt.status.value))
    return actions


def receipt_of(item: ReceiptItem) -> Receipt:
    """Return the receipt of an item."""
    key, card = keys.receipt_of(item.pk), (item.gift_card, item.forfeited or 0)
    values, form = _decompressed(item.body), item.body[0]
    has_offers = form in (_FORMAT_OFFERS, _FORMAT_BOTH)
    first = None
    if form in (_FORMAT_ATTACHED, _FORMAT_BOTH):
        first_offers = values.pop() if has_offers else None
        first = with_offers(_priced(key, values.pop(), card), first_offers)
        first = replace(first, staff_id=item.staff or "")  # whoever sold it
    offers = values.pop() if has_offers else None
    return replace(
        with_offers(_priced(key, values, card), offers),
        status=ReceiptStatus(item.status) if item.status else ReceiptStatus.COMPLETED,
        returns=_returns_of(item.returns) if item.returns else (),
        revision=item.revision,
        staff_id=item.staff or "",
        first=first,
    )


def _packed_body(receipt: Receipt) -> bytes:
    values, first = _body_values(receipt), receipt.first
    offers, first_offers = offer_values(receipt), offer_values(first) if first else []
    if not offers and not first_offers:
        if first is None:
            return _compressed(values)
        return _compressed([*values, _body_values(first)], _FORMAT_ATTACHED)
    if first is None:
        return _compressed([*values, offers], _FORMAT_OFFERS)
    both = [*values, offers, _body_values(first), first_offers]
    return _compressed(both, _FORMAT_BOTH)


def _body_values(receipt: Receipt) -> list[Any]:
    return [
        receipt.member_id,
        microseconds(receipt.at),
        day_number(receipt.on),
        microseconds(receipt.recorded_at) - microseconds(receipt.at),
        receipt.channel,
        receipt.currency,
        receipt.program_version,
        [line_values(line, receipt.tier) for line in receipt.lines],
        receipt.redeem_max,
        receipt.redeemed,
        receipt.earned,
        receipt.tier,
        int(receipt.is_tier_new),
        receipt.tier_after,
        _balance_values(receipt.balance),
        lot_numbers(receipt.allocation),
        lot_numbers([receipt.earned_lot]) if receipt.earned_lot else None,
        receipt.debt_repaid,
        receipt.shortfall,
        receipt.ledger_version,
        receipt.gift_card_minor,
        receipt.stamps_after,
        receipt.hold_id,
        receipt.metadata,
    ]


def _packed_returns(returns: tuple[Return, ...]) -> bytes:
    return _compressed([_return_values(back) for back in returns])


def _priced(key: ReceiptKey, values: list[Any], card: tuple[str | None, int]) -> Receipt:
    (
        member_id, at, on, delay, channel, currency, program_version, lines,
        redeem_max, redeemed, earned, tier, is_tier_new, tier_after, balance, allocation,
        earned_lot, debt_repaid, shortfall, ledger_version, gift_card_minor, stamps_after,
        hold_id, metadata,
    ) = values  # fmt: skip
    code_hash, forfeited = card
    return Receipt(
        key=key,
        member_id=member_id,
        at=moment_of(at),
        on=day_of(on),
        recorded_at=moment_of(at + delay),
        channel=channel,
        currency=currency,
        program_version=program_version,
        lines=tuple(line_of(values, tier) for values in lines),
        redeem_max=redeem_max,
        redeemed=redeemed,
        earned=earned,
        tier=tier,
        is_tier_new=bool(is_tier_new),
        tier_after=tier_after,
        balance=_balance_of(balance),
        allocation=lots_of(iter(allocation)),
        earned_lot=lots_of(iter(earned_lot))[0] if earned_lot else None,
        debt_repaid=debt_repaid,
        shortfall=shortfall,
        ledger_version=ledger_version,
        gift_card=GiftCardPart(code_hash, gift_card_minor, forfeited) if code_hash else None,
        stamps_after=stamps_after,
        hold_id=hold_id,
        metadata=tuple((name, text) for name, text in metadata),
    )


def _return_values(back: Return) -> list[Any]:
    return [
        back.return_id,
        microseconds(back.at),
        [[line.line, line.quantity_milli] for line in back.lines],
        back.refund_minor,
        back.clawed_back,
        back.restored,
        back.forfeited,
        _balance_values(back.balance),
        int(back.is_void),
        back.reason,
        back.gift_card_minor,
    ]


def _returns_of(packed: bytes) -> tuple[Return, ...]:
    return tuple(_return_of(values) for values in _decompressed(packed))


def _return_of(values: list[Any]) -> Return:
    return_id, at, lines, refund, clawed_back, restored, forfeited, balance, *rest = values
    is_void, reason, gift_card_minor = rest
    return Return(
        return_id=return_id,
        at=moment_of(at),
        lines=tuple(ReturnedLine(*line) for line in lines),
        refund_minor=refund,
        clawed_back=clawed_back,
        restored=restored,
        forfeited=forfeited,
        balance=_balance_of(balance),
        is_void=bool(is_void),
        reason=reason,
        gift_card_minor=gift_card_minor,
    )


def _balance_values(balance: Balance | None) -> list[int] | None:
    if balance is None:
        return None
    return [balance.available, balance.pending, balance.debt, balance.held]


def _balance_of(values: list[int] | None) -> Balance | None:
    return Balance(*values) if values else None


def _compressed(values: list[Any], form: int = FORMAT) -> bytes:
    press = zlib.compressobj(wbits=-zlib.MAX_WBITS, zdict=KNOWN)
    return bytes([form]) + press.compress(to_json(values)) + press.flush()


def _decompressed(packed: bytes) -> list[Any]:
    assert packed[0] in _FORMATS, "written by a later version of the service"
    press = zlib.decompressobj(wbits=-zlib.MAX_WBITS, zdict=KNOWN)
    values: list[Any] = json.loads(press.decompress(packed[1:]) + press.flush())
    return values
