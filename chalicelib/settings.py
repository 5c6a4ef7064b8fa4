"""Settings: every environment variable the service reads, in one place.

Secrets appear here as names only; adapters fetch them. `docs/SETTINGS.md` lists all,
and a test keeps it in step.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any


class BadSettings(Exception):
    """The deployment lacks variables, or has values the service cannot start with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Read once per container; each field is the variable of the same name in capitals."""

    table_name: str
    aws_region: str
    public_url: str  # https://… that phones and shoppers reach, without a slash at the end
    dynamodb_endpoint: str = ""  # empty: Amazon DynamoDB
    secret_name: str = ""  # Secrets Manager: JSON with keyring peppers; empty: `secrets_file`
    secrets_file: str = ""  # JSON file with the same; on one machine
    kms_key_id: str = ""  # wraps profile keys; empty: the master key of the secrets

    task_queue: str = "sqs"  # sqs · memory
    sms_queue_url: str = ""
    schedule_queue_url: str = ""
    event_bus: str = ""  # EventBridge bus; empty: events go to the log

    clock: str = "system"  # system · movable

    sms_sender: str = "console"  # console · sns · http (routes of `sms_routes`)
    sms_routes: str = ""  # JSON list of HTTP operators, first route first (docs/SMS.md)
    sms_sender_id: str = ""
    sms_price_minor: int = 250  # what one message costs, for the merchant's budget
    sms_code_minutes: int = 5
    sms_code_guesses: int = 5
    sms_resend_seconds: int = 60
    sms_repeat_answer_minutes: int = 10
    sms_limit_per_phone_minute: int = 1
    sms_limit_per_phone: int = 5  # a day
    sms_limit_per_ip: int = 10  # an hour
    sms_limit_per_till: int = 60  # links to new members, an hour
    sms_limit_per_prefix: int = 20  # an hour, first 7 digits
    sms_limit_per_merchant: int = 500_000  # minor units a day
    sms_limit_per_new_merchant: int = 50_000  # the same, of a shop that opened itself
    sms_limit_of_new_merchants: int = 1_000_000  # the same, of all those together
    shops_per_network: int = 20  # that open themselves, a day
    sms_lifted_merchants: str = ""  # ids, with commas: opened themselves, trusted since
    sms_limit_per_phone_in_all: int = 10  # a day, over all merchants together
    sms_limit_per_ip_in_all: int = 40  # an hour, likewise
    sms_limit_per_prefix_in_all: int = 200  # an hour, likewise
    sms_limit_in_all: int = 5_000_000  # minor units a day, likewise
    sms_failures_per_phone: int = 10  # wrong codes in 24 h, across codes
    sms_conversion_window: int = 50  # codes of a prefix that are looked at together
    sms_conversion_percent: int = 30  # fewer of them verified: the prefix is blocked

    mail_sender: str = "off"  # off · console · smtp: codes where no SMS arrives, owners' links
    mail_host: str = ""
    mail_port: int = 587  # 465: TLS at once; any other: STARTTLS
    mail_from: str = ""  # the address letters come from
    mail_ca_file: str = ""  # empty: the system's

    pass_type_identifier: str = "pass.app.kopilka"
    team_identifier: str = "KOPILKA000"
    pass_certificate_file: str = ""  # PEM; empty: fetched with `pass_secret_name`
    pass_key_file: str = ""
    wwdr_certificate_file: str = ""
    pass_secret_name: str = ""  # Secrets Manager: JSON {certificate, key, wwdr}
    pass_certificates_prefix: str = ""  # of merchants' own; empty: beside `secrets_file`
    apns_host: str = "api.push.apple.com"
    apns_port: int = 443
    apns_ca_file: str = ""  # empty: the system's
    pass_push_quiet_seconds: int = 3  # at least so long between two pushes of one pass
    apns_key_id: str = ""  # of the key that signs provider tokens; empty: the certificate
    apns_team_id: str = ""  # empty: `team_identifier`
    apns_key_file: str = ""  # PEM (.p8); empty: `apns_key` of `pass_secret_name`
    google_issuer_id: str = ""  # empty: no Google link
    google_service_account_file: str = ""
    google_secret_name: str = ""
    google_wallet_url: str = "https://walletobjects.googleapis.com/walletobjects/v1"
    google_save_url: str = "https://pay.google.com/gp/v/save/"  # the JWT follows
    google_keys_url: str = "https://pay.google.com/gp/m/issuer/keys"
    google_callback_sender: str = "GooglePayPasses"  # who signs callbacks; some pages differ

    due_shards: int = 4  # of each merchant's due index; never lowered on a live table
    stage: str = "local"

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Settings":
        """Build from variables such as `TABLE_NAME`.

        Raises:
            BadSettings: names all that are missing or wrong, not only the first.
        """
        found: dict[str, Any] = {}
        wrong = []
        for setting in fields(cls):
            name, text = setting.name.upper(), environ.get(setting.name.upper(), "")
            if not text:
                if setting.name in _REQUIRED:
                    wrong.append(f"{name} is missing")
            elif isinstance(setting.default, int):
                try:
                    found[setting.name] = int(text)
                except ValueError:
                    wrong.append(f"{name} is not a whole number")
            else:
                found[setting.name] = text
        settings = cls(**{name: found.get(name, "") for name in _REQUIRED} | found)
        wrong += [*_wrong_values(settings), *_missing_together(settings)]
        if wrong:
            raise BadSettings("; ".join(wrong))
        return settings


_REQUIRED = frozenset({"table_name", "aws_region", "public_url"})
_CHOICES = {
    "task_queue": ("sqs", "memory"),
    "clock": ("system", "movable"),
    "sms_sender": ("console", "sns", "http"),
    "mail_sender": ("off", "console", "smtp"),
}
_NUMBER_MAX = 1_000_000_000
_RANGES = {  # of every other number: from 1
    "sms_price_minor": (0, _NUMBER_MAX),
    "sms_conversion_percent": (0, 100),
    "apns_port": (1, 65_535),
    "mail_port": (1, 65_535),
}


def _wrong_values(settings: Settings) -> Iterator[str]:
    for name, allowed in _CHOICES.items():
        if getattr(settings, name) not in allowed:
            yield f"{name.upper()} is none of {', '.join(allowed)}"
    for setting in fields(settings):
        if isinstance(setting.default, int):
            least, most = _RANGES.get(setting.name, (1, _NUMBER_MAX))
            if not least <= getattr(settings, setting.name) <= most:
                yield f"{setting.name.upper()} is not from {least} to {most}"
    url = settings.public_url
    if url and (not url.startswith(("https://", "http://")) or url.endswith("/")):
        yield "PUBLIC_URL is not https://… without a slash at the end"


def _missing_together(settings: Settings) -> Iterator[str]:
    """Yield what is missing because of the value of another variable."""
    if settings.task_queue == "sqs":
        for name in ("sms_queue_url", "schedule_queue_url"):
            if not getattr(settings, name):
                yield f"{name.upper()} is missing: TASK_QUEUE is sqs"
    if settings.sms_sender == "http" and not settings.sms_routes:
        yield "SMS_ROUTES is missing: SMS_SENDER is http"
    if settings.mail_sender == "smtp":
        for name in ("mail_host", "mail_from"):
            if not getattr(settings, name):
                yield f"{name.upper()} is missing: MAIL_SENDER is smtp"
    if not (settings.secret_name or settings.secrets_file):
        yield "SECRET_NAME or SECRETS_FILE is missing"
