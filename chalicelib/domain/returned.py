"""What returned quantities come to: money, turnover, points, stamps, portions of lots.

Parts are differences of cumulative floors, so that the parts of a line add up to the whole
line exactly (R18). The receipt's stored allocation counts, never today's rules (R19).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.account import Lot
from chalicelib.domain.money import MILLI, part_so_far
from chalicelib.domain.receipts import Receipt, ReceiptLine, ReturnedLine
from chalicelib.domain.rules.stamps import STAMPED


@dataclass(frozen=True, slots=True)
class Part:
    """What the returned quantities come to."""

    refund_minor: int
    turnover_minor: int
    earned: int
    redeemed: int


def returned_milli(receipt: Receipt, line: int) -> int:
    """Return how much of a line has come back already, in thousandths."""
    return sum(
        part.quantity_milli
        for done in receipt.returns
        for part in done.lines
        if part.line == line
    )


def returned_part(receipt: Receipt, i: int, whole: int) -> int:
    """Return what of a line's amount has gone back: its paid units go first (R25)."""
    counted_milli = _counted_milli(receipt.lines[i])
    done_milli = min(returned_milli(receipt, i), counted_milli)
    return part_so_far(whole, done_milli, counted_milli)


def part_of(receipt: Receipt, lines: Sequence[ReturnedLine]) -> Part:
    """Return what the quantities come to, none of them back yet in `receipt`."""
    refund_minor = turnover_minor = earned = redeemed = 0
    for returned in lines:
        line = receipt.lines[returned.line]
        counted = _counted_milli(line)
        before, after = _done_milli(receipt, returned, counted)

        def part(
            whole: int, before: int = before, after: int = after, of: int = counted
        ) -> int:
            return part_so_far(whole, after, of) - part_so_far(whole, before, of)

        refund_minor += part(line.net_minor)
        turnover_minor += part(line.turnover_minor)
        earned += part(line.earned)
        redeemed += part(line.redeemed)
    return Part(refund_minor, turnover_minor, earned, redeemed)


def stamps_of(receipt: Receipt, lines: Sequence[ReturnedLine]) -> int:
    """Return how many stamps the returned units were given for: paid whole units (R25)."""
    stamps = 0
    for returned in lines:
        line = receipt.lines[returned.line]
        if any(why.rule == STAMPED for why in line.why):
            paid_milli = line.quantity_milli - line.free_milli
            before, after = _done_milli(receipt, returned, paid_milli)
            stamps += after // MILLI - before // MILLI
    return stamps


def portions_left(receipt: Receipt, points: int) -> tuple[Lot, ...]:
    """Return the redeemed portions to give back: the last spent first (R22).

    What earlier returns gave back, and what no lot covered (a shortfall), is passed over.
    """
    skip = sum(done.restored + done.forfeited for done in receipt.returns)
    portions = []
    for portion in reversed(receipt.allocation):
        passed = min(skip, portion.points)
        skip -= passed
        part = min(points, portion.points - passed)
        points -= part
        if part:
            portions.append(replace(portion, points=part))
    return tuple(portions)


def _counted_milli(line: ReceiptLine) -> int:
    """Return which part of a line its amounts go back with: the paid units (R25).

    Free units alone cost nothing, but a promotion or bundle may have given points for them:
    those go back with the units.
    """
    return line.quantity_milli - line.free_milli or line.quantity_milli


def _done_milli(
    receipt: Receipt, returned: ReturnedLine, counted_milli: int
) -> tuple[int, int]:
    """Return how much of what counts is back before and after: it goes first."""
    before = returned_milli(receipt, returned.line)
    return min(before, counted_milli), min(before + returned.quantity_milli, counted_milli)
