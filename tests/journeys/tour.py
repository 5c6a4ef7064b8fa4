"""Reads the README's tour and follows it in a shell, as a newcomer would.

A block marked `sh` is a command; the block right after it, marked `json` or with nothing,
is what it prints, with `…` for what is left out.
"""

import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue

ANSWER_SECONDS_MAX = 60.0
_BLOCK = re.compile(r"^```(\w*)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_END = "end-of-the-block"


@dataclass(frozen=True, slots=True)
class Step:
    """A command and what it prints; None: nothing is said about that."""

    command: str
    printed: str | None


def steps_of(text: str) -> Iterator[Step]:
    """Yield the commands of a text with what each prints."""
    blocks = list(_BLOCK.finditer(text))
    for position, block in enumerate(blocks):
        if block[1] != "sh":
            continue
        after = blocks[position + 1] if position + 1 < len(blocks) else None
        is_next = after is not None and after.start() == block.end() and after[1] != "sh"
        yield Step(block[2], after[2] if after is not None and is_next else None)


def is_as_printed(printed: str, output: str) -> bool:
    """Return whether the output is what was printed, whatever stands for `…`.

    >>> is_as_printed("the code is …", "the code is 123456")
    True
    """
    parts = [re.escape(part) for part in " ".join(printed.split()).split("…")]
    return re.fullmatch(".*?".join(parts), " ".join(output.split())) is not None


class Shell:
    """A POSIX shell that keeps its variables from one command to the next."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            ["/bin/sh"],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: Queue[str] = Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def run(self, command: str) -> str:
        """Return what the command prints."""
        assert self._process.stdin is not None, "a pipe"
        self._process.stdin.write(f"{command}\nprintf '\\n%s\\n' {_END}\n")
        self._process.stdin.flush()
        lines = []
        while (line := self._line(command)) != f"{_END}\n":
            lines.append(line)
        return "".join(lines)

    def close(self) -> None:
        """End the shell."""
        assert self._process.stdin is not None, "a pipe"
        self._process.stdin.close()
        self._process.wait()

    def _line(self, command: str) -> str:
        try:
            return self._lines.get(timeout=ANSWER_SECONDS_MAX)
        except Empty as error:
            raise AssertionError(f"no answer: {command}") from error

    def _read(self) -> None:
        assert self._process.stdout is not None, "a pipe"
        for line in self._process.stdout:
            self._lines.put(line)
