"""The `PassCertificates` port: one secret for each merchant, on AWS or on one machine.

| where           | a merchant's secret                                    |
|-----------------|--------------------------------------------------------|
| Secrets Manager | `{prefix}{merchant}`                                   |
| one machine     | `{folder}/{merchant}.json`, readable by its owner only |

Its content is JSON: `certificate`, `key`, `wwdr`, PEM as text.

AWS Secrets Manager: `CreateSecret`, `PutSecretValue`, `DeleteSecret` (read 2026-11). A secret
that is deleted by force is gone at once but for its name, which AWS frees a little later.
"""

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.adapters.private_files import write_private
from chalicelib.adapters.secrets import BadSecrets
from chalicelib.domain.pass_certificates import CertificateFiles
from chalicelib.ports import StoreUnavailable

_FIELDS = ("certificate", "key", "wwdr")
_ABSENT = {"ResourceNotFoundException"}


class AwsPassCertificates:
    """Secrets of Secrets Manager; never kept in memory here."""

    def __init__(self, client: Any, prefix: str) -> None:
        self._client = client
        self._prefix = prefix

    def find(self, merchant_id: str) -> CertificateFiles | None:
        found = self._ask("get_secret_value", merchant_id)
        return None if found is None else _read(found["SecretString"])

    def save(self, merchant_id: str, files: CertificateFiles) -> None:
        text = _write(files)
        if self._ask("put_secret_value", merchant_id, SecretString=text) is None:
            try:
                self._client.create_secret(Name=self._name(merchant_id), SecretString=text)
            except (ClientError, BotoCoreError) as error:
                raise StoreUnavailable("secrets") from error

    def delete(self, merchant_id: str) -> None:
        self._ask("delete_secret", merchant_id, ForceDeleteWithoutRecovery=True)

    def _ask(self, call: str, merchant_id: str, **more: Any) -> dict[str, Any] | None:
        """Call about the merchant's secret; None: there is none."""
        try:
            answer: dict[str, Any] = getattr(self._client, call)(
                SecretId=self._name(merchant_id), **more
            )
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") in _ABSENT:
                return None
            raise StoreUnavailable("secrets") from error
        except BotoCoreError as error:
            raise StoreUnavailable("secrets") from error
        return answer

    def _name(self, merchant_id: str) -> str:
        return self._prefix + _file_name(merchant_id).replace("%", "=").replace("~", "=7E")


class FilePassCertificates:
    """Files of one machine, beside its other secrets."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, merchant_id: str) -> CertificateFiles | None:
        try:
            text = self._path(merchant_id).read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except OSError as error:
            raise StoreUnavailable("secrets") from error
        return _read(text)

    def save(self, merchant_id: str, files: CertificateFiles) -> None:
        path = self._path(merchant_id)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_private(path, _write(files))
        except OSError as error:
            raise StoreUnavailable("secrets") from error

    def delete(self, merchant_id: str) -> None:
        try:
            self._path(merchant_id).unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable("secrets") from error

    def _path(self, merchant_id: str) -> Path:
        return self._folder / f"{_file_name(merchant_id)}.json"


def _file_name(merchant_id: str) -> str:
    """Return a name without a slash, another for every merchant."""
    return quote(merchant_id, safe="")


def _write(files: CertificateFiles) -> str:
    return json.dumps({name: getattr(files, name).decode("ascii") for name in _FIELDS})


def _read(text: str) -> CertificateFiles:
    try:
        found = json.loads(text)
        return CertificateFiles(*(found[name].encode() for name in _FIELDS))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadSecrets("not a pass certificate") from None  # the cause would quote it
