"""A posting that moves lots between accounts: out of one that ends, into another."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib.domain.account import LOT_IDS_PER_VERSION, Lot
from chalicelib.domain.entries import MovementKind
from chalicelib.domain.posting import Posting

NEW_LOTS_MAX = LOT_IDS_PER_VERSION - 2  # two ids are left for what is granted anew


class Adopting(Posting):
    """One entry in the making, of an account that ends or takes another's lots."""

    def hand_out(self, kind: MovementKind) -> None:
        """Move every lot out, and the debt with them: nothing is left."""
        for lot in self.account.lots:
            self._move(kind, -lot.points, lot)
        self._set_lots(())
        self._repay(kind, self.account.debt)

    def adopt(self, kind: MovementKind, lot: Lot) -> None:
        """Take a lot with its dates, under an id of this account; debt is repaid first."""
        repaid = self._repay(kind, lot.points)
        if lot.points == repaid:
            return
        own = replace(lot, lot_id=self._next_lot_id(), points=lot.points - repaid)
        self._put_back(kind, (own,))

    def renumbered(self, portions: Iterable[Lot]) -> tuple[Lot, ...]:
        """Return portions of a merged member's lots under this account's ids.

        As parts of the lots that were taken over, or of new ones; lots of like dates are one.
        Beyond `NEW_LOTS_MAX` a portion gets the dates of the one before it.
        """
        mine: list[Lot] = list(self.account.lots)
        renumbered: list[Lot] = []
        for portion in portions:
            found = next((lot for lot in mine if is_taken_over(lot, portion)), None)
            if found is None and self._lots_made < NEW_LOTS_MAX:
                found = replace(portion, lot_id=self._next_lot_id())
                mine.append(found)
            like = found or renumbered[-1]
            renumbered.append(replace(like, points=portion.points))
        return tuple(renumbered)

    def _next_lot_id(self) -> int:
        assert self._lots_made < LOT_IDS_PER_VERSION, "lot ids are unique"
        self._lots_made += 1
        return (self.before.version + 1) * LOT_IDS_PER_VERSION + self._lots_made - 1


def is_taken_over(lot: Lot, before: Lot) -> bool:
    """Return whether a lot may be the other, taken over: its source and dates are the same."""
    return replace(before, lot_id=lot.lot_id, points=lot.points) == lot
