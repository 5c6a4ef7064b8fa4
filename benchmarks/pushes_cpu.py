"""What a push costs our side: `python -m benchmarks.pushes_cpu` prints JSON.

CPU time of this process, which does nothing but push: 500 pushes a call over one connection
to the local push server, which runs in a process of its own. WALLET's mark is 1 ms a push and
one connection. The lowest round counts, what the code costs when it is left alone; the first
one, which connects and loads the key, is told apart.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time_ns
from typing import Any, Final

from chalicelib.adapters.apns import ApnsSender
from chalicelib.ports import PushKind
from local.certificates import Certificates, ensure_certificates

PUSHES: Final = 500
ROUNDS: Final = 10
PUSH_CPU_MS_MAX: Final = 1.0
TOPIC: Final = "pass.bench.kopilka"
TEAM: Final = "TEAM000001"


def measure() -> dict[str, Any]:
    """Push 500 tokens a round."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        made = ensure_certificates(
            folder / "certificates", pass_type_identifier=TOPIC, team_identifier=TEAM
        )
        log = folder / "pushes.jsonl"
        with _server(folder / "certificates", log) as port:
            first, *rounds = _rounds(_sender(made, port))
        pushed = [json.loads(line) for line in log.read_text().splitlines()]
    return {
        "push_cpu_ms": round(min(rounds), 3),
        "first_call_cpu_ms": round(first * PUSHES, 1),
        "push_cpu_ms_max": PUSH_CPU_MS_MAX,
        "connections": len({push["connection"] for push in pushed}),
        "pushes": len(pushed),
        "rounds": ROUNDS,
    }


def missed(found: dict[str, Any]) -> list[str]:
    """Return the marks that were missed, in words."""
    said = []
    if found["push_cpu_ms"] > PUSH_CPU_MS_MAX:
        said.append("pushes_cpu: more than 1 ms of CPU a push")
    if found["connections"] != 1:
        said.append("pushes_cpu: more than one connection")
    return said


def _sender(made: Certificates, port: int) -> ApnsSender:
    return ApnsSender(
        host="127.0.0.1",
        port=port,
        topic=TOPIC,
        certificate_pem=made.pass_certificate.read_bytes(),
        key_pem=made.pass_key.read_bytes(),
        ca_pem=made.pass_ca.read_bytes(),
        connect_seconds=20,
        deadline_seconds=60,
    )


def _rounds(sender: ApnsSender) -> list[float]:
    """Return the CPU milliseconds of one push, by round."""
    found = []
    for number in range(1 + ROUNDS):
        tokens = [f"ab{number:08x}{index:054x}" for index in range(PUSHES)]
        start = process_time_ns()
        outcomes = sender.push_many(tokens)
        found.append((process_time_ns() - start) / PUSHES / 1e6)
        assert {one.kind for one in outcomes.values()} == {PushKind.ACCEPTED}
    sender.close()
    return found


@contextmanager
def _server(certificates: Path, log: Path) -> Iterator[int]:
    """Run the push server; its port."""
    program = subprocess.Popen(
        [
            sys.executable, "-m", "local.apns_server", "--port", "0", "--log", str(log),
            "--certificates", str(certificates),
            "--pass-type-identifier", TOPIC, "--team-identifier", TEAM,
        ],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert program.stdout is not None
        yield int(program.stdout.readline().rpartition(":")[2])
    finally:
        program.terminate()
        program.wait(timeout=30)


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
