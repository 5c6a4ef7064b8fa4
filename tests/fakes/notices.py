"""The `NoticeBook` port in dictionaries."""

from collections.abc import Sequence

from chalicelib.domain.members import LimitCharge, OutgoingSms
from tests.fakes.limits import FakeLimits
from tests.fakes.sms_outbox import FakeSmsOutbox


class FakeNoticeBook:
    """Messages go to `outbox`, charges to the limits of codes."""

    def __init__(self, limits: FakeLimits, outbox: FakeSmsOutbox) -> None:
        self._limits = limits
        self._outbox = outbox

    def promise(self, sms: OutgoingSms, charges: Sequence[LimitCharge]) -> None:
        if (sms.merchant_id, sms.message_id) in self._outbox.messages:
            return
        self._limits.take(sms.merchant_id, charges)
        self._outbox.messages[sms.merchant_id, sms.message_id] = sms
