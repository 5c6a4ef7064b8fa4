"""An anonymous receipt finds its member: R53."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account import Account
from chalicelib.domain.attaching import AttachRefused, attach, post_moved
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.receipts import Receipt, Why
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.sales import sell, sell_anonymously
from tests.builders import (
    ANN,
    account,
    after,
    as_stored,
    day,
    exactly,
    line,
    lot,
    noon,
    occasion,
    program,
    receipt,
    receipt_key,
    sale,
    tiers,
)


def bought_by_nobody() -> Receipt:
    return receipt(sell_anonymously(sale(line(10_000), member=None), occasion()))


def attached(
    to: Account, of: Receipt, on: str = "2026-06-02", total_minor: int = 10_000
) -> LedgerChange:
    return attach(to, of, total_minor, occasion(program(tiers=tiers()), at=noon(on)))


def test_earns_as_if_bought_now_and_counts_on_its_own_day() -> None:
    change = attached(account(), bought_by_nobody())

    assert receipt(change).earned == 10
    assert receipt(change).member_id == ANN.member_id
    assert after(change).turnover.days == ((day("2026-06-01"), 10_000),)


def test_keeps_number_day_and_revision_of_the_receipt() -> None:
    before = replace(bought_by_nobody(), revision=3)

    now = receipt(attached(account(), before))

    assert (now.key, now.on, now.recorded_at) == (before.key, before.on, before.recorded_at)
    assert now.revision == before.revision


def test_nobody_earns_or_redeems_before() -> None:
    before = bought_by_nobody()

    assert (before.member_id, before.earned, before.redeemed) == (None, 0, 0)


def test_can_be_done_once() -> None:
    once = attached(account(), bought_by_nobody())

    with pytest.raises(AttachRefused, match=r"^the receipt belongs to a member already$"):
        attached(after(once), as_stored(once))


@pytest.mark.parametrize(("on", "is_late"), [("2026-06-15", False), ("2026-06-16", True)])
def test_can_be_done_within_14_days(on: str, is_late: bool) -> None:
    if is_late:
        with pytest.raises(AttachRefused, match="14 days"):
            attached(account(), bought_by_nobody(), on=on)
    else:
        assert receipt(attached(account(), bought_by_nobody(), on=on)).earned == 10


def test_needs_the_total_of_the_receipt() -> None:
    with pytest.raises(AttachRefused, match=r"^the total is not that of the receipt$"):
        attached(account(), bought_by_nobody(), total_minor=9_999)


def test_is_refused_once_something_came_back() -> None:
    before = bought_by_nobody()
    back = take_back(None, before, Claim(return_id="b", lines=None), occasion())

    with pytest.raises(AttachRefused, match=r"^something of the receipt was returned$"):
        attached(account(), as_stored(back))


def test_repays_debt_like_any_credit() -> None:
    change = attached(replace(account(), debt=4), bought_by_nobody())

    assert (after(change).debt, after(change).total, receipt(change).debt_repaid) == (0, 6, 4)


def test_keeps_what_was_bought_and_where() -> None:
    beans = replace(line(10_000, category="coffee", margin="low"), sku="beans", unit="pack")
    sold = replace(sale(beans, member=None, channel="online"), metadata=(("desk", "2"),))
    before = receipt(sell_anonymously(sold, occasion()))

    now = receipt(attached(account(), before))

    assert [(of.sku, of.category, of.margin, of.unit) for of in now.lines] == [
        ("beans", "coffee", "low", "pack")
    ]
    assert (now.channel, now.metadata) == ("online", (("desk", "2"),))


def test_names_the_lot_it_earned_and_redeems_nothing() -> None:
    change = attached(account(), bought_by_nobody())

    now = receipt(change)
    assert now.earned_lot == after(change).lots[0]
    assert (now.redeem_max, now.redeemed, now.shortfall, now.allocation) == (0, 0, 0, ())


class TestMoving:
    def moved(self, to: Account, on: str = "2026-06-03", **document: Any) -> LedgerChange:
        """Ann's stamped coffees of 1 June, given to another account."""
        rules = program(stamps={"category": "coffee", "every": 3}, **document)
        bought = sale(line(10_000, 4_000, category="coffee"))
        before = receipt(sell(account(), bought, occasion(rules)))
        return post_moved(to, before, receipt_key("r-2"), occasion(rules, at=noon(on)))

    def test_earns_by_the_promotions_of_the_day_it_was_bought(self) -> None:
        may = {"id": "may", "multiplier": 2, "to": "2026-06-01"}

        now = receipt(self.moved(account(), promotions=[may]))

        assert (now.to_pay_minor, now.earned) == (30_000, 60)

    @pytest.mark.parametrize(("base", "points"), [("net_paid", 8), ("gross", 10)])
    def test_earns_on_what_is_left_or_on_the_price_before_points(
        self, base: str, points: int
    ) -> None:
        rules = program(mode="earn_and_redeem", earn_base=base)
        bought = sale(line(10_000), redeem=exactly(20))
        before = receipt(sell(account(lot("june", 20)), bought, occasion(rules)))

        now = receipt(post_moved(account(), before, receipt_key("r-2"), occasion(rules)))

        assert (now.to_pay_minor, now.earned) == (8_000, points)

    def test_says_which_units_were_free(self) -> None:
        now = receipt(self.moved(account()))

        assert now.lines[0].why[0] == Why("free.stamps", None, 10_000, name="coffee")
        assert now.lines[0].free_milli == 1_000

    def test_repays_debt_and_redeems_nothing(self) -> None:
        change = self.moved(replace(account(), debt=4))

        now = receipt(change)
        assert (after(change).debt, after(change).total, now.debt_repaid) == (0, 26, 4)
        assert (now.redeem_max, now.shortfall) == (0, 0)
