"""Draws in pieces: whatever stops, crashes or overlaps, one list, one pick, one grant each."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.draws import Draw, DrawRefused, DrawState, EntryRule, Per, Prize
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.journal import JournalRow
from chalicelib.ports import StoreUnavailable
from chalicelib.usecases import draw_entries, journal
from chalicelib.usecases.draw_desk import DrawDesk, entry_parts, pseudonym
from chalicelib.usecases.draw_jobs import continue_draw, start_draw_job
from chalicelib.usecases.draw_prizes import grant_prizes, make_draw
from chalicelib.usecases.draws import announce_draw, close_draw, draws_of_member
from chalicelib.usecases.journal import note_receipts
from chalicelib.usecases.purchases import record_purchase
from chalicelib.usecases.returns import move_receipt
from tests.builders import SHOP, line, operation, receipt_key, sale
from tests.fakes import journal as fake_journal
from tests.fakes.draws import FakeDraws
from tests.fakes.jobs import FakeJobs
from tests.usecases.world import SHARDS, World

MEMBERS, RECEIPTS = 5, 4


def pieces(count: int) -> Callable[[], bool]:
    left = iter(range(count))
    return lambda: next(left, None) is not None


def always() -> bool:
    return True


class Fair(World):
    """A shop with a draw; member n has bought RECEIPTS times for n hundred."""

    def __init__(self) -> None:
        super().__init__()
        self.draws = FakeDraws()
        self.draw_desk = DrawDesk(
            draws=self.draws,
            journal=self.journal,
            day_book=self.day_book,
            attention=self.attention,
            devices=self.devices,
            book=self.book,
            keyring=self.keyring,
            shards=SHARDS,
        )
        self.draw = self.announce()
        self.people = [self.join(f"+7999000000{n}") for n in range(1, MEMBERS + 1)]
        for n, member in enumerate(self.people, start=1):
            for number in range(RECEIPTS):
                self.buy(member, f"r-{n}-{number}", n * 10_000)
        self.wait(days=31)

    def announce(self) -> Draw:
        today = self.at.date()
        draw = Draw(
            merchant_id=SHOP,
            draw_id="",
            title="June",
            opens=today,
            closes=today + timedelta(days=29),
            prizes=(Prize("A bicycle", 1), Prize("Points", 2, 50)),
            rule=EntryRule(Per.AMOUNT, 10_000),
            created_at=self.at,
            commitment="",
        )
        key = operation("draw")
        return announce_draw(draw, key, at=self.at, desk=self.draw_desk).value

    def buy(self, member: MemberRef, number: str, minor: int) -> None:
        self.sell(member, number, minor)
        self.note(member)

    def sell(self, member: MemberRef, number: str, minor: int) -> None:
        """Buy while the outbox is down."""
        sold = sale(line(minor), receipt=number, member=member.member_id, at=self.at)
        key = operation(number)
        record_purchase(sold, key, at=self.at, book=self.book, keyring=self.keyring)

    def note(self, member: MemberRef) -> None:
        """Note the member's receipts, as the outbox does."""
        account = self.account(member)
        note_receipts(
            account,
            (),
            ledger=self.ledger,
            journal=self.journal,
            day_book=self.day_book,
            attention=self.attention,
        )
        self.devices.mark_pushed(account)

    def close(self, has_time: Callable[[], bool] = always) -> Draw:
        return close_draw(
            SHOP, self.draw.draw_id, at=self.at, desk=self.draw_desk, has_time=has_time
        )

    def make(self, text: str = "") -> Draw:
        draw_id = self.draw.draw_id
        return make_draw(SHOP, draw_id, text, at=self.at, desk=self.draw_desk).value

    def entries(self) -> dict[str, int]:
        """Return how many entries each member has by the list."""
        draw = self.draws.find(SHOP, self.draw.draw_id)
        assert draw
        parts = entry_parts(draw, self.draws)
        return {one.member_id: one.entries for part in parts for one in part.entrants}

    def granted(self) -> list[int]:
        """Return how often each member was granted points."""
        return [
            sum(e.kind is EntryKind.GRANT for e in self.ledger.entries(member))
            for member in self.people
        ]


@pytest.fixture
def fair() -> Fair:
    return Fair()


def test_receipts_that_the_outbox_has_not_come_to_have_their_entries(fair: Fair) -> None:
    fair.wait(days=-2)
    late = fair.join("+79990000077")
    fair.sell(late, "the-last", 30_000)
    fair.sell(fair.people[0], "one-more", 20_000)
    fair.wait(days=2)

    fair.close()

    assert fair.entries()[late.member_id] == 3
    assert fair.entries()[fair.people[0].member_id] == RECEIPTS + 2


