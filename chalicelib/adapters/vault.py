"""Personal data at rest: AES-256-GCM under a data key of the record's own.

A sealed record is

    1 byte    format, 1
    2 bytes   length of the wrapped key, big endian
    n bytes   the data key, wrapped by the master key or by KMS
    12 bytes  nonce
    the rest  ciphertext and tag

The context (whose record it is) is authenticated with it: a record copied to another
member does not open. The only copy of a data key is in its record, so deleting the
record ends the key. AWS KMS: `GenerateDataKey`, `Decrypt`, encryption context; read 2026-11.
"""

import os
import time
from collections.abc import Callable
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from chalicelib.adapters.keeping import Kept
from chalicelib.adapters.secrets import Secrets, key_bytes
from chalicelib.ports import StoreUnavailable

KEPT_SECONDS = 60  # how long an unwrapped key stays in memory
KEPT_MAX = 1000  # keys
KEY_BYTES = 32
NONCE_BYTES = 12
_FORMAT = b"\x01"
_HEAD_BYTES = 3
# KMS answers these to a wrapped key that is not its own, or not of this context.
_NOT_OURS = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})


class SealBroken(Exception):
    """The record was tampered with, or belongs to another context."""


class Vault(Protocol):
    """Seals and opens records."""

    def seal(self, context: str, plain: bytes) -> bytes:
        """Return the record, readable only with the same context. Raises StoreUnavailable."""

    def open(self, context: str, sealed: bytes) -> bytes:
        """Return what was sealed. Raises SealBroken, StoreUnavailable."""


class LocalVault:
    """Wraps data keys with the master key of the secrets: for one machine."""

    def __init__(self, secrets: Secrets) -> None:
        self._secrets = secrets

    def seal(self, context: str, plain: bytes) -> bytes:
        """Seal under a new data key."""
        data_key = AESGCM.generate_key(KEY_BYTES * 8)
        return _sealed(context, plain, data_key, _encrypted(self._master(), data_key, context))

    def open(self, context: str, sealed: bytes) -> bytes:
        """Unwrap the record's key and open it."""
        wrapped, body = _parts(sealed)
        data_key = _decrypted(self._master(), wrapped, context)
        return _decrypted(data_key, body, context)

    def _master(self) -> bytes:
        return key_bytes(self._secrets.read(), "master_key")


class KmsVault:
    """Wraps data keys with a KMS key; keeps each for a short time to spare round trips."""

    def __init__(
        self, client: Any, key_id: str, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._key_id = key_id
        self._keys: Kept[tuple[str, bytes], bytes] = Kept(KEPT_SECONDS, KEPT_MAX, monotonic)
        self._latest: Kept[str, tuple[bytes, bytes]] = Kept(KEPT_SECONDS, KEPT_MAX, monotonic)

    def seal(self, context: str, plain: bytes) -> bytes:
        """Seal under the context's data key, a new one if none is in memory."""
        latest = self._latest.find(context)
        if latest is None:
            answer = self._asked(
                self._client.generate_data_key,
                KeyId=self._key_id,
                KeySpec="AES_256",
                EncryptionContext={"record": context},
            )
            latest = (answer["CiphertextBlob"], answer["Plaintext"])
            self._latest.keep(context, latest)
            self._keys.keep((context, latest[0]), latest[1])
        wrapped, data_key = latest
        return _sealed(context, plain, data_key, wrapped)

    def open(self, context: str, sealed: bytes) -> bytes:
        """Open the record; its key comes from memory or from KMS."""
        wrapped, body = _parts(sealed)
        data_key = self._keys.find((context, wrapped))
        if data_key is None:
            answer = self._asked(
                self._client.decrypt,
                KeyId=self._key_id,
                CiphertextBlob=wrapped,
                EncryptionContext={"record": context},
            )
            data_key = self._keys.keep((context, wrapped), answer["Plaintext"])
        return _decrypted(data_key, body, context)

    def _asked(self, call: Callable[..., Any], **arguments: Any) -> Any:
        try:
            return call(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] in _NOT_OURS:
                raise SealBroken("the wrapped key is not of this context") from error
            raise StoreUnavailable("kms") from error
        except BotoCoreError as error:
            raise StoreUnavailable("kms") from error


def _sealed(context: str, plain: bytes, data_key: bytes, wrapped: bytes) -> bytes:
    head = _FORMAT + len(wrapped).to_bytes(2, "big")
    return head + wrapped + _encrypted(data_key, plain, context)


def _parts(sealed: bytes) -> tuple[bytes, bytes]:
    """Return the wrapped key and the body."""
    body_at = _HEAD_BYTES + int.from_bytes(sealed[1:_HEAD_BYTES], "big")
    if not sealed.startswith(_FORMAT) or len(sealed) < body_at + NONCE_BYTES:
        raise SealBroken("not a sealed record")
    return sealed[_HEAD_BYTES:body_at], sealed[body_at:]


def _encrypted(key: bytes, plain: bytes, context: str) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def _decrypted(key: bytes, body: bytes, context: str) -> bytes:
    try:
        return AESGCM(key).decrypt(body[:NONCE_BYTES], body[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError):
        raise SealBroken("tampered with, or of another context") from None
