"""What every use case of prize draws stands on: its ports, a draw's secret, one step of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.draw_picks import Part, pseudonym_of
from chalicelib.domain.draws import Draw, DrawNotFound
from chalicelib.ports import (
    Attention,
    CommitConflict,
    DayBook,
    Draws,
    Journal,
    Keyring,
    PassDevices,
)
from chalicelib.usecases.write_once import Book, program_of

SAVES_MAX = 5  # tries of one step, when another run is at the same draw

HasTime = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawDesk:
    """The ports of prize draws."""

    draws: Draws
    journal: Journal
    day_book: DayBook  # brought up with the journal
    attention: Attention  # and so is this
    devices: PassDevices  # their markers say whose receipts the journal may lack
    book: Book
    keyring: Keyring
    shards: int  # of the journal


def find_draw(merchant_id: str, draw_id: str, *, draws: Draws) -> Draw:
    """Return the draw. Raises DrawNotFound."""
    draw = draws.find(merchant_id, draw_id)
    if draw is None:
        raise DrawNotFound("there is no such draw")
    return draw


def step(merchant_id: str, draw_id: str, decide: Callable[[Draw], Draw], draws: Draws) -> Draw:
    """Move a draw on as `decide` says; read it again if another run was faster."""
    trouble = CommitConflict("no attempt was made")
    for _ in range(SAVES_MAX):
        draw = find_draw(merchant_id, draw_id, draws=draws)
        decided = decide(draw)
        if decided == draw:
            return draw
        try:
            return draws.save(decided)
        except CommitConflict as error:
            trouble = error
    raise trouble


def entry_parts(draw: Draw, draws: Draws) -> tuple[Part, ...]:
    """Return the whole list of entries."""
    assert draw.entry_list is not None, "its entries are listed"
    parts = (draws.part(draw, n) for n in range(len(draw.entry_list.first_of_part)))
    return tuple(part for part in parts if part is not None)


def pseudonym(member_id: str, draw: Draw, keyring: Keyring) -> str:
    """Return what a member is called in a draw; another in each."""
    parts = (draw.merchant_id, draw.draw_id, member_id)
    return pseudonym_of(keyring.fingerprint("draw_pseudonym", *parts))


def seed_of(merchant_id: str, draw_id: str, keyring: Keyring) -> bytes:
    """Return the draw's secret: derived, so that it is stored nowhere before it is told."""
    return bytes.fromhex(keyring.fingerprint("draw_seed", merchant_id, draw_id))


def today_at(merchant_id: str, at: datetime, desk: DrawDesk) -> date:
    """Return the business day."""
    return program_of(merchant_id, desk.book.merchants).local_date(at)
