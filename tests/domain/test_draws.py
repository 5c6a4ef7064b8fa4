"""Prize draws: entries, their list and hash, the pick, and the states (R42, F053)."""

import hashlib
import hmac
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations, product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import draw_picks
from chalicelib.domain.draw_picks import (
    Entrant,
    Part,
    commitment_of,
    entries_hash,
    fair,
    numbers_of,
    parts_of,
    pick,
    pseudonym_of,
)
from chalicelib.domain.draws import (
    Draw,
    DrawRefused,
    DrawState,
    EntryList,
    EntryRule,
    Per,
    Prize,
    Total,
    announce,
    begin_close,
    begin_draw,
    close,
    reveal,
    total_of,
)
from chalicelib.domain.receipts import ReturnedLine
from chalicelib.domain.returns import Claim, ReturnRefused, take_back
from chalicelib.domain.sales import sell
from tests.builders import NOON, account, after, as_stored, line, occasion, program, sale

SEED = bytes(range(32))
HASH = "ab" * 32
OPENS, CLOSES = date(2026, 6, 1), date(2026, 6, 30)
DRAW = Draw(
    merchant_id="roastery",
    draw_id="drw_1",
    title="June",
    opens=OPENS,
    closes=CLOSES,
    prizes=(Prize("A bicycle", 1), Prize("Points", 2, 50)),
    rule=EntryRule(),
    created_at=NOON,
    commitment=commitment_of(SEED),
)
LIST = EntryList(HASH, 3, 3, ("a",), NOON)
CLOSED = replace(DRAW, state=DrawState.CLOSED, entry_list=LIST)


def entrants(*entries: int) -> tuple[Entrant, ...]:
    """Return members with so many entries each, in the order of their pseudonyms."""
    return tuple(Entrant(f"{n:04d}", count, f"mem_{n}") for n, count in enumerate(entries))


def picked(
    people: tuple[Entrant, ...],
    places: int,
    seed: bytes = SEED,
    sha: str = HASH,
    text: str = "",
) -> list[tuple[int, str]]:
    found = pick(people, places, seed=seed, sha256=sha, public_text=text)
    return [(one.entry, one.pseudonym) for one in found]


def recomputed(
    people: tuple[Entrant, ...], places: int, *, sha: str = HASH, text: str = ""
) -> list[tuple[int, str]]:
    """Pick as the document tells a stranger to: a plain list, from which winners leave."""
    names = [one.pseudonym for one in people for _ in range(one.entries)]
    left, found, n = list(enumerate(names, start=1)), [], 0
    while left and len(found) < places:
        n += 1
        message = f"{sha}|{text}|{n}".encode()
        number = int(hmac.new(SEED, message, hashlib.sha256).hexdigest(), 16)
        if number < 2**256 - 2**256 % len(left):
            winner = left[number % len(left)]
            found.append(winner)
            left = [entry for entry in left if entry[1] != winner[1]]
    return found


class TestEntries:
    @pytest.mark.parametrize(
        ("rule", "total", "entries"),
        [
            (EntryRule(), Total(1, 0), 1),
            (EntryRule(), Total(0, 0), 0),
            (EntryRule(min_total_minor=500), Total(499, 9), 0),
            (EntryRule(min_total_minor=500), Total(500, 9), 1),
            (EntryRule(Per.AMOUNT, 100), Total(399, 0), 3),
            (EntryRule(Per.AMOUNT, 100, member_max=2), Total(399, 0), 2),
            (EntryRule(Per.AMOUNT, 100, min_total_minor=400), Total(399, 0), 0),
            (EntryRule(Per.POINTS, 10), Total(399, 25), 2),
        ],
    )
    def test_a_rule_counts_what_it_says(
        self, rule: EntryRule, total: Total, entries: int
    ) -> None:
        assert rule.entries(total) == entries

    @given(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 1_500)), max_size=4))
    def test_what_counts_is_the_turnover_and_the_points_that_stay(
        self, back: list[tuple[int, int]]
    ) -> None:
        rules = program()
        sold = sell(account(), sale(line(9_999, 3_000), line(101, 1_337)), occasion(rules))
        owner, stored = after(sold), as_stored(sold)
        earned = stored.earned

        for number, one in enumerate(back):
            claim = Claim(return_id=f"b-{number}", lines=(ReturnedLine(*one),))
            try:
                change = take_back(owner, stored, claim, occasion(rules, key=f"b-{number}"))
            except ReturnRefused:
                continue
            owner, stored = after(change), as_stored(change)

        back_points = sum(done.clawed_back for done in stored.returns)
        assert total_of(stored) == Total(owner.turnover.lifetime_minor, earned - back_points)

    def test_a_voided_receipt_does_not_count(self) -> None:
        sold = sell(account(), sale(), occasion())
        claim = Claim(return_id="b-1", lines=None, is_void=True)

        voided = as_stored(take_back(after(sold), as_stored(sold), claim, occasion(key="b")))

        assert total_of(as_stored(sold)).minor == 100_000
        assert total_of(voided) == Total(0, 0)


