"""The files of the pages: stylesheets, scripts, fonts. Their names carry their hash.

A name with the right hash is kept by browsers for a year; any other is asked for again.
Only what lies in `static/` when the process starts is ever answered.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).with_name("static")
FILES_MAX: Final = 50
HASH_CHARS: Final = 8
YEAR_SECONDS: Final = 31_536_000
KEPT_FOR_EVER: Final = f"public, max-age={YEAR_SECONDS}, immutable"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    content: bytes
    content_type: str
    digest: str


def asset_path(name: str) -> str:
    """Return the address of a file, its hash in the name."""
    stem, dot, suffix = name.rpartition(".")
    return f"/static/{stem}-{_assets()[name].digest}{dot}{suffix}"


def asset_file(hashed_name: str) -> Asset | None:
    """Return the file of such a name; None if it is none, or of another version."""
    stem, dot, suffix = hashed_name.rpartition(".")
    name, _, digest = stem.rpartition("-")
    found = _assets().get(f"{name}{dot}{suffix}")
    return found if found and found.digest == digest else None


@cache
def _assets() -> dict[str, Asset]:
    files = sorted(path for path in FOLDER.iterdir() if path.suffix in TYPES)
    assert len(files) <= FILES_MAX, "too many files to keep in memory"
    return {path.name: _asset(path) for path in files}


def _asset(path: Path) -> Asset:
    content = path.read_bytes()
    digest = hashlib.sha256(content).hexdigest()[:HASH_CHARS]
    return Asset(content, TYPES[path.suffix], digest)
