"""Judges what the answers showed: against the file, and one run against the other."""

import json
from collections.abc import Mapping
from typing import Any

from scenarios.money import minor_units

MONEY_KEYS = frozenset(
    {"to_pay", "refund", "discount", "turnover", "gift_covered", "cash", "covered", "remaining"}
)
HINTS = frozenset({"why"})  # for the reader of the file


def first_difference(
    expect: Mapping[str, Any], shown: Mapping[str, Any], currency: str
) -> str | None:
    """Return the first expectation that is not met, in the file's order, in words.

    >>> first_difference({"earned": 240}, {"earned": 120, "redeemed": 0}, "RUB")
    'earned: expected 240, got 120'
    """
    for name, wanted in expect.items():
        if name in HINTS:
            continue
        if name not in shown:
            return f"{name}: expected {_said(wanted)}, got nothing"
        if not _same(name, wanted, shown[name], currency):
            return f"{name}: expected {_said(wanted)}, got {_said(shown[name])}"
    return None


def first_divergence(with_jobs: Mapping[str, Any], without: Mapping[str, Any]) -> str | None:
    """Return the first thing shown that depends on whether the due jobs have run."""
    for name in sorted(set(with_jobs) | set(without)):
        one, other = (_said(shown.get(name)) for shown in (with_jobs, without))
        if one != other:
            return f"{name}: {one} when the jobs have run, {other} when not"
    return None


def _same(name: str, wanted: Any, got: Any, currency: str) -> bool:
    """Return whether both say the same; 240, 240.0, "240" and true are four things."""
    if name in MONEY_KEYS:
        return isinstance(got, str) and minor_units(wanted, currency) == minor_units(
            got, currency
        )
    return _json(wanted) == _json(got)


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=str)


def _said(value: Any) -> str:
    """Return a value as a verdict shows it: text bare, the rest as JSON."""
    return value if isinstance(value, str) else _json(value)
