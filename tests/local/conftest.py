"""An engine on disk for each test that asks, as `make run` has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config

from chalicelib.adapters.sdk import new_session
from local.engine import Engine, start_engine
from local.table import create_table

TABLE = "kopilka"


@dataclass(frozen=True, slots=True)
class Store:
    """A running engine, its file, and clients of it."""

    engine: Engine
    db_path: Path
    table: Any
    streams: Any

    def put(self, *names: str, **attributes: Any) -> None:
        """Write one item for each name."""
        for name in names:
            item = {"pk": {"S": name}, "sk": {"S": "x"}, **attributes}
            self.table.put_item(TableName=TABLE, Item=item)

    def stream_arn(self) -> str:
        """Return the table's stream."""
        return self.table.describe_table(TableName=TABLE)["Table"]["LatestStreamArn"]


def store_at(db_path: Path) -> Store:
    """Start an engine on a file, with the table in it."""
    engine = start_engine(db_path)
    table, streams = (
        new_session().create_client(
            name,
            region_name="local",
            endpoint_url=engine.endpoint,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=Config(parameter_validation=False),
        )
        for name in ("dynamodb", "dynamodbstreams")
    )
    create_table(table, TABLE)
    return Store(engine, db_path, table, streams)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A fresh engine."""
    started = store_at(tmp_path / "kopilka.db")
    yield started
    started.engine.stop()
