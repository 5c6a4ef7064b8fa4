"""Letters: what a shopper is sent by e-mail."""

from dataclasses import dataclass
from typing import Protocol

from chalicelib.ports.trouble import Trouble


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of plain text."""

    message_id: str  # the same for the same letter, so that it can be told apart
    to: str  # an address, as the shopper wrote it
    subject: str
    text: str


class MailRejected(Trouble):
    """No server will ever take this letter."""


class MailUnavailable(Trouble):
    """Timed out or failed: the outcome is unknown; may be tried again."""


class Mailer(Protocol):
    """Sends letters."""

    def send(self, letter: Letter) -> None:
        """Hand the letter to a server. Raises MailRejected, MailUnavailable."""
