"""What is kept of a member: yearly days (R35) and consents."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.anniversaries import (
    ANNIVERSARIES_MAX,
    KINDS_MAX,
    AnniversaryRefused,
    with_days,
)
from chalicelib.domain.members import (
    CONSENTS_MAX,
    Anniversary,
    Consent,
    ConsentPurpose,
    Profile,
    with_consents,
)
from tests.builders import NOON, SHOP, day

GIVEN = day("2026-06-10")
START = datetime(2026, 1, 1, tzinfo=UTC)


def profile(*days: Anniversary) -> Profile:
    ann = Profile(MemberRef(SHOP, "mem_ann"), phone=None, language="ru", joined_at=NOON)
    return Profile(ann.member, None, "ru", NOON, anniversaries=days)


def wedding(on: str, granted: bool = False) -> Anniversary:
    return Anniversary("wedding", day(on), GIVEN if granted else None)


def edited(before: Profile, *days: Anniversary, by_member: bool = True) -> Profile:
    return with_days(before, days, by_member=by_member)


def consent(number: int, purpose: ConsentPurpose = ConsentPurpose.ADVERTISING) -> Consent:
    at = START + timedelta(minutes=number)
    return Consent(purpose, number % 2 == 0, f"v{number}", "ru", at, "me")


class TestDays:
    def test_a_moved_day_inherits_the_grant_of_its_kind(self) -> None:
        before = profile(wedding("2015-06-10", granted=True))

        after = edited(before, wedding("2015-06-11"))

        assert after.anniversaries == (Anniversary("wedding", day("2015-06-11"), GIVEN),)

    def test_a_day_taken_off_and_listed_again_inherits_it_too(self) -> None:
        before = profile(wedding("2015-06-10", granted=True))

        after = edited(edited(before), wedding("2015-06-11"))

        assert after.anniversaries[0].granted_on == GIVEN

    def test_a_day_that_stays_keeps_its_own_grant_beside_a_new_one(self) -> None:
        first, second = wedding("2015-06-10", granted=True), wedding("2015-12-01")

        after = edited(profile(first, second), first, second, wedding("2015-11-01"))

        assert [one.granted_on for one in after.anniversaries] == [GIVEN, None, GIVEN]

    def test_a_kind_is_changed_once_by_the_member_and_later_by_the_staff(self) -> None:
        once = edited(edited(profile(), wedding("2015-06-10")), wedding("2015-06-11"))

        with pytest.raises(AnniversaryRefused):
            edited(once, wedding("2015-06-12"))
        with pytest.raises(AnniversaryRefused):
            edited(edited(once), wedding("2015-06-12"))
        staff = edited(once, wedding("2015-06-12"), by_member=False)
        assert staff.anniversaries == (wedding("2015-06-12"),)

    def test_of_several_kinds_each_counts_its_own_changes(self) -> None:
        listed = edited(profile(), wedding("2015-06-10"))

        after = edited(listed, Anniversary("name_day", GIVEN), wedding("2015-06-11"))

        assert {past.kind: past.edits for past in after.anniversary_kinds} == {
            "wedding": 1,
            "name_day": 0,
        }

    def test_a_birthday_before_them_hides_no_grant(self) -> None:
        birthday = Anniversary("birthday", day("1990-06-10"))

        after = edited(profile(birthday, wedding("2015-06-10", True)), wedding("2015-06-11"))

        assert after.anniversaries[1].granted_on == GIVEN

    def test_refusals_are_told_in_words(self) -> None:
        once = edited(edited(profile(), wedding("2015-06-10")), wedding("2015-06-11"))
        kinds = [Anniversary(f"kind_{number}", GIVEN) for number in range(KINDS_MAX + 1)]
        full = profile()
        for kind in kinds[:-1]:
            full = edited(full, kind)

        with pytest.raises(AnniversaryRefused, match=r"^this day was changed once"):
            edited(once, wedding("2015-06-12"))
        with pytest.raises(AnniversaryRefused, match="at most 20 kinds of days are kept"):
            edited(full, kinds[-1])
        with pytest.raises(AnniversaryRefused, match="6 days; at most 5 are kept"):
            edited(profile(), *kinds[:6])
        with pytest.raises(AnniversaryRefused, match=r"^a day of one kind is listed"):
            edited(profile(), kinds[0], kinds[0])

    def test_the_same_list_and_a_shorter_one_are_no_changes(self) -> None:
        days = (wedding("2015-06-10"), wedding("2016-06-10"))
        listed = edited(profile(), *days)

        again = edited(edited(listed, *days), days[0])

        assert [past.edits for past in again.anniversary_kinds] == [0]

    def test_are_only_so_many_and_none_is_listed_twice(self) -> None:
        many = [wedding(f"2015-06-{n:02}") for n in range(1, ANNIVERSARIES_MAX + 2)]

        assert len(edited(profile(), *many[:-1]).anniversaries) == ANNIVERSARIES_MAX
        with pytest.raises(AnniversaryRefused):
            edited(profile(), *many)
        with pytest.raises(AnniversaryRefused):
            edited(profile(), many[0], many[0])

    def test_are_of_so_many_kinds_at_most_over_all_time(self) -> None:
        kept = profile()
        for number in range(KINDS_MAX):
            kept = edited(kept, Anniversary(f"kind_{number}", GIVEN))

        with pytest.raises(AnniversaryRefused):
            edited(kept, Anniversary("one_more", GIVEN))

    def test_leave_the_birthday_alone(self) -> None:
        birthday = Anniversary("birthday", day("1990-06-10"), GIVEN)

        after = edited(profile(birthday), wedding("2015-06-10"))

        assert after.anniversaries == (birthday, wedding("2015-06-10"))


class TestConsents:
    def test_are_in_the_order_they_were_given(self) -> None:
        late, early = (consent(2), consent(4)), (consent(1), consent(3))

        kept = with_consents(late, early)

        assert [one.text_version for one in kept] == ["v1", "v2", "v3", "v4"]

    def test_given_again_are_kept_once(self) -> None:
        assert with_consents((consent(1),), (consent(1),)) == (consent(1),)

    def test_beyond_the_maximum_the_oldest_go(self) -> None:
        many = tuple(consent(number) for number in range(CONSENTS_MAX + 9))

        kept = with_consents(many[:-1], many[-1:])

        assert kept == many[9:]
        assert len(kept) == 50

    def test_the_latest_answer_to_each_question_stays(self) -> None:
        program = consent(0, ConsentPurpose.PROGRAM)
        many = tuple(consent(number) for number in range(1, 200))

        kept = with_consents((program,), many)

        assert kept[0] == program
        assert kept[1:] == many[-CONSENTS_MAX + 1 :]
