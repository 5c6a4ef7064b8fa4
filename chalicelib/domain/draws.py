"""Prize draws: who may win, when a draw moves on, and what it has published (R42, F053).

A draw is announced with the hash of its seed, closed with the hash of its entries, and
drawn by both: open → (closing) → closed → (drawing) → drawn. The states in brackets say
that work has begun and goes on. Days are business days, inclusive. How winners follow from
what is published is in `draw_picks.py`, and byte by byte in docs/DRAWS.md.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import DomainError
from chalicelib.domain.journal import JOURNAL_DAYS
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.returned import returned_part

DRAWS_MAX = 500  # of one merchant
DAYS_MAX = 366  # of one draw: the super prize of a year
PRIZE_KINDS_MAX = 50
PRIZES_MAX = 10_000  # of one draw
MEMBER_ENTRIES_MAX = 1_000  # of one member in one draw
MEMBERS_MAX = 250_000
ENTRIES_MAX = 1_000_000


class DrawNotFound(DomainError):
    """The merchant has no such draw."""

    code = "draw_not_found"


class DrawRefused(DomainError):
    """The draw is not where this call wants it.

    `reason`: its_days, too_many_prizes, too_many_draws, not_over, too_late, too_large,
    not_closed, drawn_otherwise.
    """

    code = "draw_refused"

    def __init__(self, reason: str, words: str) -> None:
        super().__init__(words, reason=reason)


class DrawState(StrEnum):
    """How far a draw is."""

    OPEN = "open"
    CLOSING = "closing"  # the entries are being listed
    CLOSED = "closed"
    DRAWING = "drawing"  # the public text is settled, winners are being written
    DRAWN = "drawn"


class Per(StrEnum):
    """What an entry is given for."""

    MEMBER = "member"
    AMOUNT = "amount"
    POINTS = "points"


@dataclass(frozen=True, slots=True)
class EntryRule:
    """How many entries a member's receipts of the draw's days give.

    `step` is money in minor units (`amount`) or points earned (`points`) for each entry.
    """

    per: Per = Per.MEMBER
    step: int = 1
    min_total_minor: int = 0
    member_max: int = MEMBER_ENTRIES_MAX

    def entries(self, total: "Total") -> int:
        """Return the entries of a member.

        >>> rule = EntryRule(Per.AMOUNT, 100_000, member_max=3)
        >>> [rule.entries(Total(minor, 0)) for minor in (0, 99_999, 250_000, 900_000)]
        [0, 0, 2, 3]
        """
        if total.minor <= 0 or total.minor < self.min_total_minor:
            return 0
        if self.per is Per.MEMBER:
            return 1
        units = total.minor if self.per is Per.AMOUNT else total.points
        return min(units // self.step, self.member_max)


@dataclass(frozen=True, slots=True)
class Total:
    """What a member's receipts come to, less what was returned."""

    minor: int  # turnover
    points: int  # earned

    def __add__(self, other: "Total") -> "Total":
        return Total(self.minor + other.minor, self.points + other.points)


@dataclass(frozen=True, slots=True)
class Prize:
    """So many of one prize; `points` are granted to its winners."""

    name: str
    count: int
    points: int = 0
    expires_in_days: int | None = None