def test_a_journal_far_behind_is_caught_up_run_by_run(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(journal, "ACCOUNTS_READ", 2)
    fair.wait(days=-2)
    for number, member in enumerate(fair.people):
        fair.sell(member, f"late-{number}", 10_000)
    fair.wait(days=2)

    states = [fair.close(pieces(1)).state for _ in range(3 + SHARDS)]

    assert states == [*[DrawState.CLOSING] * (2 + SHARDS), DrawState.CLOSED]
    assert fair.entries() == {
        member.member_id: RECEIPTS * n + 1 for n, member in enumerate(fair.people, start=1)
    }


@pytest.fixture
def in_small_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page is three rows, less than a member has; a stretch is one page."""
    monkeypatch.setattr(fake_journal, "PAGE_MAX", 3)
    monkeypatch.setattr(draw_entries, "STRETCH_PAGES_MAX", 1)


def test_a_list_made_in_stretches_is_the_one_made_at_once(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = fair.close()
    fair.draws.draws[SHOP, whole.draw_id] = fair.draw
    fair.draws.stretches.clear()
    fair.draws.parts.clear()
    monkeypatch.setattr(fake_journal, "PAGE_MAX", 3)
    monkeypatch.setattr(draw_entries, "STRETCH_PAGES_MAX", 1)

    runs = 1
    while not fair.close(pieces(1)).is_listed:
        runs += 1

    sliced = fair.draws.draws[SHOP, whole.draw_id]
    assert runs == 7  # twenty rows, three at a time
    assert sliced.entry_list == whole.entry_list
    assert fair.entries() == {
        one.member_id: RECEIPTS * n for n, one in enumerate(fair.people, start=1)
    }


@pytest.mark.usefixtures("in_small_stretches")
def test_two_runs_that_see_different_receipts_make_one_list(fair: Fair) -> None:
    first = fair.close(pieces(3))
    stretches = dict(fair.draws.stretches)
    late = fair.people[0]
    fair.journal.note([JournalRow(late, fair.draw.opens, "till-1", "a-late-one")])

    fair.close()

    assert first.state is DrawState.CLOSING
    assert fair.draws.stretches.items() >= stretches.items()
    again = fair.close()
    assert again.entry_list == fair.draws.draws[SHOP, again.draw_id].entry_list


@pytest.mark.usefixtures("in_small_stretches")
def test_a_slice_that_another_run_has_stored_is_taken_as_it_is(fair: Fair) -> None:
    fair.close(pieces(1))
    (place,) = fair.draws.stretches
    stored = fair.draws.stretches[place]
    other = replace(stored, totals=stored.totals[:0])

    kept = fair.draws.add_stretch(fair.draw, place[1], place[2], other)

    assert kept == stored


def test_a_receipt_that_was_moved_counts_for_its_new_member_alone(fair: Fair) -> None:
    giver, taker = fair.people[0], fair.people[1]
    move_receipt(
        receipt_key("r-1-0"),
        taker.member_id,
        "mistake",
        operation("move"),
        at=fair.at,
        book=fair.book,
    )
    fair.note(taker)

    fair.close()

    entries = fair.entries()
    assert entries[giver.member_id] == RECEIPTS - 1
    assert entries[taker.member_id] == 2 * RECEIPTS + 1


@pytest.mark.usefixtures("in_small_stretches")
def test_a_receipt_moved_while_entries_are_listed_does_not_count_twice(fair: Fair) -> None:
    giver, taker = fair.people[0], fair.people[-1]
    fair.close(pieces(2))  # six rows: all of the giver's
    fair.wait(seconds=1)
    key, move = receipt_key("r-1-0"), operation("move")

    move_receipt(key, taker.member_id, "mistake", move, at=fair.at, book=fair.book)
    fair.note(taker)
    fair.close()

    entries = fair.entries()
    assert entries[giver.member_id] == RECEIPTS
    assert entries[taker.member_id] == MEMBERS * RECEIPTS


def test_a_pick_that_crashed_is_gone_on_with_and_ends_the_same(fair: Fair) -> None:
    fair.close()
    before = dict(fair.draws.draws)
    made = fair.make("text")
    winners = fair.draws.winners(made)
    settled = replace(made, state=DrawState.DRAWING, seed="", winners=0)
    fair.draws.draws[SHOP, made.draw_id] = settled
    fair.draws.won.clear()

    with pytest.raises(DrawRefused, match="another public text"):
        fair.make("other")
    again = fair.make("text")

    assert before[SHOP, made.draw_id].state is DrawState.CLOSED
    assert fair.draws.winners(again) == winners
    assert (again.seed, again.winners) == (made.seed, 3)


def test_a_seed_that_is_not_the_promised_one_picks_nobody(fair: Fair) -> None:
    closed = fair.close()
    other = replace(closed, commitment="00" * 32)
    fair.draws.draws[SHOP, closed.draw_id] = other

    with pytest.raises(AssertionError, match="keys of the service"):
        fair.make()

    assert fair.draws.winners(closed) == ()


def test_grants_that_stop_go_on_where_they_stopped(fair: Fair) -> None:
    fair.close()
    draw = fair.make()

    looked_at = []
    while not draw.is_granted:
        draw = grant_prizes(draw, at=fair.at, desk=fair.draw_desk, has_time=pieces(1))
        looked_at.append(draw.granted)

    assert looked_at == [1, 2, 3]
    assert sorted(fair.granted()) == [0, 0, 0, 1, 1]


def test_a_grant_whose_answer_was_lost_is_not_given_twice(fair: Fair) -> None:
    fair.close()
    draw = fair.make()
    fair.ledger.troubles = ["lost after", *["lost before"] * 5]

    with pytest.raises(StoreUnavailable):  # the first is written and seems lost till the end
        grant_prizes(draw, at=fair.at, desk=fair.draw_desk, has_time=always)
    done = grant_prizes(draw, at=fair.at, desk=fair.draw_desk, has_time=always)

    assert done.is_granted
    assert sorted(fair.granted()) == [0, 0, 0, 1, 1]


def test_a_winner_who_has_left_holds_back_nobody(fair: Fair) -> None:
    fair.close()
    draw = fair.make()
    gone = MemberRef(SHOP, fair.draws.winners(draw)[1].member_id)
    fair.ledger.accounts[gone] = replace(fair.ledger.accounts[gone], status=MemberStatus.ERASED)

    done = grant_prizes(draw, at=fair.at, desk=fair.draw_desk, has_time=always)

    assert done.is_granted
    assert sum(fair.granted()) == 1


def test_a_job_closes_and_grants_in_stretches_and_a_lost_one_can_be_done_twice(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.usecases.draw_jobs.GRANTS_AT_ONCE", 2)
    closing = fair.close(lambda: False)
    jobs = [
        start_draw_job(
            closing, at=fair.at, desk=fair.draw_desk, jobs=FakeJobs(), queue=fair.queue
        )
        for _ in range(2)
    ]

    closed = [continue_draw(job, now=lambda: fair.at, desk=fair.draw_desk) for job in jobs]
    fair.make()
    progress = [
        continue_draw(jobs[0], now=lambda: fair.at, desk=fair.draw_desk) for _ in range(2)
    ]

    assert [job.is_over for job in closed] == [True, True]
    assert [(job.done, job.total, job.is_over) for job in progress] == [
        (2, 3, False),
        (3, 3, True),
    ]
    assert sorted(fair.granted()) == [0, 0, 0, 1, 1]


def test_a_list_too_large_is_refused(fair: Fair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draw_entries, "MEMBERS_MAX", MEMBERS - 1)

    with pytest.raises(DrawRefused) as refused:
        fair.close()

    assert refused.value.facts["reason"] == "too_large"


def test_a_merchant_has_only_so_many_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.usecases.draws.DRAWS_MAX", 0)

    with pytest.raises(DrawRefused) as refused:
        Fair()

    assert refused.value.facts["reason"] == "too_many_draws"


def test_of_two_calls_at_once_with_one_key_both_get_the_same_draw(fair: Fair) -> None:
    class Late(FakeDraws):
        """What another call has added is not seen by the first look."""

        looks = 0

        def find(self, merchant_id: str, draw_id: str) -> Draw | None:
            self.looks += 1
            return None if self.looks == 1 else super().find(merchant_id, draw_id)

    late = Late()
    late.draws = fair.draws.draws
    desk = replace(fair.draw_desk, draws=late)
    asked = replace(fair.draw, draw_id="", commitment="", fingerprint="")

    answer = announce_draw(asked, operation("draw"), at=fair.draw.created_at, desk=desk)

    assert (answer.value, answer.is_replay) == (fair.draw, True)


def test_members_without_an_entry_are_told_so(fair: Fair) -> None:
    stranger = fair.join("+79990000099")
    fair.close()

    (seen,) = draws_of_member(stranger, limit=5, draws=fair.draws, keyring=fair.keyring)

    assert (seen.entries, seen.places) == (0, ())
    assert seen.pseudonym == pseudonym(stranger.member_id, fair.draw, fair.keyring)
