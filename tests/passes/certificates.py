"""A certificate authority like Apple's: root, intermediate, pass certificate."""

from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

PASS_TYPE = "pass.example.kopilka"
TEAM = "A1B2C3D4E5"

_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_UNTIL = datetime(2046, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Authority:
    """PEM files: the root, the intermediate, the pass certificate and its key."""

    root: bytes
    wwdr: bytes
    certificate: bytes
    key: bytes


def make_authority() -> Authority:
    """Make all of it, RSA 2048."""
    root_key, wwdr_key, leaf_key = (_key() for _ in range(3))
    root_name = _name((NameOID.COMMON_NAME, "Test Root"))
    wwdr_name = _name((NameOID.COMMON_NAME, "Test WWDR"))
    leaf_name = _name(
        (NameOID.USER_ID, PASS_TYPE),
        (NameOID.COMMON_NAME, f"Pass Type ID: {PASS_TYPE}"),
        (NameOID.ORGANIZATIONAL_UNIT_NAME, TEAM),
    )
    root = _issue(root_name, root_key.public_key(), root_name, root_key, is_authority=True)
    wwdr = _issue(wwdr_name, wwdr_key.public_key(), root_name, root_key, is_authority=True)
    leaf = _issue(leaf_name, leaf_key.public_key(), wwdr_name, wwdr_key, is_authority=False)
    return Authority(_pem(root), _pem(wwdr), _pem(leaf), key_pem(leaf_key))


def key_pem(key: rsa.RSAPrivateKey) -> bytes:
    """Write a key as PEM, without a password."""
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )


def _key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _name(*parts: tuple[x509.ObjectIdentifier, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in parts])


def _issue(
    subject: x509.Name,
    public_key: rsa.RSAPublicKey,
    issuer: x509.Name,
    issuer_key: rsa.RSAPrivateKey,
    *,
    is_authority: bool,
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public_key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority:  # as Apple's: for TLS clients, since the same one signs pushes
        usage = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        builder = builder.add_extension(usage, critical=False)
    return builder.sign(issuer_key, hashes.SHA256())
