"""Runs one schedule: six tills, one step of one of them at a time, with what goes wrong.

The seed decides everything: what the tills do, who moves next, which call is lost before
or after its commit, which process dies and asks again with the same key, and when the
date moves on, or the shop publishes another program.
"""

from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from greenlet import greenlet

from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.errors import DomainError
from chalicelib.domain.journal import JournalRow
from chalicelib.domain.promo_codes import PromoCodeRefused
from chalicelib.ports import Trouble
from tests.simulation import deeds
from tests.simulation.books import Answer
from tests.simulation.deeds import FRIENDS, MEMBERS, OPENING, SHOP, Deed
from tests.simulation.opening import Opening, opening
from tests.simulation.performing import Counter
from tests.simulation.plans import TILLS, plan
from tests.simulation.rules import EDITIONS, Rules
from tests.simulation.storage import (
    AFTER_COMMIT,
    BEFORE_COMMIT,
    DIE,
    LOSE,
    NO_RULES,
    OVERTAKEN,
    READ,
    Died,
    Publisher,
    SteppedLedger,
)

FAULTS_MAX = 4  # of one schedule, for every six tills
MOVES_MAX = 3  # of the clock
ASKS_MAX = 40  # of one deed
ROUNDS_MAX = 4  # of the sweep
SWEEPER = -2  # no till's number
FAULT_CHANCE = 0.12
MOVE_CHANCE = 0.04
PUBLISH_CHANCE = 0.02
_MOVES = (timedelta(hours=1), timedelta(hours=3), timedelta(days=1))

READ_LOST, LOST_BEFORE, LOST_AFTER = "read lost", "lost before commit", "lost after commit"
DIED_BEFORE, DIED_AFTER = "died before commit", "died after commit"
DATE_MOVED, PUBLISHED = "date moved on", "program published"
ASKED_AGAIN = "asked again"
ASKED_AT_ONCE, KEY_REUSED = "asked twice at once", "key reused"
FAULTS = (
    READ_LOST, LOST_BEFORE, LOST_AFTER, DIED_BEFORE, DIED_AFTER,
    OVERTAKEN, DATE_MOVED, PUBLISHED, ASKED_AGAIN, ASKED_AT_ONCE, KEY_REUSED,
)  # fmt: skip
# Cannot happen: nothing is read or moves under an anonymous sale, nor under a card that is
# new; a job has no key.
IMPOSSIBLE = frozenset(
    {
        (deeds.ANONYMOUS, READ_LOST),
        (deeds.ANONYMOUS, OVERTAKEN),
        (deeds.CARD_ISSUE, READ_LOST),
        (deeds.CARD_ISSUE, OVERTAKEN),
        *((job, KEY_REUSED) for job in deeds.JOBS),
    }
)
_NAMES = {
    (READ, LOSE): READ_LOST,
    (BEFORE_COMMIT, LOSE): LOST_BEFORE,
    (AFTER_COMMIT, LOSE): LOST_AFTER,
    (BEFORE_COMMIT, DIE): DIED_BEFORE,
    (AFTER_COMMIT, DIE): DIED_AFTER,
}
Trace = Callable[[str], None]
Plan = Callable[[Random], list[list[Deed]]]


@dataclass(frozen=True, slots=True)
class Call:
    """One definite answer to a deed; `start` and `end` are positions in the log."""

    till: int
    deed: Deed
    at: datetime
    start: int
    end: int
    answer: Answer | None
    refusal: str | None
    rules: Rules  # it was answered by


@dataclass(slots=True)
class Till:
    """One process that works off its deeds."""

    number: int
    deeds: list[Deed]
    process: greenlet
    deed: Deed
    point: str = ""


@dataclass(slots=True)
class Schedule:
    """What one seed came to."""

    seed: int
    start: Opening
    ledger: SteppedLedger
    deeds: list[list[Deed]]
    calls: list[Call] = field(default_factory=list)
    covered: Tally[tuple[str, str]] = field(default_factory=Tally)
    steps: int = 0
    ended_on: date = date.min
    journal: set[JournalRow] = field(default_factory=set)
    swept: dict[MemberRef, Rules] = field(default_factory=dict)  # in the end, under which rules


class NeverSettled(AssertionError):
    """A deed got no definite answer however often it was asked again."""


def run(
    seed: int,
    ledger_type: type[SteppedLedger] = SteppedLedger,
    trace: Trace | None = None,
    plan_of: Plan = plan,
) -> Schedule:
    """Run the schedule of a seed to its end, and the outbox until nothing is owed."""
    rng = Random(seed)
    start = opening(seed % len(EDITIONS))
    ledger = ledger_type()
    start.fill(ledger)
    schedule = Schedule(seed, start, ledger, plan_of(rng))
    _Runner(schedule, rng, trace).run()
    return schedule


