"""Starts everything of one machine in order, says where it is, and stops it in reverse.

Order: folder → port → engine → table → certificates and push server → settings → the
service → demo merchant → workers → HTTP. A `kill -9` at any point loses nothing that was
acknowledged: the engine's file has it, the checkpoint repeats what was in flight, and
the first sweep queues what the queues held.
"""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.config import Config
from waitress.server import create_server

from chalicelib.adapters.sdk import new_session
from local.engine import Engine, start_engine
from local.engine_file import index_stream, trim_stream
from local.environment import (
    DEMO_MERCHANT,
    TABLE_NAME,
    ensure_secrets,
    local_settings,
)
from local.errors import CannotStart
from local.folder import claimed, explained
from local.gateway import WAITING_MAX, WORKING_MAX, Gateway
from local.streams import Checkpoint, Handler, StreamRelay
from local.table import create_table
from local.wallet_servers import WalletServers, start_wallet_servers
from local.workers import Workers

HOST = "127.0.0.1"
BACKLOG = 1024
SERVER_THREADS = WORKING_MAX + WAITING_MAX + 8  # the rest say 503
CONNECTIONS_MAX = 1000
BODY_BYTES_MAX = 10 * 1024 * 1024  # API Gateway's own limit; the gateway's is lower
TRIM_EVERY = 500  # relayed records

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the service runs; from the user's environment."""

    folder: Path
    port: int
    endpoint: str

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Place":
        """Read `DATA_DIR`, `PORT`, `DYNAMODB_ENDPOINT`.

        Raises:
            CannotStart: the port is not one.
        """
        port = environ.get("PORT") or "8000"
        if not (port.isascii() and port.isdecimal() and int(port[:6]) <= 65_535):  # noqa: PLR2004
            raise CannotStart(f"PORT={port} is not a port: choose a number from 1024 to 65535.")
        folder = Path(environ.get("DATA_DIR") or ".data").resolve()
        return cls(folder, int(port), environ.get("DYNAMODB_ENDPOINT", ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What runs under the service."""

    folder: Path
    db_path: Path
    listener: socket.socket
    engine: Engine
    wallets: WalletServers

    @property
    def base_url(self) -> str:
        """Return where the service answers."""
        return f"http://{HOST}:{self.listener.getsockname()[1]}"


def run(environ: Mapping[str, str], say: Callable[[str], None]) -> int:
    """Run until a signal; the exit code.

    Raises:
        CannotStart: with the reason and the way out.
    """
    place = Place.from_environ(environ)
    signal.signal(signal.SIGTERM, _end)
    with ExitStack() as stack:
        try:
            machine = _prepare(stack, place)
            os.environ.update(_settings(environ, machine))
            server = _start_service(stack, machine, _ensure_table(machine))
        except OSError as error:
            raise explained(error, place.folder) from error
        _announce(say, machine)
        return _serve(server, machine)


def _prepare(stack: ExitStack, place: Place) -> Machine:
    """Take folder and port, and start engine and wallet servers; `stack` stops them."""
    folder = stack.enter_context(claimed(place.folder))
    listener = stack.enter_context(_listener(place.port))
    db_path = folder / "kopilka.db"
    _check_secrets(folder, db_path)
    engine = start_engine(db_path, log_path=folder / "engine.log", endpoint=place.endpoint)
    stack.callback(engine.stop)
    return Machine(
        folder=folder,
        db_path=db_path,
        listener=listener,
        engine=engine,
        wallets=start_wallet_servers(stack, folder),
    )


def _settings(environ: Mapping[str, str], machine: Machine) -> dict[str, str]:
    return local_settings(
        given=environ,
        folder=machine.folder,
        base_url=machine.base_url,
        endpoint=machine.engine.endpoint,
        certificates=machine.wallets.certificates,
        apns_port=machine.wallets.apns.port,
        google=machine.wallets.google.settings,
    )


def _start_service(stack: ExitStack, machine: Machine, stream_arn: str) -> Any:
    """Wire the service, start its workers, and return the server that is ready to run."""
    from local.demo import ensure_demo
    from local.product import load_product
    from local.routes import local_routes

    product = load_product()
    machine.wallets.tell(
        lambda kind, to, text: product.outbox.add(kind, to, text, product.clock.now())
    )
    workers = Workers(
        relay=_relay(machine, stream_arn, product.relay),
        queue=product.queue,
        handlers=product.handlers,
        clock=product.clock,
    )
    product.app.register_blueprint(local_routes(product, workers))
    pass_ca = machine.wallets.certificates.pass_ca
    ensure_demo(product, machine.folder, base_url=machine.base_url, pass_ca=pass_ca)
    workers.start()
    stack.callback(workers.stop)
    return create_server(
        Gateway(product.app),
        sockets=[machine.listener],
        threads=SERVER_THREADS,
        connection_limit=CONNECTIONS_MAX,
        max_request_body_size=BODY_BYTES_MAX,
        asyncore_use_poll=True,
        ident="kopilka",
    )


def _relay(machine: Machine, stream_arn: str, handler: Handler) -> StreamRelay:
    keeps_file = machine.engine.keeps_file
    return StreamRelay(
        streams=_client("dynamodbstreams"),
        stream_arn=stream_arn,
        handler=handler,
        checkpoint=Checkpoint(machine.folder / "stream.json"),
        on_relayed=_trimmer(machine.db_path) if keeps_file else lambda _place: None,
    )


def _serve(server: Any, machine: Machine) -> int:
    """Serve until a signal, or until the engine ends under us."""
    lost = threading.Event()
    stopping = threading.Event()

    def watch() -> None:
        if machine.engine.process is not None:
            machine.engine.process.wait()
            if not stopping.is_set():
                lost.set()
                os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="engine", daemon=True).start()
    server.run()  # returns on SystemExit and KeyboardInterrupt
    stopping.set()
    if lost.is_set():
        log_path = machine.folder / "engine.log"
        raise CannotStart(f"the engine ended by itself: see {log_path}, then start again.")
    return 0


def _listener(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(BACKLOG)  # only a listening socket keeps the port for itself
    except (OSError, OverflowError) as error:
        listener.close()
        raise CannotStart(
            f"port {port} is taken or not allowed: stop what uses it, or choose another:"
            " PORT=8001 make run"
        ) from error
    return listener


def _check_secrets(folder: Path, db_path: Path) -> None:
    secrets = folder / "secrets.json"
    if db_path.exists() and not secrets.exists():
        raise CannotStart(
            f"{secrets} is missing and the data beside it cannot be read without: put it"
            " back, or start with another folder (DATA_DIR=…)."
        )
    ensure_secrets(secrets)


def _ensure_table(machine: Machine) -> str:
    """Create the table if it is absent; return the ARN of its stream."""
    client = _client("dynamodb")
    create_table(client, TABLE_NAME)
    if machine.engine.keeps_file:
        index_stream(machine.db_path)
    arn: str = client.describe_table(TableName=TABLE_NAME)["Table"]["LatestStreamArn"]
    return arn


def _client(name: str) -> Any:
    # dynoxide's shard ids are shorter than botocore's minimum.
    config = Config(parameter_validation=False, retries={"total_max_attempts": 3})
    return new_session().create_client(
        name, endpoint_url=os.environ["DYNAMODB_ENDPOINT"], config=config
    )


def _trimmer(db_path: Path) -> Callable[[int], None]:
    """Return what hears every place reached, and trims the engine's file now and then."""
    trimmed = 0

    def on_relayed(place: int) -> None:
        nonlocal trimmed
        if place - trimmed >= TRIM_EVERY:
            trim_stream(db_path, TABLE_NAME, before=place)
            trimmed = place

    return on_relayed


def _announce(say: Callable[[str], None], machine: Machine) -> None:
    say(f"Engine: {machine.engine.name}; {machine.engine.durability}")
    say(f"Data:   {machine.folder} (keys of the demo merchant: demo.json)")
    say(f"Join:   {machine.base_url}/j/{DEMO_MERCHANT} (what a shopper sees)")
    say(f"Office: {machine.base_url}/admin (a program of your own, its tills and posters)")
    say(f"Phone:  {machine.base_url}/local/phone (SMS and pushes that would have left)")
    say(f"API:    {machine.base_url}/v1/openapi.json")
    say("ready")


def _end(_signal: int, _frame: object) -> None:
    raise SystemExit(0)
