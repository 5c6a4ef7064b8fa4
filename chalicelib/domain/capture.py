"""Where the points a sale redeems come from: the lots, a hold, or the lots of a past day.

An offline till has given the discount already when its receipt arrives (R50): the points
settle from the lots that were good on the receipt's own day, also those that expired
since, soonest expiry first, so that the order in which receipts arrive does not matter.
A sale of just before midnight settles on its own day too, but nothing was promised for it:
no limit, and no debt.
Lots that became spendable only after that day are taken before debt is made: as a credit
they would have repaid it (R21). What no lot covers becomes debt.
"""

from dataclasses import dataclass, replace
from datetime import date

from chalicelib.domain.account import Hold, Lot, portions_of, put_back
from chalicelib.domain.entries import MovementKind
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import find_hold
from chalicelib.domain.posting import Posting
from chalicelib.domain.pricing import Redeem, RedeemMode
from chalicelib.domain.redeeming import redeemable, refuse_redemption


class OfflineLimitExceeded(DomainError):
    """An offline till redeemed more than the program lets it."""

    code = "offline_limit_exceeded"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sale wants to redeem, and from where."""

    redeem: Redeem
    hold_id: str | None = None
    past_on: date | None = None  # the business day of the sale, if it is over
    is_late: bool = False  # an offline till reports what it has given already


class Capture:
    """Takes the redeemed points of one sale."""

    def __init__(
        self, posting: Posting, wish: Wish, expired_since: tuple[Lot, ...] = ()
    ) -> None:
        self._posting = posting
        self._hold: Hold | None = None
        self._past_lots: tuple[Lot, ...] | None = None
        self._past_on = wish.past_on
        self.redeem = wish.redeem
        if wish.redeem.mode is not RedeemMode.NONE and not wish.is_late:
            refuse_redemption(posting.account, posting.at)
        account = posting.account
        if wish.is_late:  # given at the till already: a pause comes too late for it
            account = replace(account, redeem_paused_until=None)
        self.available = redeemable(account, posting.on, posting.at)
        if wish.hold_id:
            self._hold = find_hold(posting.account, wish.hold_id)
            self.available = self._hold.points
            if wish.redeem.mode is RedeemMode.NONE:  # capturing is what a hold is for
                self.redeem = Redeem(RedeemMode.MAX)
        elif wish.past_on and wish.redeem.mode is not RedeemMode.NONE:
            day = wish.past_on
            lots = put_back(posting.account.lots, expired_since)
            good = tuple(lot for lot in lots if not lot.is_expired(day))
            self._past_lots = good
            self.available = sum(lot.points for lot in good if lot.is_spendable(day))
            if wish.is_late:
                self.available = self._promised_offline()

    def redeem_points(self, points: int) -> tuple[tuple[Lot, ...], int]:
        """Move the points out: (portions, shortfall that became debt)."""
        posting = self._posting
        if self._hold:
            posting.release(self._hold)
            portions = portions_of(self._hold.portions, points)
            posting.spend_portions(portions)
            return portions, 0
        if self._past_lots is None:
            return posting.spend(points, posting.on), 0
        portions = self._past_portions(self._past_lots, points)
        self._unexpire(portions)
        posting.spend_portions(portions)
        shortfall = points - sum(portion.points for portion in portions)
        posting.owe(MovementKind.REDEEM, shortfall)
        return portions, shortfall

    def _promised_offline(self) -> int:
        """Return what the till has given already, lots or not.

        A number was promised whatever the mode; "as many as possible" without one is what
        there was on the day.
        """
        limit = self._posting.program.offline_redeem_limit
        asked = self.redeem.points
        if asked is None:
            return min(limit, self.available)
        if asked > limit:
            raise OfflineLimitExceeded(
                f"{asked} points redeemed offline, {limit} allowed", asked=asked, allowed=limit
            )
        return asked

    def _past_portions(self, lots: tuple[Lot, ...], points: int) -> tuple[Lot, ...]:
        """Return portions of what was good on the day, then of what came later."""
        day = self._past_on or self._posting.on
        then = portions_of((lot for lot in lots if lot.is_spendable(day)), points)
        missing = points - sum(portion.points for portion in then)
        later = portions_of((lot for lot in lots if not lot.is_spendable(day)), missing)
        return (*then, *later)

    def _unexpire(self, portions: tuple[Lot, ...]) -> None:
        """Make again what the portions need of lots that have expired since."""
        live = {lot.lot_id: lot.points for lot in self._posting.account.lots}
        missing = [
            replace(portion, points=portion.points - live.get(portion.lot_id, 0))
            for portion in portions
            if portion.points > live.get(portion.lot_id, 0)
        ]
        self._posting.unexpire(missing)
