"""Small literal values of the sender's tests."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from chalicelib.adapters.apns import ApnsSender
from chalicelib.ports import PushKind, PushOutcome
from local.certificates import Certificates, ensure_certificates

TOPIC = "pass.test.kopilka"
GONE_SINCE = datetime(2026, 11, 1, 12, 30, 0, 250_000, tzinfo=UTC)
ACCEPTED = PushOutcome(PushKind.ACCEPTED, 200)
GO_AWAY, SILENT, UNAVAILABLE = "0000600a", "00000000", "00000503"
Sender = Callable[..., ApnsSender]


def token(number: int, prefix: str = "ab") -> str:
    return prefix + f"{number:0{64 - len(prefix)}x}"


def make_certificates(folder: Path, topic: str = TOPIC) -> Certificates:
    return ensure_certificates(folder, pass_type_identifier=topic, team_identifier="TEAM000001")
