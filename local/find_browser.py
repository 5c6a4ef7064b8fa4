"""Finds Chromium for the browser tests, or installs it: `python -m local.find_browser`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)


def find_browser() -> str | None:
    """Return the path of a Chromium, the one named by `CHROMIUM` first."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    found = (shutil.which(name) for name in NAMES)
    on_mac = (path for path in MAC_APPS if Path(path).exists())
    return next(filter(None, found), None) or next(on_mac, None)


def main() -> int:
    """Make sure that there is one."""
    if find_browser():
        return 0
    if shutil.which("apt-get"):
        print("Installing Chromium for the browser tests (once)", flush=True)
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        for command in (["update"], ["install", "-y", "--no-install-recommends", "chromium"]):
            try:
                subprocess.run(
                    [*root, "apt-get", "-q", *command], check=False, capture_output=True
                )
            except OSError:  # no sudo
                break
        if find_browser():
            return 0
    print(
        "kopilka: the browser tests need Chromium: install it (Debian: sudo apt-get install"
        " chromium; macOS: brew install --cask chromium) or name one with CHROMIUM=/path.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
