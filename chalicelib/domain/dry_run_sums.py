"""The sums of a dry run: over members, by tier, by rule; the most that win and lose.

They are added to member by member, and put down as plain JSON between the slices of the
job. Money is minor units of the currency both programs have. What a member gains is the
change of the discounts and of the value of the points earned, each side's points valued
by its own program and rounded down. Redeemed points are no gain: they were earned before.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from chalicelib.domain.dry_runs import RuleKey, RulePart, Side, Tried
from chalicelib.domain.program import Program

TOP_MEMBERS = 10
RULES_MAX = 500  # told apart; a till may send any number of categories
OTHER_RULES: RuleKey = ("other", "")  # all those beyond


@dataclass(slots=True)
class Totals:
    """One side's sums."""

    discount_minor: int = 0
    redeemed: int = 0
    redeemed_minor: int = 0
    to_pay_minor: int = 0
    earned: int = 0

    def add(self, side: Side) -> None:
        """Add one member's."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(side, one.name))


@dataclass(frozen=True, slots=True, order=True)
class Gain:
    """What the draft gives a member more than the published program; less, if negative."""

    amount_minor: int
    points: int
    member_id: str


class DryRunSums:
    """Sums in the making."""

    def __init__(self) -> None:
        self.members = 0  # with receipts in the window
        self.receipts = 0
        self.gross_minor = 0
        self.before, self.after = Totals(), Totals()
        self.tiers: dict[tuple[str | None, str | None], int] = {}  # all members seen
        self.rules: dict[RuleKey, tuple[RulePart, RulePart]] = {}
        self.winners: list[Gain] = []  # most first
        self.losers: list[Gain] = []  # least first

    def add(self, tried: Tried, published: Program, draft: Program) -> None:
        """Add one member."""
        before, after = tried.before, tried.after
        moved = (before.tier, after.tier)
        self.tiers[moved] = self.tiers.get(moved, 0) + 1
        if not before.receipts:
            return
        self.members += 1
        self.receipts += before.receipts
        self.gross_minor += before.gross_minor
        self.before.add(before)
        self.after.add(after)
        for key in {**before.rules, **after.rules}:
            self._add_rule(key, before.rules.get(key), after.rules.get(key))
        self._keep_if_most(gain_of(tried, published, draft))

    def _add_rule(self, key: RuleKey, before: RulePart | None, after: RulePart | None) -> None:
        if key not in self.rules and len(self.rules) >= RULES_MAX:
            key = OTHER_RULES
        sums = self.rules.get(key, (RulePart(), RulePart()))
        self.rules[key] = (_sum(sums[0], before), _sum(sums[1], after))

    def _keep_if_most(self, gain: Gain) -> None:
        """Keep a member who wins or loses among the most."""
        worth = (gain.amount_minor, gain.points)
        if worth > (0, 0):
            self.winners = sorted([*self.winners, gain], key=_most_first)[:TOP_MEMBERS]
        elif worth < (0, 0):
            self.losers = sorted([*self.losers, gain])[:TOP_MEMBERS]

    def to_json(self) -> dict[str, Any]:
        """Return the sums as plain JSON."""
        return {
            "members": self.members,
            "receipts": self.receipts,
            "gross_minor": self.gross_minor,
            "before": _plain(self.before),
            "after": _plain(self.after),
            "tiers": [[*moved, count] for moved, count in self.tiers.items()],
            "rules": [
                [*key, *_plain(sums[0]).values(), *_plain(sums[1]).values()]
                for key, sums in self.rules.items()
            ],
            "winners": [list(_plain(gain).values()) for gain in self.winners],
            "losers": [list(_plain(gain).values()) for gain in self.losers],
        }


def sums_of(plain: Mapping[str, Any]) -> DryRunSums:
    """Return the sums that `to_json` put down."""
    sums = DryRunSums()
    sums.members, sums.receipts = plain["members"], plain["receipts"]
    sums.gross_minor = plain["gross_minor"]
    sums.before, sums.after = Totals(**plain["before"]), Totals(**plain["after"])
    sums.tiers = {(was, is_now): count for was, is_now, count in plain["tiers"]}
    sums.rules = {
        (rule, name): (RulePart(*parts[:3]), RulePart(*parts[3:]))
        for rule, name, *parts in plain["rules"]
    }
    sums.winners = [Gain(*gain) for gain in plain["winners"]]
    sums.losers = [Gain(*gain) for gain in plain["losers"]]
    return sums


def gain_of(tried: Tried, published: Program, draft: Program) -> Gain:
    """Return what the draft gives a member more.

    The points of each side are worth what its own program says.
    """
    before, after = tried.before, tried.after
    value_minor = draft.points_value_minor(after.earned) - published.points_value_minor(
        before.earned
    )
    return Gain(
        after.discount_minor - before.discount_minor + value_minor,
        after.earned - before.earned,
        tried.member_id,
    )


def _most_first(gain: Gain) -> tuple[int, int, str]:
    return (-gain.amount_minor, -gain.points, gain.member_id)


def _sum(one: RulePart, other: RulePart | None) -> RulePart:
    if other is None:
        return one
    return RulePart(
        one.lines + other.lines,
        one.points + other.points,
        one.amount_minor + other.amount_minor,
    )


def _plain(value: Totals | RulePart | Gain) -> dict[str, Any]:
    return {one.name: getattr(value, one.name) for one in fields(value)}
