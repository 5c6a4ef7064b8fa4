"""A server that behaves like Google Wallet, for laptops and tests.

On its own: `python -m local.google_server --folder …`. HTTP on 127.0.0.1 with kept
connections; no code shared with the service. It answers

    POST /token                           an access token for a signed grant (RFC 7523)
    …    /walletobjects/v1/…              classes and objects (`google_resources.py`)
    GET  /gp/v/save/{jwt}                 what a tap on a save link does, as a page
    GET  /gp/m/issuer/keys                the keys callbacks are signed with

with 401 without a token, 403 for an account that is no user of the issuer, 429 above
`RATE_MAX` a second, and whatever `fails_with` says. A saved card is told to the address in its
class, as Google does. Formats: Google Wallet API v1, read 2026-11.
"""

import argparse
import html
import json
import re
import signal
import threading
import time
import urllib.request
import uuid
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jwt
from cryptography.hazmat.primitives import serialization

from local.google_http import REST, SAVE, WalletHandler
from local.google_resources import Answer, Resources, error
from local.google_signing import ISSUER_ID, CallbackSigner, ensure_account
from local.line_log import append_line

RATE_MAX = 20  # requests a second
REQUESTS_KEPT_MAX = 5_000
TOKEN_SECONDS = 3600
CALLBACK_SECONDS_MAX = 5.0
SCOPE = "https://www.googleapis.com/auth/wallet_object.issuer"
_TOKEN_AUDIENCE = "https://oauth2.googleapis.com/token"  # whatever the address is
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to the REST interface, and how it was answered."""

    method: str
    path: str
    status: int
    body: Any


@dataclass(slots=True)
class Behaviour:
    """What a test may change while the server runs."""

    fails_with: int = 0  # this status for every request; 0: none
    says: str = "as it was asked to"
    token_seconds: int = TOKEN_SECONDS
    has_keys: bool = True  # of callbacks
    is_user: bool = True  # the account is a user of the issuer
    rate_max: int = RATE_MAX
    refuses_tokens: bool = False
    before: Callable[[str, str], None] = field(default=lambda _method, _path: None)


class GoogleServer:
    """The server: a thread for each connection."""

    def __init__(
        self,
        account_path: Path,
        *,
        port: int = 0,
        on_request: Callable[[Asked], None] | None = None,
        log_path: Path | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Listen on 127.0.0.1; port 0 takes a free one. Raises OSError: it is taken."""
        self.behaviour = Behaviour()
        self.resources = Resources(ISSUER_ID, now)
        self.signer = CallbackSigner()
        self.requests: deque[Asked] = deque(maxlen=REQUESTS_KEPT_MAX)
        self.tokens: set[str] = set()
        self.keys_asked = 0
        self.on_request = on_request
        self._log_path = log_path
        self._account_path = account_path
        self._lock = threading.Lock()
        self._recent: deque[float] = deque(maxlen=RATE_MAX * 100)
        handler = type("Handler", (WalletHandler,), {"wallet": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        self.account = ensure_account(account_path, token_uri=f"{self.url}/token")
        key = serialization.load_pem_private_key(self.account["private_key"].encode(), None)
        self._public_key: Any = key.public_key()

    @property
    def wallet_url(self) -> str:
        """Return where the REST interface is."""
        return self.url + REST.rstrip("/")

    @property
    def save_url(self) -> str:
        """Return what a save link begins with."""
        return self.url + SAVE

    @property
    def keys_url(self) -> str:
        """Return where the keys of callbacks are."""
        return f"{self.url}/gp/m/issuer/keys"

    @property
    def settings(self) -> dict[str, str]:
        """Return what leads the service here."""
        return {
            "GOOGLE_ISSUER_ID": ISSUER_ID,
            "GOOGLE_SERVICE_ACCOUNT_FILE": str(self._account_path),
            "GOOGLE_WALLET_URL": self.wallet_url,
            "GOOGLE_SAVE_URL": self.save_url,
            "GOOGLE_KEYS_URL": self.keys_url,
        }

    def start(self) -> "GoogleServer":
        """Serve from now on."""
        threading.Thread(target=self._http.serve_forever, daemon=True).start()
        return self

    def stop(self) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._http.server_close()

    def grant(self, form: Mapping[str, list[str]]) -> Answer:
        """Answer a request for an access token."""
        assertion = form.get("assertion", [""])[0]
        try:
            claims = jwt.decode(
                assertion,
                self._public_key,
                algorithms=["RS256"],
                audience=_TOKEN_AUDIENCE,
                issuer=self.account["client_email"],
            )
        except jwt.PyJWTError as trouble:
            return 400, {"error": "invalid_grant", "error_description": str(trouble)}
        is_right = form.get("grant_type") == [_GRANT] and claims.get("scope") == SCOPE
        if not is_right or claims["exp"] - claims["iat"] > TOKEN_SECONDS:
            return 400, {"error": "invalid_grant", "error_description": "another grant"}
        token = uuid.uuid4().hex
        self.tokens.add(token)
        seconds = self.behaviour.token_seconds
        return 200, {"access_token": token, "token_type": "Bearer", "expires_in": seconds}

    def rest(self, method: str, path: str, authorization: str, body: bytes) -> Answer:
        """Answer a request to the REST interface."""
        self.behaviour.before(method, path)
        parsed = _parsed(body)
        with self._lock:
            status, answer = self._judged(method, path, authorization, parsed)
            asked = Asked(method, path, status, parsed)
            self.requests.append(asked)
            if self._log_path:
                line = {"method": method, "path": path, "status": status, "body": parsed}
                append_line(self._log_path, json.dumps(line, ensure_ascii=False))
        if self.on_request:
            self.on_request(asked)
        return status, answer

    def keys(self) -> Answer:
        """Answer with the keys callbacks are signed with."""
        self.keys_asked += 1
        if not self.behaviour.has_keys:
            return error(503, "backendError", "no keys now")
        return 200, self.signer.root_keys()

    def saved(self, token: str) -> tuple[int, str]:
        """Save the card of a link, tell its issuer, and return the page of it."""
        try:
            claims = jwt.decode(
                token,
                self._public_key,
                algorithms=["RS256"],
                audience="google",
                options={"verify_iat": False},
            )
            [named] = claims["payload"]["loyaltyObjects"]
            card = self.resources.kept["loyaltyObject"][named["id"]]
        except (jwt.PyJWTError, KeyError, ValueError, TypeError):
            return 400, _page("This link does not work", {})
        made = self.resources.kept["loyaltyClass"][card["classId"]]
        self.call_back(card["id"], "save", url=made.get("callbackOptions", {}).get("url", ""))
        return 200, _page(f"{made['programName']}: saved", card)

    def call_back(self, object_id: str, event: str, *, url: str) -> None:
        """Send a signed callback; nobody waits for it."""
        callback = self.signer.callback(object_id, event, uuid.uuid4().hex)
        request = urllib.request.Request(
            url, json.dumps(callback).encode(), {"Content-Type": "application/json"}
        )

        def send() -> None:
            try:
                urllib.request.urlopen(request, timeout=CALLBACK_SECONDS_MAX).close()
            except OSError as trouble:
                if self._log_path:
                    append_line(self._log_path, json.dumps({"callback": str(trouble)}))

        if url.startswith(("http://127.0.0.1:", "https://")):
            threading.Thread(target=send, daemon=True).start()

    def _judged(self, method: str, path: str, authorization: str, body: Any) -> Answer:
        behaviour = self.behaviour
        if behaviour.fails_with:
            return error(behaviour.fails_with, "backendError", behaviour.says)
        if behaviour.refuses_tokens or authorization.removeprefix("Bearer ") not in self.tokens:
            return error(401, "authError", "no valid token")
        if not behaviour.is_user:
            return error(403, "forbidden", "the account is no user of the issuer")
        if not self._has_room():
            return error(429, "rateLimitExceeded", "too many requests a second")
        return self.resources.handle(method, unquote(path.removeprefix(REST)), body)

    def _has_room(self) -> bool:
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.behaviour.rate_max:
            return False
        self._recent.append(now)
        return True


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None


def _page(heading: str, card: Mapping[str, Any]) -> str:
    """Return a card as a page; Google's own looks otherwise."""
    shown = json.dumps(card, ensure_ascii=False, indent=2)
    shown = re.sub(r'("key": )"[0-9A-F]+"', r'\1"…"', shown)  # of the rotating code
    title = html.escape(heading)
    return (
        f"<!doctype html><title>{title}</title><h1>{title}</h1><pre>{html.escape(shown)}</pre>"
    )


def main() -> None:
    """Serve until SIGINT or SIGTERM."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--folder", type=Path, required=True)
    arguments.add_argument("--port", type=int, default=8090)
    chosen = arguments.parse_args()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    server = GoogleServer(
        chosen.folder / "google.json", port=chosen.port, log_path=chosen.folder / "google.log"
    ).start()
    print(f"wallet server ready on {server.url}", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})
    server.stop()


if __name__ == "__main__":
    main()
