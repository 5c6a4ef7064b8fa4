"""What stays true of any account, whatever its history (P3, P4, P11, R46, R47)."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from chalicelib.domain.account import Account, Hold, balance_of
from chalicelib.domain.entries import LedgerChange, LedgerEntry, MovementKind, hash_of
from chalicelib.domain.errors import DomainError
from chalicelib.domain.joining import join
from chalicelib.domain.ledger import Grant, grant, hold, redeem, release
from chalicelib.domain.past import account_on
from chalicelib.domain.posting import LOTS_MAX, Posting
from chalicelib.domain.program_document import read_program
from chalicelib.domain.receipts import Receipt, ReturnedLine
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.sales import sell
from chalicelib.domain.scheduled import run_due
from tests.builders import (
    ANN,
    NOON,
    TODAY,
    account,
    after,
    as_stored,
    document,
    entry,
    line,
    lot,
    occasion,
    points_by_lot,
    receipt,
    sale,
    tiers,
    up_to,
)

RULES = [
    read_program(document(tiers=tiers(window_days=5), expiry_days=4, **more), 1)
    for more in (
        {"mode": "earn_and_redeem"},
        {"return_policy": "within_balance", "pending_days": 2, "restore_grace_days": 3},
        {"return_policy": "only_pending", "pending_days": 1, "redeem_percent": 100},
    )
]


@dataclass(frozen=True)
class Seen:
    """The account at the end of a day, to be folded from the ledger later."""

    on: date
    at: datetime
    account: Account


class Histories(RuleBasedStateMachine):
    """One member's years in any order of operations."""

    @initialize(number=st.integers(0, len(RULES) - 1))
    def open(self, number: int) -> None:
        self.rules, self.at = RULES[number], NOON
        self.entries: list[LedgerEntry] = []
        self.receipts: list[Receipt] = []
        self.days: list[Seen] = []
        self.member = Account(ANN)
        self._keep(join(ANN, self._occasion()))

    @rule(
        points=st.integers(1, 60),
        days=st.one_of(st.none(), st.integers(0, 6)),
        wait=st.integers(0, 2),
    )
    def give(self, points: int, days: int | None, wait: int) -> None:
        given = Grant(points=points, reason="x", expires_in_days=days, activates_in_days=wait)
        self._try(lambda: grant(self.member, given, self._occasion()))

    @rule(points=st.integers(1, 90))
    def spend(self, points: int) -> None:
        self._try(lambda: redeem(self.member, points, "gift", self._occasion()))

    @rule(points=st.integers(1, 40), hours=st.integers(1, 60))
    def reserve(self, points: int, hours: int) -> None:
        wanted = Hold(f"h{len(self.entries)}", self.at + timedelta(hours=hours), ())
        self._try(lambda: hold(self.member, wanted, points, self._occasion()))

    @rule(which=st.integers(0, 5), is_captured=st.booleans(), minor=st.integers(0, 9_000))
    def settle(self, which: int, is_captured: bool, minor: int) -> None:
        if not self.member.holds:
            return
        name = self.member.holds[which % len(self.member.holds)].hold_id
        if is_captured:
            self._sell(minor, None, name)
        else:
            self._try(lambda: release(self.member, name, self._occasion()))

    @rule(minor=st.integers(0, 60_000), points=st.integers(0, 80))
    def buy(self, minor: int, points: int) -> None:
        self._sell(minor, points, None)

    @rule(
        which=st.integers(0, 9), milli=st.sampled_from([500, 1000, 3000]), is_void=st.booleans()
    )
    def bring_back(self, which: int, milli: int, is_void: bool) -> None:
        if not self.receipts:
            return
        which %= len(self.receipts)
        lines = None if is_void else (ReturnedLine(0, milli),)
        claim = Claim(return_id=f"b{len(self.entries)}", lines=lines, is_void=is_void)
        change = self._try(
            lambda: take_back(self.member, self.receipts[which], claim, self._occasion())
        )
        if change:
            self.receipts[which] = as_stored(change)

    @rule()
    def run_job(self) -> None:
        self._try(lambda: run_due(self.member, self._occasion()))

    @rule(hours=st.sampled_from([1, 12, 24, 72]))
    def wait(self, hours: int) -> None:
        at = self.at + timedelta(hours=hours)
        on = self.rules.local_date(self.at)
        if self.rules.local_date(at) != on:
            end = self.rules.day_begins(on + timedelta(days=1)) - timedelta(microseconds=1)
            self.days.append(Seen(on, end, self.member))
        self.at = at

    @invariant()
    def movements_are_lots_and_held_less_debt(self) -> None:
        if not hasattr(self, "member"):
            return
        held = sum(one.points for one in self.member.holds)
        lots = sum(one.points for one in self.member.lots)
        assert sum(one.points for one in self.entries) == lots + held - self.member.debt
        assert self.member.debt >= 0
        assert all(one.points > 0 for one in self.member.lots)

    @invariant()
    def the_ledger_is_a_chain_without_a_gap(self) -> None:
        total, previous = 0, ""
        for number, one in enumerate(getattr(self, "entries", ()), start=1):
            total += one.points
            assert (one.version, one.balance_after) == (number, total)
            assert one.previous_hash == previous
            previous = hash_of(one)

    @invariant()
    def nothing_past_its_date_was_redeemed_but_from_a_hold(self) -> None:
        for one in getattr(self, "entries", ())[-1:]:
            released = {p.lot_id for move in one.hold_moves for p in move.portions}
            for movement in one.movements:
                if movement.kind is MovementKind.REDEEM and movement.lot:
                    is_held = movement.lot.lot_id in released
                    assert is_held or movement.lot.is_spendable(one.on)

    @invariant()
    def the_due_day_is_never_too_late(self) -> None:
        for one in getattr(self, "member", Account(ANN)).lots:
            if one.expires_on:
                assert self.member.due
                assert self.member.due <= one.expires_on + timedelta(days=1)

    def teardown(self) -> None:
        for seen in getattr(self, "days", ()):
            folded = account_on(ANN, self.entries, seen.on)
            was, now = seen.account, folded
            assert balance_of(now, seen.at, seen.on) == balance_of(was, seen.at, seen.on)
            assert points_by_lot(now) == points_by_lot(was)
            assert (now.debt, now.turnover, now.version) == (
                was.debt,
                was.turnover,
                was.version,
            )

    def _sell(self, minor: int, points: int | None, name: str | None) -> None:
        number = f"r{len(self.entries)}"
        wish = sale(line(minor, 3000), receipt=number, at=self.at, hold=name,
                    redeem=up_to(points) if points is not None else up_to(),
        )  # fmt: skip
        change = self._try(lambda: sell(self.member, wish, self._occasion()))
        if change:
            self.receipts.append(receipt(change))

    def _try(self, decide) -> LedgerChange | None:  # type: ignore[no-untyped-def]
        try:
            change = decide()
        except DomainError:
            return None
        if change is not None:
            self._keep(change)
        return change

    def _keep(self, change: LedgerChange) -> None:
        self.member = after(change)
        self.entries.append(entry(change))

    def _occasion(self):  # type: ignore[no-untyped-def]
        return occasion(self.rules, at=self.at)


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)


