"""A dry run as a job: the same result in one go and in pieces, for few receipts and many."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.dry_run_sums import DryRunSums, Gain, Totals
from chalicelib.domain.dry_runs import DryRunRefused, RulePart, Trial, try_member
from chalicelib.domain.jobs import Job, JobKind, JobNotFound, JobState, JobUnfinished
from chalicelib.domain.journal import JournalRow
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.domain.receipts import ReturnedLine
from chalicelib.domain.returns import Claim
from chalicelib.domain.sales import sell
from chalicelib.ports import StoreUnavailable
from chalicelib.usecases.dry_runs import DryRunResult, find_dry_run, start_dry_run
from chalicelib.usecases.jobs import run_job
from chalicelib.usecases.merchants import DraftMissing, save_draft
from chalicelib.usecases.outbox import push_passes
from chalicelib.usecases.purchases import record_purchase
from chalicelib.usecases.returns import return_goods
from chalicelib.usecases.schedule import QUEUE
from tests.builders import (
    NOON,
    SHOP,
    TODAY,
    document,
    exactly,
    line,
    operation,
    program,
    rates,
    receipt_key,
    sale,
    tiers,
)
from tests.usecases.world import World

DRAFT = document(earn_percent=5, discount_percent=5)


def start(world: World, draft: dict[str, Any] | None = DRAFT, days: int = 90) -> Job:
    return start_dry_run(
        SHOP, days, draft, at=world.at, merchants=world.merchants, jobs=world.jobs,
        queue=world.queue, keyring=world.keyring,
    )  # fmt: skip


def work(world: World, *, slices: int = 1_000) -> bool:
    """Take the messages that are queued now; whether there were any."""
    messages = world.queue.take(QUEUE)
    for message in messages:
        looks = iter([True] * (slices - 1))
        run_job(
            message["merchant_id"], message["job"], now=world.clock.now,
            desk=world.job_desk, has_time=lambda looks=looks: next(looks, False),
        )  # fmt: skip
    return bool(messages)


def result(world: World, job: Job) -> DryRunResult:
    return find_dry_run(
        SHOP, job.job_id, at=world.at, merchants=world.merchants, jobs=world.jobs
    )


def buy(world: World, member: MemberRef, number: str, *lines: Any, **sold: Any) -> None:
    record_purchase(
        sale(*lines, member=member.member_id, receipt=number, **sold), operation(number),
        at=world.at, book=world.book, keyring=world.keyring,
    )  # fmt: skip
    push_passes([member], at=world.at, desk=world.pass_desk)


class TestByHand:
    @pytest.fixture
    def world(self) -> World:
        """Two members and three receipts, one of them half returned."""
        world = World()
        ann, bob = world.join(), world.join("+79990000002")
        world.give(ann, 20)
        buy(world, ann, "r-1", line(100_000))
        buy(world, ann, "r-2", line(50_000), redeem=exactly(20))
        buy(world, bob, "r-3", line(10_000, 2_000))
        claim = Claim(return_id="b-1", lines=(ReturnedLine(0, 1_000),))
        return_goods(receipt_key("r-3"), claim, operation("b-1"), at=world.at, book=world.book)
        self.ann, self.bob = ann.member_id, bob.member_id
        return world

    def test_totals_cost_winners_losers_and_rules(self, world: World) -> None:
        job = start(world)
        work(world)

        sums = result(world, job).sums

        assert (sums.members, sums.receipts, sums.gross_minor) == (2, 3, 160_000)
        assert sums.before == Totals(
            redeemed=20, redeemed_minor=2_000, to_pay_minor=158_000, earned=110
        )
        assert sums.after == Totals(
            discount_minor=8_000, redeemed=20, redeemed_minor=2_000,
            to_pay_minor=150_000, earned=51,
        )  # fmt: skip
        assert sums.winners == [Gain(7_500 - 53 * 100, -53, self.ann)]
        assert sums.losers == [Gain(500 - 6 * 100, -6, self.bob)]
        assert sums.tiers == {(None, None): 2}
        assert sums.rules == {
            ("earn.flat_rate", ""): (RulePart(2, 110, 0), RulePart(2, 51, 0)),
            ("redeem.flat_rate", ""): (RulePart(1, 20, 0), RulePart(1, 20, 0)),
            ("earn.redeeming_receipt", ""): (RulePart(1, 0, 0), RulePart(1, 0, 0)),
            ("discount.fixed", ""): (RulePart(), RulePart(3, 0, 8_000)),
        }

    def test_progress_counts_the_rows_of_the_journal(self, world: World) -> None:
        job = start(world)
        work(world, slices=1)
        counted = world.jobs.jobs[SHOP, job.job_id]
        work(world, slices=1)
        done = world.jobs.jobs[SHOP, job.job_id]

        assert (counted.state, counted.done, counted.total) == (JobState.RUNNING, 0, 3)
        assert (done.state, done.done, done.total) == (JobState.DONE, 3, 3)

    def test_a_shorter_window_leaves_older_receipts_out(self, world: World) -> None:
        world.wait(days=1)
        ann = MemberRef(SHOP, self.ann)
        buy(world, ann, "r-4", line(10_000), at=world.at)

        job = start(world, days=1)
        work(world)

        found = result(world, job)
        assert (found.trial.first, found.trial.last) == (TODAY + timedelta(days=1),) * 2
        assert (found.sums.receipts, found.sums.members) == (1, 1)
        assert found.sums.tiers == {(None, None): 2}  # all who bought at all

    def test_the_saved_draft_is_tried_unless_one_is_given(self, world: World) -> None:
        with pytest.raises(DraftMissing):
            start(world, None)
        save_draft(SHOP, DRAFT, office=world.office)

        job = start(world, None)
        work(world)

        assert result(world, job).sums.after.discount_minor == 8_000

    def test_a_program_that_is_published_meanwhile_changes_nothing(self, world: World) -> None:
        job = start(world)
        world.merchants.publish(SHOP, document(earn_percent=50), 2)
        work(world)

        found = result(world, job)

        assert (found.trial.published.version, found.sums.before.earned) == (1, 110)

    def test_what_cannot_be_tried_is_refused_at_once(self, world: World) -> None:
        with pytest.raises(InvalidProgram):
            start(world, document(earn_percent=101))
        with pytest.raises(DryRunRefused):
            start(world, document(currency="EUR"))
        assert world.jobs.jobs == {}
        assert world.queue.take(QUEUE) == []

    def test_a_job_has_no_result_before_its_end(self, world: World) -> None:
        job = start(world)

        with pytest.raises(JobUnfinished):
            result(world, job)
        with pytest.raises(JobNotFound):
            find_dry_run(
                "bakery", job.job_id, at=world.at, merchants=world.merchants, jobs=world.jobs
            )

    def test_a_member_or_a_receipt_that_is_gone_counts_for_nothing(self, world: World) -> None:
        del world.ledger.accounts[MemberRef(SHOP, self.bob)]
        del world.ledger.receipts[receipt_key("r-1")]
        job = start(world)
        work(world)

        sums = result(world, job).sums

        assert (sums.members, sums.receipts) == (1, 1)


TIERED: dict[str, Any] = {
    "tiers": tiers(90), "rates": rates(base=(3, 20), silver=(5, 30), gold=(10, 50)),
    "earn_percent": None, "redeem_percent": None,
}  # fmt: skip
DRAFT_TIERED = document(**{**TIERED, "tiers": tiers(30), "discount_percent": 1})
MEMBERS, EACH, BUSY = 880, 10, 1_200  # one member's receipts fill more than a page


@pytest.fixture(scope="module")
def big_world() -> World:
    """10 000 receipts of 881 members."""
    world = World(**TIERED)
    rules, chance = program(**TIERED), Random(7)
    for n in range(MEMBERS + 1):
        member = MemberRef(SHOP, f"mem_{n:04}")
        live(world, member, EACH if n < MEMBERS else BUSY, rules, chance)
    return world


def test_in_pieces_and_at_one_go_it_comes_to_the_same(big_world: World) -> None:
    at_one_go = start(big_world, DRAFT_TIERED)
    work(big_world)
    in_pieces = replace(at_one_go, job_id="job_pieces", step=0)
    big_world.jobs.add(in_pieces)
    in_trouble(big_world, in_pieces)

    one, other = result(big_world, at_one_go), result(big_world, in_pieces)

    assert one.sums.receipts == 10_000
    assert one.sums.to_json() == other.sums.to_json()
    assert one.sums.to_json() == straight(big_world, one.trial).to_json()
    assert one.job.total == one.job.done == 10_000


def live(world: World, member: MemberRef, count: int, rules: Any, chance: Random) -> None:
    """Let a member buy so often, straight into the ledger and the journal."""
    account = Account(member, version=1)
    for n in range(count):
        on = NOON - timedelta(days=89 * (count - 1 - n) // max(count - 1, 1))
        sold = sale(
            line(chance.randrange(1_000, 90_000)), line(chance.randrange(100, 9_000), 350),
            receipt=f"{member.member_id}-{n}", member=member.member_id, at=on,
        )  # fmt: skip
        change = sell(account, sold, Occasion(rules, on, operation(sold.key.receipt_id)))
        assert change.account
        assert change.new_receipt
        account = change.account
        world.ledger.receipts[sold.key] = change.new_receipt
        world.journal.note([row(member, on, sold.key.receipt_id)])
    world.ledger.accounts[member] = account


def row(member: MemberRef, at: datetime, number: str) -> JournalRow:
    return JournalRow(member, at.date(), "till-1", number)


def straight(world: World, trial: Trial) -> DryRunSums:
    """Return the sums without a job: member by member, in the order of their names."""
    sums = DryRunSums()
    receipts: dict[str | None, list[Any]] = {}
    for receipt in world.ledger.receipts.values():
        receipts.setdefault(receipt.member_id, []).append(receipt)
    accounts = world.ledger.accounts.values()
    for account in sorted(accounts, key=lambda one: one.member.member_id):
        tried = try_member(account, receipts[account.member.member_id], trial)
        sums.add(tried, trial.published, trial.draft)
    return sums


def in_trouble(world: World, job: Job) -> None:
    """Do a job with every message twice, no time after any slice, and a store that fails."""
    message = {"job": job.job_id, "merchant_id": SHOP}
    chance = Random(11)
    steady_save = world.jobs.save

    def save(moving: Job) -> Job:
        trouble = chance.random()
        if trouble < 0.2:
            raise StoreUnavailable("lost before it was written")
        saved = steady_save(moving)
        if trouble < 0.4:
            raise StoreUnavailable("lost after it was written")
        return saved

    world.jobs.save = save  # type: ignore[method-assign]
    world.queue.enqueue(QUEUE, [message])
    for _ in range(10_000):
        if world.jobs.jobs[SHOP, job.job_id].is_over:
            break
        twice = [one for one in world.queue.take(QUEUE) for _ in range(2)] or [message] * 2
        for one in twice[:2]:
            world.queue.enqueue(QUEUE, [one])
            try:
                work(world, slices=1)
            except StoreUnavailable:
                world.queue.enqueue(QUEUE, [one])  # delivered again
    world.jobs.save = steady_save  # type: ignore[method-assign]
    assert world.jobs.jobs[SHOP, job.job_id].kind is JobKind.DRY_RUN
