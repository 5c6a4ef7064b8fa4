"""A log of lines that does not grow for ever: a full file makes way for the next."""

from pathlib import Path

BYTES_MAX = 10_000_000  # then it becomes `<name>.1`, in place of the one before


def append_line(path: Path, line: str) -> None:
    """Write one line more. For one thread at a time."""
    if path.exists() and path.stat().st_size > BYTES_MAX:
        path.replace(path.with_name(f"{path.name}.1"))
    with path.open("a") as file:
        file.write(f"{line}\n")
