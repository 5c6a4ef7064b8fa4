"""Draws, their tallies, lists and winners as JSON texts, to and from the domain."""

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from chalicelib.domain.account import MemberRef
from chalicelib.domain.draw_picks import Entrant, Part, Winner
from chalicelib.domain.draws import Draw, DrawState, EntryList, EntryRule, Per, Prize, Total
from chalicelib.domain.journal import JournalRow
from chalicelib.ports import MemberTotal, Stretch

_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str)


def draw_text(draw: Draw) -> str:
    """Return a draw, less its merchant and revision, which stand beside it."""
    fields = asdict(draw)
    for name in ("merchant_id", "revision"):
        del fields[name]
    return _JSON.encode(fields)


def draw_of(text: str, *, merchant_id: str, revision: int) -> Draw:
    """Return the draw of a text."""
    fields: dict[str, Any] = json.loads(text)
    rule, listed = fields["rule"], fields["entry_list"]
    return Draw(
        **{
            **fields,
            "merchant_id": merchant_id,
            "revision": revision,
            "opens": date.fromisoformat(fields["opens"]),
            "closes": date.fromisoformat(fields["closes"]),
            "created_at": datetime.fromisoformat(fields["created_at"]),
            "closing_at": _moment(fields.get("closing_at")),
            "drawn_at": _moment(fields["drawn_at"]),
            "state": DrawState(fields["state"]),
            "prizes": tuple(Prize(**prize) for prize in fields["prizes"]),
            "rule": EntryRule(**{**rule, "per": Per(rule["per"])}),
            "entry_list": _entry_list(listed) if listed else None,
        }
    )


def stretch_text(found: Stretch) -> str:
    """Return a stretch of a tally."""
    after = found.after
    last = (
        [after.member.member_id, after.on, after.till_id, after.receipt_id] if after else None
    )
    totals = [_total(one) for one in found.totals]
    return _JSON.encode([totals, _total(found.open_total), last])


def stretch_of(text: str, merchant_id: str) -> Stretch:
    """Return the stretch of a text."""
    totals, open_total, last = json.loads(text)
    after = None
    if last:
        member_id, day, till_id, receipt_id = last
        member = MemberRef(merchant_id, member_id)
        after = JournalRow(member, date.fromisoformat(day), till_id, receipt_id)
    read = tuple((member_id, Total(minor, points)) for member_id, minor, points in totals)
    held = (open_total[0], Total(*open_total[1:])) if open_total else None
    return Stretch(read, held, after)


def part_text(part: Part) -> str:
    """Return a part of a list of entries."""
    rows = [[one.pseudonym, one.entries, one.member_id] for one in part.entrants]
    return _JSON.encode([part.first, rows])


def part_of(text: str) -> Part:
    """Return the part of a text."""
    first, rows = json.loads(text)
    return Part(first, tuple(Entrant(*row) for row in rows))


def winners_text(winners: tuple[Winner, ...]) -> str:
    """Return some of the winners."""
    return _JSON.encode([[w.place, w.entry, w.pseudonym, w.member_id] for w in winners])


def winners_of(text: str) -> tuple[Winner, ...]:
    """Return the winners of a text."""
    return tuple(Winner(*row) for row in json.loads(text))


def _total(one: MemberTotal | None) -> list[Any] | None:
    if one is None:
        return None
    member_id, total = one
    return [member_id, total.minor, total.points]


def _entry_list(fields: dict[str, Any]) -> EntryList:
    closed_at = datetime.fromisoformat(fields["closed_at"])
    firsts = tuple(fields["first_of_part"])
    return EntryList(**{**fields, "first_of_part": firsts, "closed_at": closed_at})


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
