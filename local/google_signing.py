"""The keys of a laptop that stand in for Google's: a service account, and who signs callbacks.

The account's file has the shape Google gives it ("Create and delete service account keys",
read 2026-11). Callbacks are signed as Google does (ECv2SigningOnly; see
`chalicelib/adapters/google_callbacks.py`, with which this shares no code).
"""

import base64
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from chalicelib.adapters.private_files import write_private

ISSUER_ID = "3388000000012345678"
EMAIL = "wallet@kopilka-local.iam.gserviceaccount.com"
SENDER = "GooglePayPasses"
PROTOCOL = "ECv2SigningOnly"
_HOUR_SECONDS = 3600


def ensure_account(path: Path, *, token_uri: str) -> Mapping[str, Any]:
    """Write the service account's file; its key stays, its address may have changed."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
        account = {**found, "token_uri": token_uri}
        serialization.load_pem_private_key(account["private_key"].encode(), None)
    except (OSError, ValueError, KeyError):
        account, found = new_account(token_uri=token_uri), None
    if account != found:
        write_private(path, json.dumps(account, indent=2))
    return account


def new_account(*, token_uri: str) -> dict[str, Any]:
    """Make a service account."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return {
        "type": "service_account",
        "project_id": "kopilka-local",
        "private_key_id": hashes_of(pem)[:40],
        "private_key": pem.decode(),
        "client_email": EMAIL,
        "client_id": "100000000000000000000",
        "token_uri": token_uri,
    }


def hashes_of(content: bytes) -> str:
    """Return a content's SHA-256, hexadecimal."""
    digest = hashes.Hash(hashes.SHA256())
    digest.update(content)
    return digest.finalize().hex()


def _ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, slots=True)
class CallbackSigner:
    """Signs callbacks for one issuer; every fault a test wants is an argument."""

    issuer_id: str = ISSUER_ID
    sender: str = SENDER
    root: ec.EllipticCurvePrivateKey = field(default_factory=_ec_key)
    middle: ec.EllipticCurvePrivateKey = field(default_factory=_ec_key)

    def root_keys(self, *, ends_in_seconds: int = 7 * 24 * _HOUR_SECONDS) -> dict[str, Any]:
        """Return the list of keys as Google publishes it."""
        return {
            "keys": [
                {
                    "keyValue": _public(self.root),
                    "protocolVersion": PROTOCOL,
                    "keyExpiration": _after(ends_in_seconds),
                }
            ]
        }

    def callback(
        self,
        object_id: str,
        event: str,
        nonce: str,
        *,
        class_id: str = "",
        ends_in_seconds: int = _HOUR_SECONDS,
        middle_ends_in_seconds: int = _HOUR_SECONDS,
    ) -> dict[str, Any]:
        """Return a signed callback."""
        middle = json.dumps(
            {"keyValue": _public(self.middle), "keyExpiration": _after(middle_ends_in_seconds)}
        )
        message = json.dumps(
            {
                "classId": class_id,
                "objectId": object_id,
                "expTimeMillis": int(_after(ends_in_seconds)),
                "eventType": event,
                "nonce": nonce,
            },
            ensure_ascii=False,
        )
        return {
            "signature": _sign(self.middle, self.sender, self.issuer_id, PROTOCOL, message),
            "intermediateSigningKey": {
                "signedKey": middle,
                "signatures": [_sign(self.root, self.sender, PROTOCOL, middle)],
            },
            "protocolVersion": PROTOCOL,
            "signedMessage": message,
        }


def _public(key: ec.EllipticCurvePrivateKey) -> str:
    der = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return base64.b64encode(der).decode()


def _sign(key: ec.EllipticCurvePrivateKey, *parts: str) -> str:
    content = b""
    for part in parts:
        raw = part.encode()
        content += len(raw).to_bytes(4, "little") + raw
    return base64.b64encode(key.sign(content, ec.ECDSA(hashes.SHA256()))).decode()


def _after(seconds: int) -> str:
    return str(int((time.time() + seconds) * 1000))
