"""A number that was silent may have a new owner: what breaks a silence, and what does not."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.anniversaries import BIRTHDAY, Anniversary
from chalicelib.domain.browsers import Browser
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.members import Profile
from chalicelib.domain.recycled import (
    ENTRIES_LOOKED_AT,
    SILENT_DAYS,
    birth_date_of,
    is_birth_date,
    is_silent,
    try_charge,
    without_phone,
)
from tests.builders import ANN, NOON

PHONE, OTHER = "+79990001122", "+79990003344"


def ago(days: int) -> Any:
    return NOON - timedelta(days=days)


def profile(joined_days_ago: int = 400, **fields: Any) -> Profile:
    joined = ago(joined_days_ago)
    return Profile(member=ANN, phone=PHONE, language="ru", joined_at=joined, **fields)


def entry(days: int, kind: EntryKind = EntryKind.PURCHASE, **facts: Any) -> LedgerEntry:
    at = ago(days)
    return LedgerEntry(ANN, 1, kind, at, at.date(), (), 0, facts=facts)


def browser(made: int, seen: int) -> Browser:
    return Browser("brw_1", "Chrome · Android", ago(made), ago(seen).date())


class TestSilence:
    @pytest.mark.parametrize(
        ("days", "is_over"), [(SILENT_DAYS, False), (SILENT_DAYS + 1, True)]
    )
    def test_begins_after_the_last_day_of_the_period(self, days: int, is_over: bool) -> None:
        assert is_silent(profile(joined_days_ago=days), (), NOON) is is_over

    @pytest.mark.parametrize(
        "kind",
        [
            EntryKind.JOIN, EntryKind.VERIFY, EntryKind.PURCHASE, EntryKind.RETURN,
            EntryKind.REDEEM, EntryKind.HOLD, EntryKind.CODE,
        ],
    )  # fmt: skip
    def test_is_broken_by_what_the_member_does(self, kind: EntryKind) -> None:
        assert not is_silent(profile(), [entry(SILENT_DAYS, kind)], NOON)

    @pytest.mark.parametrize("kind", [EntryKind.GRANT, EntryKind.EXPIRE, EntryKind.ANNIVERSARY])
    def test_is_not_broken_by_jobs_and_gifts(self, kind: EntryKind) -> None:
        assert is_silent(profile(), [entry(1, kind)], NOON)

    def test_is_broken_by_a_browser_that_was_seen(self) -> None:
        assert not is_silent(profile(browsers=(browser(390, 10),)), (), NOON)

    def test_is_broken_by_a_browser_that_signed_in(self) -> None:
        signed_in = Browser("brw_1", "", ago(10), ago(300).date())

        assert not is_silent(profile(browsers=(signed_in,)), (), NOON)

    def test_is_not_broken_by_a_number_that_is_only_said_after_it(self) -> None:
        assert is_silent(profile(), [entry(1, spoken="phone")], NOON)

    def test_a_number_said_without_a_silence_before_it_is_a_sign_of_life(self) -> None:
        said = [entry(1, spoken="phone"), entry(170, spoken="phone")]

        assert not is_silent(profile(joined_days_ago=340), said, NOON)

    def test_is_there_for_good_though_the_number_is_said_again_and_again(self) -> None:
        said = [entry(day, spoken="phone") for day in (1, 50, 100)]

        assert is_silent(profile(joined_days_ago=300), said, NOON)

    def test_a_scan_after_it_shows_that_the_member_is_back(self) -> None:
        found = [entry(1, spoken="phone"), entry(20), entry(100, spoken="phone")]

        assert not is_silent(profile(), found, NOON)

    def test_what_lies_before_the_entries_looked_at_is_not_held_against_anybody(self) -> None:
        spoken = [entry(0, spoken="phone")] * (ENTRIES_LOOKED_AT - 1)
        oldest = entry(SILENT_DAYS, EntryKind.GRANT)

        assert not is_silent(profile(), [*spoken, oldest], NOON)
        assert is_silent(profile(), [*spoken[1:], oldest], NOON)


class TestBirthDate:
    def test_is_the_birthday_among_the_anniversaries(self) -> None:
        days = (
            Anniversary("wedding", date(2010, 5, 1)),
            Anniversary(BIRTHDAY, date(1990, 6, 10)),
        )

        assert birth_date_of(profile(anniversaries=days)) == date(1990, 6, 10)
        assert birth_date_of(profile(anniversaries=days[:1])) is None

    @pytest.mark.parametrize(
        ("known", "said", "is_same"),
        [
            ("1990-06-10", "1990-06-10", True),
            ("1990-06-10", "1991-06-10", False),
            ("2000-06-10", "1991-06-10", True),
            ("2000-06-10", "1991-06-11", False),
            ("2000-06-10", "1991-07-10", False),
        ],
    )
    def test_a_year_that_is_unknown_is_not_asked(
        self, known: str, said: str, is_same: bool
    ) -> None:
        assert is_birth_date(date.fromisoformat(known), date.fromisoformat(said)) is is_same

    def test_may_be_tried_twice_in_a_month_before_the_last(self) -> None:
        charge = try_charge("hash", NOON)

        assert (charge.name, charge.subject) == ("birth_date_tries", "hash")
        assert (charge.window, charge.maximum) == ("sliding", 2)
        assert charge.ends_at == NOON + timedelta(days=30)
        assert charge.period == timedelta(days=30)


class TestWhoIsNotReachedAnyMore:
    def test_loses_the_own_number_and_keeps_the_others(self) -> None:
        left = without_phone(profile(merged_phones=(OTHER,)), PHONE)

        assert (left.phone, left.merged_phones) == (None, (OTHER,))
        assert left.joined_at == ago(400)

    def test_loses_a_number_that_came_with_a_merge_and_keeps_the_own(self) -> None:
        left = without_phone(profile(merged_phones=(OTHER, "a@b.ru")), OTHER)

        assert (left.phone, left.merged_phones) == (PHONE, ("a@b.ru",))
