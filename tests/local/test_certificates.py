"""The local certificates, judged by the `openssl` program and by starts that meet or die."""

import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from local.certificates import Certificates, ensure_certificates

PASS_TYPE = "pass.test.kopilka"
TEAM = "TEAM000001"


def make(
    folder: Path, *, pass_type: str = PASS_TYPE, at: datetime | None = None
) -> Certificates:
    return ensure_certificates(
        folder, pass_type_identifier=pass_type, team_identifier=TEAM, at=at
    )


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def openssl(*arguments: str | Path) -> str:
    done = subprocess.run(
        ["openssl", *map(str, arguments)], check=True, capture_output=True, text=True
    )
    return done.stdout


def test_openssl_verifies_the_pass_certificate_through_the_intermediate(tmp_path: Path) -> None:
    made = make(tmp_path / "certificates")

    verdict = openssl(
        "verify", "-x509_strict", "-purpose", "sslclient", "-CAfile", made.pass_ca,
        "-untrusted", made.wwdr, made.pass_certificate,
    )  # fmt: skip

    assert verdict.strip().endswith(": OK")


def test_openssl_verifies_the_push_server_for_each_local_name(tmp_path: Path) -> None:
    made = make(tmp_path / "certificates")
    names = (
        ("-verify_ip", "127.0.0.1"),
        ("-verify_ip", "::1"),
        ("-verify_hostname", "localhost"),
    )

    verdicts = [
        openssl(
            "verify", "-x509_strict", "-purpose", "sslserver", *name,
            "-CAfile", made.pass_ca, made.apns_certificate,
        )
        for name in names
    ]  # fmt: skip

    assert all(verdict.strip().endswith(": OK") for verdict in verdicts)


def test_a_certificate_of_another_set_does_not_verify(tmp_path: Path) -> None:
    made, other = make(tmp_path / "one"), make(tmp_path / "other")

    with pytest.raises(subprocess.CalledProcessError):
        openssl(
            "verify", "-CAfile", other.pass_ca, "-untrusted", other.wwdr, made.pass_certificate
        )


def test_the_pass_certificate_carries_the_identifiers_as_apple_does(tmp_path: Path) -> None:
    made = make(tmp_path / "certificates")

    subject = openssl(
        "x509", "-in", made.pass_certificate, "-noout", "-subject", "-nameopt", "multiline"
    )
    usage = openssl("x509", "-in", made.pass_certificate, "-noout", "-ext", "extendedKeyUsage")
    key = load_pem_private_key(made.pass_key.read_bytes(), None)

    fields = dict(re.findall(r"(\w+)\s+= (.+)", subject))
    assert fields["userId"] == PASS_TYPE
    assert fields["organizationalUnitName"] == TEAM
    assert fields["commonName"] == f"Pass Type ID: {PASS_TYPE}"
    assert "TLS Web Client Authentication" in usage
    assert isinstance(key, rsa.RSAPrivateKey)
    assert key.key_size == 2048


def test_a_signature_made_with_the_pass_certificate_verifies(tmp_path: Path) -> None:
    made = make(tmp_path / "certificates")
    content, signature = tmp_path / "manifest.json", tmp_path / "signature"
    content.write_text('{"pass.json": "0"}')
    openssl(
        "cms", "-sign", "-binary", "-in", content, "-signer", made.pass_certificate,
        "-inkey", made.pass_key, "-certfile", made.wwdr, "-outform", "DER", "-out", signature,
    )  # fmt: skip

    openssl(
        "cms", "-verify", "-binary", "-inform", "DER", "-in", signature, "-content", content,
        "-CAfile", made.pass_ca, "-purpose", "any", "-out", tmp_path / "verified",
    )  # fmt: skip

    assert (tmp_path / "verified").read_text() == content.read_text()


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make(tmp_path / "certificates")
    finally:
        os.umask(before)

    modes = {
        stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "certificates").iterdir()
    }
    assert modes == {0o600}
    assert stat.S_IMODE((tmp_path / "certificates").stat().st_mode) == 0o700


def test_a_second_start_changes_nothing(tmp_path: Path) -> None:
    make(tmp_path / "certificates")
    first = contents(tmp_path / "certificates")

    make(tmp_path / "certificates")

    assert contents(tmp_path / "certificates") == first


def test_they_are_good_for_years(tmp_path: Path) -> None:
    made = make(tmp_path / "certificates")

    leaf = x509.load_pem_x509_certificate(made.pass_certificate.read_bytes())

    assert leaf.not_valid_after_utc > datetime.now(UTC) + timedelta(days=9 * 365)


def _lose_a_file(folder: Path) -> None:
    (folder / "apns.key").unlink()


def _damage_a_file(folder: Path) -> None:
    (folder / "pass.pem").write_text("not a certificate")


def _lose_everything_but_the_folder(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


@pytest.mark.parametrize(
    "damage", [_lose_a_file, _damage_a_file, _lose_everything_but_the_folder]
)
def test_a_damaged_set_is_made_anew_and_the_old_one_kept(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    folder = tmp_path / "certificates"
    make(folder)
    damage(folder)
    damaged = contents(folder)

    made = make(folder)

    assert openssl("verify", "-CAfile", made.pass_ca, made.apns_certificate)
    assert contents(tmp_path / "certificates.old") == damaged


def test_a_start_that_died_half_way_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    half = tmp_path / ".certificates.new"
    half.mkdir()
    (half / "root.pem").write_text("half a file")

    made = make(tmp_path / "certificates")

    assert openssl("verify", "-CAfile", made.pass_ca, made.apns_certificate)
    assert not half.exists()


def test_another_pass_type_gets_its_own_set(tmp_path: Path) -> None:
    make(tmp_path / "certificates")

    made = make(tmp_path / "certificates", pass_type="pass.test.other")

    subject = openssl("x509", "-in", made.pass_certificate, "-noout", "-subject")
    assert "pass.test.other" in subject


def test_a_set_about_to_expire_is_renewed(tmp_path: Path) -> None:
    made = make(tmp_path / "certificates", at=datetime.now(UTC) - timedelta(days=3640))

    made = make(tmp_path / "certificates")

    leaf = x509.load_pem_x509_certificate(made.pass_certificate.read_bytes())
    assert leaf.not_valid_after_utc > datetime.now(UTC) + timedelta(days=3600)


def test_processes_that_start_together_share_one_set(tmp_path: Path) -> None:
    folder = tmp_path / "certificates"
    program = (
        "import pathlib, sys; from local.certificates import ensure_certificates as make; "
        f"made = make(pathlib.Path(sys.argv[1]), pass_type_identifier={PASS_TYPE!r}, "
        f"team_identifier={TEAM!r}); print(made.pass_certificate.read_text())"
    )
    running = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(3)
    ]

    seen = {process.communicate(timeout=60)[0] for process in running}

    assert seen == {(folder / "pass.pem").read_text() + "\n"}


@pytest.mark.parametrize("pass_type", ["", "pass." + "x" * 60])
def test_an_identifier_that_fits_no_certificate_is_refused(
    tmp_path: Path, pass_type: str
) -> None:
    with pytest.raises(ValueError, match="1 to 50 characters"):
        make(tmp_path / "certificates", pass_type=pass_type)
