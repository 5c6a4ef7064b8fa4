"""The data folder: one process at a time, private files, one sentence when it cannot be."""

import errno
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chalicelib.adapters.private_files import write_private
from local.environment import ensure_secrets
from local.errors import CannotStart
from local.folder import claimed, explained

HOLD = """
import signal, sys
from pathlib import Path
from local.folder import claimed
with claimed(Path(sys.argv[1])):
    print("held", flush=True)
    signal.pause()
"""


@contextmanager
def holder(folder) -> Iterator[subprocess.Popen]:
    """Another process that holds the folder until it is killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdout=subprocess.PIPE
    )
    try:
        assert process.stdout.readline() == b"held\n"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_second_process_is_told_who_holds_the_folder(tmp_path):
    with holder(tmp_path) as first, pytest.raises(CannotStart) as refused, claimed(tmp_path):
        pass

    assert f"in use by process {first.pid}" in str(refused.value)


def test_the_folder_of_a_killed_process_is_free(tmp_path):
    with holder(tmp_path) as first:
        first.kill()
        first.wait()

        with claimed(tmp_path) as folder:
            assert folder == tmp_path


def test_the_folder_is_made_for_its_owner_alone(tmp_path):
    with claimed(tmp_path / "deep" / "data") as folder:
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_file_in_the_way_of_the_folder_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotStart, match="DATA_DIR"), claimed(tmp_path / "file" / "data"):
        pass


@pytest.mark.parametrize(
    ("number", "words"),
    [(errno.ENOSPC, "is full"), (errno.EDQUOT, "is full"), (errno.EROFS, "cannot be written")],
)
def test_what_the_system_refuses_is_named_with_the_way_out(tmp_path, number, words):
    trouble = explained(OSError(number, "refused"), tmp_path)

    assert words in str(trouble)
    assert "DATA_DIR" in str(trouble)


def test_a_private_file_is_written_whole_and_for_its_owner(tmp_path):
    path = tmp_path / "secret.json"

    write_private(path, "first")
    write_private(path, "second")

    assert path.read_text() == "second"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_secrets_are_made_once(tmp_path):
    path = tmp_path / "secrets.json"
    ensure_secrets(path)
    first = path.read_text()

    ensure_secrets(path)

    assert path.read_text() == first
