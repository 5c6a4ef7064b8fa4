"""Prize draws: what was announced, the list of entries, and who won."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.domain.draw_picks import Part, Winner
from chalicelib.domain.draws import Draw, Total
from chalicelib.domain.journal import JournalRow

MemberTotal = tuple[str, Total]  # a member's id, and what their receipts come to


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of one shard's journal, added up by member.

    `open_total` is of the member whose receipts may go on in the next stretch.
    """

    totals: tuple[MemberTotal, ...]
    open_total: MemberTotal | None
    after: JournalRow | None  # where the next one begins; None: the shard is done


class Draws(Protocol):
    """Draws of all merchants; reads are strongly consistent."""

    def add(self, draw: Draw) -> None:
        """Store a new draw. Raises CommitConflict: it is there; StoreUnavailable."""

    def find(self, merchant_id: str, draw_id: str) -> Draw | None:
        """Return the draw, or None. Raises StoreUnavailable."""

    def all_of(self, merchant_id: str) -> tuple[Draw, ...]:
        """Return the merchant's draws, in no order that means anything."""

    def save(self, draw: Draw) -> Draw:
        """Replace the draw if its revision has not moved; return it as stored.

        Raises:
            CommitConflict: it has moved.
            StoreUnavailable: the outcome is unknown.
        """

    def add_stretch(self, draw: Draw, shard: int, number: int, found: Stretch) -> Stretch:
        """Store a stretch of the tally unless it is there; return the one that is."""

    def stretch_of(self, draw: Draw, shard: int, number: int) -> Stretch | None:
        """Return a stretch of the tally, or None."""

    def put_parts(self, draw: Draw, parts: Sequence[Part]) -> None:
        """Store the list of entries; the same again changes nothing."""

    def part(self, draw: Draw, number: int) -> Part | None:
        """Return a part of the list, counted from 0, or None."""

    def put_winners(self, draw: Draw, winners: Sequence[Winner]) -> None:
        """Store the winners; the same again changes nothing."""

    def winners(self, draw: Draw) -> tuple[Winner, ...]:
        """Return the winners of a drawn draw, in the order of places."""