class _Runner:
    """The scheduler: the only one who knows all tills."""

    def __init__(self, schedule: Schedule, rng: Random, trace: Trace | None) -> None:
        self.schedule, self.rng, self.trace = schedule, rng, trace
        self.ledger = schedule.ledger
        self.publisher = Publisher(schedule.start.editions, schedule.ledger)
        self.counter = Counter(schedule.ledger, self.publisher)
        self.at = OPENING
        self.faults_left = FAULTS_MAX * max(1, len(schedule.deeds) // TILLS)
        self.moves_left = MOVES_MAX
        self.tills = [
            Till(number, work, greenlet(self._work_of(number, work)), work[0])
            for number, work in enumerate(schedule.deeds)
        ]

    def run(self) -> None:
        alive = list(self.tills)
        chance = self.rng.random
        while alive:
            if self.moves_left and chance() < MOVE_CHANCE:
                self._move_date()
            if self.publisher.version == 1 and chance() < PUBLISH_CHANCE:
                self._publish()
            till = alive[int(chance() * len(alive))]
            self.ledger.till = till.number
            self.schedule.steps += 1
            point = till.process.switch(self._verdict(till))
            if till.process.dead:
                alive.remove(till)
            else:
                till.point = point
        self._sweep()

    def _verdict(self, till: Till) -> str | None:
        """Decide what becomes of the step a till is about to make."""
        verdict = None
        if till.point == OVERTAKEN:
            self._cover(till, OVERTAKEN)
        elif till.point and self.faults_left and self.rng.random() < FAULT_CHANCE:
            verdict = DIE if self.rng.random() < 0.5 else LOSE
            self.faults_left -= 1
            if name := _NAMES.get((till.point, verdict)):
                self._cover(till, name)
        if self.trace:
            self.trace(f"till {till.number} {till.deed.kind} {till.point} {verdict or ''}")
        return verdict

    def _move_date(self) -> None:
        self.moves_left -= 1
        self.at += self.rng.choice(_MOVES)
        if self.trace:
            self.trace(f"the clock says {self.at}")

    def _publish(self) -> None:
        self.publisher.version += 1
        if self.trace:
            self.trace("another program is published")

    def _sweep(self) -> None:
        """Do at last what the outbox owes: nothing goes wrong any more."""
        self.ledger.till = SWEEPER
        rules = self.publisher.rules
        self.schedule.ended_on = self.publisher.program(SHOP).local_date(self.at)
        # Where coupons come by themselves, what one is given may be enough for the next.
        is_lasting = any(coupon.is_automatic for coupon in rules.coupons)
        try:
            self.counter.finish_moves(self.at)
            for _ in range(ROUNDS_MAX if is_lasting else 1):
                for name in MEMBERS if is_lasting or self._has_merged() else FRIENDS:
                    member = MemberRef(SHOP, name)
                    if self.ledger.accounts[member].is_dirty:
                        self.counter.settle(name, self.at)
                        self.schedule.swept[member] = rules
            self.schedule.journal = self.counter.journal.rows
        except DomainError as refusal:
            raise NeverSettled(f"the outbox was refused: {refusal.code}") from refusal

    def _has_merged(self) -> bool:
        accounts = self.ledger.accounts.values()
        return any(account.status is MemberStatus.MERGED for account in accounts)

    def _cover(self, till: Till, fault: str) -> None:
        self.schedule.covered[till.deed.kind, fault] += 1

    def _work_of(self, number: int, work: list[Deed]) -> Callable[[str | None], None]:
        def process(_: str | None) -> None:
            for position, deed in enumerate(work):
                till = self.tills[number]
                till.deed = deed
                self._note_repeat(till, deed, position)
                self._ask(till, deed)

        return process

    def _note_repeat(self, till: Till, deed: Deed, position: int) -> None:
        if position and deed == till.deeds[0]:
            self._cover(till, ASKED_AGAIN)
        elif position and deed.key == till.deeds[0].key:
            self._cover(till, KEY_REUSED)
        for other in self.tills:
            if other is not till and other.deed == deed and not other.process.dead:
                self._cover(till, ASKED_AT_ONCE)

    def _ask(self, till: Till, deed: Deed) -> None:
        """Ask until there is a definite answer: the same key settles what is unknown."""
        log = self.ledger.log
        for _ in range(ASKS_MAX):
            at, start, version = self.at, len(log), self.publisher.version
            answer = refusal = None
            self.ledger.used.pop(till.number, None)
            try:
                answer = self.counter.perform(deed, at)
            except (Trouble, Died):
                continue
            except PromoCodeRefused as error:
                refusal = f"{error.code}: {error.reason}"
            except DomainError as error:
                refusal = error.code
            if self.at.date() != at.date():
                self._cover(till, DATE_MOVED)
            if self.publisher.version != version:
                self._cover(till, PUBLISHED)
            rules = self.ledger.rules.get(till.number, NO_RULES)
            call = Call(till.number, deed, at, start, len(log), answer, refusal, rules)
            self.schedule.calls.append(call)
            if self.trace:
                self.trace(f"till {till.number} {deed.kind} -> {answer or refusal}")
            return
        raise NeverSettled(f"{deed} was asked {ASKS_MAX} times")
