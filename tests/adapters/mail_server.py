"""A mail server for tests: real sockets, STARTTLS with a certificate made on the spot.

It speaks just enough of RFC 5321, and takes a letter only within TLS and after AUTH.
"""

import base64
import socket
import ssl
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

HOST = "127.0.0.1"
LINE_BYTES_MAX = 10_000


@dataclass
class MailServerInTest:
    """Listens on a port of its own; `letters` are those it has taken."""

    folder: Path
    offers_tls: bool = True
    answers: dict[str, str] = field(default_factory=dict)  # a command's reply, not the usual
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.ca_file = self.folder / "mail.pem"
        self._context = _context(self.folder, self.ca_file)
        self._socket = socket.create_server((HOST, 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes whoever waits in accept
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                try:
                    _Talk(self, connection).run()
                except OSError:
                    continue


class _Talk:
    def __init__(self, server: MailServerInTest, connection: socket.socket) -> None:
        self._server = server
        self._connection = connection
        self._lines = connection.makefile("rb")
        self._is_safe = False

    def run(self) -> None:
        self._say("220 mail.test")
        while line := self._lines.readline(LINE_BYTES_MAX):
            text = line.decode().strip()
            verb = text.split(" ")[0].split(":")[0].upper()
            if other := self._server.answers.get(verb):
                self._say(other)
            elif not self._answer(verb, text):
                return

    def _answer(self, verb: str, text: str) -> bool:
        if verb == "EHLO":
            offers = ["AUTH PLAIN"] if self._is_safe else []
            offers += ["STARTTLS"] if self._server.offers_tls and not self._is_safe else []
            lines = ["mail.test", *offers]
            for line in lines[:-1]:
                self._say(f"250-{line}")
            self._say(f"250 {lines[-1]}")
        elif verb == "STARTTLS":
            self._say("220 go ahead")
            self._connection = self._server._context.wrap_socket(
                self._connection, server_side=True
            )
            self._lines = self._connection.makefile("rb")
            self._is_safe = True
        elif verb == "AUTH":
            self._server.logins.append(base64.b64decode(text.rsplit(maxsplit=1)[-1]).decode())
            self._say("235 welcome")
        elif verb == "DATA":
            self._take()
        elif verb == "QUIT":
            self._say("221 bye")
            return False
        else:
            if verb == "RCPT":
                self._server.recipients.append(text.partition(":")[2].split(">")[0].strip("<"))
            self._say("250 ok" if self._is_safe else "530 TLS first")
        return True

    def _take(self) -> None:
        self._say("354 go on")
        lines = []
        while (line := self._lines.readline(LINE_BYTES_MAX)) not in {b".\r\n", b""}:
            lines.append(line.removeprefix(b"."))
        letter = message_from_bytes(b"".join(lines), policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self._server.letters.append(letter)
        self._say("250 taken")

    def _say(self, line: str) -> None:
        self._connection.sendall(f"{line}\r\n".encode())


def _context(folder: Path, certificate_file: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mail.test")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file = folder / "mail.key"
    key_file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate_file, key_file)
    return context
