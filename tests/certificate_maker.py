"""Pass certificates as Apple makes them, and with any one fault; keys are made once."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.x509.oid import NameOID

TEAM = "A1B2C3D4E5"
PASS_TYPE = "pass.example.bakery"
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
ENDS = datetime(2027, 1, 31, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a certificate is to be; the rest is as it should be."""

    pass_type: str = PASS_TYPE
    team: str = TEAM
    begins: datetime = BEGINS
    ends: datetime = ENDS
    key: str = "rsa"  # name of a kept key
    authority: str = "wwdr"  # likewise, of the issuer
    wwdr_begins: datetime = BEGINS - timedelta(days=365)
    wwdr_ends: datetime = ENDS + timedelta(days=3650)
    is_wwdr_authority: bool = field(default=True)


@dataclass(frozen=True, slots=True)
class Made:
    """PEM as text, as a merchant would send it."""

    certificate: str
    key: str
    wwdr: str

    def body(self, **changes: str | None) -> dict[str, str]:
        """Return the body of the call; `None` leaves a field out."""
        sent: dict[str, str | None] = {
            "certificate_pem": self.certificate,
            "key_pem": self.key,
            "wwdr_pem": self.wwdr,
            "team_identifier": TEAM,
            "pass_type_identifier": PASS_TYPE,
            **changes,
        }
        return {name: text for name, text in sent.items() if text is not None}


@cache
def make(wish: Wish = Wish()) -> Made:
    """Make a certificate, its key and its issuer's certificate."""
    key, issuer_key = kept_key(wish.key), kept_key(wish.authority)
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Test {wish.authority}")])
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.USER_ID, wish.pass_type),
            x509.NameAttribute(NameOID.COMMON_NAME, f"Pass Type ID: {wish.pass_type}"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, wish.team),
        ]
    )
    leaf = _issued(subject, key, issuer, issuer_key, (wish.begins, wish.ends), is_ca=False)
    times = (wish.wwdr_begins, wish.wwdr_ends)
    wwdr = _issued(issuer, issuer_key, issuer, issuer_key, times, is_ca=wish.is_wwdr_authority)
    return Made(_pem(leaf), key_pem(key), _pem(wwdr))


@cache
def kept_key(name: str) -> PrivateKeyTypes:
    """Return a key that is made once: `small` has too few bits, `curve` is not RSA."""
    if name == "curve":
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(65537, 1024 if name == "small" else 2048)


def key_pem(key: PrivateKeyTypes, password: bytes = b"") -> str:
    """Write a key as PEM."""
    sealing: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        sealing = serialization.BestAvailableEncryption(password)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, sealing).decode()


def _issued(
    subject: x509.Name,
    key: PrivateKeyTypes,
    issuer: x509.Name,
    issuer_key: PrivateKeyTypes,
    times: tuple[datetime, datetime],
    *,
    is_ca: bool,
) -> x509.Certificate:
    assert isinstance(issuer_key, rsa.RSAPrivateKey)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(times[0])
        .not_valid_after(times[1])
        .add_extension(x509.BasicConstraints(ca=is_ca, path_length=None), critical=True)
        .sign(issuer_key, hashes.SHA256())
    )


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(serialization.Encoding.PEM).decode()
