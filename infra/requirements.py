"""What Lambda needs of the lock file.

Chalice copies its own runtime into every package, so what it needs on a developer's machine
(pip, setuptools, prompts) stays at home: 42 MB become 36. The lines keep their hashes, and
pip refuses a list in which one is missing.
"""

import re
from collections.abc import Iterator
from importlib.metadata import requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PACKAGES_MAX = 200
_COPIED_BY_CHALICE = "chalice"
_LAMBDA = {
    "sys_platform": "linux",
    "platform_system": "Linux",
    "platform_machine": "x86_64",
    "os_name": "posix",
    "platform_python_implementation": "CPython",
    "extra": "",
}


def shipped_lock(root: Path) -> str:
    """Return the lock file without what only a developer's machine needs."""
    wanted = shipped_names((root / "requirements.in").read_text(encoding="utf-8"))
    lock = (root / "requirements.txt").read_text(encoding="utf-8")
    return "".join(block for name, block in _blocks(lock) if name in wanted)


def locked_versions(lock: str) -> dict[str, str]:
    """Return the pinned version of each package.

    >>> locked_versions("six==1.17.0 ; python_version > '3' \\\\\\n    --hash=sha256:00\\n")
    {'six': '1.17.0'}
    """
    return {name: re.split(r"==|[ \\;\n]+", block)[1] for name, block in _blocks(lock)}


def shipped_names(requirements_in: str) -> frozenset[str]:
    """Return the packages to ship: the named ones and whatever they need, but Chalice."""
    waiting = [
        str(canonicalize_name(Requirement(line).name))
        for line in requirements_in.splitlines()
        if line and not line.startswith("#")
    ]
    found: set[str] = {_COPIED_BY_CHALICE}
    while waiting and len(found) < PACKAGES_MAX:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += _needs(name)
    return frozenset(found - {_COPIED_BY_CHALICE})


def _needs(name: str) -> Iterator[str]:
    for text in requires(name) or ():
        needed = Requirement(text)
        if needed.marker is None or needed.marker.evaluate(_LAMBDA):
            yield canonicalize_name(needed.name)


def _blocks(lock: str) -> Iterator[tuple[str, str]]:
    """Return each package's name and its lines."""
    for block in re.split(r"(?m)^(?=[A-Za-z0-9])", lock):
        if "==" in block:
            lines = [line for line in block.splitlines() if not line.lstrip().startswith("#")]
            yield canonicalize_name(block.split("==")[0]), "\n".join(lines) + "\n"
