"""An SMS operator that does as it is told."""

from collections import deque
from collections.abc import Iterable

from chalicelib.ports import Sms, SmsReceipt, SmsRejected, SmsUnavailable


class FakeSmsSender:
    """The `SmsSender` port with one route after another; takes everything unless told."""

    def __init__(self, routes: Iterable[str] = ("first",)) -> None:
        self.sent: list[Sms] = []
        self.routes_used: list[str] = []
        self.answers: deque[SmsRejected | SmsUnavailable | None] = deque()  # None: taken
        self._routes = tuple(routes)

    def send(self, sms: Sms, *, after: str | None = None) -> SmsReceipt:
        """Take the message, or fail as the next of `answers` says."""
        answer = self.answers.popleft() if self.answers else None
        if answer is not None:
            raise answer
        route = self._route_after(after)
        self.sent.append(sms)
        self.routes_used.append(route)
        return SmsReceipt(route=route, operator_id=f"{route}-{len(self.sent)}")

    def _route_after(self, after: str | None) -> str:
        if after is None and self._routes:
            return self._routes[0]
        names = iter(self._routes)
        if after in names and (following := next(names, None)):
            return following
        raise SmsRejected("routes_exhausted", is_number_at_fault=False)
