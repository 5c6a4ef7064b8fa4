"""How lots are named: by the entry that made them, and their place in it."""

import pytest

from chalicelib.domain.account import LOT_IDS_PER_VERSION, LotSource
from chalicelib.domain.entries import MovementKind
from chalicelib.domain.posting import Posting
from tests.builders import account, occasion


def credited(posting: Posting, points: int = 1) -> int | None:
    """Give points; the id of the lot, if there is one."""
    lot, _ = posting.credit(MovementKind.GRANT, LotSource.GRANT, points)
    return lot and lot.lot_id


def test_a_lot_is_named_by_the_new_version_and_its_place() -> None:
    posting = Posting(account(), occasion())  # of version 1

    assert [credited(posting) for _ in range(3)] == [32, 33, 34]


def test_what_went_into_debt_takes_no_place() -> None:
    posting = Posting(account(debt=1), occasion())

    assert [credited(posting) for _ in range(2)] == [None, 32]


def test_an_entry_makes_no_more_lots_than_there_are_names() -> None:
    posting = Posting(account(), occasion())

    made = [credited(posting) for _ in range(LOT_IDS_PER_VERSION)]

    assert made == list(range(32, 48))
    with pytest.raises(AssertionError, match="lot ids are unique"):
        credited(posting)
