"""The `SignUps` port in dictionaries."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.members import LimitCharge, OutgoingSms, SignUp
from chalicelib.ports import CommitConflict
from tests.fakes.clock import FakeClock
from tests.fakes.limits import FakeLimits
from tests.fakes.sms_outbox import FakeSmsOutbox

KEPT_AFTER = timedelta(days=1)


class FakeSignUps:
    """Sign-ups and limit counters of a test; messages go to `outbox`."""

    def __init__(self, clock: FakeClock, outbox: FakeSmsOutbox) -> None:
        self.sign_ups: dict[tuple[str, str], SignUp] = {}
        self.limits = FakeLimits()
        self._clock = clock
        self._outbox = outbox

    def open(self, sign_up: SignUp, sms: OutgoingSms, charges: Sequence[LimitCharge]) -> None:
        if _key(sign_up) in self.sign_ups:
            return
        self.limits.take(sign_up.merchant_id, charges)
        self.sign_ups[_key(sign_up)] = sign_up
        self._outbox.messages[sms.merchant_id, sms.message_id] = sms

    def find(self, merchant_id: str, sign_up_id: str) -> SignUp | None:
        sign_up = self.sign_ups.get((merchant_id, sign_up_id))
        if sign_up is None or sign_up.expires_at + KEPT_AFTER <= self._clock.now():
            return None
        return sign_up

    def count_guess(
        self, sign_up: SignUp, *, guesses_max: int, failures: LimitCharge, at: datetime
    ) -> SignUp | None:
        self.limits.refuse_if_full(sign_up.merchant_id, [failures])
        stored = self.sign_ups.get(_key(sign_up))
        if stored is None or stored.guesses >= guesses_max or stored.expires_at < at:
            return None
        self.limits.take(sign_up.merchant_id, [failures])
        counted = replace(stored, guesses=stored.guesses + 1)
        self.sign_ups[_key(sign_up)] = counted
        return replace(sign_up, guesses=sign_up.guesses + 1)

    def forgive_guess(self, sign_up: SignUp, failures: LimitCharge) -> None:
        self.limits.give_back(sign_up.merchant_id, failures)

    def take(self, merchant_id: str, charge: LimitCharge) -> None:
        self.limits.take(merchant_id, [charge])

    def use(self, sign_up: SignUp) -> None:
        if not self.is_unused(sign_up):
            raise CommitConflict("sign_up")
        stored = self.sign_ups[_key(sign_up)]
        self.sign_ups[_key(sign_up)] = replace(
            stored,
            member_id=sign_up.member_id,
            is_new_member=sign_up.is_new_member,
            used_at=sign_up.used_at,
            nonce_hash=sign_up.nonce_hash,
        )

    def is_unused(self, sign_up: SignUp) -> bool:
        """Return whether it is there and nobody has used it."""
        stored = self.sign_ups.get(_key(sign_up))
        return stored is not None and stored.used_at is None


def _key(sign_up: SignUp) -> tuple[str, str]:
    return sign_up.merchant_id, sign_up.sign_up_id
