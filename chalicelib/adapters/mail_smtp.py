"""The mail port over SMTP, never in the clear (RFC 5321, RFC 3207, RFC 8314; read 2026-11).

Port 465 speaks TLS from the first byte, any other after STARTTLS; a server that offers
neither gets no letter. One connection a letter: codes are few, and a function that froze
between two letters would find its connection dead.
"""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from chalicelib.ports import Letter, MailRejected, MailUnavailable

IMPLICIT_TLS_PORT = 465
TIMEOUT_SECONDS = 10
_TRANSIENT_FROM, _PERMANENT_FROM = 400, 500  # reply codes


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Where letters are handed over, and as whom."""

    host: str
    port: int
    sender: str  # the address in From
    user: str = ""  # empty: the server asks for none
    password: str = ""
    ca_file: str = ""  # empty: the system's


class SmtpMail:
    """Hands letters to one server. `server_of` is asked for each: passwords rotate."""

    def __init__(self, server_of: Callable[[], MailServer]) -> None:
        self._server_of = server_of

    def send(self, letter: Letter) -> None:
        """Hand the letter over.

        Raises:
            MailRejected: the server refuses sender, recipient or text for good.
            MailUnavailable: it does not answer, has no TLS, or asks to try later.
        """
        server = self._server_of()
        message = _message(letter, server.sender)
        try:
            with _connected(server) as connection:
                if server.user:
                    connection.login(server.user, server.password)
                connection.send_message(message, server.sender, [letter.to])
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _trouble(min(codes, default=_TRANSIENT_FROM)) from error
        except smtplib.SMTPAuthenticationError as error:  # ours to mend, not the letter's
            raise MailUnavailable("authentication") from error
        except smtplib.SMTPResponseException as error:
            raise _trouble(error.smtp_code) from error
        except (smtplib.SMTPException, OSError) as error:
            raise MailUnavailable(type(error).__name__) from error


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context(cafile=server.ca_file or None)
    if server.port == IMPLICIT_TLS_PORT:
        return smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_SECONDS, context=context
        )
    connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.starttls(context=context)
    except BaseException:
        connection.close()
        raise
    return connection


def _message(letter: Letter, sender: str) -> EmailMessage:
    """Return the letter as it travels; what would break a header is refused.

    Raises:
        MailRejected: the address is none.
    """
    message = EmailMessage(policy=SMTP)
    try:
        message["To"] = Address(addr_spec=letter.to)
    except (ValueError, IndexError) as error:
        raise MailRejected("not an address") from error
    message["From"] = sender
    message["Subject"] = " ".join(letter.subject.split())
    message["Message-ID"] = f"<{letter.message_id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday replies
    message.set_content(letter.text)
    return message


def _trouble(code: int) -> MailRejected | MailUnavailable:
    if code >= _PERMANENT_FROM:
        return MailRejected(f"SMTP {code}")
    return MailUnavailable(f"SMTP {code}")
