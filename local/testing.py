"""A service of its own for a test or a script: another process, port and data folder."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path

from chalicelib.settings import Settings

READY_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 20.0
_ROOT = Path(__file__).resolve().parent.parent
# The caller's own settings are not the child's: a test may have wired a service as well.
_OURS = frozenset({"PORT", "DATA_DIR"} | {setting.name.upper() for setting in fields(Settings)})


class ServiceProcess:
    """`python -m local` on a free port; may be killed and started again on its data."""

    def __init__(self, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.base_url = ""
        self._settings = dict(settings or {})
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> "ServiceProcess":
        """Start it and wait until it is ready.

        Raises:
            RuntimeError: it ended, or was not ready in time; with what it said.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        environ = {name: value for name, value in os.environ.items() if name not in _OURS}
        environ |= {"PORT": "0", "DATA_DIR": str(self.folder), **self._settings}
        log = self.folder / "service.log"
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "local"],
                cwd=_ROOT,
                env=environ,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._wait(log)
        return self

    def kill(self) -> None:
        """End it at once, as a power cut would end the process."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def stop(self) -> int:
        """Ask it to end, as Ctrl-C would; its exit code."""
        assert self._process is not None, "never started"
        if self._process.poll() is None:
            self._process.terminate()
        try:
            return self._process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise

    def said(self) -> str:
        """Return everything it printed since its last start."""
        return (self.folder / "service.log").read_text(errors="replace")

    def _wait(self, log: Path) -> None:
        assert self._process is not None, "just started"
        pause = threading.Event()
        deadline = time.monotonic() + READY_SECONDS_MAX
        while time.monotonic() < deadline:
            lines = log.read_text(errors="replace").splitlines()
            if "ready" in lines:
                pages = [line for line in lines if line.startswith("Phone:")]
                self.base_url = pages[0].split()[1].removesuffix("/local/phone")
                return
            if self._process.poll() is not None:
                break
            pause.wait(0.02)
        self.kill()
        raise RuntimeError(f"the service is not ready: {self.said()[-2000:]}")


@contextmanager
def running_service(settings: Mapping[str, str] | None = None) -> Iterator[str]:
    """Give the address of a fresh service; it and its data end with the context."""
    with tempfile.TemporaryDirectory(prefix="kopilka-") as scratch:
        service = ServiceProcess(Path(scratch) / "data", settings)
        service.start()
        try:
            yield service.base_url
        finally:
            service.stop()
