"""The task queue on AWS: Amazon SQS standard queues.

Amazon SQS API Reference, "SendMessageBatch" (read 2026-11): at most 10 entries and
1 MiB in one call, and single entries may fail in a call that succeeds.
"""

import json
from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.ports import StoreUnavailable

BATCH_MAX = 10  # SQS's own limit
BODY_BYTES_MAX = 100_000  # ten of them fit into one call


class SqsQueue:
    """Sends messages; Lambda receives them."""

    def __init__(self, client: Any, queue_urls: Mapping[str, str]) -> None:
        """Take a botocore client of "sqs" and the URL of each queue by name."""
        self._client = client
        self._queue_urls = dict(queue_urls)

    def enqueue(self, queue: str, payloads: Sequence[Mapping[str, Any]]) -> None:
        """Add one message per payload, in calls of ten.

        Raises:
            StoreUnavailable: perhaps not all were added.
        """
        bodies = iter([_body(payload) for payload in payloads])
        while batch := list(islice(bodies, BATCH_MAX)):
            self._send(queue, batch)

    def _send(self, queue: str, bodies: Sequence[str]) -> None:
        try:
            answer = self._client.send_message_batch(
                QueueUrl=self._queue_urls[queue],
                Entries=[
                    {"Id": str(place), "MessageBody": body} for place, body in enumerate(bodies)
                ],
            )
        except (BotoCoreError, ClientError) as error:
            raise StoreUnavailable(f"{queue}: not sent") from error
        failed = answer.get("Failed", [])
        if failed:
            raise StoreUnavailable(f"{queue}: {len(failed)} of {len(bodies)} were not taken")


def _body(payload: Mapping[str, Any]) -> str:
    body = json.dumps(payload, separators=(",", ":"))
    assert len(body) <= BODY_BYTES_MAX, "messages carry ids, not contents"
    return body
