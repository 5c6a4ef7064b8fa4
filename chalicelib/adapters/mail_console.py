"""The mail port without a server: a line on standard output, and the box of this machine."""

from collections.abc import Callable
from datetime import datetime

from chalicelib.adapters.sms_console import LocalOutbox
from chalicelib.ports import Letter


class ConsoleMail:
    """Prints letters and keeps them in the outbox; a text may hold a one-time code."""

    def __init__(
        self,
        outbox: LocalOutbox,
        *,
        now: Callable[[], datetime],
        is_local: bool,
        write: Callable[[str], object] = print,
    ) -> None:
        self._outbox = outbox
        self._now = now
        self._is_local = is_local
        self._write = write

    def send(self, letter: Letter) -> None:
        """Print the letter: whole on a developer's machine, else its length alone."""
        if self._is_local:
            self._write(f"email to {letter.to}: {letter.subject}: {letter.text}")
        else:
            self._write(f"email: {len(letter.text)} characters")
        self._outbox.add("email", letter.to, letter.text, self._now())
