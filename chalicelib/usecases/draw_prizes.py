"""Draw the winners of a closed draw, and give them their points (R42).

What is picked follows from the seed, the entries hash and the public text alone. The text
is settled first, so that a run that crashed after it is gone on with and ends the same.
Grants go to many accounts, one operation each: `has_time` says when to stop, and a repeat
does the rest.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain import draws as decisions
from chalicelib.domain.account import MemberRef
from chalicelib.domain.draw_picks import Entrant, Winner, commitment_of, pick
from chalicelib.domain.draws import Draw, DrawState
from chalicelib.domain.entries import Operation
from chalicelib.domain.ledger import Grant, MemberNotFound
from chalicelib.usecases.draw_desk import (
    DrawDesk,
    HasTime,
    entry_parts,
    find_draw,
    seed_of,
    step,
)
from chalicelib.usecases.points import grant_points
from chalicelib.usecases.standing import standing
from chalicelib.usecases.write_once import Answered

CLIENT = "draw"  # the caller of every grant to a winner


def make_draw(
    merchant_id: str, draw_id: str, public_text: str, *, at: datetime, desk: DrawDesk
) -> Answered[Draw]:
    """Pick the winners of a closed draw and reveal its seed; a repeat picks nobody new.

    Raises:
        DomainError: `DrawNotFound`, `DrawRefused`.
    """
    known = find_draw(merchant_id, draw_id, draws=desk.draws)
    draw = step(
        merchant_id,
        draw_id,
        lambda one: decisions.begin_draw(one, public_text, at=at),
        desk.draws,
    )
    return Answered(finish_draw(draw, desk), is_replay=known.state is DrawState.DRAWN)


def grant_prizes(draw: Draw, *, at: datetime, desk: DrawDesk, has_time: HasTime) -> Draw:
    """Give the winners of a drawn draw their points, in the order of places, once for ever.

    A winner who has left meanwhile gets nothing.
    """
    winners = desk.draws.winners(draw)
    looked_at = draw.granted
    for winner in winners[draw.granted :]:
        if not has_time():
            break
        _grant(draw, winner, at, desk)
        looked_at += 1

    def advance(one: Draw) -> Draw:
        return replace(one, granted=max(one.granted, looked_at))

    return step(draw.merchant_id, draw.draw_id, advance, desk.draws)


def finish_draw(draw: Draw, desk: DrawDesk) -> Draw:
    """Pick the winners of a draw whose public text is settled; others stay as they are."""
    return _reveal(draw, desk) if draw.state is DrawState.DRAWING else draw


def _reveal(draw: Draw, desk: DrawDesk) -> Draw:
    seed = seed_of(draw.merchant_id, draw.draw_id, desk.keyring)
    assert commitment_of(seed) == draw.commitment, "the keys of the service have changed"
    assert draw.entry_list is not None, "its entries are listed"
    entrants: list[Entrant] = []
    for part in entry_parts(draw, desk.draws):
        entrants.extend(part.entrants)
    winners = pick(
        entrants,
        draw.prize_count,
        seed=seed,
        sha256=draw.entry_list.sha256,
        public_text=draw.public_text,
    )
    desk.draws.put_winners(draw, winners)

    def decide(one: Draw) -> Draw:
        is_left = one.state is DrawState.DRAWING
        return decisions.reveal(one, seed.hex(), len(winners)) if is_left else one

    return step(draw.merchant_id, draw.draw_id, decide, desk.draws)


def _grant(draw: Draw, winner: Winner, at: datetime, desk: DrawDesk) -> None:
    prize = draw.prize_of(winner.place)
    if not prize.points:
        return
    given = Grant(points=prize.points, reason=draw.title, expires_in_days=prize.expires_in_days)
    key = f"{draw.draw_id}~{winner.place}"
    operation = Operation(draw.merchant_id, CLIENT, key, "")
    member = MemberRef(draw.merchant_id, winner.member_id)
    try:
        member = standing(member, desk.book.ledger).member
        grant_points(member, given, operation, at=at, book=desk.book)
    except MemberNotFound:
        return
