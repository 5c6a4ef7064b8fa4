"""Files that only their owner may read: secrets on one machine."""

import os
from pathlib import Path


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner only, whole or not at all, even in a power cut."""
    scratch = path.with_name(f".{path.name}.new")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
