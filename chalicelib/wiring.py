"""Which adapter serves which port: the only place that knows both.

What a purchase needs is built at once; everything else on first use, so that a function
starts with its own adapters only.
"""

import json
import os
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from chalicelib.adapters.clock import MovableClock, SystemClock
from chalicelib.adapters.dynamo import connection as dynamo
from chalicelib.adapters.dynamo.api_keys import DynamoApiKeys
from chalicelib.adapters.dynamo.gift_cards import DynamoGiftCards
from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.adapters.dynamo.merchants import DynamoMerchants
from chalicelib.adapters.keyring import PepperKeyring
from chalicelib.adapters.pacer import JitterPacer
from chalicelib.adapters.secrets import AwsSecrets, FileSecrets, Secrets
from chalicelib.domain.sign_ups import SmsPolicy
from chalicelib.logs import set_up_logs
from chalicelib.ports import (
    ChangeStream,
    DevicePusher,
    DueWork,
    Events,
    Members,
    PassDevices,
    PrefixMonitor,
    SignUps,
    SmsOutbox,
    SmsReports,
    SmsSender,
    TaskQueue,
)
from chalicelib.settings import BadSettings, Settings
from passes.codes import new_code


class Services:
    """The adapters of one deployment."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        place = (settings.table_name, settings.aws_region, settings.dynamodb_endpoint)
        self.connection = connection = dynamo.bind(*place)
        self.clock = MovableClock() if settings.clock == "movable" else SystemClock()
        self.pacer = JitterPacer()
        self.secrets: Secrets = _secrets(settings)
        self.keyring = PepperKeyring(self.secrets, new_code)
        self.ledger = DynamoLedger(connection, due_shards=settings.due_shards)
        self.gift_cards = DynamoGiftCards()
        self.merchants = DynamoMerchants(connection)
        self.api_keys = DynamoApiKeys()

    @cached_property
    def vault(self) -> Any:
        """What seals personal data."""
        from chalicelib.adapters.vault import KmsVault, LocalVault

        if self.settings.kms_key_id:
            return KmsVault(self._client("kms"), self.settings.kms_key_id)
        return LocalVault(self.secrets)

    @cached_property
    def members(self) -> Members:
        """Profiles, and the ways to find a member."""
        from chalicelib.adapters.dynamo.members import DynamoMembers

        return DynamoMembers(
            self.connection, self.vault, self.ledger, due_shards=self.settings.due_shards
        )

    @cached_property
    def sign_ups(self) -> SignUps:
        """Phones being proven."""
        from chalicelib.adapters.dynamo.sign_ups import DynamoSignUps

        return DynamoSignUps(self.connection, self.vault, self.clock)

    @cached_property
    def prefixes(self) -> PrefixMonitor:
        """What became of the codes sent to each prefix."""
        from chalicelib.adapters.dynamo.prefixes import DynamoPrefixMonitor

        return DynamoPrefixMonitor()

    @cached_property
    def sms_outbox(self) -> SmsOutbox:
        """Messages that have not left."""
        from chalicelib.adapters.dynamo.sms_outbox import DynamoSmsOutbox

        return DynamoSmsOutbox(self.vault, self.clock)

    @cached_property
    def changes(self) -> ChangeStream:
        """Reads what the table's stream carries."""
        from chalicelib.adapters.dynamo.stream import DynamoChangeStream

        return DynamoChangeStream()

    @cached_property
    def due_work(self) -> DueWork:
        """What the scheduled jobs must look at."""
        from chalicelib.adapters.dynamo.due_work import DynamoDueWork

        return DynamoDueWork()

    @cached_property
    def devices(self) -> PassDevices:
        """Which phones hold which pass."""
        from chalicelib.adapters.dynamo.devices import DynamoPassDevices

        return DynamoPassDevices(self.connection)

    @cached_property
    def queue(self) -> TaskQueue:
        """Work for later."""
        if self.settings.task_queue == "memory":
            from chalicelib.adapters.memory_queue import MemoryQueue

            return MemoryQueue()
        from chalicelib.adapters.sqs_queue import SqsQueue

        urls = {
            "sms": self.settings.sms_queue_url,
            "schedule": self.settings.schedule_queue_url,
        }
        return SqsQueue(self._client("sqs"), urls)

    @cached_property
    def events(self) -> Events:
        """Where committed facts go."""
        from chalicelib.adapters.events import EventBridgeEvents, LogEvents

        if self.settings.event_bus:
            return EventBridgeEvents(self._client("events"), self.settings.event_bus)
        return LogEvents()

    @cached_property
    def pusher(self) -> DevicePusher:
        """Tells phones that a pass has changed."""
        from chalicelib.adapters.apns import ApnsSender

        settings, pem = self.settings, self.pass_pem
        return ApnsSender(
            host=settings.apns_host,
            port=settings.apns_port,
            topic=settings.pass_type_identifier,
            certificate_pem=pem["certificate"],
            key_pem=pem["key"],
            ca_pem=Path(settings.apns_ca_file).read_bytes() if settings.apns_ca_file else None,
        )

    @cached_property
    def pass_pem(self) -> dict[str, bytes]:
        """Return the pass certificate, its key and Apple's intermediate, as PEM."""
        settings = self.settings
        if settings.pass_secret_name:
            found = AwsSecrets(self._client("secretsmanager"), settings.pass_secret_name).read()
            return {name: str(found[name]).encode() for name in ("certificate", "key", "wwdr")}
        return {
            "certificate": Path(settings.pass_certificate_file).read_bytes(),
            "key": Path(settings.pass_key_file).read_bytes(),
            "wwdr": Path(settings.wwdr_certificate_file).read_bytes(),
        }

    @cached_property
    def apple_signer(self) -> Any:
        """Signs passes; its key is loaded once."""
        from passes.apple import ApplePassSigner

        pem = self.pass_pem
        return ApplePassSigner(
            pem["certificate"],
            pem["key"],
            pem["wwdr"],
            self.settings.pass_type_identifier,
            self.settings.team_identifier,
        )

    @cached_property
    def google_signer(self) -> Any | None:
        """Signs Google's save links; None without an issuer."""
        settings = self.settings
        if not settings.google_issuer_id:
            return None
        from passes.google import GooglePassSigner

        if settings.google_secret_name:
            client = self._client("secretsmanager")
            account = AwsSecrets(client, settings.google_secret_name).read()
        else:
            account = json.loads(Path(settings.google_service_account_file).read_text())
        return GooglePassSigner(
            str(account["private_key"]).encode(),
            str(account["private_key_id"]),
            str(account["client_email"]),
            settings.google_issuer_id,
            origins=(settings.public_url,),
        )

    @cached_property
    def local_outbox(self) -> Any:
        """What left on one machine, for the page that shows it."""
        from chalicelib.adapters.sms_console import LocalOutbox

        return LocalOutbox()

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

    def _client(self, service: str) -> Any:
        """Return a botocore client that does not retry: retries are ours, at one layer."""
        from botocore.config import Config
        from botocore.session import get_session

        config = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1})
        return get_session().create_client(
            service, region_name=self.settings.aws_region, config=config
        )


def _secrets(settings: Settings) -> Secrets:
    if settings.secrets_file:
        return FileSecrets(Path(settings.secrets_file))
    if not settings.secret_name:
        raise BadSettings("SECRET_NAME or SECRETS_FILE is missing")
    from botocore.session import get_session

    client = get_session().create_client("secretsmanager", region_name=settings.aws_region)
    return AwsSecrets(client, settings.secret_name)


@cache
def services() -> Services:
    """Build the adapters, once per Lambda container or process."""
    set_up_logs()
    return Services(Settings.from_environ(os.environ))
