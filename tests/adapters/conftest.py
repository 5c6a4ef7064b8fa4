"""One engine for each pytest worker, in memory; a table of its own for each test."""

from collections.abc import Iterator
from itertools import count

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamo.connection import bind
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.adapters.sdk import new_session
from chalicelib.ports import Ledger
from local.engine import start_engine
from local.table import create_table
from tests.fakes.ledger import FakeLedger

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def engine_endpoint() -> Iterator[str]:
    engine = start_engine()
    yield engine.endpoint
    engine.stop()


@pytest.fixture(scope="session")
def table_client(engine_endpoint):
    """A plain client, to make tables and to look at raw items."""
    return new_session().create_client(
        "dynamodb",
        region_name="eu-central-1",
        endpoint_url=engine_endpoint,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


@pytest.fixture(autouse=True)
def _bound_as_before() -> Iterator[None]:
    """Leave the items bound to whatever they were: other tests of this process use them."""
    bound, before = dict(vars(Item.Meta)), Item._connection
    yield
    for setting in [one for one in vars(Item.Meta) if not one.startswith("__")]:
        delattr(Item.Meta, setting)
    for setting, value in bound.items():
        if not setting.startswith("__"):
            setattr(Item.Meta, setting, value)
    Item._connection = before


@pytest.fixture
def connection(engine_endpoint, table_client) -> Connection:
    """The items bound to a new, empty table."""
    name = f"test-{next(_NUMBERS)}"
    create_table(table_client, name, stream=False)  # nobody reads it here
    return bind(name, "eu-central-1", engine_endpoint, read_seconds=10)


@pytest.fixture(params=["fake", "engine"])
def ledger(request: pytest.FixtureRequest) -> Ledger:
    """The two ledgers that one contract holds for."""
    if request.param == "fake":
        return FakeLedger()
    return DynamoLedger(request.getfixturevalue("connection"), due_shards=4)
