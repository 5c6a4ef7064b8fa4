"""What is true of every dry run, whatever was bought, returned and redeemed."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.dry_run_sums import DryRunSums
from chalicelib.domain.dry_runs import RulePart, Trial, try_member
from chalicelib.domain.program import Program
from tests.builders import TODAY, line, lot, program, rates, tiers, up_to
from tests.domain.history import History

DAYS = 90
FIRST = TODAY - timedelta(days=DAYS - 1)
PROGRAMS: list[dict[str, Any]] = [
    {},
    {"mode": "earn_and_redeem", "point_value": "0.50", "earn_base": "gross"},
    {"stamps": {"category": "coffee", "every": 3}, "category_discounts": {"tea": 7}},
    {"earn_percent": None, "redeem_percent": None, "tiers": tiers(30),
     "rates": rates(base=(3, 20), silver=(5, 30), gold=(10, 50))},
    {"discount_by_turnover": {"window_days": None, "compare": "gte", "levels": [
        {"over": "0", "percent": 3}, {"over": "2000", "percent": 10}]}},
    {"promotions": [{"id": "tuesday", "weekdays": ["tue"], "multiplier": "2"}]},
]  # fmt: skip


@dataclass(frozen=True)
class Bought:
    """One purchase of a made-up past."""

    days_ago: int
    lines: list[tuple[int, int, str]]
    redeem: int
    back: int  # thousandths of the first line


PURCHASES = st.lists(
    st.builds(
        Bought,
        st.integers(0, DAYS + 30),
        st.lists(
            st.tuples(
                st.integers(0, 100_000),
                st.sampled_from([350, 1_000, 2_000, 3_000]),
                st.sampled_from(["coffee", "tea", "other"]),
            ),
            min_size=1,
            max_size=3,
        ),
        st.integers(0, 200),
        st.sampled_from([0, 0, 350, 1_000]),
    ),
    max_size=8,
).map(lambda bought: sorted(bought, key=lambda one: -one.days_ago))
RULES = st.sampled_from(PROGRAMS).map(lambda fields: program(**fields))


def past(bought: list[Bought], rules: Program, *, are_some_returned: bool) -> History:
    history = History(rules, lots=(lot("old", 500),))
    for number, one in enumerate(bought, start=1):
        lines = (line(minor, milli, category=name) for minor, milli, name in one.lines)
        on = TODAY - timedelta(days=one.days_ago)
        history.buy(*lines, on=on, redeem=up_to(one.redeem))
        if are_some_returned and one.back:
            history.take_back(f"r-{number}", line=0, quantity=min(one.back, one.lines[0][1]))
    return history


@given(PURCHASES, RULES)
def test_a_draft_that_is_the_published_program_changes_nothing(
    bought: list[Bought], rules: Program
) -> None:
    history = past(bought, rules, are_some_returned=True)
    same = Trial(published=rules, draft=rules, first=FIRST, last=TODAY)
    sums = DryRunSums()

    sums.add(try_member(history.account, history.receipts.values(), same), rules, rules)

    assert sums.before == sums.after
    assert all(was == is_now for was, is_now in sums.tiers)
    assert all(was == is_now for was, is_now in sums.rules.values())
    assert sums.winners == sums.losers == []


@given(PURCHASES, RULES)
def test_the_published_side_is_what_the_receipts_say_if_nothing_came_back(
    bought: list[Bought], rules: Program
) -> None:
    history = past(
        [one for one in bought if one.days_ago < DAYS], rules, are_some_returned=False
    )
    receipts = history.receipts.values()
    same = Trial(published=rules, draft=rules, first=FIRST, last=TODAY)

    side = try_member(history.account, receipts, same).before

    assert side.earned == sum(receipt.earned for receipt in receipts)
    assert side.redeemed == sum(receipt.redeemed for receipt in receipts)
    assert side.discount_minor == sum(receipt.discount_minor for receipt in receipts)
    assert side.to_pay_minor == sum(receipt.to_pay_minor for receipt in receipts)


@given(PURCHASES, st.sampled_from(PROGRAMS), st.sampled_from([1.5, 2, 3.3]))
def test_a_multiplier_for_everything_costs_what_its_own_row_says_and_moves_no_other(
    bought: list[Bought], fields: dict[str, Any], times: float
) -> None:
    rates_alone = program(**{**fields, "promotions": None})
    offer = {"id": "all", "multiplier": times}
    draft = program(**{**fields, "promotions": [offer]})
    history = past(bought, rates_alone, are_some_returned=True)
    trial = Trial(published=rates_alone, draft=draft, first=FIRST, last=TODAY)

    found = try_member(history.account, history.receipts.values(), trial)

    rules = dict(found.after.rules)
    own = rules.pop(("earn.promotion_multiplier", "all"), RulePart())
    assert rules == found.before.rules
    assert own.points == found.after.earned - found.before.earned


@given(PURCHASES, RULES, RULES)
def test_money_adds_up_and_reasons_add_up_to_the_points(
    bought: list[Bought], published: Program, draft: Program
) -> None:
    history = past(bought, published, are_some_returned=True)
    trial = Trial(published=published, draft=draft, first=FIRST, last=TODAY)

    found = try_member(history.account, history.receipts.values(), trial)

    for side in (found.before, found.after):
        assert side.discount_minor + side.redeemed_minor + side.to_pay_minor == (
            side.gross_minor
        )
        by_rule = {
            what: sum(part.points for (rule, _), part in side.rules.items()
                      if rule.startswith(what))
            for what in ("earn.", "redeem.")
        }  # fmt: skip
        discounts = sum(part.amount_minor for part in side.rules.values())
        assert by_rule == {"earn.": side.earned, "redeem.": side.redeemed}
        assert discounts == side.discount_minor
    assert found.before.receipts == found.after.receipts
    assert found.before.gross_minor == found.after.gross_minor
