"""Fetching the engine: only the pinned archive is ever unpacked."""

import base64
import hashlib
import io
import tarfile
from pathlib import Path

import pytest

from local.errors import CannotStart
from local.fetch_engine import PINS, Pin, fetch

PROGRAM = b"#!/bin/sh\nexit 0\n"


def archive_of(program: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        member = tarfile.TarInfo("package/dynoxide")
        member.size = len(program)
        tar.addfile(member, io.BytesIO(program))
    return packed.getvalue()


def pin_of(archive: bytes) -> Pin:
    digest = base64.b64encode(hashlib.sha512(archive).digest()).decode()
    return Pin("@dynoxide/linux-x64", "1.2.1", f"sha512-{digest}")


def packing(archive: bytes):
    def pack(_pin: Pin, folder: Path) -> Path:
        path = folder / "engine.tgz"
        path.write_bytes(archive)
        return path

    return pack


def test_the_pinned_archive_becomes_a_program(tmp_path):
    archive = archive_of(PROGRAM)
    target = tmp_path / "engine" / "dynoxide"

    fetch(pin_of(archive), target, packing(archive))

    assert target.read_bytes() == PROGRAM
    assert target.stat().st_mode & 0o111


def test_another_archive_is_refused_and_leaves_nothing(tmp_path):
    target = tmp_path / "engine" / "dynoxide"

    with pytest.raises(CannotStart, match="not the archive pinned"):
        fetch(pin_of(archive_of(PROGRAM)), target, packing(archive_of(b"evil")))

    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path):
    archive = archive_of(PROGRAM)
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(CannotStart, match="cannot be stored"):
        fetch(pin_of(archive), tmp_path / "file" / "dynoxide", packing(archive))


def test_another_pin_lies_in_another_folder():
    first, second = pin_of(archive_of(PROGRAM)), pin_of(archive_of(b"next"))

    assert first.binary != second.binary


def test_every_pin_is_a_sha_512():
    digests = [base64.b64decode(pin.integrity.removeprefix("sha512-")) for pin in PINS.values()]

    assert all(len(digest) == 64 for digest in digests)
