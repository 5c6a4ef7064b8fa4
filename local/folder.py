"""The folder that holds everything of one service: `DATA_DIR`, one process at a time.

| file | what |
|---|---|
| `kopilka.db` (+ `-wal`, `-shm`) | the engine's data |
| `secrets.json`, `certificates/` | made once, for the owner only; kept with the data |
| `pass-certificates/` | merchants' own, with their keys; for the owner only |
| `stream.json` | how far the stream is relayed |
| `demo.json` | the demo merchant's keys |
| `engine.log`, `lock` | may be deleted while nothing runs |
"""

import errno
import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from local.errors import CannotStart

LOCK_SECONDS_MAX = 3.0  # what a process that was killed a moment ago may still hold
FREE_BYTES_MIN = 20 * 1024 * 1024


@contextmanager
def claimed(folder: Path) -> Iterator[Path]:
    """Make the folder if need be and hold it for this process alone.

    Raises:
        CannotStart: it cannot be written, another process holds it, the disk is full.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise explained(error, folder) from error
    try:
        _take(lock, folder)
        _check_space(folder)
        yield folder
    finally:
        os.close(lock)


def explained(error: OSError, folder: Path) -> CannotStart:
    """Say in one sentence what the operating system refused, and the way out."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return CannotStart(
            f"the disk under {folder} is full: free some space, or name another folder"
            " with DATA_DIR=…"
        )
    return CannotStart(
        f"{folder} cannot be written ({error.strerror}): name a folder of yours with DATA_DIR=…"
    )


def _take(lock: int, folder: Path) -> None:
    deadline = time.monotonic() + LOCK_SECONDS_MAX
    pause = Event()
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = os.pread(lock, 20, 0).decode(errors="replace").strip() or "unknown"
            if time.monotonic() >= deadline or _is_running(owner):
                raise CannotStart(
                    f"{folder} is in use by process {owner}: stop that one, or name another"
                    " folder with DATA_DIR=…"
                ) from error
            pause.wait(0.02)
            continue
        os.truncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        return


def _is_running(owner: str) -> bool:
    try:
        os.kill(int(owner), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def _check_space(folder: Path) -> None:
    free = os.statvfs(folder)
    if free.f_bavail * free.f_frsize < FREE_BYTES_MIN:
        raise explained(OSError(errno.ENOSPC, "no space left"), folder)
