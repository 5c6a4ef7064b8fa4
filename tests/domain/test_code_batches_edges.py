"""Names of batches, codes as they are printed, and segments: on the edges."""

import pytest

from chalicelib.domain.code_batches import batch_id_of, printed
from chalicelib.domain.segments import SEGMENTS_MAX, segments_of, set_segments
from tests.builders import account, after, entry, occasion


@pytest.mark.parametrize(
    ("number", "name"),
    [(0, "000"), (5, "005"), (33, "011"), (32_767, "ZZZ"), (32_768, "000"), (35_937, "331")],
)
def test_a_batch_is_named_by_the_last_three_symbols_of_its_number(
    number: int, name: str
) -> None:
    assert batch_id_of(number) == name


def test_a_code_without_a_prefix_is_printed_in_three_groups() -> None:
    assert printed("7QK0019ZZZZZ") == "7QK0-019Z-ZZZZ"


def test_a_member_may_be_in_as_many_segments_as_there_are() -> None:
    names = [f"s{n}" for n in range(SEGMENTS_MAX)]

    assert after(set_segments(account(), names, occasion())).segments == tuple(names)


def test_the_name_of_a_segment_may_have_spaces() -> None:
    change = set_segments(account(), ["vip days", "tea"], occasion())

    assert segments_of(entry(change)) == ("tea", "vip days")
