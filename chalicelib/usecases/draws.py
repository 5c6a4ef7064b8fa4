"""Prize draws: announce one, close it, and show it to a member (R42).

Closing reads a period of the journal, so it goes on where it stopped: `has_time` says when
to stop, and a repeat does the rest. `draw_prizes.py` draws the winners.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain import draws as decisions
from chalicelib.domain.account import MemberRef
from chalicelib.domain.draw_picks import Part, commitment_of, entries_hash
from chalicelib.domain.draws import DRAWS_MAX, Draw, DrawRefused, DrawState, EntryList
from chalicelib.domain.entries import Operation
from chalicelib.ports import CommitConflict, Draws, Keyring
from chalicelib.usecases.draw_desk import (
    DrawDesk,
    HasTime,
    find_draw,
    pseudonym,
    seed_of,
    step,
    today_at,
)
from chalicelib.usecases.draw_entries import list_entries
from chalicelib.usecases.journal import catch_up
from chalicelib.usecases.write_once import Answered, KeyReused

ID_CHARS = 24  # of a keyed hash in hex: 96 bits


@dataclass(frozen=True, slots=True)
class MemberDraw:
    """A draw as one of its merchant's members sees it."""

    draw: Draw
    pseudonym: str
    entries: int | None  # None: not listed yet
    places: tuple[int, ...]  # won: none, or one


def announce_draw(
    draw: Draw, operation: Operation, *, at: datetime, desk: DrawDesk
) -> Answered[Draw]:
    """Store a new draw with the hash of its seed; a repeat gets the stored one.

    Raises:
        DomainError: `DrawRefused`, `KeyReused`, `MerchantNotFound`.
    """
    parts = (operation.merchant_id, operation.client, operation.key)
    draw_id = f"drw_{desk.keyring.fingerprint('draw_id', *parts)[:ID_CHARS]}"
    known = desk.draws.find(operation.merchant_id, draw_id)
    if known is None:
        named = _announced(replace(draw, draw_id=draw_id), operation, at, desk)
        try:
            desk.draws.add(named)
        except CommitConflict:  # another call with the same key was first
            known = find_draw(operation.merchant_id, draw_id, draws=desk.draws)
        else:
            return Answered(named, is_replay=False)
    if known.fingerprint != operation.fingerprint:
        raise KeyReused("this idempotency key was used for another request")
    return Answered(known, is_replay=True)


def list_draws(merchant_id: str, *, draws: Draws) -> tuple[Draw, ...]:
    """Return the merchant's draws, the latest first."""
    return tuple(
        sorted(draws.all_of(merchant_id), key=lambda d: (d.closes, d.draw_id), reverse=True)
    )


def close_draw(
    merchant_id: str, draw_id: str, *, at: datetime, desk: DrawDesk, has_time: HasTime
) -> Draw:
    """List the entries of a draw whose days are over, and publish their hash.

    The answer's state is `closing` if the time was not enough; a closed draw stays as it is.

    Raises:
        DomainError: `DrawNotFound`, `DrawRefused`.
    """
    on = today_at(merchant_id, at, desk)

    def begin(draw: Draw) -> Draw:
        is_new = draw.state is DrawState.OPEN
        return decisions.begin_close(draw, on=on, at=at) if is_new else draw

    draw = step(merchant_id, draw_id, begin, desk.draws)
    if draw.is_listed:
        return draw
    if not _is_journal_whole(draw, at, desk, has_time):
        return draw
    parts = list_entries(draw, desk, has_time=has_time)
    if parts is None:
        return draw
    desk.draws.put_parts(draw, parts)
    found = _entry_list(parts, at)

    def end(one: Draw) -> Draw:
        return one if one.is_listed else decisions.close(one, found)

    return step(merchant_id, draw_id, end, desk.draws)


def draws_of_member(
    member: MemberRef, *, limit: int, draws: Draws, keyring: Keyring
) -> tuple[MemberDraw, ...]:
    """Return the merchant's latest draws as the member sees them."""
    latest = list_draws(member.merchant_id, draws=draws)[:limit]
    return tuple(_seen_by(member, draw, draws, keyring) for draw in latest)


def _announced(draw: Draw, operation: Operation, at: datetime, desk: DrawDesk) -> Draw:
    if len(desk.draws.all_of(draw.merchant_id)) >= DRAWS_MAX:
        raise DrawRefused("too_many_draws", f"a merchant has at most {DRAWS_MAX} draws")
    return replace(
        decisions.announce(draw, on=today_at(draw.merchant_id, at, desk)),
        fingerprint=operation.fingerprint,
        commitment=commitment_of(seed_of(draw.merchant_id, draw.draw_id, desk.keyring)),
    )


def _seen_by(member: MemberRef, draw: Draw, draws: Draws, keyring: Keyring) -> MemberDraw:
    name = pseudonym(member.member_id, draw, keyring)
    if draw.entry_list is None:
        return MemberDraw(draw, name, None, ())
    number = bisect_right(draw.entry_list.first_of_part, name) - 1
    part = draws.part(draw, number) if number >= 0 else None
    mine = [one.entries for one in part.entrants if one.pseudonym == name] if part else []
    won: tuple[int, ...] = ()
    if mine and draw.state is DrawState.DRAWN:
        won = tuple(one.place for one in draws.winners(draw) if one.pseudonym == name)
    return MemberDraw(draw, name, sum(mine), won)


def _is_journal_whole(draw: Draw, at: datetime, desk: DrawDesk, has_time: HasTime) -> bool:
    """Note the receipts the outbox has not come to, before the first of them is listed."""
    if desk.draws.stretch_of(draw, 0, 0) is not None:
        return True
    return catch_up(
        draw.merchant_id,
        at=at,
        ledger=desk.book.ledger,
        journal=desk.journal,
        day_book=desk.day_book,
        attention=desk.attention,
        devices=desk.devices,
        has_time=has_time,
    )


def _entry_list(parts: Sequence[Part], closed_at: datetime) -> EntryList:
    return EntryList(
        sha256=entries_hash(parts),
        entries=sum(part.entries for part in parts),
        members=sum(len(part.entrants) for part in parts),
        first_of_part=tuple(part.entrants[0].pseudonym for part in parts),
        closed_at=closed_at,
    )
