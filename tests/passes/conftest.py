"""Shared by the tests of passes: certificates on disk, a signer, the `openssl` program."""

import shutil
from pathlib import Path

import pytest

from passes.apple import ApplePassSigner
from passes.images import PassImages, default_images
from tests.passes.builders import card
from tests.passes.certificates import PASS_TYPE, TEAM, Authority, make_authority
from tests.passes.reading import Verifier, verifies


@pytest.fixture(scope="session")
def authority() -> Authority:
    return make_authority()


@pytest.fixture(scope="session")
def folder(authority: Authority, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The authority's PEM files in a folder, for programs that read files."""
    made = tmp_path_factory.mktemp("authority")
    for name in ("root", "wwdr", "certificate", "key"):
        (made / f"{name}.pem").write_bytes(getattr(authority, name))
    return made


@pytest.fixture(scope="session")
def signer(authority: Authority) -> ApplePassSigner:
    return ApplePassSigner(
        authority.certificate, authority.key, authority.wwdr, PASS_TYPE, TEAM
    )


@pytest.fixture(scope="session")
def images() -> PassImages:
    return default_images(card().colours)


@pytest.fixture(scope="session")
def openssl() -> str:
    path = shutil.which("openssl")
    assert path, "these tests verify passes with openssl: apt-get install openssl"
    return path


@pytest.fixture
def openssl_accepts(openssl: str, folder: Path, tmp_path: Path) -> Verifier:
    """Say whether openssl accepts the signature of a pass's manifest: (files, command)."""

    def accepts(files: dict[str, bytes], command: str = "smime") -> bool:
        return verifies(openssl, command, files, folder=folder, scratch=tmp_path)

    return accepts
