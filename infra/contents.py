"""What must be in the package that goes to Lambda, and what must not.

Chalice ends well although a wheel is missing, and takes a build of the host for one that
runs on Lambda: whoever packages looks here afterwards. Limits: Lambda quotas; glibc of
Amazon Linux 2 (Python 3.11) and 2023 (read 2026-11).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

from packaging.utils import canonicalize_name

ZIPPED_BYTES_MAX = 50_000_000
UNZIPPED_BYTES_MAX = 250_000_000
MACHINE = "x86_64"  # as lambda_architecture in .chalice/config.json
_GLIBC = {"python3.11": (2, 26)}
_GLIBC_FROM_3_12 = (2, 34)
_LEGACY = {"manylinux2014": (2, 17), "manylinux2010": (2, 12), "manylinux1": (2, 5)}
_AT_HOME = frozenset(
    {"tests", "local", "infra", "benchmarks", "replay", "scenarios", "docs", "moto"}
    | {"pip", "setuptools", "wheel", "boto3", "playwright", "hypothesis", "pytest", ".chalice"}
)


def complaints(package: Path, root: Path, versions: dict[str, str], runtime: str) -> list[str]:
    """Return what is wrong with the package that was made in the folder `root`.

    `versions`: every distribution that must be in it, name → version.
    """
    with ZipFile(package) as archive:
        names = frozenset(archive.namelist())
        unzipped = sum(member.file_size for member in archive.infolist())
        return [
            *_too_big(package.stat().st_size, unzipped),
            *_missing_sources(archive, names, root),
            *_strangers(names),
            *_wrong_distributions(names, versions),
            *_foreign_builds(archive, names, runtime),
        ]


def _too_big(zipped: int, unzipped: int) -> Iterator[str]:
    if zipped > ZIPPED_BYTES_MAX:
        yield f"{zipped} bytes zipped, {ZIPPED_BYTES_MAX} allowed"
    if unzipped > UNZIPPED_BYTES_MAX:
        yield f"{unzipped} bytes unzipped, {UNZIPPED_BYTES_MAX} allowed"


def _missing_sources(archive: ZipFile, names: frozenset[str], root: Path) -> Iterator[str]:
    """Every file of ours, templates and pictures included, as it is now."""
    for name, path in shipped_files(root):
        if name not in names:
            yield f"{name} is missing"
        elif archive.read(name) != path.read_bytes():
            yield f"{name} is out of date"


def shipped_files(root: Path) -> Iterator[tuple[str, Path]]:
    """Return what ships of a project: its name in the package, the file."""
    yield "app.py", root / "app.py"
    for parent, folder in ((root, "chalicelib"), (root / "vendor", "passes")):
        for path in sorted((parent / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield path.relative_to(parent).as_posix(), path


def _strangers(names: frozenset[str]) -> Iterator[str]:
    for top in sorted({name.split("/")[0] for name in names} & _AT_HOME):
        yield f"{top} does not belong on Lambda"
    for name in sorted(names):
        if name.startswith(("chalicelib/", "passes/")) and "__pycache__" in name:
            yield f"{name} does not belong on Lambda"


def _wrong_distributions(names: frozenset[str], versions: dict[str, str]) -> Iterator[str]:
    folders = {name.split("/")[0] for name in names}
    found = {
        canonicalize_name(folder.removesuffix(".dist-info").rsplit("-", 1)[0]): folder
        for folder in folders
        if folder.endswith(".dist-info")
    }
    for name, version in sorted(versions.items()):
        folder = found.get(canonicalize_name(name))
        if folder is None:
            yield f"{name} {version} is missing"
        elif not folder.endswith(f"-{version}.dist-info"):
            yield f"{folder} is not version {version}"


def _foreign_builds(archive: ZipFile, names: frozenset[str], runtime: str) -> Iterator[str]:
    """Every wheel pure or for Lambda's glibc; every library out of such a wheel."""
    libraries = {name for name in names if re.search(r"\.so(\.|$)", name)}
    for name in sorted(names):
        if name.count("/") != 1 or not name.endswith(".dist-info/WHEEL"):
            continue
        folder = name.split("/")[0]
        tags = re.findall(r"(?m)^Tag: \S+-\S+-(\S+)$", archive.read(name).decode())
        if not any(_runs_on_lambda(tag, runtime) for tag in tags):
            yield f"{folder} is built for {', '.join(tags)}"
        if tags != ["any"] * len(tags):
            record = archive.read(f"{folder}/RECORD").decode()
            libraries -= {line.split(",")[0] for line in record.splitlines()}
    for name in sorted(libraries):
        yield f"{name} comes from no manylinux wheel"


def _runs_on_lambda(tag: str, runtime: str) -> bool:
    """Say whether a platform tag promises to run there.

    >>> [_runs_on_lambda(f"manylinux_2_{minor}_x86_64", "python3.11") for minor in (17, 28)]
    [True, False]
    >>> _runs_on_lambda("linux_x86_64", "python3.11")  # what this very host has built
    False
    """
    if tag == "any":
        return True
    found = re.fullmatch(rf"(manylinux_(\d+)_(\d+)|manylinux\w+)_{MACHINE}", tag)
    if found is None:
        return False
    needs = (int(found[2]), int(found[3])) if found[2] else _LEGACY.get(found[1])
    return needs is not None and needs <= _GLIBC.get(runtime, _GLIBC_FROM_3_12)
