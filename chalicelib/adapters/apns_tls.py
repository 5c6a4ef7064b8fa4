"""The TLS of connections to Apple's push server: 1.2 or later, h2, our certificate if any.

`ssl` reads keys from files only. Where the system can keep a file in memory (Linux, and so
Lambda) the key touches no disk; elsewhere it does for a moment, encrypted either way.
"""

import os
import ssl
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_bytes

from cryptography.hazmat.primitives import serialization


def client_tls(ca_pem: bytes | None) -> ssl.SSLContext:
    """Return TLS that trusts `ca_pem` alone, or the system's authorities."""
    context = ssl.create_default_context(cadata=ca_pem.decode() if ca_pem else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(["h2"])
    return context


def show_certificate(
    context: ssl.SSLContext, certificate_pem: bytes, key_pem: bytes, *, is_validated: bool
) -> None:
    """Let connections show a certificate; `is_validated`: its key was, when it was stored.

    Raises:
        ValueError, TypeError, OSError: no PEM, a key with a password, no pair.
    """
    key = serialization.load_pem_private_key(
        key_pem, None, unsafe_skip_rsa_key_validation=is_validated
    )
    password = token_bytes(32).hex().encode()
    sealed = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(password),
    )
    with _named(certificate_pem + b"\n" + sealed) as path:
        context.load_cert_chain(path, password=password)


@contextmanager
def _named(content: bytes) -> Iterator[str]:
    """Give content a path to read it by, for as long as the block."""
    if hasattr(os, "memfd_create"):
        with os.fdopen(os.memfd_create("certificate"), "wb") as file:
            file.write(content)
            file.flush()
            yield f"/proc/self/fd/{file.fileno()}"
        return
    with tempfile.NamedTemporaryFile() as scratch:
        scratch.write(content)
        scratch.flush()
        yield scratch.name
