"""Every fault of a certificate that was handed in has its field and its words."""

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.serialization import pkcs12

from chalicelib.domain.pass_certificates import CertificateFiles, CertificateInvalid
from passes.apple import ApplePassSigner
from passes.apple_certificate import read_certificate
from tests.certificate_maker import (
    BEGINS,
    ENDS,
    PASS_TYPE,
    TEAM,
    Made,
    Wish,
    kept_key,
    key_pem,
    make,
)

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)


def files_of(made: Made, **changes: str) -> CertificateFiles:
    texts = {"certificate": made.certificate, "key": made.key, "wwdr": made.wwdr} | changes
    return CertificateFiles(**{name: text.encode() for name, text in texts.items()})


def read(files: CertificateFiles, **changes: Any) -> Any:
    values = {"merchant_id": "bakery", "pass_type": PASS_TYPE, "team": TEAM, "at": NOW}
    return read_certificate(files, **(values | changes))


def refusal(files: CertificateFiles, **changes: Any) -> tuple[str, str]:
    with pytest.raises(CertificateInvalid) as refused:
        read(files, **changes)
    return refused.value.field, str(refused.value)


def pkcs12_of(made: Made) -> str:
    certificate = x509.load_pem_x509_certificate(made.certificate.encode())
    sealing = serialization.BestAvailableEncryption(b"secret")
    key = kept_key("rsa")
    content = pkcs12.serialize_key_and_certificates(b"pass", key, certificate, None, sealing)
    return base64.encodebytes(content).decode()


def test_what_is_known_of_a_good_one_has_no_key_in_it() -> None:
    made = make()

    files, known = read(files_of(made))

    assert (known.merchant_id, known.pass_type, known.team) == ("bakery", PASS_TYPE, TEAM)
    assert PASS_TYPE in known.subject
    assert known.expires_at == ENDS
    assert known.alarm_at == ENDS - timedelta(days=30)
    assert len(bytes.fromhex(known.fingerprint)) == 32
    assert made.key not in repr((files, known))


def test_what_openssl_writes_around_pem_is_left_out_of_the_store() -> None:
    made = make()
    wordy = f"Bag Attributes\n    friendlyName: pass\n{made.certificate}{made.key}"

    files, _ = read(files_of(made, certificate=wordy, key=f"Bag Attributes\n{made.key}"))

    assert files == files_of(made)


def test_what_was_read_can_sign_without_validating_the_key_again() -> None:
    files, known = read(files_of(make()))

    signer = ApplePassSigner(
        files.certificate,
        files.key,
        files.wwdr,
        known.pass_type,
        known.team,
        key_is_validated=True,
    )

    assert signer.sign(b"content")


@pytest.mark.parametrize(
    ("wish", "field", "words"),
    [
        (Wish(key="small"), "key_pem", "has 1024 bits"),
        (Wish(key="curve"), "key_pem", "is no RSA key"),
        (Wish(ends=NOW), "certificate_pem", "has expired on 2026-06-01"),
        (Wish(begins=NOW + timedelta(days=1)), "certificate_pem", "not valid yet"),
        (Wish(wwdr_ends=NOW), "wwdr_pem", "has expired on 2026-06-01"),
        (Wish(wwdr_begins=NOW + timedelta(days=1)), "wwdr_pem", "not valid yet"),
        (Wish(is_wwdr_authority=False), "wwdr_pem", "no certificate of an authority"),
        (Wish(pass_type="pass.example.other"), "pass_type_identifier", "pass.example.other"),
        (Wish(team="ZZZZZZZZZZ"), "team_identifier", "says ZZZZZZZZZZ"),
    ],
)
def test_a_fault_of_the_certificate_is_named(wish: Wish, field: str, words: str) -> None:
    found, said = refusal(files_of(make(wish)))

    assert found == field
    assert words in said


def test_the_moments_of_validity_are_the_certificates_own() -> None:
    files = files_of(make())

    assert read(files, at=BEGINS)
    assert read(files, at=ENDS - timedelta(seconds=1))
    assert refusal(files, at=ENDS)[0] == "certificate_pem"
    assert refusal(files, at=BEGINS - timedelta(seconds=1))[0] == "certificate_pem"


def test_a_key_of_another_certificate_is_refused() -> None:
    found = refusal(files_of(make(), key=key_pem(kept_key("other"))))

    assert found == ("key_pem", "is the key of another certificate")


def test_a_certificate_for_no_rsa_key_is_refused_whatever_the_key() -> None:
    found = refusal(files_of(make(Wish(key="curve")), key=key_pem(kept_key("rsa"))))

    assert found == ("certificate_pem", "is not for an RSA key")


@pytest.mark.parametrize("authority", ["another", "small"])
def test_a_certificate_of_another_authority_is_refused(authority: str) -> None:
    stranger = make(Wish(authority=authority))

    field, said = refusal(files_of(make(), wwdr=stranger.wwdr))

    assert field == "certificate_pem"
    assert "not issued by the WWDR" in said


def test_a_key_with_a_password_is_refused_with_the_way_out() -> None:
    field, said = refusal(files_of(make(), key=key_pem(kept_key("rsa"), b"secret")))

    assert field == "key_pem"
    assert "has a password" in said


@pytest.mark.parametrize("name", ["certificate", "key", "wwdr"])
def test_a_p12_file_is_told_from_pem(name: str) -> None:
    field, said = refusal(files_of(make(), **{name: pkcs12_of(make())}))

    assert field == f"{name}_pem"
    assert ".p12" in said


@pytest.mark.parametrize("name", ["certificate", "key", "wwdr"])
@pytest.mark.parametrize("text", ["x", "-----BEGIN ROSES-----", "MII=", "aGVsbG8="])
def test_what_is_no_pem_is_refused(name: str, text: str) -> None:
    field, said = refusal(files_of(make(), **{name: text}))

    assert field == f"{name}_pem"
    assert "PEM" in said


def test_two_files_in_each_others_place_are_refused() -> None:
    made = make()

    assert refusal(files_of(made, key=made.certificate))[0] == "key_pem"
    assert refusal(files_of(made, certificate=made.key))[0] == "certificate_pem"


def test_a_damaged_key_is_refused_before_it_could_sign_wrongly() -> None:
    lines = make().key.splitlines()
    lines[10] = lines[10][::-1]

    assert refusal(files_of(make(), key="\n".join(lines)))[0] == "key_pem"
