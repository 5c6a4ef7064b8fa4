"""Detached PKCS#7 signatures (CMS) of a manifest, cheaper than the library makes them.

All signatures of one certificate are alike but for three slots of fixed length: the signing
time, the digest of what is signed, and the signature itself. The library makes one when the
certificate is loaded; the rest are that one with the slots filled anew. What is signed are the
attributes, tagged as a SET.

Source: RFC 5652, "Cryptographic Message Syntax", 5.3 and 5.4, read 2026-11.
"""

import hashlib
from datetime import UTC, datetime
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs7

_OPTIONS: Final = [
    pkcs7.PKCS7Options.DetachedSignature,
    pkcs7.PKCS7Options.Binary,
    pkcs7.PKCS7Options.NoCapabilities,
]
_SAMPLE: Final = b"a manifest"
# The attribute contentType: data. DER sorts the attributes by length, so it is the first.
_CONTENT_TYPE: Final = bytes.fromhex("301806092a864886f70d010903310b06092a864886f70d010701")
# The attribute signingTime up to its value, a UTCTime: right until the end of 2049.
_TIME: Final = bytes.fromhex("301c06092a864886f70d010905310f170d")
_TIME_BYTES: Final = 13
_SET: Final = b"\x31"
_DIGEST_BYTES: Final = 32
_PADDING: Final = padding.PKCS1v15()
_SHA_256: Final = hashes.SHA256()


class SignatureTemplate:
    """A signature of one certificate with its slots empty; safe to share between threads."""

    def __init__(
        self, certificate: x509.Certificate, key: RSAPrivateKey, wwdr: x509.Certificate
    ) -> None:
        """Have the library sign a sample and find the slots in it: one RSA operation."""
        sample = library_signature(_SAMPLE, certificate, key, wwdr)
        start = sample.index(_CONTENT_TYPE)
        time = sample.index(_TIME, start) + len(_TIME)
        digest = sample.index(hashlib.sha256(_SAMPLE).digest(), time)
        end = digest + _DIGEST_BYTES
        signature = len(sample) - key.key_size // 8  # nothing stands behind it
        assert sample[start - 2 : start] == bytes((0xA0, end - start)), "tag and length"
        self._before: Final = sample[:start]
        self._signed_before: Final = _SET + sample[start - 1 : time]
        self._signed_between: Final = sample[time + _TIME_BYTES : digest]
        self._between: Final = sample[end:signature]

    def sign(self, content: bytes, key: RSAPrivateKey, at: datetime) -> bytes:
        """Sign content with the certificate's key: DER, without the content."""
        signed = b"".join(
            (
                self._signed_before,
                _utc_time(at.astimezone(UTC)),
                self._signed_between,
                hashlib.sha256(content).digest(),
            )
        )
        signature = key.sign(signed, _PADDING, _SHA_256)
        # In the message the attributes are tagged otherwise; `_before` ends with that tag.
        return b"".join((self._before, signed[2:], self._between, signature))


def _utc_time(at: datetime) -> bytes:
    moment = (at.year % 100, at.month, at.day, at.hour, at.minute, at.second)
    return b"%02d%02d%02d%02d%02d%02dZ" % moment


def library_signature(
    content: bytes, certificate: x509.Certificate, key: RSAPrivateKey, wwdr: x509.Certificate
) -> bytes:
    """Sign content as the library does, at the machine's time."""
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(content)
        .add_signer(certificate, key, hashes.SHA256())
        .add_certificate(wwdr)
        .sign(serialization.Encoding.DER, _OPTIONS)
    )
