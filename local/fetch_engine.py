"""Brings the embedded DynamoDB engine into `.engine/`: `python -m local.fetch_engine`.

The engine, dynoxide, is one static binary, published to npm as a package per platform.

Pin: dynoxide 1.2.1, read from the npm registry 2026-11; the only platform it had then
was linux-x64. Everywhere else `local/engine.py` says which engine runs instead.
"""

import base64
import os
import platform
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local import npm
from local.errors import CannotStart

ENGINE_FOLDER = Path(__file__).resolve().parent.parent / ".engine"
_MEMBER = "package/dynoxide"


@dataclass(frozen=True, slots=True)
class Pin(npm.Archive):
    """The engine of one platform."""

    @property
    def binary(self) -> Path:
        """Return where the binary lies; another pin is another folder."""
        digest = base64.b64decode(self.integrity.removeprefix("sha512-")).hex()
        return ENGINE_FOLDER / f"dynoxide-{self.version}-{digest[:12]}" / "dynoxide"


PINS = {
    ("Linux", "x86_64"): Pin(
        package="@dynoxide/linux-x64",
        version="1.2.1",
        integrity=(
            "sha512-sBHqlxJ9ANkLluFkYRfd5r8Y0ApFew4FhOrlhgRAgD4XzEoFOukEo1nuBTQ1"
            "+jTtofqwn4NWQ2k0Tn5mNTjgUg=="
        ),
    ),
}


def pin_for_this_machine() -> Pin | None:
    """Return the pin of this platform, or None where dynoxide has no binary."""
    return PINS.get((platform.system(), platform.machine()))


def fetch(pin: Pin, target: Path, pack: Callable[[Pin, Path], Path]) -> None:
    """Put the pinned binary at `target`; `pack` brings the archive into a folder.

    Raises:
        CannotStart: the archive is not the pinned one, or could not be had or stored.
    """
    with tempfile.TemporaryDirectory() as scratch:
        archive = pack(pin, Path(scratch))
        npm.check(pin, archive)
        try:
            _unpack(archive, target)
        except OSError as error:
            raise CannotStart(
                f"the engine cannot be stored in {target.parent}: {error.strerror}."
            ) from error


def npm_pack(pin: Pin, folder: Path) -> Path:
    """Let npm bring the archive.

    Raises:
        CannotStart: it could not; the message names the other way to an engine.
    """
    try:
        return npm.pack(pin, folder)
    except CannotStart as error:
        other = "name a DynamoDB of yours with DYNAMODB_ENDPOINT=http://…"
        raise CannotStart(f"{error}; or {other}") from error


def main() -> int:
    """Fetch the engine if this platform has one and it is not here yet."""
    pin = pin_for_this_machine()
    if pin is None or pin.binary.exists() or os.environ.get("DYNAMODB_ENDPOINT"):
        return 0
    try:
        print(f"Fetching {pin.package} {pin.version}", flush=True)
        fetch(pin, pin.binary, npm_pack)
    except CannotStart as error:
        print(f"kopilka: {error}", file=sys.stderr)
        return 1
    return 0


def _unpack(archive: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        member = tar.extractfile(_MEMBER)
        assert member is not None, f"{_MEMBER} is a file in the pinned archive"
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as unpacked:
            shutil.copyfileobj(member, unpacked)
    Path(unpacked.name).chmod(0o755)
    Path(unpacked.name).replace(target)  # whole or not at all


if __name__ == "__main__":
    sys.exit(main())
