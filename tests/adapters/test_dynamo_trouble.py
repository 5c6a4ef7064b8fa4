"""How the real ledger tells trouble: conflicts, overload, time-outs, our own mistakes.

The engine never throttles, conflicts or fails, so that a small server answers for it.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread

import pytest
from pynamodb.connection import Connection

from chalicelib.adapters.dynamo.connection import StoreMisused, bind
from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.adapters.dynamo.phone_changes import DynamoPhoneChanges
from chalicelib.adapters.vault import LocalVault
from chalicelib.domain.account import Account
from chalicelib.domain.entries import LedgerChange
from chalicelib.ports import CommitConflict, StoreUnavailable
from tests.adapters.ledger_values import MEMBER, credit, operation, purchase, receipt
from tests.adapters.stores import NOW, MasterKey
from tests.adapters.test_phone_changes_contract import change
from tests.fakes.clock import FakeClock

NEW = Account(MEMBER)


class TestTrouble:
    def test_a_store_that_is_not_there_is_unavailable(self, connection) -> None:
        nobody = bind("nobody", "eu-central-1", "http://127.0.0.1:9")
        ledger = DynamoLedger(nobody, due_shards=4)

        with pytest.raises(StoreUnavailable):
            ledger.account(MEMBER)
        with pytest.raises(StoreUnavailable):
            ledger.account_and_receipt(MEMBER, receipt().key)
        with pytest.raises(StoreUnavailable):
            ledger.entries(MEMBER)
        with pytest.raises(StoreUnavailable):
            ledger.commit(credit(NEW))

    def test_a_missing_table_is_a_mistake_of_ours(self, engine_endpoint) -> None:
        ledger = DynamoLedger(
            bind("no-such-table", "eu-central-1", engine_endpoint), due_shards=4
        )

        with pytest.raises(StoreMisused):
            ledger.account(MEMBER)

    @pytest.mark.parametrize("where", range(4))
    def test_a_part_that_another_transaction_is_at_is_a_conflict(self, where) -> None:
        codes = ["None"] * 4
        codes[where] = "TransactionConflict"

        with _answering(400, _cancelled(codes)) as ledger, pytest.raises(CommitConflict):
            ledger.commit(_second_purchase())

    # pynamodb sends puts before updates: operation, entry, receipt, account.
    @pytest.mark.parametrize("where", [1, 3])
    def test_a_moved_account_and_a_written_entry_are_conflicts(self, where) -> None:
        codes = ["None"] * 4
        codes[where] = "ConditionalCheckFailed"

        with _answering(400, _cancelled(codes)) as ledger, pytest.raises(CommitConflict):
            ledger.commit(_second_purchase())

    @pytest.mark.parametrize("code", ["ThrottlingError", "ProvisionedThroughputExceeded"])
    def test_a_throttled_part_is_unavailable(self, code) -> None:
        answer = _cancelled(["None", code, "None", "None"])

        with _answering(400, answer) as ledger, pytest.raises(StoreUnavailable):
            ledger.commit(_second_purchase())

    @pytest.mark.parametrize(
        ("status", "code"),
        [
            (400, "ProvisionedThroughputExceededException"),
            (400, "ThrottlingException"),
            (400, "RequestLimitExceeded"),
            (400, "TransactionInProgressException"),
            (500, "InternalServerError"),
            (503, "Whatever"),
        ],
    )
    def test_an_overloaded_or_failing_store_is_unavailable(self, status, code) -> None:
        answer = {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": ""}

        with _answering(status, answer) as ledger:
            with pytest.raises(StoreUnavailable):
                ledger.account(MEMBER)
            with pytest.raises(StoreUnavailable):
                ledger.commit(_second_purchase())

    def test_a_failing_store_is_asked_once(self) -> None:
        asked: list[str] = []

        with _answering(500, {}, asked=asked) as ledger, pytest.raises(StoreUnavailable):
            ledger.account(MEMBER)

        assert asked == ["DynamoDB_20120810.GetItem"]

    def test_a_store_that_does_not_answer_in_time_is_unavailable(self) -> None:
        with _answering(None, {}) as ledger, pytest.raises(StoreUnavailable):
            ledger.commit(_second_purchase())

    def test_receipts_left_unread_for_load_are_unavailable(self) -> None:
        left = {"some-table": {"Keys": [{"pk": {"S": "a"}, "sk": {"S": "b"}}]}}
        answer = {"Responses": {}, "UnprocessedKeys": left}

        with _answering(200, answer) as ledger, pytest.raises(StoreUnavailable):
            ledger.account_and_receipt(MEMBER, receipt().key)

    def test_right_codes_that_another_guess_was_at_are_not_taken_for_stored(self) -> None:
        conflict = _cancelled(["TransactionConflict", "None"])
        proven = replace(change(), old_code_hash=None, verified_at=NOW)

        with _connected(400, conflict) as connection:
            changes = DynamoPhoneChanges(connection, LocalVault(MasterKey()), FakeClock(NOW))
            with pytest.raises(CommitConflict):
                changes.verify(proven)


@contextmanager
def _answering(
    status: int | None, answer: object, asked: list[str] | None = None
) -> Iterator[DynamoLedger]:
    """Give a ledger whose store answers every request the same; None: never."""
    with _connected(status, answer, asked) as connection:
        yield DynamoLedger(connection, due_shards=4)


@contextmanager
def _connected(
    status: int | None, answer: object, asked: list[str] | None = None
) -> Iterator[Connection]:
    """Give a connection to a store that answers every request the same; None: never."""
    is_over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            if asked is not None:
                asked.append(self.headers["X-Amz-Target"])
            if status is None:
                is_over.wait(10)
                return
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        read_seconds = 0.2 if status is None else 10
        yield bind("some-table", "eu-central-1", endpoint, read_seconds=read_seconds)
        is_over.set()
        server.shutdown()


def _cancelled(codes: list[str]) -> dict[str, object]:
    return {
        "__type": "com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
        "Message": "Transaction cancelled",
        "CancellationReasons": [{"Code": code} for code in codes],
    }


def _second_purchase() -> LedgerChange:
    first = credit(NEW)
    return purchase(first.account, of=operation("second"))
