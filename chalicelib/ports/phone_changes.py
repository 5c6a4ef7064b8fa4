"""Phones that are to become members'. The ledger's `commit` brings a change to its end."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import LimitCharge, OutgoingSms
from chalicelib.domain.phone_changes import PhoneChange


class PhoneChanges(Protocol):
    """Changes of phones, with the codes and messages they need."""

    def open(
        self,
        change: PhoneChange,
        messages: Sequence[OutgoingSms],
        charges: Sequence[LimitCharge],
    ) -> None:
        """Write a change and its messages, and take every charge, at once.

        A repeat of the same change does nothing.

        Raises:
            LimitReached: the first full limit, in the order of `charges`; nothing written.
            CommitConflict, StoreUnavailable.
        """

    def find(self, member: MemberRef, change_id: str) -> PhoneChange | None:
        """Return the change (strongly consistent), or None. Raises StoreUnavailable."""

    def of_member(self, member: MemberRef) -> tuple[PhoneChange, ...]:
        """Return the member's changes, the latest first (at most 20)."""

    def count_guess(
        self,
        change: PhoneChange,
        *,
        guesses_max: int,
        failures: LimitCharge,
        at: datetime,
    ) -> PhoneChange | None:
        """Count a guess before it is compared; the change as counted.

        None if no guess is left, or it is verified already. One transaction with the
        failures of the new phone.

        Raises:
            LimitReached: the phone has too many failures across codes.
        """

    def forgive_guess(self, change: PhoneChange, failures: LimitCharge) -> None:
        """Take one failure back: the guess was right."""

    def verify(self, change: PhoneChange) -> None:
        """Store `verified_at` if it is not yet; nothing happens if it is.

        A change that waits for a manager is among `Attention.waits` from then on.

        Raises:
            CommitConflict: another write was at it; nothing was stored.
        """
