"""The secrets everything else is derived from: one JSON object, from a file or from AWS.

| name          | what                                                                   |
|---------------|------------------------------------------------------------------------|
| pepper_index  | base64, 32 bytes; keys every stored hash. Never changes: see keyring.py |
| pepper_tokens | list of base64, newest first; keys the tokens that are handed out       |
| master_key    | base64, 32 bytes; wraps profile keys where there is no KMS              |
| mail_user, mail_password | as the SMTP server asks for them (MAIL_SENDER=smtp)          |

AWS Secrets Manager: `GetSecretValue`, current stage; read 2026-11.
"""

import base64
import binascii
import json
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.ports import StoreUnavailable

KEPT_SECONDS = 300  # how long a rotated secret may go unnoticed
KEY_BYTES_MIN = 16  # a shorter pepper is a mistake in the secret, not a choice


class BadSecrets(Exception):
    """The secret lacks a name or holds something else than it should."""


class Secrets(Protocol):
    """Where the secrets are."""

    def read(self) -> Mapping[str, Any]:
        """Return all secrets, by name. Raises StoreUnavailable, BadSecrets."""


class FileSecrets:
    """A JSON file, read once: one machine rotates by a restart."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._found: Mapping[str, Any] | None = None

    def read(self) -> Mapping[str, Any]:
        """Return what the file says."""
        if self._found is None:
            try:
                self._found = _parsed(self._path.read_text(encoding="utf-8"))
            except OSError as error:
                raise BadSecrets(f"cannot read {self._path}: {error.strerror}") from error
        return self._found


class AwsSecrets:
    """A secret of Secrets Manager, read again after `KEPT_SECONDS`.

    While Secrets Manager does not answer, what was read last is still good.
    """

    def __init__(
        self, client: Any, name: str, *, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._client = client
        self._name = name
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._found: Mapping[str, Any] | None = None
        self._fresh_until = 0.0

    def read(self) -> Mapping[str, Any]:
        """Return the secret, from memory while it is fresh."""
        with self._lock:
            if self._found is None or self._monotonic() >= self._fresh_until:
                self._found = self._fetched()
                self._fresh_until = self._monotonic() + KEPT_SECONDS
            return self._found

    def _fetched(self) -> Mapping[str, Any]:
        try:
            answer = self._client.get_secret_value(SecretId=self._name)
        except (ClientError, BotoCoreError) as error:
            if self._found is None:
                raise StoreUnavailable("secrets") from error
            return self._found
        return _parsed(answer["SecretString"])


def key_bytes(secrets: Mapping[str, Any], name: str) -> bytes:
    """Return a key from its base64. Raises BadSecrets."""
    return _decoded(secrets.get(name), name)


def key_list(secrets: Mapping[str, Any], name: str) -> tuple[bytes, ...]:
    """Return keys from a list of base64, in its order; at least one. Raises BadSecrets."""
    found = secrets.get(name)
    if not isinstance(found, list) or not found:
        raise BadSecrets(f"{name} is not a list of keys")
    return tuple(_decoded(text, name) for text in found)


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        raise BadSecrets("not JSON") from None  # the cause would quote the secret
    if not isinstance(found, dict):
        raise BadSecrets("not a JSON object")
    return found


def _decoded(text: object, name: str) -> bytes:
    if not isinstance(text, str):
        raise BadSecrets(f"{name} is missing")
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise BadSecrets(f"{name} is not base64") from None
    if len(key) < KEY_BYTES_MIN:
        raise BadSecrets(f"{name} is shorter than {KEY_BYTES_MIN} bytes")
    return key
