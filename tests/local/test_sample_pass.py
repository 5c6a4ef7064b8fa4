"""The sample pass of `make sample-pass`, written and checked as its reader is told to."""

import json
import shlex
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run what the target runs, without any setting."""
    return subprocess.run(
        [sys.executable, "-B", "-m", "local.sample_pass", *arguments],
        cwd=ROOT,
        env={},
        capture_output=True,
        check=False,
        text=True,
    )


@pytest.fixture
def openssl() -> str:
    path = shutil.which("openssl")
    assert path, "this test verifies a pass with openssl: apt-get install openssl"
    return path


def test_the_sample_is_verified_by_the_command_it_prints(tmp_path: Path, openssl: str) -> None:
    out = tmp_path / "a folder"

    ran = _run(str(out))

    assert ran.returncode == 0, ran.stderr
    command = shlex.split(ran.stdout.splitlines()[-1])
    assert command[0] == "openssl"
    verified = subprocess.run([openssl, *command[1:]], capture_output=True, check=False)
    assert verified.returncode == 0, verified.stderr
    manifest = out / "card" / "manifest.json"
    manifest.write_text(manifest.read_text().replace("icon", "icom"))
    assert subprocess.run([openssl, *command[1:]], capture_output=True, check=False).returncode


def test_every_file_it_says_it_wrote_is_there(tmp_path: Path) -> None:
    ran = _run(str(tmp_path))

    written = [
        Path(line.removeprefix("wrote "))
        for line in ran.stdout.splitlines()
        if line.startswith("wrote ")
    ]
    assert sorted(path.name for path in written) == [
        *("ca.pem", "card", "card.pkpass", "pass.pem", "wwdr.pem")
    ]
    assert sorted(tmp_path.iterdir()) == sorted(written)  # and no key among them
    with zipfile.ZipFile(tmp_path / "card.pkpass") as archive:
        content = json.loads(archive.read("pass.json"))
    assert content["organizationName"] == "Пекарня «Колос»"


def test_a_second_sample_replaces_the_first(tmp_path: Path) -> None:
    first = _run(str(tmp_path))
    ca = (tmp_path / "ca.pem").read_bytes()

    second = _run(str(tmp_path))

    assert (first.returncode, second.returncode) == (0, 0)
    assert (tmp_path / "ca.pem").read_bytes() != ca


@pytest.mark.parametrize("arguments", [(), ("",)])
def test_without_a_folder_it_says_how_to_name_one(arguments: tuple[str, ...]) -> None:
    ran = _run(*arguments)

    assert ran.returncode == 1
    assert ran.stderr == "kopilka: name the folder: make sample-pass OUT=sample\n"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    ran = _run(str(tmp_path / "file" / "sample"))

    assert ran.returncode == 1
    assert ran.stderr.startswith("kopilka: ")
    assert "cannot be written" in ran.stderr


def test_make_runs_it() -> None:
    rule = (ROOT / "Makefile").read_text().split("\nsample-pass:", 1)[1].split("\n\n", 1)[0]

    assert '$(PY) -m local.sample_pass "$(OUT)"' in rule
