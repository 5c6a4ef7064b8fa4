"""The `PhoneChanges` port in a dictionary; the ledger's commit ends a change."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import LimitCharge, OutgoingSms
from chalicelib.domain.phone_changes import PhoneChange
from chalicelib.ports import CommitConflict
from tests.fakes.limits import FakeLimits
from tests.fakes.members import FakeMembers
from tests.fakes.sms_outbox import FakeSmsOutbox


class FakePhoneChanges:
    """Changes of a test; messages go to `outbox`."""

    def __init__(self, members: FakeMembers, limits: FakeLimits, outbox: FakeSmsOutbox) -> None:
        self.changes: dict[tuple[MemberRef, str], PhoneChange] = {}
        self.conflicts = 0  # so many writes are refused, as somebody else is at the change
        self._limits, self._outbox = limits, outbox
        members.end_change = self.end

    def open(
        self,
        change: PhoneChange,
        messages: Sequence[OutgoingSms],
        charges: Sequence[LimitCharge],
    ) -> None:
        if _key(change) in self.changes:
            return
        self._limits.take(change.member.merchant_id, charges)
        self.changes[_key(change)] = change
        for sms in messages:
            self._outbox.messages[sms.merchant_id, sms.message_id] = sms

    def find(self, member: MemberRef, change_id: str) -> PhoneChange | None:
        return self.changes.get((member, change_id))

    def of_member(self, member: MemberRef) -> tuple[PhoneChange, ...]:
        found = [one for (owner, _), one in self.changes.items() if owner == member]
        return tuple(sorted(found, key=lambda one: one.created_at, reverse=True))

    def count_guess(
        self,
        change: PhoneChange,
        *,
        guesses_max: int,
        failures: LimitCharge,
        at: datetime,
    ) -> PhoneChange | None:
        merchant_id = change.member.merchant_id
        self._limits.refuse_if_full(merchant_id, [failures])
        stored = self.changes.get(_key(change))
        if stored is None or stored.verified_at or stored.expires_at < at:
            return None
        if stored.guesses >= guesses_max:
            return None
        self._limits.take(merchant_id, [failures])
        self.changes[_key(change)] = replace(stored, guesses=stored.guesses + 1)
        return replace(change, guesses=change.guesses + 1)

    def forgive_guess(self, change: PhoneChange, failures: LimitCharge) -> None:
        self._limits.give_back(change.member.merchant_id, failures)

    def verify(self, change: PhoneChange) -> None:
        if self.conflicts:
            self.conflicts -= 1
            raise CommitConflict("phone change")
        stored = self.changes.get(_key(change))
        if stored is not None and stored.verified_at is None:
            self.changes[_key(change)] = replace(stored, verified_at=change.verified_at)

    def end(self, member: MemberRef, change_id: str, at: datetime) -> None:
        """Do what the ledger's commit does. Raises CommitConflict."""
        stored = self.changes.get((member, change_id))
        if stored is None:
            raise CommitConflict("phone change")
        self.changes[member, change_id] = replace(stored, done_at=at)


def _key(change: PhoneChange) -> tuple[MemberRef, str]:
    return change.member, change.change_id
