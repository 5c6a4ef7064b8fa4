"""A pass certificate as it was handed in: every fault that Apple or a phone would find later.

Checked once, and whole: the files are stored as they are written here, one certificate and one
key each, so that whoever loads them may skip the validation of the key.

Subject of a pass certificate: Apple, "Building a Pass" (read 2026-11): UID = pass type
identifier, OU = team identifier. Apple makes them for RSA keys.
"""

import base64
import binascii
from datetime import datetime
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.x509.oid import NameOID

from chalicelib.domain.pass_certificates import (
    CertificateFiles,
    CertificateInvalid,
    PassCertificate,
    first_alarm,
)

KEY_BITS_MIN: Final = 2048
_SEQUENCE: Final = 0x30  # how the bytes of every PKCS#12 file and DER certificate begin
_PKCS12: Final = "is a .p12 file: take certificate and key out of it with `openssl pkcs12`"


def read_certificate(
    files: CertificateFiles, *, merchant_id: str, pass_type: str, team: str, at: datetime
) -> tuple[CertificateFiles, PassCertificate]:
    """Return the files as they are to be stored, and what may be known of them.

    Raises:
        CertificateInvalid: names the field and what is wrong with it.
    """
    certificate = _read(files.certificate, "certificate_pem")
    key = _read_key(files.key)
    wwdr = _read(files.wwdr, "wwdr_pem")
    _check_pair(certificate, key)
    _check_validity(certificate, at, "certificate_pem")
    _check_validity(wwdr, at, "wwdr_pem")
    _check_issuer(certificate, wwdr)
    _check_subject(certificate, pass_type, NameOID.USER_ID, "pass_type_identifier")
    _check_subject(certificate, team, NameOID.ORGANIZATIONAL_UNIT_NAME, "team_identifier")
    stored = CertificateFiles(_pem(certificate), _key_pem(key), _pem(wwdr))
    return stored, _known(certificate, merchant_id, pass_type, team)


def known_certificate(
    pem: bytes, *, merchant_id: str, pass_type: str, team: str
) -> PassCertificate:
    """Return what may be known of a certificate in use. Raises ValueError: it is not PEM."""
    return _known(x509.load_pem_x509_certificate(pem), merchant_id, pass_type, team)


def _known(
    certificate: x509.Certificate, merchant_id: str, pass_type: str, team: str
) -> PassCertificate:
    expires_at = certificate.not_valid_after_utc
    return PassCertificate(
        merchant_id=merchant_id,
        pass_type=pass_type,
        team=team,
        subject=certificate.subject.rfc4514_string(),
        fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
        expires_at=expires_at,
        alarm_at=first_alarm(expires_at),
    )


def _read(pem: bytes, field: str) -> x509.Certificate:
    if _is_base64_file(pem):
        raise CertificateInvalid(field, f"{_PKCS12}, or DER: send PEM")
    try:
        return x509.load_pem_x509_certificate(pem)
    except ValueError as error:
        raise CertificateInvalid(field, "is no certificate in PEM") from error


def _read_key(pem: bytes) -> RSAPrivateKey:
    if _is_base64_file(pem):
        raise CertificateInvalid("key_pem", f"{_PKCS12}, or DER: send PEM")
    try:
        key = serialization.load_pem_private_key(pem, None)
    except TypeError as error:
        words = "has a password: take it off with `openssl pkey`, it is kept as a secret here"
        raise CertificateInvalid("key_pem", words) from error
    except (ValueError, UnsupportedAlgorithm):
        # The cause may quote the key.
        raise CertificateInvalid("key_pem", "is no private key in PEM") from None
    if not isinstance(key, RSAPrivateKey):
        raise CertificateInvalid("key_pem", "is no RSA key, as Apple's certificates ask for")
    if key.key_size < KEY_BITS_MIN:
        words = f"has {key.key_size} bits, at least {KEY_BITS_MIN} are asked for"
        raise CertificateInvalid("key_pem", words)
    return key


def _check_pair(certificate: x509.Certificate, key: RSAPrivateKey) -> None:
    public_key = certificate.public_key()
    if not isinstance(public_key, RSAPublicKey):
        raise CertificateInvalid("certificate_pem", "is not for an RSA key")
    if public_key != key.public_key():
        raise CertificateInvalid("key_pem", "is the key of another certificate")


def _check_validity(certificate: x509.Certificate, at: datetime, field: str) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if at < begins:
        raise CertificateInvalid(field, f"is not valid yet, from {begins:%Y-%m-%d} only")
    if at >= ends:
        raise CertificateInvalid(field, f"has expired on {ends:%Y-%m-%d}")


def _check_issuer(certificate: x509.Certificate, wwdr: x509.Certificate) -> None:
    """Refuse a certificate that the intermediate has not signed, or that has none.

    Whether Apple itself signed the intermediate is not asked: phones do.
    """
    try:
        is_authority = wwdr.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        is_authority = False
    if not is_authority:
        raise CertificateInvalid("wwdr_pem", "is no certificate of an authority")
    try:
        certificate.verify_directly_issued_by(wwdr)
    except (ValueError, TypeError, InvalidSignature) as error:
        words = "was not issued by the WWDR certificate: send the `wwdr_pem` that did"
        raise CertificateInvalid("certificate_pem", words) from error


def _check_subject(
    certificate: x509.Certificate, expected: str, oid: x509.ObjectIdentifier, field: str
) -> None:
    found = [str(part.value) for part in certificate.subject.get_attributes_for_oid(oid)]
    if expected not in found:
        named = ", ".join(found) or "nothing"
        raise CertificateInvalid(field, f"is {expected}, but the certificate says {named}")


def _is_base64_file(pem: bytes) -> bool:
    """Return whether it is a binary file in base64 instead of PEM."""
    if b"-----BEGIN" in pem:
        return False
    try:
        return base64.b64decode(b"".join(pem.split()), validate=True)[:1] == bytes([_SEQUENCE])
    except binascii.Error:
        return False


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)


def _key_pem(key: RSAPrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
