"""Tiers that are given or bought, not earned (R33)."""

import pytest

from chalicelib.domain.account import OverrideKind, TierOverride
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.ledger import Grant, UnknownTier, grant, override_tier
from tests.builders import account, after, day, entry, occasion, program, tiers

RULES = program(tiers=tiers())


def test_lasts_through_the_end_of_its_last_day() -> None:
    given = TierOverride(OverrideKind.MANUAL, "gold", day("2026-06-11"))

    left = after(override_tier(account(), given, "friend", occasion(RULES)))

    assert left.tier == "gold"
    assert left.due == day("2026-06-12")


@pytest.mark.parametrize(("until", "kept"), [("2026-05-31", 0), ("2026-06-01", 1)])
def test_is_forgotten_by_the_first_write_after_its_last_day(until: str, kept: int) -> None:
    bought = TierOverride(OverrideKind.BOUGHT, "gold", day(until))

    left = after(grant(account(overrides=(bought,)), Grant(points=1, reason="x"), occasion()))

    assert len(left.overrides) == kept


def test_replaces_one_of_the_same_kind_only() -> None:
    bought = TierOverride(OverrideKind.BOUGHT, "silver", day("2026-09-01"))
    first = TierOverride(OverrideKind.MANUAL, "gold", day("2026-06-11"))
    second = TierOverride(OverrideKind.MANUAL, "base", day("2026-06-11"))
    before = account(overrides=(bought, first))

    left = after(override_tier(before, second, "mistake", occasion(RULES)))

    assert left.overrides == (bought, second)
    assert left.tier == "silver"


def test_of_a_name_the_program_does_not_know_is_refused() -> None:
    given = TierOverride(OverrideKind.MANUAL, "platinum", day("2026-06-11"))

    with pytest.raises(UnknownTier, match="no tier 'platinum'"):
        override_tier(account(), given, "friend", occasion(RULES))


def test_a_program_without_tiers_knows_none() -> None:
    given = TierOverride(OverrideKind.MANUAL, "gold", day("2026-06-11"))

    with pytest.raises(UnknownTier):
        override_tier(account(), given, "friend", occasion())


def test_its_entry_says_why_it_was_given() -> None:
    given = TierOverride(OverrideKind.MANUAL, "gold", day("2026-06-11"))

    change = override_tier(account(), given, "friend", occasion(RULES))

    assert (entry(change).kind, entry(change).reason) == (EntryKind.TIER, "friend")
