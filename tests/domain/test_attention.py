"""Debts and pauses as they follow from ledger entries, and the word of an offline till."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.account import Account
from chalicelib.domain.attention import Debt, DebtStart, PhoneWait, debt_after, pauses_of
from chalicelib.domain.entries import EntryKind, LedgerEntry, Movement, MovementKind
from chalicelib.domain.limits import Take
from chalicelib.domain.offline_limit import (
    believed,
    counted_offline,
    is_on_its_word,
    member_counter,
    till_counter,
)
from chalicelib.domain.sales import Sale, sell
from tests.builders import (
    ANN,
    NOON,
    TODAY,
    account,
    exactly,
    lot,
    occasion,
    program,
    receipt_key,
    sale,
    up_to,
)

RULES = program(offline_redeem_limit=50, redeem_percent=100)
HOUR = timedelta(hours=1)


def owing(version: int, *points: int, kind: EntryKind = EntryKind.PURCHASE) -> LedgerEntry:
    """Return an entry that moves the debt by so many points each time."""
    moves = [Movement(MovementKind.REDEEM, -one, None) for one in points]
    return LedgerEntry(
        member=ANN,
        version=version,
        kind=kind,
        at=NOON + version * HOUR,
        on=TODAY,
        movements=tuple(moves),
        balance_after=0,
        reference=f"r-{version}",
        actor="till:till-1",
    )


def in_debt(points: int, version: int) -> Account:
    return replace(account(), debt=points, version=version)


def begun(version: int) -> DebtStart:
    return DebtStart(NOON + version * HOUR, EntryKind.PURCHASE, receipt_key(f"r-{version}"))


class TestDebt:
    def test_entries_that_move_none_say_nothing(self) -> None:
        plain = replace(owing(2), movements=(Movement(MovementKind.EARN, 5, lot("may", 5)),))

        assert debt_after(in_debt(40, 2), [plain]) is None

    def test_one_that_is_made_begins_with_its_receipt(self) -> None:
        entries = [owing(2), owing(3, 40)]

        assert debt_after(in_debt(40, 3), entries) == Debt(ANN, 3, 40, begun(3))

    def test_one_that_grows_began_before(self) -> None:
        assert debt_after(in_debt(60, 3), [owing(3, 20)]) == Debt(ANN, 3, 60, None)

    def test_one_that_is_repaid_is_nothing(self) -> None:
        entries = [owing(2, 40), owing(3, -40)]

        assert debt_after(in_debt(0, 3), entries) == Debt(ANN, 3, 0, None)

    def test_one_made_and_repaid_in_an_entry_moves_nothing_but_is_told(self) -> None:
        assert debt_after(in_debt(0, 2), [owing(2, 40, -40)]) == Debt(ANN, 2, 0, None)

    def test_one_that_comes_again_begins_anew_whatever_the_order(self) -> None:
        entries = [owing(4, 5), owing(2, -10), owing(3, 30)]

        assert debt_after(in_debt(35, 4), entries) == Debt(ANN, 4, 35, begun(3))

    def test_one_that_no_receipt_made_names_none(self) -> None:
        taken = owing(2, 40, kind=EntryKind.TAKEOVER)

        found = debt_after(in_debt(40, 2), [taken])

        assert found is not None
        assert found.since == DebtStart(taken.at, EntryKind.TAKEOVER, None)


class TestPause:
    def test_a_phone_given_on_a_managers_word_pauses(self) -> None:
        until = NOON + 72 * HOUR
        facts = {"paused_until": until.isoformat()}
        paused = replace(owing(2), kind=EntryKind.PHONE, facts=facts)
        proven = replace(paused, facts={"paused_until": None})

        assert pauses_of([proven, paused, owing(3)]) == (
            PhoneWait(ANN, paused.at, until, is_pause=True),
        )


class TestTheTillsWord:
    def made(self, **fields: Any) -> Sale:
        words = {"redeem": exactly(30), **fields}
        return replace(sale(at=NOON - timedelta(minutes=1), **words), is_offline=True)

    @pytest.mark.parametrize(
        ("one", "is_asked"),
        [
            ({}, True),
            ({"redeem": up_to()}, True),
            ({"redeem": sale().redeem}, False),
            ({"member": None}, False),
        ],
    )
    def test_is_asked_about_only_where_a_member_redeems_at_this_moment(
        self, one: dict[str, Any], *, is_asked: bool
    ) -> None:
        assert is_on_its_word(self.made(**one), NOON) is is_asked

    def test_is_not_needed_by_a_sale_that_is_old(self) -> None:
        old = replace(self.made(), sold_at=NOON - timedelta(minutes=6))

        assert is_on_its_word(old, NOON) is False

    @pytest.mark.parametrize(("used", "is_taken"), [(0, True), (20, True), (21, False)])
    def test_is_worth_what_the_day_has_left(self, used: int, *, is_taken: bool) -> None:
        counter = member_counter(ANN.member_id, TODAY)

        settles = believed(self.made(), occasion(RULES), {counter: used})

        assert settles.is_offline is is_taken

    def test_is_worth_nothing_where_no_till_redeems_offline(self) -> None:
        rules = program(offline_redeem_limit=0, redeem_percent=100)

        assert believed(self.made(redeem=up_to()), occasion(rules), {}).is_offline is False

    @pytest.mark.parametrize(("minutes", "most"), [(1, 50), (10, None)])
    def test_what_settles_is_counted_by_member_and_till(
        self, minutes: int, most: int | None
    ) -> None:
        one = replace(self.made(), sold_at=NOON - timedelta(minutes=minutes))
        change = sell(account(lot("may", 100)), one, occasion(RULES))

        counted = counted_offline(change, one, occasion(RULES))

        assert counted.takes == (
            Take(member_counter(ANN.member_id, TODAY), 30, most),
            Take(till_counter("till-1", TODAY), 30),
        )

    def test_a_sale_with_a_network_is_not_counted(self) -> None:
        one = sale(redeem=exactly(30))
        change = sell(account(lot("may", 100)), one, occasion(RULES))

        assert counted_offline(change, one, occasion(RULES)) is change
