"""The connection to the table: one client, its time-outs, its errors, named transactions.

Nothing is retried here: the use case's pacer is the one layer that repeats. pynamodb
sends a transaction as checks, deletes, puts, updates, whatever the order of calls, and
cancellation reasons come in that order; `Transaction` tells them by the part's name.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pynamodb.connection import Connection
from pynamodb.exceptions import (
    CancellationReason,
    DoesNotExist,
    PynamoDBException,
    TransactWriteError,
)
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.raw_items import RawItem
from chalicelib.adapters.sdk import share_tables
from chalicelib.ports import CommitConflict, StoreUnavailable

OnCall = Callable[[str, Mapping[str, Any]], None]  # operation name, parsed response

POOL_CONNECTIONS_MAX = 32
_USER_AGENT = "kopilka pynamodb botocore"

_THROTTLED = frozenset(
    {
        "ProvisionedThroughputExceeded",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ThrottlingError",
        "ThrottlingException",
        "TransactionInProgressException",
        "InternalServerError",
        "ServiceUnavailable",
        "RequestTimeout",
        "RequestTimeoutException",
    }
)
_CONFLICTS = frozenset({"TransactionConflict", "TransactionConflictException", "DuplicateItem"})
_SERVER_ERROR = 500  # HTTP statuses from here on: the outcome is unknown
_WITHOUT_CAPACITY = frozenset({"DescribeTable", "ListTables"})


class StoreMisused(RuntimeError):
    """The store refused a request as wrong: our bug, or a deployment without its table."""


class Cancelled(Exception):
    """A transaction wrote nothing. `failed`: part → the item that was there, if asked for."""

    def __init__(self, failed: Mapping[str, dict[str, Any] | None]) -> None:
        super().__init__(", ".join(failed))
        self.failed = failed


def bind(
    table_name: str,
    region: str,
    endpoint: str = "",
    *,
    connect_seconds: float = 1.0,
    read_seconds: float = 2.0,
    on_call: OnCall | None = None,
) -> Connection:
    """Point all items at this deployment's table; return the connection they share.

    An `endpoint` is an engine of one's own, which takes any credentials; without one it
    is Amazon's and the credentials are the role's. `on_call` sees every answer, which
    then says what it consumed, indexes apart; for benchmarks.
    """
    meta = Item.Meta
    meta.table_name = table_name
    meta.region = region
    meta.host = endpoint or None
    meta.connect_timeout_seconds = connect_seconds
    meta.read_timeout_seconds = read_seconds
    meta.max_retry_attempts = 0  # botocore: total_max_attempts = 1
    meta.max_pool_connections = POOL_CONNECTIONS_MAX
    meta.aws_access_key_id = meta.aws_secret_access_key = "local" if endpoint else None
    Item._connection = None
    connection = Item._get_connection().connection
    share_tables(connection.session)
    # botocore builds its own long user agent anew for every request: 5 % of a purchase.
    connection.session.set_default_client_config(Config(user_agent=_USER_AGENT))
    _ = connection.client  # made now: two threads would each make their own
    if on_call is not None:
        watch(connection, on_call)
    return connection


def watch(connection: Connection, on_call: OnCall) -> Callable[[], None]:
    """Let `on_call` see every answer from now on, with what it consumed.

    Returns what ends it.
    """
    events = connection.client.meta.events

    def ask_for_capacity(params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name not in _WITHOUT_CAPACITY:
            params["ReturnConsumedCapacity"] = "INDEXES"

    def tell(parsed: Mapping[str, Any], model: Any, **_: Any) -> None:
        on_call(model.name, parsed)

    events.register("before-parameter-build.dynamodb", ask_for_capacity)
    events.register("after-call.dynamodb", tell)

    def stop() -> None:
        events.unregister("before-parameter-build.dynamodb", ask_for_capacity)
        events.unregister("after-call.dynamodb", tell)

    return stop


@contextmanager
def store_errors() -> Iterator[None]:
    """Translate what the SDK raises.

    Raises:
        CommitConflict: a condition failed, or another transaction was at the item.
        StoreUnavailable: it timed out, was throttled or failed: the outcome is unknown.
        StoreMisused: it will be refused again.
    """
    try:
        yield
    except DoesNotExist:  # an answer, not a failure
        raise
    except (PynamoDBException, BotoCoreError, ClientError) as error:
        raise _translated(error) from error


class Rewriting:
    """Which attributes an update makes those of another item, absent ones too.

    Those of `once` are set where nothing stands and never removed. Names that are words of
    DynamoDB's own language stand behind a label; the engine refuses one that does not.
    """

    def __init__(self, names: Sequence[str], *, once: Set[str], reserved: Set[str]) -> None:
        self.once = once
        self.labels = {f"#{name}": name for name in names if name in reserved}
        self.parts = []  # name, label, label of the value, its place in SET
        for name in names:
            label = f"#{name}" if name in reserved else name
            value = f"if_not_exists({label},:{name})" if name in once else f":{name}"
            self.parts.append((name, label, f":{name}", f"{label}={value}"))


class Transaction:
    """One TransactWriteItems with named parts (at most 100)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._checks: dict[str, dict[str, Any]] = {}
        self._deletes: dict[str, dict[str, Any]] = {}
        self._puts: dict[str, dict[str, Any]] = {}
        self._updates: dict[str, dict[str, Any]] = {}

    def put(
        self, part: str, item: Item, condition: Condition | None, *, tells_old: bool = False
    ) -> None:
        """Add a put; with `tells_old` a failed condition tells the item that was there."""
        old = "ALL_OLD" if tells_old else None
        self._puts[part] = item.get_save_kwargs_from_instance(condition, old)

    def put_new(self, part: str, raw: RawItem, *, tells_old: bool = False) -> None:
        """Add a put of an item that must not be there; see `put`."""
        self._puts[part] = {
            "TableName": Item.Meta.table_name,
            "Item": raw,
            "ConditionExpression": "attribute_not_exists(pk)",
        }
        if tells_old:
            self._puts[part]["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"

    def put_raw(self, part: str, raw: RawItem) -> None:
        """Add a put of an item that may be there already."""
        self._puts[part] = {"TableName": Item.Meta.table_name, "Item": raw}

    def update(
        self,
        part: str,
        item: Item,
        actions: list[Action],
        condition: Condition | None,
        *,
        tells_old: bool = False,
    ) -> None:
        """Add an update; a blind one must set `kind`, or it makes a headless item."""
        old = "ALL_OLD" if tells_old else None
        self._updates[part] = item.get_update_kwargs_from_instance(actions, condition, old)

    def update_raw(self, part: str, wanted: Mapping[str, Any]) -> None:
        """Add an update as the engine takes it, of our table."""
        self._updates[part] = {"TableName": Item.Meta.table_name, **wanted}

    def rewrite(self, part: str, raw: RawItem, version: int, rewriting: "Rewriting") -> None:
        """Add an update that makes the stored item `raw`, if it is at that version."""
        sets, removes = [], []
        operands = {":read": {"N": str(version)}}
        for name, label, value_label, first in rewriting.parts:
            if name in raw:
                operands[value_label] = raw[name]
                sets.append(first)
            elif name not in rewriting.once:
                removes.append(label)
        remove = f" REMOVE {','.join(removes)}" if removes else ""
        self._updates[part] = {
            "TableName": Item.Meta.table_name,
            "Key": {"pk": raw["pk"], "sk": raw["sk"]},
            "ConditionExpression": "version=:read",
            "UpdateExpression": f"SET {','.join(sets)}{remove}",
            "ExpressionAttributeNames": rewriting.labels,
            "ExpressionAttributeValues": operands,
        }

    def delete(self, part: str, item: Item, condition: Condition | None = None) -> None:
        """Add a delete."""
        self._deletes[part] = item.get_delete_kwargs_from_instance(condition)

    def check(self, part: str, item: Item, condition: Condition) -> None:
        """Add a condition on an item that is not written."""
        self._checks[part] = item.get_operation_kwargs_from_class(item.pk, item.sk, condition)

    def commit(self) -> None:
        """Send it.

        Raises:
            Cancelled: conditions failed; it says which and nothing was written.
            CommitConflict: another transaction was at one of the items.
            StoreUnavailable: the outcome is unknown.
        """
        checks, deletes, puts, updates = self._checks, self._deletes, self._puts, self._updates
        try:
            with store_errors():
                self._connection.transact_write_items(
                    condition_check_items=list(checks.values()),
                    delete_items=list(deletes.values()),
                    put_items=list(puts.values()),
                    update_items=list(updates.values()),
                    return_consumed_capacity="NONE",  # pynamodb would ask, and nobody looks
                )
        except (CommitConflict, StoreUnavailable, StoreMisused) as error:
            failed = _failed([*checks, *deletes, *puts, *updates], error.__cause__)
            if failed:
                raise Cancelled(failed) from error
            raise


def _failed(
    sent: Sequence[str], error: BaseException | None
) -> dict[str, dict[str, Any] | None]:
    if not isinstance(error, TransactWriteError):
        return {}
    return {
        part: reason.raw_item
        for part, reason in zip(sent, error.cancellation_reasons, strict=False)
        if reason and reason.code == "ConditionalCheckFailed"
    }


def _translated(error: Exception) -> Exception:
    cause = error.cause if isinstance(error, PynamoDBException) else error
    if isinstance(cause, BotoCoreError):  # no answer: connection lost, timed out
        return StoreUnavailable(type(cause).__name__)
    if not isinstance(cause, ClientError):
        return StoreMisused(str(error))
    code = cause.response.get("Error", {}).get("Code", "")
    reasons = _reasons(error)
    codes = {code, *(reason.code for reason in reasons)}
    if codes & _THROTTLED or _is_server_error(cause):
        return StoreUnavailable(code)
    if codes & _CONFLICTS or any("ConditionalCheckFailed" in name for name in codes):
        return CommitConflict(code)
    return StoreMisused(", ".join(sorted(codes)))


def _reasons(error: Exception) -> list[CancellationReason]:
    if not isinstance(error, TransactWriteError):
        return []
    return [reason for reason in error.cancellation_reasons if reason]


def _is_server_error(error: ClientError) -> bool:
    # pynamodb re-raises without the response's metadata; the original is the cause.
    original = error.__cause__ if isinstance(error.__cause__, ClientError) else error
    status = original.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= _SERVER_ERROR
