"""`python -m local.vendor` brings what `pins.py` lists into `static/vendor/`.

Each archive is compared with its pinned SHA-512 before anything of it is read. `CHECKSUMS`
lists what was written (as `sha256sum --check` reads it, from `static/`); a test compares.
To add an icon: its name of tabler.io/icons into `icons.txt`, and this command again.
"""

import hashlib
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterable
from pathlib import Path

from local import npm
from local.errors import CannotStart
from local.vendor.pins import ICONS, LIBRARIES, Library
from local.vendor.sprite import sprite

STATIC = Path(__file__).parents[2] / "chalicelib" / "web" / "static"
SPRITE = STATIC / "icons.svg"
CHECKSUMS = STATIC / "vendor" / "CHECKSUMS"
ICONS_MAX = 200


def main() -> int:
    """Bring every library anew."""
    try:
        with tempfile.TemporaryDirectory() as scratch:
            made = [path for one in LIBRARIES for path in _bring(one, Path(scratch))]
    except CannotStart as error:
        print(f"kopilka: {error}", file=sys.stderr)
        return 1
    CHECKSUMS.write_text(checksums(made), encoding="ascii")
    return 0


def checksums(paths: Iterable[Path]) -> str:
    """Return the list of files under `static/` with the SHA-256 of each."""
    return "".join(
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(STATIC)}\n"
        for path in sorted(paths)
    )


def icon_names() -> list[str]:
    """Return the icons the pages may use."""
    names = Path(__file__).with_name("icons.txt").read_text(encoding="ascii").split()
    assert len(names) <= ICONS_MAX, "a sprite is sent whole"
    return sorted(set(names))


def _bring(library: Library, scratch: Path) -> list[Path]:
    """Unpack what is listed, and nothing else."""
    print(f"Fetching {library.package} {library.version}", flush=True)
    folder = scratch / library.folder
    folder.mkdir()
    archive = npm.pack(library, folder)
    npm.check(library, archive)
    target = STATIC / "vendor" / library.folder
    shutil.rmtree(target, ignore_errors=True)
    with tarfile.open(archive) as tar:
        made = [_write(_member(tar, there), target / here) for there, here in library.files]
        if library is ICONS:
            pictures = {
                name: _member(tar, f"icons/outline/{name}.svg").decode()
                for name in icon_names()
            }
            made.append(_write(sprite(pictures, library.folder).encode(), SPRITE))
    return made


def _member(tar: tarfile.TarFile, name: str) -> bytes:
    try:
        member = tar.extractfile(f"package/{name}")
    except KeyError:
        member = None
    if member is None:
        raise CannotStart(f"the archive has no file {name}")
    return member.read()


def _write(content: bytes, path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


if __name__ == "__main__":
    sys.exit(main())
