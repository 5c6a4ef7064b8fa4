"""Short words for the values tests are made of: a program, an account, a basket, a sale.

A lot is written as in a small statement, `lot("may", 30, until="2026-05-31")`; its name
stands for an id, the same one for the same name in the whole run. Points are worth one
rouble and rates are flat unless a test says otherwise.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zlib import crc32

from chalicelib.domain.account import Account, Hold, Lot, LotSource, MemberRef, Turnover
from chalicelib.domain.basket import BasketLine, Buyer, Scene
from chalicelib.domain.entries import LedgerChange, LedgerEntry, Operation
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.pricing import NO_REDEMPTION, Redeem, RedeemMode
from chalicelib.domain.program import Program
from chalicelib.domain.program_document import read_program
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.domain.sales import Sale
from chalicelib.domain.tiers import tier_on

SHOP = "roastery"
ANN = MemberRef(SHOP, "mem_ann")
TODAY = date(2026, 6, 1)
NOON = datetime(2026, 6, 1, 9, tzinfo=UTC)  # noon in Moscow, the zone of the programs here
GIVEN = date(2026, 1, 1)  # when the lots of a test were granted, unless it says
_LOT_IDS_FIRST = 1_000_000  # far from the ids that new entries give
_SILVER_GOLD = [
    {"name": "base", "over": "0"},
    {"name": "silver", "over": "1000"},
    {"name": "gold", "over": "3000"},
]


def document(**fields: Any) -> dict[str, Any]:
    """Return a program's document: 10 % back, points may pay half, unless told otherwise."""
    base = {
        "title": "Roastery",
        "point_value": "1.00",
        "earn_percent": 10,
        "redeem_percent": 50,
    }
    return {key: value for key, value in (base | fields).items() if value is not None}


def program(**fields: Any) -> Program:
    """Return the program of such a document."""
    return read_program(document(**fields), 1)


def scene(tier: str | None = None, channel: str = "offline", **fields: Any) -> Scene:
    """Return a sale to a member on 1 June, a Monday."""
    buyer = Buyer(tier=tier, is_member=True, **fields.pop("buyer", {}))
    return Scene(on=date(2026, 6, 1), channel=channel, buyer=buyer, **fields)


def tiers(window_days: int | None = 90, compare: str = "gt") -> dict[str, Any]:
    """Return levels base, silver (1000.00) and gold (3000.00)."""
    return {"window_days": window_days, "compare": compare, "levels": _SILVER_GOLD}


def rates(**by_tier: tuple[int, int]) -> dict[str, Any]:
    """Return rates by tier, the same in both channels: `silver=(earn, redeem)`."""
    return {
        name: {channel: {"earn": earn, "redeem": redeem} for channel in ("offline", "online")}
        for name, (earn, redeem) in by_tier.items()
    }


def day(text: str) -> date:
    """Return the date."""
    return date.fromisoformat(text)


def noon(text: str) -> datetime:
    """Return noon in Moscow on that day."""
    return datetime.combine(day(text), NOON.timetz())


def lot_id(name: str) -> int:
    """Return the id a lot's name stands for."""
    return _LOT_IDS_FIRST + crc32(name.encode())


def lot(
    name: str,
    points: int,
    *,
    until: str | None = None,
    active: str | None = None,
    given: str | None = None,
) -> Lot:
    """Return a lot that is active since it was given and never expires, unless told."""
    granted_on = day(given) if given else GIVEN
    return Lot(
        lot_id=lot_id(name),
        source=LotSource.GRANT,
        granted_on=granted_on,
        active_from=day(active) if active else granted_on,
        expires_on=day(until) if until else None,
        points=points,
    )


def account(*lots: Lot, **fields: Any) -> Account:
    """Return Ann's account with those lots; what was spent in `days` is her turnover."""
    spent = fields.pop("days", {})
    if spent:
        listed = tuple(sorted((day(on), minor) for on, minor in spent.items()))
        fields["turnover"] = Turnover(listed, sum(minor for _, minor in listed))
    ordered = tuple(sorted(lots, key=lambda one: one.lot_id))
    return replace(Account(ANN, version=1, lots=ordered), **fields)


def holding(name: str, *portions: Lot, until: datetime | None = None) -> Hold:
    """Return a hold of those portions that stands for another day."""
    return Hold(name, until or NOON + timedelta(days=1), portions)


def operation(key: str = "key-1", body: str = "body", client: str = "till-1") -> Operation:
    """Return an operation whose fingerprint stands for its body."""
    return Operation(SHOP, client, key, body)


def occasion(rules: Program | None = None, at: datetime = NOON, key: str = "key-1") -> Occasion:
    """Return what a decision is made under."""
    return Occasion(rules or program(), at, operation(key))


def line(
    price_minor: int,
    quantity_milli: int = 1000,
    *,
    category: str | None = None,
    margin: str | None = None,
) -> BasketLine:
    """Return a basket line of one unit, unless told otherwise."""
    return BasketLine(
        quantity_milli=quantity_milli,
        unit_price_minor=price_minor,
        category=category,
        margin=margin,
    )


def exactly(points: int) -> Redeem:
    """Return the wish to redeem exactly so many points."""
    return Redeem(RedeemMode.EXACT, points)


def up_to(points: int | None = None) -> Redeem:
    """Return the wish to redeem as many as possible, at most `points` if given."""
    return Redeem(RedeemMode.MAX, points)


def sale(
    *lines: BasketLine,
    receipt: str = "r-1",
    member: str | None = ANN.member_id,
    at: datetime = NOON,
    redeem: Redeem = NO_REDEMPTION,
    hold: str | None = None,
    channel: str = "offline",
) -> Sale:
    """Return a sale at the till; of one thing for 1000.00 if no lines are given."""
    return Sale(
        key=receipt_key(receipt),
        member_id=member,
        sold_at=at,
        channel=channel,
        lines=lines or (line(100_000),),
        redeem=redeem,
        hold_id=hold,
    )


def receipt_key(number: str = "r-1") -> ReceiptKey:
    """Return the key of a receipt of till-1."""
    return ReceiptKey(SHOP, "till-1", number)


def after(change: LedgerChange) -> Account:
    """Return the account a change leaves."""
    assert change.account is not None
    return change.account


def entry(change: LedgerChange) -> LedgerEntry:
    """Return the entry a change writes."""
    assert change.entry is not None
    return change.entry


def receipt(change: LedgerChange) -> Receipt:
    """Return the receipt a change writes."""
    found = change.new_receipt or change.changed_receipt
    assert found is not None
    return found


def as_stored(change: LedgerChange) -> Receipt:
    """Return the receipt of a change as the store keeps it: a changed one has moved on."""
    found = receipt(change)
    return found if change.new_receipt else replace(found, revision=found.revision + 1)


def points_by_lot(owner: Account) -> dict[int, int]:
    """Return what remains in each lot."""
    return {one.lot_id: one.points for one in owner.lots}


def settled(owner: Account, rules: Program) -> Account:
    """Return the account with the tier its turnover stands for, as a write leaves it."""
    return replace(owner, tier=tier_on(owner, rules, TODAY))
