"""The handlers of the queues, stream and schedules over the embedded engine.

A deployment of its own for each test, as `sweep` and `tick` look at a whole table. Only
what is outside it is fake: Apple, the operator, the listeners.
"""

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from chalice.test import Client

from chalicelib.adapters.clock import MovableClock
from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.memory_queue import MemoryQueue
from chalicelib.adapters.sdk import new_session
from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration
from chalicelib.wiring import Services, services
from local.engine import Engine, start_engine
from local.streams import Checkpoint, StreamRelay
from local.table import create_table
from tests.api.shop import PROGRAM, Shop, open_shop
from tests.fakes.clock import NOON
from tests.fakes.events import FakeEvents
from tests.fakes.pusher import FakePusher
from tests.fakes.sms import FakeSmsSender

_NUMBERS = count(1)
REGION = "eu-central-1"
TIME_ENOUGH_MS = 300_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """One table, a shop in it, and what is outside."""

    ports: Services
    shop: Shop
    events: FakeEvents
    pusher: FakePusher
    sms: FakeSmsSender
    queue: MemoryQueue
    database: Any  # a plain client
    streams: Any
    stream_arn: str

    def records(self) -> list[dict[str, Any]]:
        """Return the whole stream, as Lambda hands it over."""
        found: list[dict[str, Any]] = []

        def keep(event: dict[str, Any], _context: object) -> dict[str, Any]:
            found.extend(event["Records"])
            return {}

        stream = StreamRelay(
            streams=self.streams,
            stream_arn=self.stream_arn,
            handler=keep,
            checkpoint=Checkpoint(None),
        )
        while stream.step():
            pass
        return found

    def entries(self) -> list[dict[str, Any]]:
        """Return the records of new ledger entries."""
        return [record for record in self.records() if is_entry(record)]

    def join(self) -> MemberRef:
        """Let a shopper join; nothing of it waits in the outbox afterwards."""
        found = MemberRef(self.shop.merchant_id, self.shop.join()["member_id"])
        account = self.ports.ledger.account(found)
        assert account is not None
        self.ports.devices.mark_pushed(account)
        return found

    def take_phone(self, member: MemberRef) -> str:
        """Put the pass on a phone; its push token."""
        token = f"token-{member.member_id}"
        serial = f"{member.merchant_id}.{member.member_id}"
        device = DeviceRegistration(
            f"phone-{member.member_id}", "pass.app.kopilka", serial, token, NOON
        )
        self.ports.devices.register(member, device)
        return token

    def is_dirty(self, member: MemberRef) -> bool:
        """Return whether the pass waits for a push."""
        account = self.ports.ledger.account(member)
        assert account is not None
        return account.is_dirty

    def spoil(self, member: MemberRef) -> dict[str, Any]:
        """Make an account unreadable; what `mend` puts back."""
        pk, sk = keys.account_key(member)
        table = self.ports.settings.table_name
        found = self.database.get_item(TableName=table, Key={"pk": {"S": pk}, "sk": {"S": sk}})
        whole: dict[str, Any] = found["Item"]
        bare = {name: whole[name] for name in ("pk", "sk", "kind", "due", "due_sk")}
        self.database.put_item(TableName=table, Item=bare)
        return whole

    def mend(self, whole: dict[str, Any]) -> None:
        """Put an account back."""
        self.database.put_item(TableName=self.ports.settings.table_name, Item=whole)

    def queued(self, queue: str) -> list[dict[str, Any]]:
        """Take everything out of a queue, as the records of a batch."""
        return [
            {"messageId": message.message_id, "body": message.body}
            for message in self.queue.take(queue, limit=1_000)
        ]


class Context:
    """Lambda's context: how much time remains at each look, the last one for ever."""

    def __init__(self, *remaining_ms: int) -> None:
        self._remaining = list(remaining_ms) or [TIME_ENOUGH_MS]

    def get_remaining_time_in_millis(self) -> int:
        """Return the next of the times."""
        return self._remaining.pop(0) if len(self._remaining) > 1 else self._remaining[0]


def is_entry(record: dict[str, Any]) -> bool:
    """Return whether a record of the stream is a new ledger entry."""
    image = record["dynamodb"].get("NewImage", {})
    return record["eventName"] == "INSERT" and image.get("kind") == {"S": "E"}


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    started = start_engine()
    yield started
    started.stop()


@pytest.fixture
def deployment(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Deployment]:
    table = f"jobs-{next(_NUMBERS)}"
    for name, value in _settings(table, engine.endpoint, tmp_path).items():
        monkeypatch.setenv(name, value)
    database = _client("dynamodb", engine)
    create_table(database, table)
    services.cache_clear()
    ports = services()
    ports.clock = MovableClock(NOON)  # stands still until a test moves it
    events, pusher, sms, queue = FakeEvents(), FakePusher(), FakeSmsSender(), MemoryQueue()
    ports.events, ports.pusher, ports.sms_sender, ports.queue = events, pusher, sms, queue
    from app import app

    yield Deployment(
        ports=ports,
        shop=open_shop(Client(app), "roastery", PROGRAM),
        events=events,
        pusher=pusher,
        sms=sms,
        queue=queue,
        database=database,
        streams=_client("dynamodbstreams", engine),
        stream_arn=database.describe_table(TableName=table)["Table"]["LatestStreamArn"],
    )
    services.cache_clear()


def _client(name: str, engine: Engine) -> Any:
    # dynoxide's shard ids are shorter than botocore's minimum.
    return new_session().create_client(
        name,
        region_name=REGION,
        endpoint_url=engine.endpoint,
        config=Config(parameter_validation=False),
    )


def _settings(table: str, endpoint: str, folder: Path) -> dict[str, str]:
    secret = base64.b64encode(bytes(range(32))).decode()
    secrets = {"pepper_index": secret, "pepper_tokens": [secret], "master_key": secret}
    (folder / "secrets.json").write_text(json.dumps(secrets))
    return {
        "TABLE_NAME": table,
        "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "DYNAMODB_ENDPOINT": endpoint,
        "PUBLIC_URL": "https://cards.example",
        "SECRETS_FILE": str(folder / "secrets.json"),
        "TASK_QUEUE": "memory",
        "SMS_LIMIT_PER_IP": "1000000",
        "SMS_LIMIT_PER_PREFIX": "1000000",
        "SMS_LIMIT_PER_PHONE_IN_ALL": "1000000",
        "SMS_LIMIT_PER_IP_IN_ALL": "1000000",
        "SMS_LIMIT_PER_PREFIX_IN_ALL": "1000000",
    }
