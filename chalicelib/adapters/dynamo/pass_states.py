"""The `PassStates` port: the three counters of many passes, a hundred items a round trip."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from pynamodb.connection import Connection

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.pass_designs import look_key
from chalicelib.adapters.dynamo.raw_items import RawItem
from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.pass_designs import pass_version
from chalicelib.domain.pass_holders import PassState
from chalicelib.ports import StoreUnavailable

BATCH_MAX = 100  # keys of BatchGetItem
_WANTED = {
    "ProjectionExpression": "pk,sk,pass_version,revision,removed,#status",
    "ExpressionAttributeNames": {"#status": "status"},
    "ConsistentRead": True,
}


class DynamoPassStates:
    """Versions in the table; may be shared by threads."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def states_of(self, members: Collection[MemberRef]) -> dict[MemberRef, PassState]:
        wanted = [look_key(one) for one in dict.fromkeys(m.merchant_id for m in members)]
        for member in dict.fromkeys(members):
            wanted += [keys.account_key(member), keys.profile_key(member)]
        found: dict[keys.Key, RawItem] = {}
        for first in range(0, len(wanted), BATCH_MAX):
            rows = self._read(wanted[first : first + BATCH_MAX])
            found |= {(raw["pk"]["S"], raw["sk"]["S"]): raw for raw in rows}
        return dict(_states(members, found))

    def _read(self, wanted: list[keys.Key]) -> list[RawItem]:
        table = Item.Meta.table_name
        asked = [{"pk": {"S": pk}, "sk": {"S": sk}} for pk, sk in wanted]
        request = {
            "RequestItems": {table: {"Keys": asked, **_WANTED}},
            "ReturnConsumedCapacity": "NONE",  # pynamodb would ask, and nobody looks
        }
        with store_errors():
            answer = self._connection.dispatch("BatchGetItem", request)
        if answer.get("UnprocessedKeys"):
            raise StoreUnavailable("throttled")
        rows: list[RawItem] = answer["Responses"].get(table, [])
        return rows


def _states(
    members: Collection[MemberRef], found: Mapping[keys.Key, RawItem]
) -> Iterator[tuple[MemberRef, PassState]]:
    for member in members:
        account = found.get(keys.account_key(member))
        if account is None:
            continue
        profile = found.get(keys.profile_key(member))
        version = pass_version(
            int(account["pass_version"]["N"]),
            _revision(profile),
            _revision(found.get(look_key(member.merchant_id))),
        )
        removed = (profile or {}).get("removed", {}).get("S", "")
        status = account.get("status", {}).get("S", MemberStatus.ACTIVE.value)
        is_void = status != MemberStatus.ACTIVE.value
        yield member, PassState(version, is_void, frozenset(removed.split()))


def _revision(raw: Mapping[str, Mapping[str, Any]] | None) -> int:
    return int(raw["revision"]["N"]) if raw else 0
