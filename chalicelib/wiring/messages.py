"""Text messages: who sends them, who reports on them, how many may leave."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from chalicelib.domain.sign_ups import SmsPolicy
from chalicelib.ports import Mailer, SmsReports, SmsSender
from chalicelib.settings import BadSettings
from chalicelib.wiring.deployment import Deployment

if TYPE_CHECKING:
    from chalicelib.adapters.mail_smtp import MailServer


class Messages(Deployment):
    """What sign-ups send by."""

    @cached_property
    def sms_sender(self) -> SmsSender:
        """Sends messages: to phones by the first route that takes them, letters by e-mail."""
        if self.settings.mail_sender == "off":
            return self._texts
        from chalicelib.adapters.by_address import ByAddress

        return ByAddress(self._texts, self._mailer)

    @cached_property
    def _texts(self) -> SmsSender:
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
    def _mailer(self) -> Mailer:
        settings = self.settings
        if settings.mail_sender == "smtp":
            from chalicelib.adapters.mail_smtp import SmtpMail

            return SmtpMail(self._mail_server)
        from chalicelib.adapters.mail_console import ConsoleMail

        is_local = settings.stage == "local"
        return ConsoleMail(self.local_outbox, now=self.clock.now, is_local=is_local)

    def _mail_server(self) -> "MailServer":
        from chalicelib.adapters.mail_smtp import MailServer

        settings, secrets = self.settings, self.secrets.read()
        return MailServer(
            host=settings.mail_host,
            port=settings.mail_port,
            sender=settings.mail_from,
            user=str(secrets.get("mail_user", "")),
            password=str(secrets.get("mail_password", "")),
            ca_file=settings.mail_ca_file,
        )

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
            per_till_hour=settings.sms_limit_per_till,
            per_prefix_hour=settings.sms_limit_per_prefix,
            per_merchant_day_minor=settings.sms_limit_per_merchant,
            per_new_merchant_day_minor=settings.sms_limit_per_new_merchant,
            per_day_of_new_merchants_minor=settings.sms_limit_of_new_merchants,
            lifted_merchants=frozenset(settings.sms_lifted_merchants.split(",")),
            per_phone_day_in_all=settings.sms_limit_per_phone_in_all,
            per_ip_hour_in_all=settings.sms_limit_per_ip_in_all,
            per_prefix_hour_in_all=settings.sms_limit_per_prefix_in_all,
            per_day_in_all_minor=settings.sms_limit_in_all,
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
