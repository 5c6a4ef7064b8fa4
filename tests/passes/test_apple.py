"""The signed pass: its files, its signature as openssl sees it, what it costs."""

import hashlib
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import wallet.models
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chalicelib.domain.pass_designs import DEFAULT_DESIGN
from passes.apple import ApplePassSigner, BadPassCertificate
from passes.images import PassImages, prepare_images
from tests.passes.builders import WEB_SERVICE_URL, card
from tests.passes.building import built, laid_out
from tests.passes.certificates import PASS_TYPE, TEAM, Authority, make_authority
from tests.passes.counting_key import CountingKey
from tests.passes.reading import Verifier, files_of

PASS_BYTES_MAX = 40_000
SCALES = ("", "@2x", "@3x")
THREADS = 8
PASSES = 64


@pytest.mark.parametrize("command", ["smime", "cms"])
def test_openssl_accepts_the_signature(
    command: str,
    signer: ApplePassSigner,
    openssl_accepts: Verifier,
) -> None:
    pkpass = built(signer)

    assert openssl_accepts(files_of(pkpass), command)


def test_openssl_refuses_a_manifest_changed_by_one_byte(
    signer: ApplePassSigner, openssl_accepts: Verifier
) -> None:
    files = files_of(built(signer))
    files["manifest.json"] = files["manifest.json"].replace(b"icon.png", b"icom.png")

    assert not openssl_accepts(files)


def test_openssl_refuses_a_pass_of_another_authority(
    authority: Authority, openssl_accepts: Verifier
) -> None:
    other = make_authority()
    stranger = ApplePassSigner(other.certificate, other.key, other.wwdr, PASS_TYPE, TEAM)

    files = files_of(built(stranger))

    assert not openssl_accepts(files)


def test_the_signature_has_its_time_both_certificates_and_sha_256(
    signer: ApplePassSigner, openssl: str, tmp_path: Path
) -> None:
    files = files_of(built(signer))
    (tmp_path / "signature").write_bytes(files["signature"])

    shown = subprocess.run(
        [openssl, "cms", "-cmsout", "-print", "-inform", "DER", "-in", tmp_path / "signature"],
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert "signingTime" in shown
    assert "sha256" in shown.split("signerInfos:")[1].split("digestAlgorithm:")[1][:60]
    assert shown.count("d.certificate:") == 2
    assert "<ABSENT>" in shown.split("eContent:")[1].splitlines()[0]  # detached
    assert "S/MIME Capabilities" not in shown


def test_the_manifest_names_every_file_with_its_sha_1(signer: ApplePassSigner) -> None:
    files = files_of(built(signer))

    manifest = json.loads(files["manifest.json"])

    content = {
        name: files[name] for name in files if name not in {"manifest.json", "signature"}
    }
    assert manifest == {
        name: hashlib.sha1(body, usedforsecurity=False).hexdigest()
        for name, body in content.items()
    }
    assert {
        f"{image}{scale}.png" for image in ("icon", "logo", "strip") for scale in SCALES
    } < (content.keys())


def test_wallet_py3k_signs_the_same_pass_json(
    signer: ApplePassSigner, images: PassImages, folder: Path, openssl_accepts: Verifier
) -> None:
    ours = files_of(built(signer))
    model = laid_out(signer)
    for name, content in ours.items():
        if name.endswith((".png", ".strings")):
            model.addFile(name, BytesIO(content))
    pem = {name: str(folder / f"{name}.pem") for name in ("certificate", "key", "wwdr")}

    theirs = files_of(
        wallet.models.Pass.create(
            model, pem["certificate"], pem["key"], pem["wwdr"], "unused"
        ).getvalue()
    )

    assert json.loads(ours["pass.json"]) == json.loads(theirs["pass.json"])
    assert ours.keys() == theirs.keys()
    differing = {"pass.json", "manifest.json", "signature"}
    assert all(ours[name] == theirs[name] for name in ours.keys() - differing)
    assert (
        json.loads(ours["manifest.json"]).keys() == json.loads(theirs["manifest.json"]).keys()
    )
    assert openssl_accepts(ours)
    assert openssl_accepts(theirs)


def test_a_pass_takes_one_rsa_operation(authority: Authority) -> None:
    counted = ApplePassSigner(
        authority.certificate, authority.key, authority.wwdr, PASS_TYPE, TEAM
    )
    counted.private_key = key = CountingKey(counted.private_key)

    built(counted)

    assert key.operations == 1


def test_a_pass_is_smaller_than_forty_kilobytes(signer: ApplePassSigner) -> None:
    pkpass = built(signer)

    assert len(pkpass) < PASS_BYTES_MAX


def test_equal_cards_differ_in_their_signature_alone(signer: ApplePassSigner) -> None:
    first = files_of(built(signer))
    second = files_of(built(signer))

    assert first | {"signature": b""} == second | {"signature": b""}


def test_a_pass_holds_the_images_it_is_built_with_and_no_others(
    signer: ApplePassSigner, images: PassImages
) -> None:
    icons = prepare_images(
        {name: image for name, image in images.images if name.startswith("icon")}
    )
    built(signer)

    files = files_of(
        signer.build(card(), DEFAULT_DESIGN, icons, web_service_url=WEB_SERVICE_URL)
    )

    assert json.loads(files["manifest.json"]).keys() == {
        *(name for name, _ in icons.images),
        *("pass.json", "ru.lproj/pass.strings", "en.lproj/pass.strings"),
    }


def test_threads_sharing_one_signer_make_valid_passes(
    signer: ApplePassSigner, openssl_accepts: Verifier
) -> None:
    cards = [card(points=number, serial_number=f"uzor.{number}") for number in range(PASSES)]

    def build(one: Any) -> bytes:
        return built(signer, one)

    with ThreadPoolExecutor(THREADS) as pool:
        made = list(pool.map(build, cards))

    for number, pkpass in enumerate(made):
        files = files_of(pkpass)
        content = files["pass.json"]
        digest = hashlib.sha1(content, usedforsecurity=False).hexdigest()
        assert json.loads(content)["serialNumber"] == f"uzor.{number}"
        assert json.loads(files["manifest.json"])["pass.json"] == digest
        if number % THREADS == 0:  # starting openssl for each would take long
            assert openssl_accepts(files)


WATCHED = """
import sys
seen = []
names = ("subprocess.Popen", "os.fork", "os.posix_spawn", "os.exec", "os.system", "tempfile.")
def watch(event, arguments):
    if event.startswith(names) or event == "open" and arguments[1] and "w" in arguments[1]:
        seen.append(event)
sys.addaudithook(watch)
sys.path.insert(0, sys.argv[1])
from io import BytesIO
from pathlib import Path
import wallet.models
from passes.apple import ApplePassSigner
from tests.passes.building import built, laid_out
pem = [str(Path(sys.argv[2]) / f"{name}.pem") for name in ("certificate", "key", "wwdr")]
signer = ApplePassSigner(*(Path(path).read_bytes() for path in pem), *sys.argv[3:5])
seen.clear()
if sys.argv[5] == "ours":
    built(signer)
else:
    wallet.models.Pass.create(laid_out(signer), *pem, "unused")
print(",".join(seen))
"""


def _seen_while_building(whose: str, folder: Path) -> str:
    """Build in a Python of its own: an audit hook can never be taken out again."""
    root = Path(__file__).parents[2]
    child = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, root, folder, PASS_TYPE, TEAM, whose],
        capture_output=True,
        check=True,
        text=True,
    )
    return child.stdout.strip()


