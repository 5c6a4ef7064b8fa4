"""The signature cut from a template, against the library's own and the openssl program."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256

from passes.signing import SignatureTemplate, library_signature
from tests.passes.certificates import Authority
from tests.passes.reading import Verifier

SIGNING_TIME = bytes.fromhex("06092a864886f70d010905310f170d")
MANIFESTS = [b"", b"{}", b'{"icon.png": "0"}' * 300]
NIGHT = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture(scope="module")
def parts(authority: Authority) -> tuple[x509.Certificate, rsa.RSAPrivateKey, x509.Certificate]:
    key = serialization.load_pem_private_key(authority.key, password=None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return (
        x509.load_pem_x509_certificate(authority.certificate),
        key,
        x509.load_pem_x509_certificate(authority.wwdr),
    )


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_the_template_signs_byte_for_byte_as_the_library_does(
    manifest: bytes, parts: tuple[x509.Certificate, rsa.RSAPrivateKey, x509.Certificate]
) -> None:
    theirs = library_signature(manifest, *parts)

    ours = SignatureTemplate(*parts).sign(manifest, parts[1], _time_of(theirs))

    assert ours == theirs


def _time_of(signature: bytes) -> datetime:
    start = signature.index(SIGNING_TIME) + len(SIGNING_TIME)
    text = signature[start : start + 13].decode()
    return datetime.strptime(text, "%y%m%d%H%M%SZ").replace(tzinfo=UTC)


@pytest.mark.parametrize("at", [NIGHT, datetime(2049, 12, 31, tzinfo=UTC)])
def test_the_signing_time_is_the_moment_given(
    at: datetime, parts: tuple[x509.Certificate, rsa.RSAPrivateKey, x509.Certificate]
) -> None:
    template = SignatureTemplate(*parts)

    abroad = template.sign(b"{}", parts[1], at.astimezone(timezone(timedelta(hours=5))))

    assert _time_of(abroad) == at
    assert abroad == template.sign(b"{}", parts[1], at)


def test_what_is_signed_are_the_attributes_as_a_set(
    parts: tuple[x509.Certificate, rsa.RSAPrivateKey, x509.Certificate],
) -> None:
    signature = SignatureTemplate(*parts).sign(b"{}", parts[1], NIGHT)

    digest = signature.index(hashlib.sha256(b"{}").digest())
    start = signature.rindex(b"\xa0\x69", 0, digest)  # tag [0], 105 bytes
    signed = b"\x31" + signature[start + 1 : digest + 32]
    parts[1].public_key().verify(signature[-256:], signed, padding.PKCS1v15(), SHA256())


@pytest.mark.parametrize("manifest", MANIFESTS)
def test_openssl_accepts_what_the_template_signs(
    manifest: bytes,
    parts: tuple[x509.Certificate, rsa.RSAPrivateKey, x509.Certificate],
    openssl_accepts: Verifier,
    tmp_path: Path,
) -> None:
    signature = SignatureTemplate(*parts).sign(manifest, parts[1], NIGHT)

    assert openssl_accepts({"manifest.json": manifest, "signature": signature}, "cms")
    changed = {"manifest.json": manifest + b" ", "signature": signature}
    assert not openssl_accepts(changed, "cms")
