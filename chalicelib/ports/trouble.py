"""What can go wrong outside, as the use cases see it. No SDK exception crosses a port."""

from chalicelib.domain.entries import Recorded
from chalicelib.domain.members import LimitCharge
from chalicelib.domain.receipts import Receipt


class Trouble(Exception):
    """Something outside failed; nobody asked for anything wrong."""


class CommitConflict(Trouble):
    """The account or receipt moved since it was read: read again and decide again."""


class StoreUnavailable(Trouble):
    """The store timed out, throttled or failed: the outcome is unknown; ask again."""


class AlreadyRecorded(Exception):
    """The operation was written before, with this or another content."""

    def __init__(self, recorded: Recorded) -> None:
        super().__init__("already recorded")
        self.recorded = recorded


class ReceiptExists(Exception):
    """The receipt number was written by another operation."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("receipt exists")
        self.receipt = receipt


class LimitReached(Exception):
    """A counter is full; nothing was written."""

    def __init__(self, charge: LimitCharge) -> None:
        super().__init__(charge.name)
        self.charge = charge


class Taken(Exception):
    """A unique thing (phone, card number, merchant id) belongs to another already."""

    def __init__(self, member_id: str) -> None:
        super().__init__("taken")
        self.member_id = member_id
