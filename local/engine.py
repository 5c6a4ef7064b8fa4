"""The DynamoDB that one machine runs: started as a child, stopped or orphaned with us.

Which one, in this order: the endpoint that the caller names; dynoxide, where its binary
exists (`local/fetch_engine.py`); ministack, in a virtual environment of its own.

Durability, checked 2026-11 (docs/decisions/0002-engine.md): dynoxide 1.2.1 keeps a SQLite
file in WAL mode with synchronous=FULL, one fsync per committed write (strace: 100 puts,
100 fsyncs), so an acknowledged write survives `kill -9` and a power cut. ministack saves
only on a clean stop.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from local.errors import CannotStart
from local.fetch_engine import ENGINE_FOLDER, pin_for_this_machine

START_ATTEMPTS_MAX = 5  # another process may take the port between our look and the bind
START_SECONDS_MAX = 30.0
STOP_SECONDS_MAX = 5.0

_LOCK = Path(__file__).resolve().parent / "lock" / "ministack.txt"

# The shell that becomes the engine leaves a guard behind: it waits for our end of a pipe.
# A line means a clean stop; the end of the file means that we died, whatever the way
# (PR_SET_PDEATHSIG is Linux only, and fires when the starting thread ends).
# (Fd 3, because a shell gives its background jobs /dev/null for input.)
_GUARDED = 'exec 3<&0 </dev/null; (read -r _ <&3 || kill -9 $$ 2>/dev/null) & exec "$@" 3<&-'


@dataclass(frozen=True, slots=True)
class Engine:
    """A running engine."""

    endpoint: str
    name: str
    durability: str  # one clause, shown at the start
    process: subprocess.Popen[bytes] | None = None  # None: not ours
    keeps_file: bool = False  # dynoxide on disk: `local/engine_file.py` may tend it

    def is_alive(self) -> bool:
        """Return whether the child still runs; an engine that is not ours always does."""
        return self.process is None or self.process.poll() is None

    def stop(self) -> None:
        """Ask the child to end, then make it; nothing happens twice."""
        process = self.process
        if process is None or process.stdin is None:
            return
        if not process.stdin.closed:
            try:
                process.stdin.write(b"\n")  # the guard may go
                process.stdin.close()
            except OSError:  # the guard has gone already
                process.stdin.close()
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def start_engine(
    db_path: Path | None = None, *, log_path: Path | None = None, endpoint: str = ""
) -> Engine:
    """Start the engine on a free port of 127.0.0.1 and wait until it answers.

    Without `db_path` it keeps everything in memory (the tests). With an `endpoint`
    nothing is started.

    Raises:
        CannotStart: no engine for this platform, or it did not come up.
    """
    if endpoint:
        return Engine(endpoint, "the DynamoDB of DYNAMODB_ENDPOINT", "as durable as that is")
    pin = pin_for_this_machine()
    if pin is None:
        return _start_ministack(db_path, log_path)
    if not pin.binary.exists():
        raise CannotStart("the engine is not here yet: run `make engine`.")
    return _start_dynoxide(pin.binary, db_path, log_path)


def _start_dynoxide(binary: Path, db_path: Path | None, log_path: Path | None) -> Engine:
    where = ["--db-path", str(db_path)] if db_path else []
    durability = (
        "every write is on disk (fsync) before it is acknowledged" if db_path else "in memory"
    )
    for _ in range(START_ATTEMPTS_MAX):
        port = _free_port()
        command = [str(binary), "serve", "--port", str(port), *where]
        process = _spawn(command, os.environ, log_path)
        if _answers(process, port):
            return Engine(
                f"http://127.0.0.1:{port}",
                "dynoxide",
                durability,
                process,
                keeps_file=db_path is not None,
            )
    raise CannotStart(f"the engine did not come up: {_last_words(log_path)}")


def _start_ministack(db_path: Path | None, log_path: Path | None) -> Engine:
    program = _ministack_program()
    port = _free_port()
    settings = {
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "SERVICES": "dynamodb,dynamodbstreams",
        "LOG_LEVEL": "WARNING",
        "PERSIST_STATE": "1" if db_path else "0",
        "STATE_DIR": str(db_path.with_suffix(".ministack")) if db_path else "",
    }
    process = _spawn([str(program)], {**os.environ, **settings}, log_path)
    if not _answers(process, port):
        raise CannotStart(f"ministack did not come up: {_last_words(log_path)}")
    durability = "SAVED ONLY ON A CLEAN STOP: kill -9 or a power cut loses the session"
    return Engine(
        f"http://127.0.0.1:{port}",
        "ministack (dynoxide has no binary for this platform)",
        durability if db_path else "in memory",
        process,
    )


def _ministack_program() -> Path:
    folder = ENGINE_FOLDER / "ministack"
    program = folder / "bin" / "ministack"
    if program.exists():
        return program
    print("dynoxide has no binary for this platform: installing ministack", flush=True)
    install = [str(folder / "bin" / "pip"), "install", "--quiet", "--require-hashes", "-r"]
    for command in ([sys.executable, "-m", "venv", str(folder)], [*install, str(_LOCK)]):
        if subprocess.run(command, check=False).returncode:
            shutil.rmtree(folder, ignore_errors=True)
            raise CannotStart(
                "no engine for this platform: dynoxide has no binary and ministack could not"
                " be installed; name a DynamoDB of yours with DYNAMODB_ENDPOINT=http://…"
            )
    return program


def _spawn(
    command: Sequence[str], environ: Mapping[str, str], log_path: Path | None
) -> subprocess.Popen[bytes]:
    log = log_path.open("ab") if log_path else None
    try:
        return subprocess.Popen(
            ["/bin/sh", "-c", _GUARDED, "engine", *command],
            env=dict(environ),
            stdin=subprocess.PIPE,
            stdout=log or subprocess.DEVNULL,
            stderr=log or subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for us: we stop the engine last
        )
    finally:
        if log:
            log.close()


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Wait until the port speaks HTTP; False when the child ended or time ran out."""
    pause = threading.Event()
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/")
            connection.getresponse()
        except (OSError, http.client.HTTPException):
            pause.wait(0.005)
            continue
        finally:
            connection.close()
        return process.poll() is None
    process.kill()
    process.wait()
    return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _last_words(log_path: Path | None) -> str:
    if log_path is None or not log_path.exists():
        return "it said nothing"
    lines = log_path.read_text(errors="replace").strip().splitlines()
    return lines[-1][-300:] if lines else "it said nothing"
