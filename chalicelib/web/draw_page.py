"""What a draw's public page shows, as plain text ready to be put into its template.

Members appear by their pseudonyms alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from chalicelib.domain.draw_picks import Winner
from chalicelib.domain.draws import Draw, DrawState, Per
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import Program
from chalicelib.web import formats
from chalicelib.web.card_page import monogram
from chalicelib.web.draw_words import DRAW_WORDS
from passes.wording import Language, points_text

WINNERS_SHOWN_MAX = 1_000
STEPS = ("step_save", "step_seed", "step_pick", "step_leave")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownDraw:
    """A draw, whose it is, and who is reading."""

    draw: Draw
    winners: Sequence[Winner]
    merchant: Merchant
    program: Program
    on: date
    language: Language

    def say(self, word: str, **values: object) -> str:
        """Return a sentence."""
        return str(DRAW_WORDS[self.language][word]).format(**values)

    def day(self, on: date) -> str:
        """Write a day."""
        return formats.day(on, self.on, self.language)

    def day_of(self, at: datetime) -> str:
        """Write the business day of a moment."""
        return self.day(self.program.local_date(at))

    def number(self, value: int) -> str:
        """Write a whole number."""
        return formats.number(value, self.language)

    def money(self, minor: int) -> str:
        """Write money."""
        return formats.money(minor, self.program.currency, self.language)


def draw_view(shown: ShownDraw) -> dict[str, Any]:
    """Return the page: prizes, how to enter, winners, and how to check."""
    draw, merchant = shown.draw, shown.merchant
    return {
        "merchant": merchant.name,
        "monogram": monogram(merchant.name),
        "title": shown.say("title", draw=draw.title, merchant=merchant.name),
        "heading": draw.title,
        "days": shown.say(
            "one_day" if draw.opens == draw.closes else "days",
            opens=shown.day(draw.opens),
            closes=shown.day(draw.closes),
        ),
        "state": _state(shown),
        "prizes": _prizes(shown),
        "entering": {"heading": shown.say("entering"), "texts": _entering(shown)},
        "winners": _winners(shown) if draw.state is DrawState.DRAWN else None,
        "checking": {
            "heading": shown.say("checking"),
            "lead": shown.say("checking_lead"),
            "facts": _facts(shown),
            "steps": [
                shown.say(word)
                for word in ("step_save", "step_seed", "step_pick", "step_leave")
            ],
            "files": _files(shown),
        },
    }


def _state(shown: ShownDraw) -> str:
    draw = shown.draw
    day = shown.day_of(draw.drawn_at) if draw.drawn_at else ""
    if draw.state is DrawState.OPEN and shown.on < draw.opens:
        return shown.say("announced", opens=shown.day(draw.opens))
    return shown.say(draw.state.value, closes=shown.day(draw.closes), day=day)


def _prizes(shown: ShownDraw) -> dict[str, Any]:
    has_points = any(prize.points for prize in shown.draw.prizes)
    head = ["prize", "count", *(["points"] if has_points else [])]
    rows = [
        [prize.name, shown.number(prize.count), *([_points(shown, prize.points)] * has_points)]
        for prize in shown.draw.prizes
    ]
    return {
        "heading": shown.say("prizes"),
        "head": [shown.say(word) for word in head],
        "rows": rows,
    }


def _points(shown: ShownDraw, points: int) -> str:
    return points_text(points, shown.language) if points else "–"


def _entering(shown: ShownDraw) -> list[str]:
    rule = shown.draw.rule
    if rule.per is Per.MEMBER:
        texts = [shown.say("per_member")]
    elif rule.per is Per.AMOUNT:
        texts = [shown.say("per_amount", money=shown.money(rule.step))]
    else:
        texts = [shown.say("per_points", points=points_text(rule.step, shown.language))]
    if rule.min_total_minor:
        texts.append(shown.say("min_total", money=shown.money(rule.min_total_minor)))
    if rule.per is not Per.MEMBER:
        texts.append(shown.say("max_entries", count=shown.number(rule.member_max)))
    return [*texts, shown.say("returns")]


def _winners(shown: ShownDraw) -> dict[str, Any]:
    winners = shown.winners[:WINNERS_SHOWN_MAX]
    hints = [shown.say("winners_hint" if winners else "no_winners")]
    if len(winners) < shown.draw.winners:
        hints.append(shown.say("more_winners", count=shown.number(len(winners))))
    return {
        "heading": shown.say("winners"),
        "hints": hints,
        "head": [shown.say(word) for word in ("place", "prize", "pseudonym")],
        "rows": [
            [shown.number(one.place), shown.draw.prize_of(one.place).name, one.pseudonym]
            for one in winners
        ],
    }


def _facts(shown: ShownDraw) -> list[dict[str, str]]:
    draw, listed = shown.draw, shown.draw.entry_list
    count = sha256 = shown.say("after_close")
    label = shown.say("entries_hash")
    if listed:
        entries, members = shown.number(listed.entries), shown.number(listed.members)
        count = shown.say("entries_count", entries=entries, members=members)
        label = shown.say("entries_sha256", day=shown.day_of(listed.closed_at))
        sha256 = listed.sha256
    is_drawn = draw.state is DrawState.DRAWN
    text = draw.public_text or shown.say("no_text")
    created = shown.day_of(draw.created_at)
    rows = [
        (shown.say("seed_sha256", day=created), draw.commitment),
        (shown.say("entries"), count),
        (label, sha256),
        (shown.say("public_text"), text if is_drawn else shown.say("later")),
        (shown.say("seed"), draw.seed if is_drawn else shown.say("later")),
    ]
    return [{"label": label, "value": value} for label, value in rows]


def _files(shown: ShownDraw) -> list[dict[str, str]]:
    draw = shown.draw
    base = f"/d/{draw.merchant_id}/{draw.draw_id}"
    parts = len(draw.entry_list.first_of_part) if draw.entry_list else 0
    files = [("draw.json", shown.say("file_draw"))]
    for part in range(1, parts + 1):
        word = "file_entries" if parts == 1 else "file_entries_part"
        files.append((f"entries-{part}.csv", shown.say(word, part=part)))
    if draw.state is DrawState.DRAWN:
        files.append(("winners.csv", shown.say("file_winners")))
        files.append(("check.py", shown.say("file_script")))
    return [{"path": f"{base}/{name}", "label": label} for name, label in files]
