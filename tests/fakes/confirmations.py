"""The `Confirmations` port over the fake ledger, which uses them up."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.confirmations import Confirmation, Method
from chalicelib.domain.members import LimitCharge, OutgoingSms
from chalicelib.ports import CommitConflict
from tests.fakes.ledger import FakeLedger
from tests.fakes.limits import FakeLimits
from tests.fakes.sms_outbox import FakeSmsOutbox


class FakeConfirmations:
    """Confirmations of a test, which lie in the ledger; messages go to `outbox`."""

    def __init__(
        self,
        ledger: FakeLedger,
        limits: FakeLimits | None = None,
        outbox: FakeSmsOutbox | None = None,
    ) -> None:
        self.confirmations = ledger.confirmations
        self.steps: dict[tuple[MemberRef, Method], int] = {}
        self._limits, self._outbox = limits or FakeLimits(), outbox

    def find(self, member: MemberRef, confirmation_id: str) -> Confirmation | None:
        return self.confirmations.get((member, confirmation_id))

    def accept(self, confirmation: Confirmation, step: int) -> bool:
        member, method = confirmation.member, confirmation.method
        if _key(confirmation) in self.confirmations:
            return True
        if self.steps.get((member, method), -1) >= step:
            return False
        self.steps[member, method] = step
        self.confirmations[_key(confirmation)] = confirmation
        return True

    def promise(
        self, confirmation: Confirmation, sms: OutgoingSms, charges: Sequence[LimitCharge]
    ) -> None:
        if _key(confirmation) in self.confirmations:
            return
        assert self._outbox is not None, "nobody can promise a message here"
        self._limits.take(confirmation.member.merchant_id, charges)
        self.confirmations[_key(confirmation)] = confirmation
        self._outbox.messages[sms.merchant_id, sms.message_id] = sms

    def count_guess(
        self,
        confirmation: Confirmation,
        *,
        guesses_max: int,
        failures: LimitCharge,
        at: datetime,
    ) -> Confirmation | None:
        merchant_id = confirmation.member.merchant_id
        self._limits.refuse_if_full(merchant_id, [failures])
        stored = self.confirmations.get(_key(confirmation))
        if stored is None or stored.verified_at or stored.expires_at < at:
            return None
        if stored.guesses >= guesses_max:
            return None
        self._limits.take(merchant_id, [failures])
        self.confirmations[_key(confirmation)] = replace(stored, guesses=stored.guesses + 1)
        return replace(confirmation, guesses=confirmation.guesses + 1)

    def verify(self, confirmation: Confirmation) -> None:
        stored = self.confirmations.get(_key(confirmation))
        if stored is None or stored.verified_at:
            raise CommitConflict("confirmation")
        verified = replace(stored, verified_at=confirmation.verified_at)
        self.confirmations[_key(confirmation)] = verified

    def use(self, confirmation: Confirmation) -> None:
        stored, at = self.confirmations.get(_key(confirmation)), confirmation.used_at
        assert at, "the caller says when"
        is_good = stored is not None and stored.verified_at and stored.expires_at >= at
        if stored is None or not is_good or stored.used_at:
            raise CommitConflict("confirmation")
        self.confirmations[_key(confirmation)] = replace(stored, used_at=at)

    def count_failure(self, merchant_id: str, failures: LimitCharge) -> None:
        self._limits.take(merchant_id, [failures])

    def forgive_failure(self, merchant_id: str, failures: LimitCharge) -> None:
        self._limits.give_back(merchant_id, failures)


def _key(confirmation: Confirmation) -> tuple[MemberRef, str]:
    return confirmation.member, confirmation.confirmation_id
