"""Relays the table's stream to a Lambda handler, as AWS's event source mapping would.

Records come in order per shard, at least once. The place reached is kept in a file, so
that a restart goes on from there; dynoxide keeps its records over a restart. A record
that fails is sent again, and everything after it in the shard; after `ATTEMPTS_MAX` it
is given up with a log line (on AWS: the dead-letter queue) and the sweep finds its work.

AWS Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB" (read 2026-11):
event shape, batch size 100, ReportBatchItemFailures, bisecting not used.
"""

import base64
import json
import logging
import os
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from chalice.local import LambdaContext

BATCH_MAX = 100  # as in infra/
ATTEMPTS_MAX = 5
POLL_SECONDS = 0.05
SHARDS_MAX = 100
RETRY_SECONDS_MAX = 2.0
RUN_MS = 300_000  # what a handler is told it has

log = logging.getLogger(__name__)

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Checkpoint:
    """The last relayed sequence number of each shard, in a file (or nowhere: tests)."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._places: dict[str, str] = self._read()

    def get(self, shard: str) -> str | None:
        """Return where the shard was left, None if it was never read."""
        return self._places.get(shard)

    def put(self, shard: str, sequence_number: str) -> None:
        """Remember the place; a crash before it is written repeats some records."""
        self._places[shard] = sequence_number
        if self._path is None:
            return
        scratch = self._path.with_suffix(".new")
        scratch.write_text(json.dumps(self._places))
        os.replace(scratch, self._path)

    def _read(self) -> dict[str, str]:
        if self._path is None:
            return {}
        try:
            places = json.loads(self._path.read_text())
            return {str(shard): str(place) for shard, place in places.items()}
        except (OSError, ValueError, AttributeError):
            return {}  # never started, or cut by a power failure: all is relayed again


class StreamRelay:
    """Reads every shard of a table's stream and calls the handler with batches."""

    def __init__(
        self,
        *,
        streams: Any,
        stream_arn: str,
        handler: Handler,
        checkpoint: Checkpoint,
        on_relayed: Callable[[int], None] = lambda _sequence_number: None,
    ) -> None:
        """Take a botocore client of "dynamodbstreams".

        The client needs `Config(parameter_validation=False)`: dynoxide's shard ids are
        shorter than botocore's minimum. `on_relayed` hears each place reached.
        """
        self._streams = streams
        self._stream_arn = stream_arn
        self._handler = handler
        self._checkpoint = checkpoint
        self._on_relayed = on_relayed
        self._iterators: dict[str, str | None] = {}
        self._attempts: dict[str, int] = {}  # by sequence number of the failing record
        self._one_at_a_time = threading.Lock()

    def step(self) -> int:
        """Relay what has come, one batch per shard; how many records the handler took."""
        with self._one_at_a_time:
            if not any(self._iterators.values()):
                self._find_shards()
            return sum(self._relay(shard) for shard in list(self._iterators))

    def retry_seconds(self) -> float:
        """Return how long to wait before the next step: longer while a record fails."""
        worst = max(self._attempts.values(), default=0)
        return float(min(POLL_SECONDS * 2**worst, RETRY_SECONDS_MAX))

    def _find_shards(self) -> None:
        found = self._streams.describe_stream(StreamArn=self._stream_arn)["StreamDescription"]
        for shard in found["Shards"][:SHARDS_MAX]:
            if shard["ShardId"] not in self._iterators:
                self._iterators[shard["ShardId"]] = self._iterator(shard)

    def _iterator(self, shard: Mapping[str, Any]) -> str:
        place = self._checkpoint.get(self._place_of(shard["ShardId"]))
        if place is not None:
            try:
                return self._iterator_from(
                    shard, ShardIteratorType="AFTER_SEQUENCE_NUMBER", SequenceNumber=place
                )
            except self._streams.exceptions.TrimmedDataAccessException:
                log.warning("the stream was trimmed beyond the place reached")
        return self._iterator_from(shard, ShardIteratorType="TRIM_HORIZON")

    def _iterator_from(self, shard: Mapping[str, Any], **start: str) -> str:
        answer = self._streams.get_shard_iterator(
            StreamArn=self._stream_arn, ShardId=shard["ShardId"], **start
        )
        iterator: str = answer["ShardIterator"]
        return iterator

    def _relay(self, shard: str) -> int:
        iterator = self._iterators[shard]
        if iterator is None:  # a closed shard, read to its end
            return 0
        try:
            answer = self._streams.get_records(ShardIterator=iterator, Limit=BATCH_MAX)
        except self._streams.exceptions.ExpiredIteratorException:
            self._iterators.pop(shard)
            return 0
        records = [as_lambda_record(record) for record in answer["Records"]]
        taken = self._call(records) if records else 0
        if taken:
            place = records[taken - 1]["dynamodb"]["SequenceNumber"]
            self._checkpoint.put(self._place_of(shard), place)
            self._on_relayed(int(place))
        if taken == len(records):
            self._iterators[shard] = answer.get("NextShardIterator")
        else:
            self._iterators[shard] = self._iterator({"ShardId": shard})
        return taken

    def _call(self, records: list[dict[str, Any]]) -> int:
        """Return how many records, from the first, need not come again."""
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        failed = failed_items(self._handler, {"Records": records}, numbers)
        if not failed:
            self._attempts.clear()
            return len(records)
        first = min(numbers.index(number) for number in failed)
        attempts = self._attempts.get(numbers[first], 0) + 1
        self._attempts = {numbers[first]: attempts}
        if attempts < ATTEMPTS_MAX:
            return first
        log.error("a stream record was given up after %d attempts", attempts)
        self._attempts.clear()
        return first + 1

    def _place_of(self, shard: str) -> str:
        return f"{self._stream_arn}/{shard}"


def failed_items(handler: Handler, event: dict[str, Any], known: list[str]) -> set[str]:
    """Call a batch handler; the identifiers that must come again, as Lambda reads them.

    An exception, or an identifier that is not of the batch, fails the whole batch.
    """
    try:
        answer = handler(event, LambdaContext("local", 128, max_runtime_ms=RUN_MS))
    except Exception:  # a handler's bug must not end the worker
        log.exception("a handler failed with its whole batch")
        return set(known)
    failures = (answer or {}).get("batchItemFailures", [])
    failed = {str(failure.get("itemIdentifier", "")) for failure in failures}
    return failed if failed <= set(known) else set(known)


def as_lambda_record(record: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a record as botocore parses it into the JSON that Lambda hands over."""
    return {**record, "eventSourceARN": "", "dynamodb": _plain(record["dynamodb"])}


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(part) for part in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, datetime):
        return value.timestamp()
    return value
