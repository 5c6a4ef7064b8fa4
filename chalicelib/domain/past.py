"""An account as it was at the end of a past day: the fold of its ledger (R47)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from chalicelib.domain.account import (
    Account,
    Hold,
    Lot,
    MemberRef,
    OverrideKind,
    TierOverride,
    Turnover,
    put_back,
)
from chalicelib.domain.entries import EntryKind, HoldMove, LedgerEntry
from chalicelib.domain.leaving import LAST_KINDS, overrides_of
from chalicelib.domain.turnover import add_turnover, join_turnover, turnover_of


def account_on(member: MemberRef, entries: Iterable[LedgerEntry], on: date) -> Account:
    """Return lots, holds, debt, turnover and tier after the entries up to a day.

    `entries` oldest first, from the first one on.
    """
    account = Account(member)
    for entry in entries:
        if entry.on <= on:
            account = _after(account, entry)
    return account


def _after(account: Account, entry: LedgerEntry) -> Account:
    lots = {lot.lot_id: lot for lot in account.lots}
    debt = account.debt
    holds = account.holds
    for move in entry.hold_moves:
        lots, holds = _after_hold_move(lots, holds, move, entry)
    for movement in entry.movements:
        if movement.lot is None:
            debt -= movement.points
        else:
            _move(lots, movement.lot, movement.points)
    return replace(
        account,
        version=entry.version,
        lots=tuple(lots.values()),
        holds=holds,
        debt=debt,
        turnover=_turnover(account, entry),
        overrides=_overrides(account, entry),
        tier=entry.tier_after,
    )


def _turnover(account: Account, entry: LedgerEntry) -> Turnover:
    """Return the turnover after an entry; who has gone keeps none."""
    if entry.kind in LAST_KINDS:
        return Turnover()
    turnover = account.turnover
    if entry.net_on is not None:
        turnover = add_turnover(turnover, entry.net_on, entry.net_minor, today=entry.on)
    if entry.kind is EntryKind.TAKEOVER and "turnover" in entry.facts:
        taken = turnover_of(str(entry.facts["turnover"]))
        turnover = join_turnover(turnover, taken, today=entry.on)
    return turnover


def _until(entry: LedgerEntry) -> datetime:
    """Return when the hold an entry made lapses by itself."""
    return datetime.fromisoformat(str(entry.facts["until"]))


def _overrides(account: Account, entry: LedgerEntry) -> tuple[TierOverride, ...]:
    """Return the overrides after an entry; a new one replaces its kind."""
    facts = entry.facts
    if entry.kind in LAST_KINDS:
        return ()
    if entry.kind is EntryKind.TAKEOVER:
        return (*account.overrides, *overrides_of(entry))
    if entry.kind is not EntryKind.TIER or "kind" not in facts:
        return account.overrides
    kind = OverrideKind(str(facts["kind"]))
    given = TierOverride(kind, str(facts["tier"]), date.fromisoformat(str(facts["until"])))
    return (*(o for o in account.overrides if o.kind is not kind), given)


def _after_hold_move(
    lots: dict[int, Lot], holds: tuple[Hold, ...], move: HoldMove, entry: LedgerEntry
) -> tuple[dict[int, Lot], tuple[Hold, ...]]:
    if move.is_release:
        back = put_back(tuple(lots.values()), move.portions)
        left = tuple(hold for hold in holds if hold.hold_id != move.hold_id)
        return {lot.lot_id: lot for lot in back}, left
    for portion in move.portions:
        _move(lots, portion, -portion.points)
    return lots, (*holds, Hold(move.hold_id, _until(entry), move.portions))


def _move(lots: dict[int, Lot], lot: Lot, points: int) -> None:
    """Add signed points to a lot, which is made if it is not there and dropped at 0."""
    before = lots[lot.lot_id].points if lot.lot_id in lots else 0
    if before + points:
        lots[lot.lot_id] = replace(lot, points=before + points)
    else:
        lots.pop(lot.lot_id, None)
