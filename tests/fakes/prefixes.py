"""The `PrefixMonitor` port in a dictionary."""

from dataclasses import replace

from chalicelib.domain.members import PrefixRecord
from chalicelib.ports import CommitConflict


class FakePrefixes:
    """Prefixes of a test."""

    def __init__(self) -> None:
        self.records: dict[tuple[str, str], PrefixRecord] = {}

    def find(self, merchant_id: str, prefix: str) -> PrefixRecord:
        return self.records.get((merchant_id, prefix), PrefixRecord(merchant_id, prefix))

    def save(self, record: PrefixRecord) -> None:
        if self.find(record.merchant_id, record.prefix).revision != record.revision:
            raise CommitConflict("prefix")
        moved_on = replace(record, revision=record.revision + 1)
        self.records[record.merchant_id, record.prefix] = moved_on
