"""The certificates of a laptop: a small authority that stands in for Apple's.

Made on the first start, kept afterwards, never used on AWS. One folder, swapped in whole:

    root.pem         the authority's root; `pass_ca`, what a verifier trusts
    wwdr.pem         the intermediate that signed the pass certificate, as Apple's WWDR does
    pass.pem, .key   the pass certificate: signs passes and is the TLS client of the push server
    apns.pem, .key   the TLS certificate of the local push server (127.0.0.1, ::1, localhost)

Keys are unencrypted PKCS#8 PEM; every file is readable by its owner only. The keys of the two
authorities are thrown away once they have signed, so nobody can sign with them later.
Subject of a pass certificate: Apple, "Building a Pass" (read 2026-11): UID = pass type
identifier, OU = team identifier.
"""

import contextlib
import fcntl
import ipaddress
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

VALIDITY_DAYS = 3650
RENEW_DAYS_BEFORE = 30
PASS_TYPE_IDENTIFIER_LENGTH_MAX = 50  # the common name holds 64 and begins "Pass Type ID: "
_FILES = ("root.pem", "wwdr.pem", "pass.pem", "pass.key", "apns.pem", "apns.key")

_PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where the files lie; all PEM."""

    pass_ca: Path
    wwdr: Path
    pass_certificate: Path
    pass_key: Path
    apns_certificate: Path
    apns_key: Path


@dataclass(frozen=True, slots=True)
class _Issuer:
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey


def ensure_certificates(
    folder: Path,
    *,
    pass_type_identifier: str,
    team_identifier: str,
    at: datetime | None = None,
) -> Certificates:
    """Make the certificates, or find them already made for the same identifiers.

    A set that is incomplete, about to expire or made for other identifiers is replaced whole
    and kept once as `<folder>.old`. Processes that start together end up with the same set.

    Raises:
        ValueError: an identifier is empty or too long for a certificate.
    """
    if not 0 < len(pass_type_identifier) <= PASS_TYPE_IDENTIFIER_LENGTH_MAX:
        raise ValueError(
            f"a pass type identifier has 1 to {PASS_TYPE_IDENTIFIER_LENGTH_MAX} characters, "
            f"this one has {len(pass_type_identifier)}"
        )
    # TLS and openssl judge validity by the machine's clock, so the movable one is no use here.
    moment = at or datetime.now(UTC)
    subject = _pass_subject(pass_type_identifier, team_identifier)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _only_one_process(folder):
        if not _is_usable(folder, subject, moment):
            _replace(folder, _new_set(subject, moment))
    return Certificates(*(folder / name for name in _FILES))


def _is_usable(folder: Path, subject: x509.Name, at: datetime) -> bool:
    if not all((folder / name).is_file() for name in _FILES):
        return False
    try:
        leaf = x509.load_pem_x509_certificate((folder / "pass.pem").read_bytes())
    except ValueError:
        return False
    return leaf.subject == subject and leaf.not_valid_after_utc > at + timedelta(
        days=RENEW_DAYS_BEFORE
    )


@contextlib.contextmanager
def _only_one_process(folder: Path) -> Iterator[None]:
    """Hold the lock beside the folder; the system lets go of it if we die."""
    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _replace(folder: Path, files: dict[str, bytes]) -> None:
    """Write all files beside the folder and rename it into place: whole or not at all."""
    fresh = folder.with_name(f".{folder.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)  # left by a start that died half-way
    fresh.mkdir(mode=0o700)
    for name, content in files.items():
        _write_synced(fresh / name, content)
    _sync_folder(fresh)
    if folder.exists():
        old = folder.with_name(f"{folder.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        folder.rename(old)
    fresh.rename(folder)
    _sync_folder(folder.parent)


def _write_synced(path: Path, content: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _new_set(pass_subject: x509.Name, at: datetime) -> dict[str, bytes]:
    root = _authority("Kopilka Local Root CA", None, at)
    wwdr = _authority("Kopilka Local WWDR CA", root, at)
    pass_key = _rsa_key()
    pass_certificate = _leaf(
        pass_subject, pass_key, wwdr, at, use=ExtendedKeyUsageOID.CLIENT_AUTH
    )
    apns_key = ec.generate_private_key(ec.SECP256R1())
    apns_certificate = _leaf(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")]),
        apns_key,
        root,
        at,
        use=ExtendedKeyUsageOID.SERVER_AUTH,
        names=_local_names(),
    )
    return {
        "root.pem": _certificate_pem(root.certificate),
        "wwdr.pem": _certificate_pem(wwdr.certificate),
        "pass.pem": _certificate_pem(pass_certificate),
        "pass.key": _key_pem(pass_key),
        "apns.pem": _certificate_pem(apns_certificate),
        "apns.key": _key_pem(apns_key),
    }


def _pass_subject(pass_type_identifier: str, team_identifier: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.USER_ID, pass_type_identifier),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Pass Type ID: {pass_type_identifier}"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, team_identifier),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Kopilka Local"),
        ]
    )


def _authority(common_name: str, issuer: _Issuer | None, at: datetime) -> _Issuer:
    """Make a signing authority; without an issuer it signs itself."""
    key = _rsa_key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])
    builder = _builder(subject, key, issuer, at)
    # The intermediate signs leaves only, so no path may grow below it.
    path_length = 0 if issuer else 1
    builder = builder.add_extension(x509.BasicConstraints(True, path_length), critical=True)
    builder = builder.add_extension(_key_usage(signs_certificates=True), critical=True)
    signer = issuer.key if issuer else key
    return _Issuer(builder.sign(signer, hashes.SHA256()), key)


def _leaf(
    subject: x509.Name,
    key: _PrivateKey,
    issuer: _Issuer,
    at: datetime,
    *,
    use: x509.ObjectIdentifier,
    names: x509.SubjectAlternativeName | None = None,
) -> x509.Certificate:
    builder = _builder(subject, key, issuer, at)
    builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
    builder = builder.add_extension(_key_usage(signs_certificates=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([use]), critical=False)
    if names:
        builder = builder.add_extension(names, critical=False)
    return builder.sign(issuer.key, hashes.SHA256())


def _builder(
    subject: x509.Name, key: _PrivateKey, issuer: _Issuer | None, at: datetime
) -> x509.CertificateBuilder:
    issuer_key = issuer.key if issuer else key
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key())
    own = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))  # a clock that is a little behind
        .not_valid_after(at + timedelta(days=VALIDITY_DAYS))
        .add_extension(own, critical=False)
        .add_extension(authority, critical=False)
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def _local_names() -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName(
        [
            x509.DNSName("localhost"),
            x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
            x509.IPAddress(ipaddress.ip_address("::1")),
        ]
    )


def _rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _certificate_pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: _PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
