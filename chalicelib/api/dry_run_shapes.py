"""The result of a dry run as JSON and as a table."""

import csv
import io
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from chalicelib.api.dry_run_words import ASSUMED
from chalicelib.api.shapes import write_moment
from chalicelib.domain.dry_run_sums import Gain, Totals
from chalicelib.domain.dry_runs import ASSUMPTIONS
from chalicelib.domain.program import Program
from chalicelib.domain.spreadsheets import as_cell
from chalicelib.usecases.dry_runs import DryRunResult
from passes.wording import Language

COLUMNS = ("section", "key", "measure", "before", "after", "difference")
Row = tuple[str, str, str, int | str, int | str, int | str]


def dry_run_json(result: DryRunResult, language: Language) -> dict[str, Any]:
    """Return the answer."""
    job, trial, sums = result.job, result.trial, result.sums
    before = _totals(sums.before, trial.published)
    after = _totals(sums.after, trial.draft)
    difference = {name: after[name] - before[name] for name in before}
    return {
        "id": job.job_id,
        "object": "dry_run",
        "created_at": write_moment(job.created_at),
        "program_version": trial.published.version,
        "first_day": trial.first.isoformat(),
        "last_day": trial.last.isoformat(),
        "currency": trial.published.currency,
        "members": sums.members,
        "receipts": sums.receipts,
        "gross_minor": sums.gross_minor,
        "totals": {"before": before, "after": after, "difference": difference},
        "cost": {
            "points": difference["earned"],
            "amount_minor": difference["discount_minor"] + difference["earned_minor"],
        },
        "tiers": [
            {"before": was, "after": is_now, "members": count}
            for (was, is_now), count in sums.tiers.items()
        ],
        "winners": [_gain(gain) for gain in sums.winners],
        "losers": [_gain(gain) for gain in sums.losers],
        "rules": [
            {"rule": rule, "name": name or None, "before": asdict(was), "after": asdict(is_now)}
            for (rule, name), (was, is_now) in sorted(sums.rules.items())
        ],
        "assumptions": [{"code": one, "text": ASSUMED[one][language]} for one in ASSUMPTIONS],
    }


def dry_run_csv(result: DryRunResult) -> bytes:
    """Return the numbers as one tidy table; marked as UTF-8, so that spreadsheets see it."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in _rows(dry_run_json(result, "en")):
        writer.writerow([_cell(value) for value in row])
    return out.getvalue().encode("utf-8-sig")


def _rows(shown: dict[str, Any]) -> Iterator[Row]:
    for name in ("members", "receipts", "gross_minor"):
        yield ("total", "", name, shown[name], shown[name], 0)
    totals = shown["totals"]
    for name, was in totals["before"].items():
        yield ("total", "", name, was, totals["after"][name], totals["difference"][name])
    for name, difference in shown["cost"].items():
        yield ("cost", "", name, "", "", difference)
    for move in shown["tiers"]:
        tiers = (move["before"] or "", move["after"] or "")
        yield ("tier", "members", "members", *tiers, move["members"])
    for section in ("winners", "losers"):
        for gain in shown[section]:
            for name in ("amount_minor", "points"):
                yield (section, gain["member_id"], name, "", "", gain[name])
    for rule in shown["rules"]:
        key = f"{rule['rule']}: {rule['name']}" if rule["name"] else rule["rule"]
        for name, was in rule["before"].items():
            is_now = rule["after"][name]
            yield ("rule", key, name, was, is_now, is_now - was)


def _cell(value: int | str) -> int | str:
    """Return a cell that no spreadsheet runs: names come from tills and documents."""
    return as_cell(value) if isinstance(value, str) else value


def _totals(totals: Totals, program: Program) -> dict[str, int]:
    return {**asdict(totals), "earned_minor": program.points_value_minor(totals.earned)}


def _gain(gain: Gain) -> dict[str, Any]:
    return {
        "member_id": gain.member_id,
        "points": gain.points,
        "amount_minor": gain.amount_minor,
    }
