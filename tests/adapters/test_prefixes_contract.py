"""What every prefix monitor promises, run against the fake and against the engine."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.adapters.dynamo.prefixes import DynamoPrefixMonitor
from chalicelib.domain.members import PrefixRecord, SentCode
from chalicelib.ports import CommitConflict, PrefixMonitor
from tests.fakes.prefixes import FakePrefixes

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
CODES = (SentCode("sup_1", NOW), SentCode("sup_2", NOW + timedelta(minutes=1), True))
NEW = PrefixRecord("bakery", "7999000")


@pytest.fixture(params=["fake", "engine"])
def prefixes(request: pytest.FixtureRequest) -> PrefixMonitor:
    if request.param == "fake":
        return FakePrefixes()
    request.getfixturevalue("connection")
    return DynamoPrefixMonitor()


def test_a_prefix_nothing_was_sent_to_is_empty(prefixes: PrefixMonitor) -> None:
    assert prefixes.find("bakery", "7999000") == NEW


def test_what_was_saved_comes_back(prefixes: PrefixMonitor) -> None:
    prefixes.save(PrefixRecord("bakery", "7999000", CODES))

    assert prefixes.find("bakery", "7999000") == PrefixRecord("bakery", "7999000", CODES, 1)
    assert prefixes.find("bakery", "7999001").codes == ()
    assert prefixes.find("other", "7999000").codes == ()


def test_a_record_that_moved_is_not_overwritten(prefixes: PrefixMonitor) -> None:
    prefixes.save(PrefixRecord("bakery", "7999000", CODES[:1]))

    with pytest.raises(CommitConflict):
        prefixes.save(PrefixRecord("bakery", "7999000", CODES))

    assert prefixes.find("bakery", "7999000").codes == CODES[:1]
    prefixes.save(PrefixRecord("bakery", "7999000", CODES, 1))
    assert prefixes.find("bakery", "7999000").codes == CODES
