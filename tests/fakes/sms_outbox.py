"""The `SmsOutbox` port in a dictionary."""

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.members import OutgoingSms
from tests.fakes.clock import FakeClock


class FakeSmsOutbox:
    """Messages of a test; `FakeSignUps.open` puts them here."""

    def __init__(self, clock: FakeClock) -> None:
        self.messages: dict[tuple[str, str], OutgoingSms] = {}
        self.leases: dict[tuple[str, str], datetime] = {}
        self._clock = clock

    def find(self, merchant_id: str, message_id: str) -> OutgoingSms | None:
        sms = self.messages.get((merchant_id, message_id))
        return sms if sms and sms.expires_at > self._clock.now() else None

    def claim(self, sms: OutgoingSms) -> OutgoingSms | None:
        key = (sms.merchant_id, sms.message_id)
        stored = self.messages.get(key)
        now = self._clock.now()
        if stored is None or (stored.attempts, stored.state) != (sms.attempts, "waiting"):
            return None
        if self.leases.get(key, now) > now:
            return None
        self.leases[key] = now + timedelta(seconds=90)
        self.messages[key] = replace(stored, attempts=sms.attempts + 1)
        return self.messages[key]

    def save(self, sms: OutgoingSms) -> None:
        key = (sms.merchant_id, sms.message_id)
        self.leases.pop(key, None)
        if key in self.messages:
            self.messages[key] = sms

    def find_taken(self, route: str, operator_id: str) -> OutgoingSms | None:
        for sms in self.messages.values():
            if (sms.route, sms.operator_id) == (route, operator_id):
                return self.find(sms.merchant_id, sms.message_id)
        return None

    def waiting(self, limit: int = 100) -> tuple[tuple[str, str], ...]:
        waiting = [
            sms
            for sms in self.messages.values()
            if sms.state == "waiting" and sms.expires_at > self._clock.now()
        ]
        waiting.sort(key=lambda sms: sms.expires_at)
        return tuple((sms.merchant_id, sms.message_id) for sms in waiting[:limit])
