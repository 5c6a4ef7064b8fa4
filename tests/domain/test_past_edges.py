"""An account of a past day has the debt, the tier and the overrides of that day (R47)."""

from chalicelib.domain.account import Account, OverrideKind, TierOverride
from chalicelib.domain.entries import EntryKind, LedgerChange
from chalicelib.domain.ledger import Grant, grant, hold, override_tier, release
from chalicelib.domain.past import account_on
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.sales import sell
from chalicelib.domain.scheduled import run_due
from tests.builders import (
    ANN,
    TODAY,
    account,
    after,
    as_stored,
    day,
    entry,
    exactly,
    holding,
    line,
    noon,
    occasion,
    program,
    sale,
    tiers,
)

RULES = program(tiers=tiers(), redeem_percent=100, earn_percent=10)


def rebuilt(*written: LedgerChange) -> Account:
    return account_on(ANN, [entry(change) for change in written], TODAY)


def test_debt_grows_by_what_cannot_be_taken_back_and_shrinks_by_what_repays_it() -> None:
    sold = sell(account(), sale(), occasion(RULES))
    spent = sell(
        after(sold),
        sale(line(10_000), receipt="r-2", redeem=exactly(100)),
        occasion(RULES, key="k-2"),
    )
    claim = Claim(return_id="b-1", lines=None)
    back = take_back(after(spent), as_stored(sold), claim, occasion(RULES, key="k-3"))
    given = grant(after(back), Grant(points=40, reason="x"), occasion(RULES, key="k-4"))

    found = [rebuilt(sold, spent, back), rebuilt(sold, spent, back, given)]

    assert [one.debt for one in found] == [100, 60]
    assert [one.debt for one in found] == [after(back).debt, after(given).debt]
    assert found[1].lots == after(given).lots == ()
    assert found[1].turnover == after(given).turnover


def test_the_tier_is_the_one_the_last_entry_left() -> None:
    sold = sell(account(), sale(line(150_000)), occasion(RULES))

    found = rebuilt(sold)

    assert (found.member, found.tier, found.version) == (ANN, "silver", 2)
    assert (found.lots, found.turnover) == (after(sold).lots, after(sold).turnover)


def test_an_override_replaces_the_one_of_its_kind_and_a_grant_changes_none() -> None:
    until = day("2026-06-11")
    bought = TierOverride(OverrideKind.BOUGHT, "silver", until)
    first = TierOverride(OverrideKind.MANUAL, "gold", until)
    second = TierOverride(OverrideKind.MANUAL, "base", until)
    written, owner = [], account()
    for number, one in enumerate((bought, first, second)):
        change = override_tier(owner, one, "x", occasion(RULES, key=f"k-{number}"))
        written, owner = [*written, change], after(change)
    given = grant(owner, Grant(points=1, reason="x"), occasion(RULES, key="k-9"))

    found = rebuilt(*written, given)

    assert found.overrides == after(given).overrides == (bought, second)


def test_a_tier_that_fell_by_itself_is_the_tier_and_no_override() -> None:
    sold = sell(account(), sale(line(150_000)), occasion(RULES))
    fallen = run_due(after(sold), occasion(RULES, at=noon("2026-08-30"), key="k-2"))
    assert fallen

    found = account_on(ANN, [entry(sold), entry(fallen)], day("2026-08-30"))

    assert entry(fallen).kind is EntryKind.TIER
    assert (found.tier, found.overrides) == ("base", ())


def test_a_hold_stands_until_its_points_go_back_into_their_lots() -> None:
    sold = sell(account(), sale(line(100_000)), occasion(RULES))
    first = hold(after(sold), holding("h-1"), 60, occasion(RULES, key="k-2"))
    second = hold(after(first), holding("h-2"), 30, occasion(RULES, key="k-3"))
    freed = release(after(second), "h-1", occasion(RULES, key="k-4"))

    found = [rebuilt(sold, first, second), rebuilt(sold, first, second, freed)]

    assert [one.holds for one in found] == [after(second).holds, after(freed).holds]
    assert [one.lots for one in found] == [after(second).lots, after(freed).lots]
    assert [[hold.hold_id for hold in one.holds] for one in found] == [["h-1", "h-2"], ["h-2"]]
    assert [[lot.points for lot in one.lots] for one in found] == [[10], [70]]