class TestTheList:
    def test_a_line_is_a_number_and_a_pseudonym(self) -> None:
        (part,) = parts_of(entrants(2, 1))

        assert part.text == "1,0000\n2,0000\n3,0001\n"
        assert entries_hash([part]) == hashlib.sha256(part.text.encode()).hexdigest()

    def test_the_order_of_members_is_that_of_their_pseudonyms(self) -> None:
        people = entrants(1, 2, 1)

        assert parts_of(reversed(people)) == parts_of(people)

    def test_parts_go_on_where_the_one_before_ends_and_divide_nobody(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        people = entrants(4, 3, 5, 1, 1, 1)
        (whole,) = parts_of(people)
        monkeypatch.setattr(draw_picks, "PART_ENTRIES_MAX", 6)
        monkeypatch.setattr(draw_picks, "PART_MEMBERS_MAX", 2)

        parts = parts_of(people)

        sizes = [[one.entries for one in part.entrants] for part in parts]
        assert sizes == [[4], [3], [5, 1], [1, 1]]
        assert "".join(part.text for part in parts) == whole.text
        assert entries_hash(parts) == entries_hash([whole])

    def test_any_change_of_an_entry_changes_the_hash(self) -> None:
        people = entrants(2, 1, 3)
        before = entries_hash(parts_of(people))
        changes = [people[1:], (*people, Entrant("9999", 1, "mem_9"))]
        for n, one in enumerate(people):
            for changed in (
                replace(one, entries=one.entries + 1),
                replace(one, pseudonym=f"{one.pseudonym}X"),
            ):
                changes.append((*people[:n], changed, *people[n + 1 :]))

        hashes = {entries_hash(parts_of(changed)) for changed in changes}

        assert before not in hashes
        assert len(hashes) == len(changes)

    def test_a_list_of_nobody_has_the_hash_of_nothing(self) -> None:
        assert parts_of(()) == ()
        assert entries_hash(()) == hashlib.sha256(b"").hexdigest()

    def test_a_pseudonym_is_sixty_bits_of_the_keyed_hash(self) -> None:
        names = {pseudonym_of(f"{1 << bit:064x}") for bit in range(256)}

        assert len(names) == 61  # one for each of the bits, one for all the others
        assert pseudonym_of("f" * 64) == "ZZZZ-ZZZZ-ZZZZ"


class TestTheNumbers:
    @pytest.mark.parametrize("size", range(1, 17))
    def test_every_result_has_as_many_numbers_as_any_other(self, size: int) -> None:
        space = 16
        results = Counter(
            fair(size, iter([number]), space=space) for number in range(space - space % size)
        )

        assert results == dict.fromkeys(range(size), space // size)

    @pytest.mark.parametrize("size", [3, 5, 6, 7, 9])
    def test_a_number_that_would_favour_some_is_passed_over(self, size: int) -> None:
        space = 16

        for number in range(space - space % size, space):
            assert fair(size, iter([number, 2]), space=space) == 2

    def test_numbers_follow_from_seed_hash_text_and_counter(self) -> None:
        numbers = numbers_of(SEED, HASH, "text")
        first, second = next(numbers), next(numbers)

        def of(counter: int) -> int:
            message = f"{HASH}|text|{counter}".encode()
            return int(hmac.new(SEED, message, hashlib.sha256).hexdigest(), 16)

        assert [first, second] == [of(1), of(2)]


class TestThePick:
    def test_each_order_of_winners_is_as_likely_as_any_other(self) -> None:
        """Enumerated: all numbers of a space that 3 and 2 divide give all orders equally."""
        people = entrants(1, 1, 1)
        orders: Counter[tuple[str, ...]] = Counter()

        for numbers in product(range(6), repeat=2):
            left = draw_picks._Left([1, 1, 1])
            stream = iter(numbers)
            found = [left.take(fair(left.total, stream, space=6))[0] for _ in range(2)]
            orders[tuple(people[n].pseudonym for n in found)] += 1

        assert set(orders) == {
            tuple(people[n].pseudonym for n in one) for one in permutations(range(3), 2)
        }
        assert set(orders.values()) == {36 // 6}

    def test_a_member_wins_in_proportion_to_entries_left(self) -> None:
        firsts: Counter[int] = Counter()
        seconds: Counter[tuple[int, int]] = Counter()

        for one, other in product(range(6), range(60)):
            left = draw_picks._Left([3, 2, 1])
            first, _ = left.take(one)
            firsts[first] += 1
            seconds[first, left.take(fair(left.total, iter([other]), space=60))[0]] += 1

        assert firsts == {0: 180, 1: 120, 2: 60}
        assert seconds[0, 1] == 2 * seconds[0, 2]
        assert seconds[1, 0] == 3 * seconds[1, 2]

    @given(
        st.lists(st.integers(1, 6), max_size=30),
        st.integers(1, 40),
        st.text(alphabet="abc |7", max_size=5),
    )
    def test_a_stranger_recomputes_the_same_winners_and_nobody_wins_twice(
        self, counts: list[int], places: int, text: str
    ) -> None:
        people = entrants(*counts)

        found = picked(people, places, text=text)

        assert found == recomputed(people, places, text=text)
        assert len({name for _, name in found}) == len(found) == min(places, len(people))

    def test_another_seed_list_or_text_picks_others(self) -> None:
        people = entrants(*[1] * 1_000)

        picks = [
            picked(people, 5),
            picked(people, 5, seed=bytes(32)),
            picked(people, 5, sha="cd" * 32),
            picked(people, 5, text="a"),
        ]

        assert len({tuple(one) for one in picks}) == 4
        assert picked(people, 5) == picks[0]

    def test_a_winners_member_is_the_one_behind_the_pseudonym(self) -> None:
        people = entrants(2, 2, 2)
        (part,) = parts_of(people)

        winners = pick(part.entrants, 3, seed=SEED, sha256=HASH, public_text="")

        lines = part.text.splitlines()
        for one in winners:
            assert lines[one.entry - 1] == f"{one.entry},{one.pseudonym}"
            assert one.member_id == f"mem_{int(one.pseudonym)}"
        assert [one.place for one in winners] == [1, 2, 3]


class TestTheStates:
    def test_a_draw_lasts_at_least_a_day_and_at_most_a_year(self) -> None:
        one_day = replace(DRAW, closes=OPENS)
        a_year = replace(DRAW, closes=OPENS + timedelta(days=365))

        assert announce(one_day, on=OPENS) == one_day
        assert announce(a_year, on=OPENS) == a_year
        for closes in (OPENS - timedelta(days=1), OPENS + timedelta(days=366)):
            assert _reason(lambda d: announce(d, on=OPENS), closes=closes) == "its_days"

    def test_a_draw_that_is_over_is_not_announced(self) -> None:
        assert announce(DRAW, on=CLOSES) == DRAW
        assert _reason(lambda d: announce(d, on=CLOSES + timedelta(days=1))) == "its_days"

    def test_a_draw_is_closed_between_its_last_day_and_the_journals(self) -> None:
        closing = replace(DRAW, state=DrawState.CLOSING, closing_at=NOON)
        last = OPENS + timedelta(days=400)

        assert begin_close(DRAW, on=CLOSES + timedelta(days=1), at=NOON) == closing
        assert begin_close(DRAW, on=last, at=NOON) == closing
        assert _reason(lambda d: begin_close(d, on=CLOSES, at=NOON)) == "not_over"
        assert (
            _reason(lambda d: begin_close(d, on=last + timedelta(days=1), at=NOON))
            == "too_late"
        )

    def test_the_public_text_is_settled_once(self) -> None:
        begun = begin_draw(CLOSED, "text", at=NOON)
        drawn = reveal(begun, SEED.hex(), 3)

        assert begun.state is DrawState.DRAWING
        assert (drawn.state, drawn.seed, drawn.winners) == (DrawState.DRAWN, SEED.hex(), 3)
        for known in (begun, drawn):
            assert begin_draw(known, "text", at=NOON + timedelta(days=1)) == known
            with pytest.raises(DrawRefused) as refused:
                begin_draw(known, "other", at=NOON)
            assert refused.value.facts["reason"] == "drawn_otherwise"

    def test_a_draw_without_a_list_is_not_made(self) -> None:
        closing = replace(DRAW, state=DrawState.CLOSING)

        assert _reason(lambda d: begin_draw(d, "", at=NOON)) == "not_closed"
        assert close(closing, LIST) == CLOSED

    def test_places_go_through_the_prizes_in_their_order(self) -> None:
        names = [DRAW.prize_of(place).name for place in (1, 2, 3)]

        assert names == ["A bicycle", "Points", "Points"]
        with pytest.raises(ValueError, match="no such place"):
            DRAW.prize_of(4)


def _reason(decide: Any, **changes: Any) -> Any:
    with pytest.raises(DrawRefused) as refused:
        decide(replace(DRAW, **changes))
    return refused.value.facts["reason"]


def test_a_part_knows_how_many_entries_it_has() -> None:
    assert Part(5, entrants(2, 3)).entries == 5
