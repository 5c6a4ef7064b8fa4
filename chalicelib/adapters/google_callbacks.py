"""Callbacks of Google Wallet: read, and only if Google has signed them for us.

Scheme ECv2SigningOnly: a root key of Google's list signs an intermediate key, which signs
the message. What is signed is the list of sender, recipient, protocol and content, each
after its length in bytes, four bytes little-endian. Source: Google, "Use callbacks" and
"Payment method token cryptography" (its signature verification), read 2026-11.

The list of keys is kept until the first of them ends, and is asked for again then; a list
that cannot be had is asked for at most once in `KEYS_PAUSE`, so that forged callbacks make
no requests.
"""

import base64
import binascii
import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import urllib3
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_der_public_key
from urllib3.exceptions import HTTPError

from chalicelib.ports import CallbackForged, SaidByGoogle, StoreUnavailable
from chalicelib.ports.google_wallet import Body

PROTOCOL: Final = "ECv2SigningOnly"
KEYS_KEPT_MAX: Final = timedelta(days=1)
KEYS_PAUSE: Final = timedelta(minutes=1)
KEYS_BYTES_MAX: Final = 64 * 1024
KEYS_MAX: Final = 20
SIGNATURES_MAX: Final = 10
_SECONDS: Final = 3.0
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError, binascii.Error)


@dataclass(frozen=True, slots=True)
class _RootKey:
    key: ec.EllipticCurvePublicKey
    ends: datetime


class SignedCallbacks:
    """Reads callbacks for one issuer."""

    def __init__(self, *, issuer_id: str, sender: str, keys_url: str) -> None:
        self._issuer_id = issuer_id
        self._sender = sender
        self._keys_url = keys_url
        self._pool = urllib3.PoolManager(
            timeout=urllib3.Timeout(connect=_SECONDS, read=_SECONDS),
            retries=urllib3.Retry(total=0, redirect=0),
        )
        self._lock = threading.Lock()
        self._keys: tuple[_RootKey, ...] = ()
        self._keys_until = self._asked_at = _EPOCH

    def read(self, callback: Body, at: datetime) -> SaidByGoogle:
        """Verify from the root down. Raises CallbackForged, StoreUnavailable."""
        try:
            if callback["protocolVersion"] != PROTOCOL:
                raise CallbackForged("another protocol")
            middle = self._intermediate(callback["intermediateSigningKey"], at)
            message = str(callback["signedMessage"])
            signed = _signed(self._sender, self._issuer_id, PROTOCOL, message)
            if not _verifies(middle, (callback["signature"],), signed):
                raise CallbackForged("not signed by the intermediate key")
            return _said(json.loads(message), self._issuer_id, at)
        except _UNREADABLE as error:
            raise CallbackForged(f"unreadable: {type(error).__name__}") from None

    def _intermediate(self, given: Any, at: datetime) -> ec.EllipticCurvePublicKey:
        text, signatures = str(given["signedKey"]), given["signatures"]
        signed = _signed(self._sender, PROTOCOL, text)
        roots = self._roots(at)
        if not any(_verifies(root, signatures, signed) for root in roots):
            raise CallbackForged("the intermediate key is not signed by Google")
        content = json.loads(text)
        if _moment(content["keyExpiration"]) <= at:
            raise CallbackForged("the intermediate key has ended")
        return _public_key(content["keyValue"])

    def _roots(self, at: datetime) -> list[ec.EllipticCurvePublicKey]:
        """Return Google's keys that are good now. Raises StoreUnavailable: none are known."""
        with self._lock:
            if at >= self._keys_until and at - self._asked_at >= KEYS_PAUSE:
                self._asked_at = at
                self._fetch(at)
            found = [root.key for root in self._keys if root.ends > at]
        if not found:
            raise StoreUnavailable("Google's keys")
        return found

    def _fetch(self, at: datetime) -> None:
        try:
            answer = self._pool.request("GET", self._keys_url, preload_content=False)
            content = answer.read(KEYS_BYTES_MAX)
            answer.release_conn()
            keys = _root_keys(json.loads(content)) if answer.status == 200 else ()  # noqa: PLR2004
        except (HTTPError, OSError, *_UNREADABLE):
            return
        if good := tuple(key for key in keys if key.ends > at):
            self._keys = good
            self._keys_until = min(at + KEYS_KEPT_MAX, *(key.ends for key in good))


def _root_keys(listed: Mapping[str, Any]) -> tuple[_RootKey, ...]:
    return tuple(
        _RootKey(_public_key(one["keyValue"]), _moment(one["keyExpiration"]))
        for one in listed["keys"][:KEYS_MAX]
        if one.get("protocolVersion") == PROTOCOL
    )


def _said(message: Mapping[str, Any], issuer_id: str, at: datetime) -> SaidByGoogle:
    object_id, event = str(message["objectId"]), message["eventType"]
    expires_at = _moment(message["expTimeMillis"])
    if expires_at <= at:
        raise CallbackForged("too old")
    if event not in ("save", "del") or not object_id.startswith(f"{issuer_id}."):
        raise CallbackForged("about nothing of ours")
    return SaidByGoogle(
        object_id=object_id,
        is_saved=event == "save",
        nonce=str(message["nonce"]),
        expires_at=expires_at,
    )


def _signed(*parts: str) -> bytes:
    """Return what is signed; the lengths are of bytes, not of letters."""
    encoded = [part.encode() for part in parts]
    return b"".join(len(part).to_bytes(4, "little") + part for part in encoded)


def _verifies(key: ec.EllipticCurvePublicKey, signatures: Sequence[Any], signed: bytes) -> bool:
    for signature in list(signatures)[:SIGNATURES_MAX]:
        try:
            content = base64.b64decode(signature, validate=True)
            key.verify(content, signed, ec.ECDSA(hashes.SHA256()))
        except (InvalidSignature, *_UNREADABLE):
            continue
        return True
    return False


def _public_key(text: str) -> ec.EllipticCurvePublicKey:
    key = load_der_public_key(base64.b64decode(text, validate=True))
    if not isinstance(key, ec.EllipticCurvePublicKey) or key.curve.name != "secp256r1":
        raise ValueError("not a P-256 key")
    return key


def _moment(milliseconds: Any) -> datetime:
    return _EPOCH + timedelta(milliseconds=int(milliseconds))
