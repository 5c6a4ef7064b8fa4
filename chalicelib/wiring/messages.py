"""Text messages: who sends them, who reports on them, how many may leave."""

from functools import cached_property
from typing import Any

from chalicelib.domain.sign_ups import SmsPolicy
from chalicelib.ports import SmsReports, SmsSender
from chalicelib.settings import BadSettings
from chalicelib.wiring.deployment import Deployment


class Messages(Deployment):
    """What sign-ups send by."""

    @cached_property
    def sms_sender(self) -> SmsSender:
        """Sends text messages, by the first route that takes them."""
        from chalicelib.adapters.sms_console import ConsoleSms
        from chalicelib.adapters.sms_route import RoutedSms
        from chalicelib.adapters.sms_sns import SnsSms

        settings = self.settings
        if settings.sms_sender == "http":
            return RoutedSms(self._sms_operators())
        if settings.sms_sender == "sns":
            region, sender_id = settings.aws_region, settings.sms_sender_id
            return RoutedSms((SnsSms(region=region, sender_id=sender_id),))
        is_local = settings.stage == "local"
        console = ConsoleSms(self.local_outbox, now=self.clock.now, is_local=is_local)
        return RoutedSms((console,))

    @cached_property
    def local_outbox(self) -> Any:
        """What left on one machine, for the page that shows it."""
        from chalicelib.adapters.sms_console import LocalOutbox

        return LocalOutbox()

    @cached_property
    def sms_reports(self) -> dict[str, SmsReports]:
        """Readers of delivery reports, by route."""
        if self.settings.sms_sender != "http":
            return {}
        from chalicelib.adapters.sms_route import RouteReports

        secrets = self.secrets.read().get("sms_reports", {})
        return {
            found.route: RouteReports(
                found.route, found.format, str(secrets.get(found.route, ""))
            )
            for found in self._sms_operators()
        }

    @cached_property
    def sms_policy(self) -> SmsPolicy:
        """The limits of sign-ups."""
        settings = self.settings
        return SmsPolicy(
            code_minutes=settings.sms_code_minutes,
            guesses_max=settings.sms_code_guesses,
            resend_seconds=settings.sms_resend_seconds,
            repeat_answer_minutes=settings.sms_repeat_answer_minutes,
            per_phone_minute=settings.sms_limit_per_phone_minute,
            per_phone_day=settings.sms_limit_per_phone,
            per_ip_hour=settings.sms_limit_per_ip,
            per_prefix_hour=settings.sms_limit_per_prefix,
            per_merchant_day_minor=settings.sms_limit_per_merchant,
            price_minor=settings.sms_price_minor,
            failures_per_phone_day=settings.sms_failures_per_phone,
            conversion_window=settings.sms_conversion_window,
            conversion_percent=settings.sms_conversion_percent,
        )

    def _sms_operators(self) -> tuple[Any, ...]:
        from chalicelib.adapters.sms_formats import operators_of
        from chalicelib.adapters.sms_http import HttpSms

        try:
            operators = operators_of(self.settings.sms_routes, self.secrets.read())
        except (KeyError, TypeError, ValueError) as error:
            raise BadSettings(f"SMS_ROUTES or its secrets cannot be read: {error!r}") from error
        return tuple(HttpSms(operator) for operator in operators)
