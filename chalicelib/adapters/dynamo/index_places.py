"""Where an account stands in the sparse indexes: by its due day, and while it is dirty."""

from datetime import datetime

from chalicelib.adapters.dynamo import keys
from chalicelib.domain.account import Account, MemberRef


def due_place(account: Account, due_shards: int) -> tuple[str, str]:
    """Return where a due account stands in the index: partition and sort key."""
    assert account.due is not None, "the caller looks"
    member = account.member
    shard = keys.shard_of(member.member_id, due_shards)
    return (
        keys.due_accounts(member.merchant_id, shard),
        keys.due_member_sk(account.due, member.member_id),
    )


def dirty_place(member: MemberRef, at: datetime) -> tuple[str, str]:
    """Return where an account dirty since `at` stands in the index, as `due_place`."""
    shard = keys.shard_of(member.member_id, keys.DIRTY_SHARDS)
    return (
        keys.dirty_passes(shard),
        keys.dirty_sk(at, member.merchant_id, member.member_id),
    )
