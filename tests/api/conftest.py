"""The whole application over the embedded engine; a merchant of its own for each test.

One engine per pytest worker, emptied for each module: what stands in one queue for all
merchants (markers, guesses, texts to send) is the module's own, and stays short. Jobs that
are queued are each test's own: nobody works on them but a test.
"""

import base64
import io
import json
import logging
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.adapters.clock import MovableClock
from chalicelib.adapters.memory_queue import MESSAGES_MAX
from chalicelib.adapters.sdk import new_session
from chalicelib.usecases.schedule import QUEUE
from chalicelib.wiring import Services, services
from local.certificates import ensure_certificates
from local.engine import start_engine
from local.table import create_table
from tests.api.caller import Caller
from tests.api.shop import PROGRAM, Shop, open_shop
from tests.fakes.clock import NOON

_NUMBERS = count(1)
TABLE = "api-tests"
NETWORK = "127.0.0.1"  # of every call the test client makes


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Services, Any]]:
    """The services, and a client of the engine under them."""
    folder = tmp_path_factory.mktemp("deployment")
    secret = base64.b64encode(bytes(range(32))).decode()
    (folder / "secrets.json").write_text(
        json.dumps({"pepper_index": secret, "pepper_tokens": [secret], "master_key": secret})
    )
    engine = start_engine()
    with pytest.MonkeyPatch.context() as environment:
        for name, value in _settings(engine.endpoint, str(folder)).items():
            environment.setenv(name, value)
        client = new_session().create_client(
            "dynamodb", region_name="eu-central-1", endpoint_url=engine.endpoint
        )
        services.cache_clear()
        found = services()
        found.clock = MovableClock(NOON)  # stands still until a test moves it
        yield found, client
        services.cache_clear()
    engine.stop()


@pytest.fixture(scope="module")
def wired(deployed: tuple[Services, Any]) -> Iterator[Services]:
    """The services over an empty table."""
    found, client = deployed
    create_table(client, TABLE, stream=False)  # tests hand the relay what it reads
    yield found
    client.delete_table(TableName=TABLE)


@pytest.fixture(scope="module")
def client(wired: Services) -> Client:
    from app import app

    return Client(app)


@pytest.fixture(autouse=True)
def unlocked(request: pytest.FixtureRequest) -> None:
    """Forgive what other tests have guessed at activation codes: all call from one network."""
    if "wired" in request.fixturenames:
        found = request.getfixturevalue("wired")
        found.till_desk.guesses.forgive(
            found.keyring.fingerprint("activation-guesses", NETWORK)
        )


@pytest.fixture
def shop(wired: Services, client: Client) -> Iterator[Shop]:
    """A merchant with a till and an integration, at noon of 1 June 2026."""
    wired.clock.set(NOON)
    yield open_shop(client, f"shop-{next(_NUMBERS)}", PROGRAM)
    wired.clock.reset()


@pytest.fixture
def other_shop(wired: Services, client: Client, shop: Shop) -> Shop:
    """Another merchant, which must learn nothing."""
    return open_shop(client, f"other-{next(_NUMBERS)}", PROGRAM)


@pytest.fixture
def anybody(wired: Services, client: Client) -> Caller:
    """A caller without a credential."""
    wired.clock.set(NOON)
    return Caller(client)


@pytest.fixture
def logged(wired: Services, capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[], str]]:
    """Return what was logged so far, as the log's reader gets it; metrics go to stdout."""
    log = logging.getLogger("kopilka")
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(log.handlers[0].formatter)
    log.addHandler(handler)
    yield lambda: lines.getvalue() + capsys.readouterr().out
    log.removeHandler(handler)


@pytest.fixture(autouse=True)
def unqueued(request: pytest.FixtureRequest) -> None:
    """Drop the jobs that other tests have begun."""
    if "wired" in request.fixturenames:
        queue = request.getfixturevalue("wired").queue
        for one in queue.take(QUEUE, MESSAGES_MAX):
            queue.done(QUEUE, one.message_id)


def _settings(endpoint: str, folder: str) -> dict[str, str]:
    return {
        "TABLE_NAME": TABLE,
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "DYNAMODB_ENDPOINT": endpoint,
        "PUBLIC_URL": "https://cards.example",
        "SECRETS_FILE": f"{folder}/secrets.json",
        "TASK_QUEUE": "memory",
        "MAIL_SENDER": "console",
        "CLOCK": "movable",
        "SMS_LIMIT_PER_IP": "1000000",
        "SMS_LIMIT_PER_PREFIX": "1000000",
        "SMS_LIMIT_PER_MERCHANT": "100000000",
        "SMS_LIMIT_PER_NEW_MERCHANT": "100000000",
        "SMS_LIMIT_OF_NEW_MERCHANTS": "100000000",
        "SMS_LIMIT_PER_PHONE_IN_ALL": "1000000",
        "SMS_LIMIT_PER_IP_IN_ALL": "1000000",
        "SMS_LIMIT_PER_PREFIX_IN_ALL": "1000000",
        "SMS_LIMIT_IN_ALL": "100000000",
        **_pass_settings(folder),
    }


def _pass_settings(folder: str) -> dict[str, str]:
    made = ensure_certificates(
        Path(folder) / "certificates",
        pass_type_identifier="pass.app.kopilka",
        team_identifier="KOPILKA000",
    )
    return {
        "PASS_TYPE_IDENTIFIER": "pass.app.kopilka",
        "TEAM_IDENTIFIER": "KOPILKA000",
        "PASS_CERTIFICATE_FILE": str(made.pass_certificate),
        "PASS_KEY_FILE": str(made.pass_key),
        "WWDR_CERTIFICATE_FILE": str(made.wwdr),
    }
