"""What every adapter of a deployment stands on: settings, secrets, table, clock."""

from functools import cached_property
from pathlib import Path
from typing import Any

from chalicelib.adapters.clock import MovableClock, SystemClock
from chalicelib.adapters.dynamo import connection as dynamo
from chalicelib.adapters.keyring import PepperKeyring
from chalicelib.adapters.pacer import JitterPacer
from chalicelib.adapters.sdk import new_session
from chalicelib.adapters.secrets import AwsSecrets, FileSecrets, Secrets
from chalicelib.ports import Events, TaskQueue
from chalicelib.settings import BadSettings, Settings
from passes.codes import new_code


class Deployment:
    """One deployment's table, clock and keys."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        place = (settings.table_name, settings.aws_region, settings.dynamodb_endpoint)
        self.connection = dynamo.bind(*place)
        self.clock = MovableClock() if settings.clock == "movable" else SystemClock()
        self.pacer = JitterPacer()
        self.secrets: Secrets = _secrets(settings)
        self.keyring = PepperKeyring(self.secrets, new_code)

    def client(self, service: str) -> Any:
        """Return a botocore client that does not retry: retries are ours, at one layer."""
        from botocore.config import Config

        config = Config(connect_timeout=1, read_timeout=5, retries={"total_max_attempts": 1})
        return new_session().create_client(
            service, region_name=self.settings.aws_region, config=config
        )

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
        return SqsQueue(self.client("sqs"), urls)

    @cached_property
    def events(self) -> Events:
        """Where committed facts go."""
        from chalicelib.adapters.events import EventBridgeEvents, LogEvents

        if self.settings.event_bus:
            return EventBridgeEvents(self.client("events"), self.settings.event_bus)
        return LogEvents()


def _secrets(settings: Settings) -> Secrets:
    if settings.secrets_file:
        return FileSecrets(Path(settings.secrets_file))
    if not settings.secret_name:
        raise BadSettings("SECRET_NAME or SECRETS_FILE is missing")
    client = new_session().create_client("secretsmanager", region_name=settings.aws_region)
    return AwsSecrets(client, settings.secret_name)
