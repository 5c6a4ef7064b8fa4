"""Where the points a sale redeems come from: the lots, a hold, or the lots of a past day.

An offline till has given the discount already when its receipt arrives (R50): the points
settle from the lots that were good on the receipt's own day, also those that expired
since; what no lot covers becomes debt. The result does not depend on the order in which
receipts arrive, as each takes the soonest expiry that was good on its day.
"""

from dataclasses import dataclass
from datetime import date

from chalicelib.domain.account import Hold, Lot, take
from chalicelib.domain.entries import MovementKind
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import find_hold
from chalicelib.domain.posting import Posting
from chalicelib.domain.pricing import Redeem, RedeemMode


class OfflineLimitExceeded(DomainError):
    """An offline till redeemed more than the program lets it."""

    code = "offline_limit_exceeded"


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sale wants to redeem, and from where."""

    redeem: Redeem
    hold_id: str | None = None
    late_on: date | None = None  # the business day of a sale an offline till reports late


class Capture:
    """Where the points to redeem come from: the lots, a hold, or the lots of a past day."""

    def __init__(
        self, posting: Posting, wish: Wish, expired_since: tuple[Lot, ...] = ()
    ) -> None:
        self._posting = posting
        self._hold: Hold | None = None
        self._day = posting.on
        self.redeem = wish.redeem
        if wish.hold_id:
            self._hold = find_hold(posting.account, wish.hold_id)
            self.available = self._hold.points
            if wish.redeem.mode is RedeemMode.NONE:  # capturing is what a hold is for
                self.redeem = Redeem(RedeemMode.MAX)
        elif wish.late_on and wish.redeem.mode is not RedeemMode.NONE:
            self._day = wish.late_on
            self.available = self._promised_offline(wish.redeem, expired_since)
        else:
            self.available = posting.account.available(posting.on)

    def redeem_points(self, points: int) -> tuple[tuple[Lot, ...], int]:
        """Move the points out: (portions, shortfall that became debt)."""
        if self._hold:
            self._posting.release(self._hold)
            held_on = max(portion.active_from for portion in self._hold.portions)
            _, portions = take(self._hold.portions, points, held_on)  # all were good that day
            self._posting.spend_portions(portions)
            return portions, 0
        found = min(points, self._posting.account.available(self._day))
        portions = self._posting.spend(found, self._day)
        self._posting.owe(MovementKind.REDEEM, points - found)
        return portions, points - found

    def _promised_offline(self, redeem: Redeem, expired_since: tuple[Lot, ...]) -> int:
        """Return what the till has given already, lots or not."""
        limit = self._posting.program.offline_redeem_limit
        asked = redeem.points if redeem.points is not None else limit
        if asked > limit:
            raise OfflineLimitExceeded(
                f"{asked} points redeemed offline, {limit} allowed", asked=asked, allowed=limit
            )
        account = self._posting.account
        gone = tuple(lot for lot in expired_since if not lot.is_expired(self._day))
        missing = max(0, asked - account.available(self._day))
        if missing and gone:
            found = min(missing, sum(lot.points for lot in gone if lot.is_spendable(self._day)))
            self._posting.unexpire(take(gone, found, self._day)[1])
        return asked