@dataclass(frozen=True, slots=True)
class EntryList:
    """The list of entries as it was published at the close."""

    sha256: str  # hex, of its text
    entries: int
    members: int
    first_of_part: tuple[str, ...]  # the first pseudonym of each part it is stored in
    closed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """A draw as it stands."""

    merchant_id: str
    draw_id: str
    title: str
    opens: date
    closes: date
    prizes: tuple[Prize, ...]
    rule: EntryRule
    created_at: datetime
    commitment: str  # hex, the SHA-256 of the seed
    fingerprint: str = ""  # of the request that made it
    state: DrawState = DrawState.OPEN
    closing_at: datetime | None = None  # what is recorded later is too late
    entry_list: EntryList | None = None
    public_text: str = ""
    drawn_at: datetime | None = None
    seed: str = ""  # hex, once it is revealed
    winners: int = 0
    granted: int = 0  # winners that were looked at for a grant, in the order of places
    revision: int = 1

    @property
    def prize_count(self) -> int:
        """Return how many there are to win."""
        return sum(prize.count for prize in self.prizes)

    @property
    def is_listed(self) -> bool:
        """Return whether the entries are listed for good."""
        return self.entry_list is not None

    @property
    def is_granted(self) -> bool:
        """Return whether nothing is left to be granted."""
        return self.granted >= self.winners

    def is_in_time(self, receipt: Receipt) -> bool:
        """Return whether a receipt was recorded before the listing began.

        One that is moved while the entries are listed would else count for both members.
        """
        return self.closing_at is None or receipt.recorded_at <= self.closing_at

    def prize_of(self, place: int) -> Prize:
        """Return the prize of a place; places count from 1, in the order of prizes."""
        left = place
        for prize in self.prizes:
            if left <= prize.count:
                return prize
            left -= prize.count
        raise ValueError("no such place")


def announce(draw: Draw, *, on: date) -> Draw:
    """Return the draw if it can be announced on that day.

    Raises:
        DrawRefused: `its_days`, `too_many_prizes`.
    """
    if not draw.opens <= draw.closes <= draw.opens + timedelta(days=DAYS_MAX - 1):
        raise DrawRefused("its_days", f"a draw lasts from 1 to {DAYS_MAX} days")
    if draw.closes < on:
        raise DrawRefused("its_days", "a draw is announced before it is over")
    if draw.prize_count > PRIZES_MAX:
        raise DrawRefused("too_many_prizes", f"a draw has at most {PRIZES_MAX} prizes")
    return draw


def begin_close(draw: Draw, *, on: date, at: datetime) -> Draw:
    """Return the draw as its entries begin to be listed.

    Raises:
        DrawRefused: `not_over`: its last day is not; `too_late`: its first receipts are
            no longer in the journal.
    """
    if on <= draw.closes:
        raise DrawRefused("not_over", f"the draw can be closed after {draw.closes}")
    if on > draw.opens + timedelta(days=JOURNAL_DAYS):
        raise DrawRefused("too_late", "the first receipts of the draw are no longer listed")
    return replace(draw, state=DrawState.CLOSING, closing_at=at)


def close(draw: Draw, entry_list: EntryList) -> Draw:
    """Return the draw with its entries published."""
    assert draw.state is DrawState.CLOSING, "its listing has begun"
    return replace(draw, state=DrawState.CLOSED, entry_list=entry_list)


def begin_draw(draw: Draw, public_text: str, *, at: datetime) -> Draw:
    """Return the draw with its public text settled; the same text again changes nothing.

    Raises:
        DrawRefused: `not_closed`; `drawn_otherwise`: it was drawn with another text.
    """
    if not draw.is_listed:
        raise DrawRefused("not_closed", "close the draw first: its entries are not listed")
    if draw.state is DrawState.CLOSED:
        return replace(draw, state=DrawState.DRAWING, public_text=public_text, drawn_at=at)
    if public_text != draw.public_text:
        raise DrawRefused("drawn_otherwise", "the draw was made with another public text")
    return draw


def reveal(draw: Draw, seed_hex: str, winners: int) -> Draw:
    """Return the draw as made: the seed is known from now on."""
    assert draw.state is DrawState.DRAWING, "its public text is settled"
    return replace(draw, state=DrawState.DRAWN, seed=seed_hex, winners=winners)


def total_of(receipt: Receipt) -> Total:
    """Return turnover and points of a receipt, less what was returned of each line.

    Of a voided one nothing is left: a void returns every line.
    """
    minor = points = 0
    for i, line in enumerate(receipt.lines):
        minor += line.turnover_minor - returned_part(receipt, i, line.turnover_minor)
        points += line.earned - returned_part(receipt, i, line.earned)
    return Total(minor, points)
