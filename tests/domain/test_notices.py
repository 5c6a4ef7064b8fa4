"""What a member is told unasked, by which way, and what switches it off."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.entries import EntryKind, LedgerEntry, Movement, MovementKind
from chalicelib.domain.members import Profile
from chalicelib.domain.notice_texts import notice_text
from chalicelib.domain.notices import (
    Notice,
    Topic,
    Way,
    is_muted,
    notices_of,
    way_to,
    with_choices,
)
from tests.builders import ANN, NOON, TODAY

PHONE, ADDRESS = "+79990000001", "ann@example.com"
PROFILE = Profile(ANN, PHONE, "ru", NOON)


def entry(kind: EntryKind, *moved: tuple[MovementKind, int], **more: object) -> LedgerEntry:
    movements = tuple(Movement(one, points, None) for one, points in moved)
    made = LedgerEntry(ANN, 7, kind, NOON, TODAY, movements, balance_after=0)
    return replace(made, **more)  # type: ignore[arg-type]


def test_everything_is_on_until_it_is_switched_off() -> None:
    muted = replace(PROFILE, muted=with_choices((), {(Topic.POINTS, Way.SMS): False}))

    assert not is_muted(PROFILE, Topic.POINTS, Way.SMS)
    assert is_muted(muted, Topic.POINTS, Way.SMS)
    assert not is_muted(muted, Topic.POINTS, Way.WALLET)
    assert with_choices(muted.muted, {(Topic.POINTS, Way.SMS): True}) == ()


@pytest.mark.parametrize(
    ("phone", "proven", "muted", "way"),
    [
        (PHONE, None, (), (Way.SMS, PHONE)),
        (PHONE, ADDRESS, (), (Way.EMAIL, ADDRESS)),  # it costs nothing
        (PHONE, ADDRESS, ("points.email",), (Way.SMS, PHONE)),
        (PHONE, ADDRESS, ("points.email", "points.sms"), None),
        (PHONE, None, ("reminders.sms",), (Way.SMS, PHONE)),  # that is another topic
        (None, None, (), None),
    ],
)
def test_a_member_is_told_by_one_way(
    phone: str | None, proven: str | None, muted: tuple[str, ...], way: tuple[Way, str] | None
) -> None:
    profile = replace(PROFILE, phone=phone, proven_email=proven, muted=muted)

    assert way_to(profile, Topic.POINTS) == way


def test_an_address_that_nobody_proved_is_not_written_to() -> None:
    assert way_to(replace(PROFILE, phone=None, email=ADDRESS), Topic.POINTS) is None


def test_a_purchase_tells_what_was_earned_and_redeemed_and_not_what_expired() -> None:
    bought = entry(
        EntryKind.PURCHASE,
        (MovementKind.EXPIRE, -15),
        (MovementKind.REDEEM, -375),
        (MovementKind.EARN, 44),
    )

    (found,) = notices_of([bought])

    assert (found.topic, found.earned, found.redeemed) == (Topic.POINTS, 44, 375)
    assert (found.version, found.at) == (7, NOON)


@pytest.mark.parametrize(
    "silent",
    [
        entry(EntryKind.PURCHASE),
        entry(EntryKind.EXPIRE, (MovementKind.EXPIRE, -15)),
        entry(EntryKind.TAKEOVER, (MovementKind.TRANSFER, 15)),
        entry(EntryKind.HOLD, (MovementKind.REDEEM, -15)),
        entry(EntryKind.REMIND),  # without a day there is nothing to say
    ],
    ids=lambda one: one.kind,
)
def test_what_moved_nothing_of_the_members_doing_is_not_told(silent: LedgerEntry) -> None:
    assert notices_of([silent]) == ()


def test_a_reminder_tells_what_expires_after_which_day() -> None:
    reminded = entry(
        EntryKind.REMIND, facts={"expiring": 120, "expires_on": "2026-12-31"}
    )  # fmt: skip

    (found,) = notices_of([reminded])

    assert (found.topic, found.expiring) == (Topic.REMINDERS, 120)
    assert found.expires_on == date(2026, 12, 31)


def told(**more: object) -> Notice:
    return replace(Notice(version=7, at=NOON, topic=Topic.POINTS), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("notice", "russian", "english"),
    [
        (
            told(earned=44),
            "Узор: начислено баллов 44. На карте 909.",
            "Узор: points earned 44. On your card 909.",
        ),
        (
            told(redeemed=375),
            "Узор: списано баллов 375. На карте 909.",
            "Узор: points redeemed 375. On your card 909.",
        ),
        (
            told(earned=44, redeemed=375),
            "Узор: баллы +44, −375. На карте 909.",
            "Узор: points +44, -375. On your card 909.",
        ),
        (
            told(earned=300, is_gift=True),
            "Узор: подарок, баллов 300. На карте 909.",
            "Узор: a gift, points 300. On your card 909.",
        ),
        (
            told(expiring=120, expires_on=date(2026, 12, 31)),
            "Узор: после 31.12.2026 сгорят баллы: 120.",
            "Узор: points that expire after 31 Dec 2026: 120.",
        ),
    ],
)
def test_a_notice_is_said_in_both_languages(notice: Notice, russian: str, english: str) -> None:
    assert notice_text("ru", "Узор", notice, 909) == russian
    assert notice_text("en", "Узор", notice, 909) == english


def test_a_long_name_is_cut_so_that_a_notice_is_one_message() -> None:
    longest = told(earned=9_999_999, redeemed=9_999_999)

    assert len(notice_text("ru", "Б" * 99, longest, 9_999_999)) <= 70
