"""The sockets of the local push server: its TLS, and how a wait or a connection ends."""

import contextlib
import socket
import ssl

from local.certificates import Certificates

HANDSHAKE_SECONDS = 5.0


def server_tls(certificates: Certificates, *, asks_certificate: bool = True) -> ssl.SSLContext:
    """Return what the server speaks: TLS 1.2 or later, h2, clients of our authority only.

    Without `asks_certificate` also clients that show none.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED if asks_certificate else ssl.CERT_OPTIONAL
    context.set_alpn_protocols(["h2"])
    context.load_cert_chain(certificates.apns_certificate, certificates.apns_key)
    context.load_verify_locations(certificates.pass_ca)
    context.load_verify_locations(certificates.wwdr)  # clients send the leaf alone
    return context


def wake(waited_on: socket.socket) -> None:
    """End the wait of whoever waits on the socket; closing it here could hit another's."""
    with contextlib.suppress(OSError):  # not connected yet, or no more
        socket.socket.shutdown(waited_on, socket.SHUT_RDWR)


def part_with(secure: ssl.SSLSocket) -> None:
    """Let the client read our last words: closing on unread bytes could take them back."""
    plain = socket.socket
    plain.shutdown(secure, socket.SHUT_WR)
    secure.settimeout(HANDSHAKE_SECONDS)
    while plain.recv(secure, 65_536):
        pass
