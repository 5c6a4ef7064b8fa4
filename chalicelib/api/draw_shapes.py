"""Draws as JSON and as files: for staff, for a member, and for everybody.

Everybody's show pseudonyms alone. The files have LF line ends; the list of entries is
ASCII, digits, capitals, commas and hyphens, so that its hash can be made by any program.
"""

import csv
import io
from collections.abc import Iterable
from typing import Any

from chalicelib.api.shapes import write_moment
from chalicelib.domain.draw_picks import Winner
from chalicelib.domain.draws import Draw, DrawState, EntryRule, Per
from chalicelib.domain.spreadsheets import as_cell
from chalicelib.usecases.draws import MemberDraw

CSV = "text/csv; charset=utf-8"


def page_url(draw: Draw, base_url: str) -> str:
    """Return the address of a draw's public page."""
    return f"{base_url}/d/{draw.merchant_id}/{draw.draw_id}"


def draw_json(draw: Draw, *, currency: str, base_url: str) -> dict[str, Any]:
    """Return what may be told of a draw."""
    is_drawn = draw.state is DrawState.DRAWN
    is_settled = is_drawn or draw.state is DrawState.DRAWING
    return {
        "id": draw.draw_id,
        "object": "draw",
        "created_at": write_moment(draw.created_at),
        "title": draw.title,
        "opens": draw.opens.isoformat(),
        "closes": draw.closes.isoformat(),
        "currency": currency,
        "state": draw.state.value,
        "prizes": [
            {
                "name": prize.name,
                "count": prize.count,
                "points": prize.points,
                "expires_in_days": prize.expires_in_days,
            }
            for prize in draw.prizes
        ],
        "prizes_count": draw.prize_count,
        "entries": _rule_json(draw.rule),
        "seed_sha256": draw.commitment,
        "entry_list": _list_json(draw),
        "public_text": draw.public_text if is_settled else None,
        "seed": draw.seed if is_drawn else None,
        "drawn_at": write_moment(draw.drawn_at) if is_drawn and draw.drawn_at else None,
        "winners_count": draw.winners if is_drawn else None,
        "grants_left": draw.winners - draw.granted if is_drawn else None,
        "page_url": page_url(draw, base_url),
    }


def winner_json(draw: Draw, winner: Winner) -> dict[str, Any]:
    """Return a winner as staff see one."""
    prize = draw.prize_of(winner.place)
    return {
        "place": winner.place,
        "prize": prize.name,
        "points": prize.points,
        "entry": winner.entry,
        "pseudonym": winner.pseudonym,
        "member_id": winner.member_id,
    }


def my_draw_json(mine: MemberDraw, *, base_url: str) -> dict[str, Any]:
    """Return a draw as a member sees it."""
    draw = mine.draw
    return {
        "id": draw.draw_id,
        "object": "member_draw",
        "title": draw.title,
        "opens": draw.opens.isoformat(),
        "closes": draw.closes.isoformat(),
        "state": draw.state.value,
        "pseudonym": mine.pseudonym,
        "entries": mine.entries,
        "has_won": bool(mine.places) if draw.state is DrawState.DRAWN else None,
        "prize": draw.prize_of(mine.places[0]).name if mine.places else None,
        "page_url": page_url(draw, base_url),
    }


def winners_file(draw: Draw, winners: Iterable[Winner]) -> bytes:
    """Return the winners for staff, with their member ids."""
    rows = [("place", "prize", "points", "entry", "pseudonym", "member_id")]
    for one in winners:
        prize = draw.prize_of(one.place)
        row = (one.place, as_cell(prize.name), prize.points, one.entry, one.pseudonym)
        rows.append((*map(str, row), one.member_id))  # type: ignore[arg-type]
    return _csv(rows)


def public_winners_file(winners: Iterable[Winner]) -> bytes:
    """Return the winners for everybody: place, entry and pseudonym, no heading."""
    return "".join(f"{w.place},{w.entry},{w.pseudonym}\n" for w in winners).encode()


def _csv(rows: Iterable[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _rule_json(rule: EntryRule) -> dict[str, Any]:
    return {
        "per": rule.per.value,
        "amount_minor": rule.step if rule.per is Per.AMOUNT else None,
        "points": rule.step if rule.per is Per.POINTS else None,
        "min_total_minor": rule.min_total_minor,
        "max_per_member": 1 if rule.per is Per.MEMBER else rule.member_max,
    }


def _list_json(draw: Draw) -> dict[str, Any] | None:
    found = draw.entry_list
    if found is None:
        return None
    return {
        "sha256": found.sha256,
        "count": found.entries,
        "members": found.members,
        "parts": len(found.first_of_part),
        "closed_at": write_moment(found.closed_at),
    }
