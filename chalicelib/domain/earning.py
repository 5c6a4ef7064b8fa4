"""Credits what a receipt earns."""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain.account import Lot, LotSource
from chalicelib.domain.entries import MovementKind
from chalicelib.domain.posting import Posting


def earn(posting: Posting, points: int, sold_on: date | None = None) -> tuple[Lot | None, int]:
    """Credit earned points: pending for the program's days, expiry counted from today.

    With `sold_on` from that day: the receipt changed hands, its points are no newer.
    """
    if not points:
        return None, 0
    program, on = posting.program, sold_on or posting.on
    lot, repaid = posting.credit(
        MovementKind.EARN,
        LotSource.PURCHASE,
        points,
        active_from=on + timedelta(days=program.pending_days),
        expires_on=program.expiry_of(on),
    )
    if lot is None or lot.granted_on == on:
        return lot, repaid
    dated = replace(lot, granted_on=on)
    others = (one for one in posting.account.lots if one.lot_id != lot.lot_id)
    posting.account = replace(posting.account, lots=(*others, dated))  # its id is the last
    posting.movements[-1] = replace(posting.movements[-1], lot=dated)
    return dated, repaid
