"""The servers that stand in for Apple's and Google's on one machine, and what they heard.

Both keep a log in the data folder. What they are asked is shown on the phone's page as
something that would have left.
"""

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.apns_server import ApnsServer
from local.certificates import Certificates, ensure_certificates
from local.environment import PASS_TYPE_IDENTIFIER, TEAM_IDENTIFIER
from local.google_server import Asked, GoogleServer

Tell = Callable[[str, str, str], None]  # kind, to whom, text


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletServers:
    """What passes are signed with, and who is told of them."""

    certificates: Certificates
    apns: ApnsServer
    google: GoogleServer

    def tell(self, tell: Tell) -> None:
        """Let `tell` hear every push and every request from now on."""
        self.apns.on_push = lambda push: tell(
            "apns", str(push.get("token", "")), _push_text(push)
        )
        self.google.on_request = lambda asked: tell(
            "google", asked.path.rpartition("/")[2], _asked_text(asked)
        )


def start_wallet_servers(stack: ExitStack, folder: Path) -> WalletServers:
    """Start both, with certificates of the folder; `stack` stops them."""
    certificates = ensure_certificates(
        folder / "certificates",
        pass_type_identifier=os.environ.get("PASS_TYPE_IDENTIFIER") or PASS_TYPE_IDENTIFIER,
        team_identifier=os.environ.get("TEAM_IDENTIFIER") or TEAM_IDENTIFIER,
    )
    apns = ApnsServer(certificates, log_path=folder / "apns.log").start()
    stack.callback(apns.stop)
    google = GoogleServer(folder / "google.json", log_path=folder / "google.log").start()
    stack.callback(google.stop)
    return WalletServers(certificates=certificates, apns=apns, google=google)


def _push_text(push: Mapping[str, Any]) -> str:
    return " ".join(str(push[name]) for name in ("status", "reason") if push.get(name))


def _asked_text(asked: Asked) -> str:
    """Return what Google was asked, and the points it now shows if it was told."""
    balance = (asked.body or {}).get("loyaltyPoints", {}).get("balance", {})
    shown = [str(value) for value in balance.values()]
    return " ".join([asked.method, str(asked.status), *shown])
