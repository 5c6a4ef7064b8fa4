"""The `PhoneLinks` port in dictionaries."""

from collections.abc import Sequence

from chalicelib.domain.members import LimitCharge, OutgoingSms, PhoneLink
from tests.fakes.clock import FakeClock
from tests.fakes.limits import FakeLimits
from tests.fakes.sms_outbox import FakeSmsOutbox


class FakePhoneLinks:
    """Links of a test; messages go to `outbox`, charges to the limits of codes."""

    def __init__(self, limits: FakeLimits, outbox: FakeSmsOutbox, clock: FakeClock) -> None:
        self.links: dict[str, PhoneLink] = {}
        self._limits = limits
        self._outbox = outbox
        self._clock = clock

    def promise(
        self, link: PhoneLink, sms: OutgoingSms, charges: Sequence[LimitCharge]
    ) -> None:
        if (sms.merchant_id, sms.message_id) in self._outbox.messages:
            return
        self._limits.take(link.member.merchant_id, charges)
        self.links[link.token_hash] = link
        self._outbox.messages[sms.merchant_id, sms.message_id] = sms

    def find(self, token_hash: str) -> PhoneLink | None:
        link = self.links.get(token_hash)
        return link if link and link.expires_at > self._clock.now() else None

    def use(self, link: PhoneLink) -> None:
        stored = self.links.get(link.token_hash)
        if stored is not None and stored.used_at is None:
            self.links[link.token_hash] = link
