"""Segments: an entry of their own, and what promotions make of them."""

import pytest

from chalicelib.domain.entries import EntryKind
from chalicelib.domain.sales import sell
from chalicelib.domain.segments import segments_of, set_segments
from tests.builders import account, after, entry, lot, occasion, program, receipt, sale


def test_segments_are_kept_sorted_and_once_each() -> None:
    change = set_segments(account(), ["wholesale", "coffee", "coffee"], occasion())

    assert after(change).segments == ("coffee", "wholesale")
    assert segments_of(entry(change)) == ("coffee", "wholesale")


def test_the_new_list_replaces_the_old_one_and_the_entry_says_both() -> None:
    before = account(lot("may", 30), segments=("coffee", "vip"))

    change = set_segments(before, ["tea"], occasion())

    assert after(change).segments == ("tea",)
    assert entry(change).kind is EntryKind.SEGMENTS
    assert entry(change).points == 0
    assert entry(change).facts == {"segments": "tea", "segments_before": "coffee\nvip"}


def test_an_empty_list_takes_the_member_out_of_all() -> None:
    change = set_segments(account(segments=("vip",)), [], occasion())

    assert after(change).segments == ()
    assert segments_of(entry(change)) == ()


def test_the_same_list_again_is_an_entry_too() -> None:
    before = account(segments=("vip",))

    change = set_segments(before, ["vip"], occasion())

    assert after(change).segments == ("vip",)
    assert entry(change).version == before.version + 1


@pytest.mark.parametrize(
    ("segments", "earned"), [((), 100), (("vip",), 200), (("tea", "vip"), 200), (("tea",), 100)]
)
def test_a_promotion_for_a_segment_is_for_its_members(
    segments: tuple[str, ...], earned: int
) -> None:
    double = {"id": "vip days", "multiplier": 2, "segments": ["vip", "staff"]}
    rules = program(promotions=[double])

    change = sell(account(segments=segments), sale(), occasion(rules))

    assert receipt(change).earned == earned
    assert after(change).segments == segments
