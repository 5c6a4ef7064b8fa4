"""Reads passes back: their files, and whether the openssl program believes their signature."""

import io
import json
import subprocess
import zipfile
from pathlib import Path
from typing import Any, Protocol


class Verifier(Protocol):
    """Says whether openssl, by `smime` or `cms`, accepts the signature of a pass's files."""

    def __call__(self, files: dict[str, bytes], command: str = "smime") -> bool: ...


def files_of(pkpass: bytes) -> dict[str, bytes]:
    """Give the files of a pass by name, once the archive has been tested."""
    with zipfile.ZipFile(io.BytesIO(pkpass)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def json_of(pkpass: bytes) -> dict[str, Any]:
    """Give a pass's `pass.json`."""
    content: dict[str, Any] = json.loads(files_of(pkpass)["pass.json"])
    return content


def verifies(
    openssl: str, command: str, files: dict[str, bytes], *, folder: Path, scratch: Path
) -> bool:
    """Say whether `openssl smime` or `openssl cms` accepts the signature of the manifest.

    The purpose is "any" because the certificate is one for TLS clients, as Apple's are.
    """
    (scratch / "signature").write_bytes(files["signature"])
    (scratch / "manifest.json").write_bytes(files["manifest.json"])
    answer = subprocess.run(
        [
            *(openssl, command, "-verify", "-binary", "-inform", "DER", "-purpose", "any"),
            *("-in", str(scratch / "signature"), "-content", str(scratch / "manifest.json")),
            *("-CAfile", str(folder / "root.pem"), "-out", str(scratch / "verified")),
        ],
        capture_output=True,
        check=False,
    )
    return answer.returncode == 0
