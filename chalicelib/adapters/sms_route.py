"""Several ways for one message, and what became of it on the way it took.

A message goes by each route at most once: the next one is asked when a route gave no answer
(it may have sent the message all the same) or refused it for a reason of its own, such as no
money. A number no operator can reach is final. Later a report may say that a taken message
failed; whoever reads it sends again with `after` set to the route that failed.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from chalicelib.ports import (
    DeliveryReport,
    ReportForged,
    ReportUnreadable,
    Sms,
    SmsReceipt,
    SmsRejected,
    SmsUnavailable,
)

ROUTES_MAX = 4
REPORTS_MAX = 100  # in one callback

_log = logging.getLogger(__name__)


class ReportFormat(Protocol):
    """How a family of operators reports."""

    @property
    def name(self) -> str:
        """Return its name."""

    @property
    def report_answer(self) -> str:
        """Return the body it wants back, or it reports again."""

    @property
    def is_signed(self) -> Callable[[Mapping[str, str], str], bool]:
        """Return whether a callback's fields are signed with the secret, in constant time."""

    @property
    def reports(self) -> Callable[[Mapping[str, str], datetime], tuple[DeliveryReport, ...]]:
        """Return the reports in the fields. Raises ValueError or KeyError if there are none."""


class Route(Protocol):
    """One way to send."""

    @property
    def route(self) -> str:
        """Return its name, as receipts carry it."""

    def send(self, sms: Sms) -> SmsReceipt:
        """Hand the message over, once. Raises SmsRejected, SmsUnavailable."""


class RoutedSms:
    """The SMS port over routes in order of preference."""

    def __init__(self, routes: Sequence[Route]) -> None:
        names = [route.route for route in routes]
        if not 1 <= len(names) <= ROUTES_MAX or len(set(names)) < len(names):
            raise ValueError(f"1 to {ROUTES_MAX} routes with names of their own, not {names}")
        self._routes = tuple(routes)

    def send(self, sms: Sms, *, after: str | None = None) -> SmsReceipt:
        """Hand the message to the first route that takes it; to none before or at `after`.

        Raises:
            SmsRejected: no operator can reach the number, or every route left refused;
                `routes_exhausted` if none was left (an unknown `after` leaves none).
            SmsUnavailable: no route took it, and at least one gave no answer.
        """
        trouble: SmsRejected | SmsUnavailable | None = None
        for route in self._routes_after(after):
            try:
                return route.send(sms)
            except SmsRejected as error:
                _log.warning("sms route %s refused: %s", route.route, error.code)
                if error.is_number_at_fault:
                    raise
                trouble = trouble or error
            except SmsUnavailable as error:
                _log.warning("sms route gave no answer: %s", error)
                trouble = error
        raise trouble or SmsRejected("routes_exhausted", is_number_at_fault=False)

    def _routes_after(self, after: str | None) -> tuple[Route, ...]:
        if after is None:
            return self._routes
        names = [route.route for route in self._routes]
        return self._routes[names.index(after) + 1 :] if after in names else ()


@dataclass(frozen=True, slots=True)
class RouteReports:
    """The callbacks of one route."""

    route: str
    format: ReportFormat
    secret: str = field(repr=False)  # smsc: set in its cabinet; smsru: the api_id; none: refuse

    @property
    def answer(self) -> str:
        """Return the body the operator wants back."""
        return self.format.report_answer

    def read(self, fields: Mapping[str, str], *, at: datetime) -> tuple[DeliveryReport, ...]:
        """Return the reports of a callback received at `at`.

        Raises:
            ReportForged: the operator has not signed it.
            ReportUnreadable: it has, but it is not a delivery report.
        """
        if not self.secret or not self.format.is_signed(fields, self.secret):
            raise ReportForged(self.route)
        return parse_reports(self.format, fields, at=at)


def parse_reports(
    form: ReportFormat, fields: Mapping[str, str], *, at: datetime
) -> tuple[DeliveryReport, ...]:
    """Return the reports in a callback's fields, or in those of one polled status.

    `at` stands in where the operator gives no time. Raises ReportUnreadable.
    """
    try:
        return form.reports(fields, at)
    except (ValueError, LookupError, OverflowError, OSError):  # OSError: a year past 9999
        raise ReportUnreadable(form.name) from None
