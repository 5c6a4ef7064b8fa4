"""A wired service on an engine in memory, called as Lambda calls it, with every call counted.

Round trips are calls of the DynamoDB client; capacity is what the engine says it consumed
(`ReturnConsumedCapacity=INDEXES`), the table's and the indexes' apart. Exact, whatever
the machine is doing.
"""

import base64
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from botocore.session import get_session

from local.engine import start_engine
from local.environment import ensure_secrets
from local.table import create_table

TABLE = "kopilka-bench"
PROGRAM = Path(__file__).resolve().parent / "program.json"


@dataclass
class Counter:
    """What the calls of one operation came to."""

    calls: list[str] = field(default_factory=list)
    table_wcu: float = 0
    index_wcu: float = 0
    rcu: float = 0

    def on_call(self, operation: str, answer: Mapping[str, Any]) -> None:
        """Count one answer of the client."""
        self.calls.append(operation)
        consumed = answer.get("ConsumedCapacity") or []
        for part in consumed if isinstance(consumed, list) else [consumed]:
            self._add(operation, part)

    def _add(self, operation: str, part: Mapping[str, Any]) -> None:
        table = part.get("Table", {}).get("CapacityUnits", 0)
        indexes = part.get("GlobalSecondaryIndexes", {}).values()
        index = sum(one.get("CapacityUnits", 0) for one in indexes)
        if operation in {"GetItem", "BatchGetItem", "Query"}:
            self.rcu += table + index
        else:
            self.table_wcu += table
            self.index_wcu += index


@dataclass(frozen=True, slots=True)
class Shop:
    """The application, a merchant's keys, and the counter of whatever runs now."""

    app: Any
    services: Any
    merchant_id: str
    till_key: str
    integration_key: str
    client: Any

    def call(
        self, method: str, path: str, body: Any = None, *, key: str = "", parts: Any = None
    ) -> dict[str, Any]:
        """Call the handler with an API Gateway event; the parsed answer.

        Raises:
            RuntimeError: it was refused.
        """
        event = self.event(method, path, body, key=key, parts=parts)
        answer = self.app(event, None)
        if answer["statusCode"] >= HTTPStatus.BAD_REQUEST:
            raise RuntimeError(f"{method} {path}: {answer['statusCode']} {answer['body']}")
        text = answer["body"]
        if answer.get("isBase64Encoded"):
            text = base64.b64decode(text)
        parsed: dict[str, Any] = json.loads(text)
        return parsed

    def event(
        self, method: str, path: str, body: Any = None, *, key: str = "", parts: Any = None
    ) -> dict[str, Any]:
        """Return the event of a request; `path` is the route, `parts` its parameters."""
        headers = {
            "authorization": f"Bearer {self.integration_key}",
            "content-type": "application/json",
            "accept": "application/json",
            "idempotency-key": key,
        }
        return {
            "resource": path,
            "path": path.format_map(parts or {}),
            "httpMethod": method,
            "headers": headers,
            "multiValueHeaders": {name: [value] for name, value in headers.items()},
            "pathParameters": parts,
            "multiValueQueryStringParameters": None,
            "requestContext": {
                "httpMethod": method,
                "resourcePath": path,
                "identity": {"sourceIp": "127.0.0.1"},
                "requestId": "bench",
            },
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
            "stageVariables": None,
        }

    @contextmanager
    def counted(self) -> Iterator[Counter]:
        """Count the calls made meanwhile."""
        from chalicelib.adapters.dynamo import connection

        counter = Counter()
        stop = connection.watch(self.services.connection, counter.on_call)
        yield counter
        stop()


@contextmanager
def open_shop() -> Iterator[Shop]:
    """Start an engine, wire the service to it, open a merchant."""
    with TemporaryDirectory() as folder:
        engine = start_engine(None)
        try:
            yield _wired(engine.endpoint, Path(folder))
        finally:
            engine.stop()


def _wired(endpoint: str, folder: Path) -> Shop:
    ensure_secrets(folder / "secrets.json")
    os.environ |= {
        "TABLE_NAME": TABLE,
        "AWS_REGION": "local",
        "AWS_DEFAULT_REGION": "local",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "PUBLIC_URL": "https://bench.example",
        "SECRETS_FILE": str(folder / "secrets.json"),
        "DYNAMODB_ENDPOINT": endpoint,
        "TASK_QUEUE": "memory",
        "POWERTOOLS_METRICS_NAMESPACE": "Kopilka",
        "POWERTOOLS_SERVICE_NAME": "kopilka",
        "POWERTOOLS_LOG_LEVEL": "INFO",
    }
    session = get_session()
    client = session.create_client("dynamodb", endpoint_url=endpoint, region_name="local")
    create_table(client, TABLE, stream=False)
    from app import app
    from chalicelib.domain.members import Merchant
    from chalicelib.usecases.merchants import open_merchant
    from chalicelib.wiring import services

    ports = services()
    merchant = Merchant("bench", "Bench", "RU", ("RU",), "ru")
    opened = open_merchant(
        merchant, json.loads(PROGRAM.read_text()), at=ports.clock.now(), office=ports.office
    )
    return Shop(app, ports, "bench", opened.till_key, opened.integration_key, client)