@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.one_of(st.none(), st.integers(0, 400))),
        min_size=LOTS_MAX + 1,
        max_size=LOTS_MAX + 6,
    )
)
def test_merging_lots_never_shortens_an_expiry_and_loses_no_point(
    given_lots: list[tuple[int, int | None]],
) -> None:
    before = account(
        *(
            lot(f"l{i}", points, until=None if days is None else _later(days))
            for i, (points, days) in enumerate(given_lots)
        )
    )

    change = grant(before, Grant(points=1, reason="x"), occasion())

    assert len(after(change).lots) <= LOTS_MAX
    assert after(change).total == before.total + 1
    for days in (0, 1, 30, 399, 400):
        on = TODAY + timedelta(days=days)
        assert after(change).available(on) >= before.available(on)


def test_merging_leaves_pending_lots_alone() -> None:
    waiting = [lot(f"w{i}", 1, active="2026-09-01", until="2026-10-01") for i in range(60)]
    active = [lot(f"a{i}", 1, until=_later(i + 1)) for i in range(10)]

    left = after(grant(account(*waiting, *active), Grant(points=1, reason="x"), occasion()))

    assert left.pending(TODAY) == 60
    assert left.available(TODAY) == 11


def test_sixty_four_lots_are_left_as_they_are() -> None:
    before = account(*(lot(f"a{i}", 1, until=_later(i + 1)) for i in range(LOTS_MAX)))

    posting = Posting(before, occasion())
    left, written = posting.close(entry(join(ANN, occasion())).kind)

    assert points_by_lot(left) == points_by_lot(before)
    assert written.movements == ()


def test_the_pass_version_grows_even_within_one_second() -> None:
    first = after(grant(account(), Grant(points=1, reason="x"), occasion()))

    second = after(grant(first, Grant(points=1, reason="x"), occasion()))

    assert first.pass_version == int(NOON.timestamp())
    assert second.pass_version == first.pass_version + 1


def test_a_write_leaves_an_earlier_due_day_where_it_is() -> None:
    before = replace(account(lot("june", 5, until="2026-06-30")), due=TODAY)

    assert after(grant(before, Grant(points=1, reason="x"), occasion())).due == TODAY


def _later(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()
