"""The files of the pages: stylesheets, scripts, fonts. Their names carry their hash.

A name with the right hash is kept by browsers for a year; any other is asked for again.
Only what lies in `static/` when the process starts is ever answered.

`static/till/sale.js` is answered as `/static/till.sale-<hash>.js`: Chalice matches no `/`
in a name. Where a script or a stylesheet names another file by a relative address in
quotes or in `url(…)`, the address is answered hashed too; so a file's hash covers those
it names, and files may not name each other in a circle. Comments are left as they are in
stylesheets; our scripts are sent without them and without the indentation of their lines.
"""

import hashlib
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).with_name("static")
FILES_MAX: Final = 200
HASH_CHARS: Final = 8
YEAR_SECONDS: Final = 31_536_000
KEPT_FOR_EVER: Final = f"public, max-age={YEAR_SECONDS}, immutable"
TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_NAMING: Final = (".css", ".js")  # may name other files
_VENDORED: Final = "vendor/"  # sent as their authors made them, licences included
_HELD: Final = frozenset({*_NAMING, ".json", ".svg", ".webmanifest"})  # others wait on disk
_RELATIVE: Final = re.compile(r"(?<=[\"'(])\.{1,2}/[\w./-]+(?=[\"')])")
_COMMENT: Final = ("*", "/*", "//")  # how a line of one begins


@dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served."""

    content: bytes
    content_type: str
    digest: str


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file as it is kept in memory; a large one without its content."""

    path: Path
    digest: str
    content: bytes | None
    names: tuple[str, ...]  # of the files it names


class Assets:
    """The files of one folder, read once."""

    def __init__(self, folder: Path) -> None:
        paths = sorted(path for path in folder.rglob("*") if path.suffix in TYPES)
        assert len(paths) <= FILES_MAX, "too many files to keep in memory"
        self._paths = {path.relative_to(folder).as_posix(): path for path in paths}
        self._kept: dict[str, _Kept] = {}
        self._names = {self._keep(name): name for name in self._paths}
        assert len(self._names) == len(paths), "two files have one address"

    def path(self, name: str) -> str:
        """Return the address of a file, its hash in the name."""
        return _address(name, self._kept[name].digest)

    def file(self, hashed_name: str) -> Asset | None:
        """Return the file of such a name; None if it is none, or of another version."""
        name = self._names.get(f"/static/{hashed_name}")
        if name is None:
            return None
        kept = self._kept[name]
        content = kept.path.read_bytes() if kept.content is None else kept.content
        return Asset(content, TYPES[kept.path.suffix], kept.digest)

    def with_named(self, *names: str) -> list[str]:
        """Return the addresses of files and of all that these name, and so on."""
        found: dict[str, None] = {}
        waiting = list(names)
        while waiting:  # ends: no file names itself, however far round
            name = waiting.pop(0)
            found[self.path(name)] = None
            waiting += self._kept[name].names
        return list(found)

    def _keep(self, name: str, *under: str) -> str:
        """Keep the file, those it names first; return its address."""
        assert name not in under, f"files name each other in a circle: {(*under, name)}"

        named: list[str] = []

        def address(other: str) -> str | None:
            if other not in self._paths:
                return None
            named.append(other)
            return self._keep(other, *under, name)

        if name not in self._kept:
            digest, held = _read(name, self._paths[name], address)
            self._kept[name] = _Kept(self._paths[name], digest, held, tuple(named))
        return self.path(name)


def asset_path(name: str) -> str:
    """Return the address of a file of `static/`, its hash in the name."""
    return _ours().path(name)


def asset_file(hashed_name: str) -> Asset | None:
    """Return the file of such a name; None if it is none, or of another version."""
    return _ours().file(hashed_name)


def assets_with_named(*names: str) -> list[str]:
    """Return what a page needs to work without a network: these, and all they name."""
    return _ours().with_named(*names)


def lean_script(text: str) -> str:
    """Return a script without its lines of comment, empty lines and indentation.

    One in which a string may go on from line to line is returned as it is; so is one with
    code after a comment on a line of its own.

    >>> lean_script("// why\\nif (a) {\\n  b();\\n}")
    'if (a) {\\nb();\\n}'
    """
    kept = []
    is_comment = False
    for line in map(str.strip, text.split("\n")):
        is_comment = is_comment or line.startswith("/*")
        if is_comment:
            _, ends, after = line.partition("*/")
            if after:
                return text
            is_comment = not ends
        elif line and not line.startswith("//"):
            if line.count("`") % 2 or line.endswith("\\"):
                return text
            kept.append(line)
    return "\n".join(kept)


@cache
def _ours() -> Assets:
    return Assets(FOLDER)


def _read(
    name: str, path: Path, address: Callable[[str], str | None]
) -> tuple[str, bytes | None]:
    """Return a file's digest, and its content if that is kept in memory."""
    content = path.read_bytes()
    if path.suffix in _NAMING:
        text = content.decode()
        if path.suffix == ".js" and not name.startswith(_VENDORED):
            text = lean_script(text)
        content = _rewritten(text, name, address).encode()
    digest = hashlib.sha256(content).hexdigest()[:HASH_CHARS]
    return digest, content if path.suffix in _HELD else None


def _rewritten(text: str, name: str, address: Callable[[str], str | None]) -> str:
    """Return the text with the address of each file it names, where there is one."""
    folder = posixpath.dirname(name)

    def replaced(match: re.Match[str]) -> str:
        return address(posixpath.normpath(posixpath.join(folder, match[0]))) or match[0]

    return "\n".join(
        line if line.lstrip().startswith(_COMMENT) else _RELATIVE.sub(replaced, line)
        for line in text.split("\n")
    )


def _address(name: str, digest: str) -> str:
    stem, dot, suffix = name.replace("/", ".").rpartition(".")
    return f"/static/{stem}-{digest}{dot}{suffix}"
