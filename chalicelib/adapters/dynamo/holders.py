"""The `PassHolders` port: rows written with the registrations (`device_items.py`)."""

from chalicelib.adapters.dynamo import holder_keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.device_items import HolderItem
from chalicelib.adapters.dynamo.holder_keys import HOLDER_SHARDS, holder_key
from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration
from chalicelib.domain.pass_holders import PassHolder

PAGE_MAX = 1_000  # rows of some 300 bytes: within one round trip of 1 MB


class DynamoPassHolders:
    """Passes in wallets, in the table."""

    shards = HOLDER_SHARDS

    def page(
        self, merchant_id: str, shard: int, after: str = "", limit: int = PAGE_MAX
    ) -> tuple[tuple[PassHolder, ...], str]:
        wanted = min(limit, PAGE_MAX)
        with store_errors():
            items = list(
                HolderItem.query(
                    holder_keys.holder_pk(merchant_id, shard),
                    HolderItem.sk > after if after else None,
                    consistent_read=True,
                    limit=wanted,
                )
            )
        behind = items[-1].sk if len(items) == wanted else ""
        return tuple(_holder(merchant_id, item) for item in items), behind

    def count(self, merchant_id: str) -> int:
        with store_errors():
            return sum(
                HolderItem.count(
                    holder_keys.holder_pk(merchant_id, shard), consistent_read=True
                )
                for shard in range(HOLDER_SHARDS)
            )

    def note_google(self, member: MemberRef) -> None:
        with store_errors():
            HolderItem(*holder_key(member, None), member_id=member.member_id).save()

    def forget_google(self, member: MemberRef) -> None:
        with store_errors():
            HolderItem(*holder_key(member, None)).delete()


def _holder(merchant_id: str, item: HolderItem) -> PassHolder:
    member = MemberRef(merchant_id, item.member_id)
    if item.device_id is None:
        return PassHolder(member)
    registration = DeviceRegistration(
        device_id=item.device_id,
        pass_type=item.pass_type or "",
        serial=item.serial or "",
        push_token=item.push_token or "",
        registered_at=item.registered_at,
    )
    return PassHolder(member, registration)