def test_no_program_is_started_and_no_file_written(folder: Path) -> None:
    assert _seen_while_building("ours", folder) == ""


def test_the_watch_notices_that_wallet_py3k_starts_a_program(folder: Path) -> None:
    assert "subprocess.Popen" in _seen_while_building("theirs", folder)


@pytest.mark.parametrize(
    ("pass_type", "team"), [("pass.example.other", TEAM), (PASS_TYPE, "ZZZZZZZZZZ")]
)
def test_a_certificate_for_another_pass_type_or_team_is_refused(
    pass_type: str, team: str, authority: Authority
) -> None:
    with pytest.raises(BadPassCertificate, match="the certificate is for"):
        ApplePassSigner(authority.certificate, authority.key, authority.wwdr, pass_type, team)


def test_a_key_of_another_certificate_is_refused(authority: Authority) -> None:
    other = make_authority()

    with pytest.raises(BadPassCertificate, match="the key is not"):
        ApplePassSigner(authority.certificate, other.key, authority.wwdr, PASS_TYPE, TEAM)


def test_a_wwdr_certificate_that_did_not_issue_the_leaf_is_refused(
    authority: Authority,
) -> None:
    with pytest.raises(BadPassCertificate, match="not issued by"):
        ApplePassSigner(authority.certificate, authority.key, authority.root, PASS_TYPE, TEAM)


def test_an_elliptic_key_is_refused(authority: Authority) -> None:
    key = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )

    with pytest.raises(BadPassCertificate, match="RSA"):
        ApplePassSigner(authority.certificate, key, authority.wwdr, PASS_TYPE, TEAM)


def test_a_key_validated_before_signs_as_well(
    authority: Authority, openssl_accepts: Verifier
) -> None:
    quick = ApplePassSigner(
        authority.certificate,
        authority.key,
        authority.wwdr,
        PASS_TYPE,
        TEAM,
        key_is_validated=True,
    )

    files = files_of(built(quick))

    assert openssl_accepts(files)
