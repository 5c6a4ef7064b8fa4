"""What the ledger says of each operation: kind, reason, reference, facts, and who did it."""

from typing import Any

import pytest

from chalicelib.domain.account import OverrideKind, TierOverride
from chalicelib.domain.entries import EntryKind, HoldMove, LedgerEntry
from chalicelib.domain.ledger import (
    HOLDS_MAX,
    Grant,
    HoldNotFound,
    MemberNotFound,
    TooManyHolds,
    find_hold,
    grant,
    hold,
    override_tier,
    present,
    redeem,
    release,
)
from chalicelib.domain.pricing import InsufficientPoints
from tests.builders import (
    account,
    after,
    day,
    entry,
    holding,
    lot,
    occasion,
    program,
    tiers,
)


def told(written: LedgerEntry) -> tuple[Any, ...]:
    """Return what a reader of the ledger is told beside points."""
    return written.kind, written.reason, written.reference, dict(written.facts)


def test_every_entry_names_who_did_it_and_under_which_key() -> None:
    written = entry(redeem(account(lot("june", 50)), 40, "gift", occasion()))

    assert (written.actor, written.key, written.version) == ("till-1", "key-1", 2)


def test_a_redemption_tells_its_reason_and_its_points() -> None:
    change = redeem(account(lot("june", 50)), 40, "gift", occasion())

    assert told(entry(change)) == (EntryKind.REDEEM, "gift", "", {"redeemed": 40})


def test_only_money_moves_the_turnover() -> None:
    written = entry(redeem(account(lot("june", 50)), 40, "gift", occasion()))

    assert (written.net_minor, written.net_on) == (0, None)


def test_a_grant_tells_its_lot_and_what_it_repaid() -> None:
    change = grant(account(debt=4), Grant(points=30, reason="sorry"), occasion())

    (given,) = after(change).lots
    facts = {"granted": 30, "lot_id": given.lot_id, "debt_repaid": 4}
    assert told(entry(change)) == (EntryKind.GRANT, "sorry", "", facts)


def test_a_hold_tells_what_it_took_and_until_when() -> None:
    change = hold(account(lot("june", 50)), holding("h"), 20, occasion())

    facts = {"hold_id": "h", "held": 20, "until": "2026-06-02T09:00:00+00:00"}
    assert told(entry(change)) == (EntryKind.HOLD, "", "h", facts)
    assert entry(change).hold_moves == (HoldMove("h", False, (lot("june", 20),)),)


def test_a_release_tells_what_it_gave_back() -> None:
    held = account(holds=(holding("h", lot("june", 20)),))

    change = release(held, "h", occasion())

    facts = {"hold_id": "h", "released": 20}
    assert told(entry(change)) == (EntryKind.RELEASE, "", "h", facts)
    assert entry(change).hold_moves == (HoldMove("h", True, (lot("june", 20),)),)


def test_a_tier_by_hand_tells_its_kind_its_end_and_its_price() -> None:
    given = TierOverride(OverrideKind.BOUGHT, "gold", day("2026-06-11"))
    rules = occasion(program(tiers=tiers()))

    change = override_tier(account(), given, "VIP", rules, paid_minor=99_000)

    facts = {"tier": "gold", "until": "2026-06-11", "kind": "bought", "paid_minor": 99_000}
    assert told(entry(change)) == (EntryKind.TIER, "VIP", "", facts)


class TestRefusals:
    def test_too_few_points_are_told_with_both_numbers(self) -> None:
        with pytest.raises(InsufficientPoints) as refused:
            redeem(account(lot("june", 39)), 40, "gift", occasion())

        assert refused.value.facts == {"asked": 40, "available": 39}

    def test_the_maximum_of_holds_is_told(self) -> None:
        standing = tuple(holding(f"h{i}") for i in range(HOLDS_MAX))

        with pytest.raises(TooManyHolds, match="has 20 holds already") as refused:
            hold(account(lot("june", 50), holds=standing), holding("h"), 1, occasion())

        assert refused.value.facts == {"maximum": 20}

    def test_the_last_hold_that_may_be_is_made(self) -> None:
        standing = tuple(holding(f"h{i}") for i in range(HOLDS_MAX - 1))

        change = hold(account(lot("june", 50), holds=standing), holding("h"), 1, occasion())

        assert len(after(change).holds) == HOLDS_MAX

    def test_a_hold_that_does_not_stand_is_told_in_words(self) -> None:
        with pytest.raises(HoldNotFound, match=r"^there is no such hold; it was captured"):
            find_hold(account(), "h")

    def test_nobody_is_told_in_words(self) -> None:
        with pytest.raises(MemberNotFound, match=r"^there is no such member$"):
            present(None)
