"""Confirmations: second factors of members. The ledger's `commit` uses them up."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.account import MemberRef
from chalicelib.domain.confirmations import Confirmation
from chalicelib.domain.members import LimitCharge, OutgoingSms


class Confirmations(Protocol):
    """Second factors, and which codes have been accepted."""

    def find(self, member: MemberRef, confirmation_id: str) -> Confirmation | None:
        """Return the confirmation (strongly consistent), or None. Raises StoreUnavailable."""

    def accept(self, confirmation: Confirmation, step: int) -> bool:
        """Write a verified confirmation by the code of a step; whether it was accepted.

        One transaction: the step is above the last one accepted of this member and method,
        or nothing is written. A repeat of the same confirmation changes nothing and is
        accepted.

        Raises:
            CommitConflict: another call was at it; ask again.
            StoreUnavailable: the outcome is unknown.
        """

    def promise(
        self, confirmation: Confirmation, sms: OutgoingSms, charges: Sequence[LimitCharge]
    ) -> None:
        """Write a pending confirmation and its message, and take every charge, at once.

        A repeat of the same confirmation changes nothing.

        Raises:
            LimitReached: the first full limit, in the order of `charges`; nothing written.
            CommitConflict, StoreUnavailable.
        """

    def count_guess(
        self,
        confirmation: Confirmation,
        *,
        guesses_max: int,
        failures: LimitCharge,
        at: datetime,
    ) -> Confirmation | None:
        """Count a guess before it is compared; the confirmation as counted.

        None if no guess is left, or it is no longer pending. One transaction with the
        failures of the phone.

        Raises:
            LimitReached: the phone has too many failures across codes.
        """

    def verify(self, confirmation: Confirmation) -> None:
        """Store `verified_at` if it is still pending. Raises CommitConflict."""

    def use(self, confirmation: Confirmation) -> None:
        """Store `used_at` of what is verified and good still. Raises CommitConflict."""

    def count_failure(self, merchant_id: str, failures: LimitCharge) -> None:
        """Count a code before it is compared. Raises LimitReached, CommitConflict."""

    def forgive_failure(self, merchant_id: str, failures: LimitCharge) -> None:
        """Take one failure back: the code was right."""
