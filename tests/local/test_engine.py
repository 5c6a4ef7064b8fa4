"""The engine as a child process: it answers, keeps what it acknowledged, dies with us."""

import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time

import pytest

from local.engine import start_engine
from local.engine_file import index_stream, trim_stream
from local.errors import CannotStart
from local.streams import Checkpoint, StreamRelay
from local.table import create_table
from tests.local.conftest import TABLE, store_at

DEADLINE_SECONDS = 30


def wait_until(is_so) -> bool:
    deadline = time.monotonic() + DEADLINE_SECONDS
    pause = threading.Event()
    while time.monotonic() < deadline:
        if is_so():
            return True
        pause.wait(0.01)
    return False


def is_listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_what_was_acknowledged_survives_a_kill(tmp_path):
    first = store_at(tmp_path / "kopilka.db")
    first.put("a")

    first.engine.process.kill()
    first.engine.stop()
    second = store_at(tmp_path / "kopilka.db")

    found = second.table.get_item(TableName=TABLE, Key={"pk": {"S": "a"}, "sk": {"S": "x"}})
    second.engine.stop()
    assert "Item" in found


def test_a_stopped_engine_is_gone_and_may_be_stopped_again():
    engine = start_engine()

    engine.stop()
    engine.stop()

    assert not engine.is_alive()


def test_an_engine_does_not_outlive_a_parent_that_was_killed():
    script = (
        "from local.engine import start_engine; import signal;"
        "print(start_engine().endpoint, flush=True); signal.pause()"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE)
    port = int(parent.stdout.readline().rpartition(b":")[2])
    assert is_listening(port)

    parent.send_signal(signal.SIGKILL)
    parent.wait()

    assert wait_until(lambda: not is_listening(port))


def test_an_engine_that_cannot_open_its_file_says_so(tmp_path):
    log_path = tmp_path / "engine.log"

    with pytest.raises(CannotStart, match="unable to open"):
        start_engine(tmp_path / "missing" / "kopilka.db", log_path=log_path)


def test_a_named_endpoint_starts_nothing():
    engine = start_engine(endpoint="http://127.0.0.1:1")

    assert (engine.endpoint, engine.process) == ("http://127.0.0.1:1", None)
    engine.stop()


def test_the_table_is_made_once_with_its_indexes_and_stream(store):
    is_new = create_table(store.table, TABLE)

    table = store.table.describe_table(TableName=TABLE)["Table"]
    indexes = {index["IndexName"]: index for index in table["GlobalSecondaryIndexes"]}
    assert is_new is False
    assert set(indexes) == {"due", "dirty"}
    assert indexes["due"]["Projection"] == {"ProjectionType": "KEYS_ONLY"}
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_IMAGE"


def test_relayed_records_are_trimmed_and_numbers_go_on(store):
    index_stream(store.db_path)
    relayed: list = []

    def handler(event, _context):
        relayed.extend(record["dynamodb"]["SequenceNumber"] for record in event["Records"])
        return {"batchItemFailures": []}

    relaying = StreamRelay(
        streams=store.streams,
        stream_arn=store.stream_arn(),
        handler=handler,
        checkpoint=Checkpoint(None),
    )
    store.put(*[f"n{number}" for number in range(20)])
    relaying.step()

    trimmed = trim_stream(store.db_path, TABLE, before=int(relayed[-1]))
    store.put("after")
    relaying.step()

    assert trimmed == 19
    assert [int(number) for number in relayed] == list(range(1, 22))


def test_records_that_were_not_relayed_are_never_trimmed(store):
    store.put("a", "b", "c")

    trimmed = trim_stream(store.db_path, TABLE, before=2)

    assert trimmed == 1


def test_another_schema_version_is_left_alone(tmp_path):
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE _config (key TEXT, value TEXT)")
        other.execute("INSERT INTO _config VALUES ('schema_version', '10')")
    other.close()

    assert index_stream(path) is False
    assert trim_stream(path, TABLE, before=10) == 0
