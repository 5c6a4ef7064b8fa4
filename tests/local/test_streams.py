"""The stream's relay against the engine itself: order, repeats, restarts, giving up."""

import base64
import json

import pytest

from local.streams import ATTEMPTS_MAX, BATCH_MAX, Checkpoint, StreamRelay
from tests.local.conftest import store_at


class Recorder:
    """A handler that notes what it is given and fails where told."""

    def __init__(self, *failing: str) -> None:
        self.failing = set(failing)
        self.events: list[dict] = []
        self.done: list[str] = []

    def __call__(self, event, context):
        assert context.get_remaining_time_in_millis() > 0
        self.events.append(event)
        failures = []
        for record in event["Records"]:
            name = record["dynamodb"]["Keys"]["pk"]["S"]
            if name in self.failing:
                failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
            else:
                self.done.append(name)
        return {"batchItemFailures": failures}


def relay(store, handler, path=None, **more) -> StreamRelay:
    return StreamRelay(
        streams=store.streams,
        stream_arn=store.stream_arn(),
        handler=handler,
        checkpoint=Checkpoint(path),
        **more,
    )


def steps(relaying: StreamRelay, count: int) -> None:
    for _ in range(count):
        relaying.step()


def test_records_come_in_order_and_once(store):
    handler = Recorder()
    relaying = relay(store, handler)
    names = [f"n{number:03d}" for number in range(BATCH_MAX + 5)]
    store.put(*names)

    counts = [relaying.step() for _ in range(3)]

    assert handler.done == names
    assert counts == [BATCH_MAX, 5, 0]


def test_a_record_has_the_shape_that_lambda_gives(store):
    handler = Recorder()
    store.put("a", blob={"B": b"\x00\xff"}, number={"N": "7"}, names={"SS": ["x"]})

    relay(store, handler).step()

    record = handler.events[0]["Records"][0]
    image = record["dynamodb"]["NewImage"]
    assert record["eventName"] == "INSERT"
    assert image["blob"] == {"B": base64.b64encode(b"\x00\xff").decode()}
    assert image["number"] == {"N": "7"}
    assert image["names"] == {"SS": ["x"]}
    assert isinstance(record["dynamodb"]["ApproximateCreationDateTime"], float)
    assert json.loads(json.dumps(handler.events[0])) == handler.events[0]


def test_a_failed_record_comes_again_with_all_that_follow(store):
    handler = Recorder("b")
    relaying = relay(store, handler)
    store.put("a", "b", "c")

    relaying.step()
    handler.failing.clear()
    relaying.step()

    assert handler.done == ["a", "c", "b", "c"]


def test_a_record_that_always_fails_is_given_up_and_the_next_come_through(store, caplog):
    handler = Recorder("b")
    relaying = relay(store, handler)
    store.put("a", "b", "c")

    steps(relaying, ATTEMPTS_MAX + 1)

    assert handler.done.count("a") == 1
    assert handler.done[-1] == "c"
    assert relaying.step() == 0
    assert "given up" in caplog.text


def test_a_handler_that_raises_gets_the_whole_batch_again(store):
    calls: list = []

    def handler(event, _context):
        calls.append(len(event["Records"]))
        if len(calls) == 1:
            raise RuntimeError("a bug")
        return {"batchItemFailures": []}

    relaying = relay(store, handler)
    store.put("a", "b")

    steps(relaying, 2)

    assert calls == [2, 2]


@pytest.mark.parametrize("identifier", ["", "999999", None])
def test_an_unknown_identifier_fails_the_whole_batch_as_on_lambda(store, identifier):
    calls: list = []

    def handler(event, _context):
        calls.append(len(event["Records"]))
        return {
            "batchItemFailures": [{"itemIdentifier": identifier}] if len(calls) == 1 else []
        }

    relaying = relay(store, handler)
    store.put("a", "b")

    steps(relaying, 2)

    assert calls == [2, 2]


def test_a_new_process_goes_on_where_the_last_one_was(store, tmp_path):
    path = tmp_path / "stream.json"
    store.put("a")
    relay(store, Recorder(), path).step()
    store.put("b")
    handler = Recorder()

    relay(store, handler, path).step()

    assert handler.done == ["b"]


def test_what_was_written_before_the_engine_was_killed_is_relayed_after(tmp_path):
    path = tmp_path / "stream.json"
    first = store_at(tmp_path / "kopilka.db")
    first.put("a")
    relay(first, Recorder(), path).step()
    first.put("b")
    first.engine.process.kill()
    first.engine.stop()
    handler = Recorder()

    second = store_at(tmp_path / "kopilka.db")
    second.put("c")
    relay(second, handler, path).step()
    second.engine.stop()

    assert handler.done == ["b", "c"]


def test_a_torn_checkpoint_repeats_and_loses_nothing(store, tmp_path):
    path = tmp_path / "stream.json"
    store.put("a", "b")
    relay(store, Recorder(), path).step()
    path.write_text(path.read_text()[:7])
    handler = Recorder()

    relay(store, handler, path).step()

    assert handler.done == ["a", "b"]


def test_a_failing_record_is_asked_for_less_and_less_often(store):
    relaying = relay(store, Recorder("a"))
    store.put("a")

    relaying.step()
    once = relaying.retry_seconds()
    relaying.step()

    assert once < relaying.retry_seconds()
