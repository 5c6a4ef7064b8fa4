"""The `PassDesigns` port in a dictionary."""

from dataclasses import replace

from chalicelib.domain.pass_designs import Look


class FakePassDesigns:
    """Looks of a test."""

    def __init__(self) -> None:
        self.looks: dict[str, Look] = {}

    def look(self, merchant_id: str) -> Look:
        return self.looks.get(merchant_id, Look())

    def renew(self, merchant_id: str) -> int:
        before = self.look(merchant_id)
        self.looks[merchant_id] = replace(before, revision=before.revision + 1)
        return before.revision + 1
