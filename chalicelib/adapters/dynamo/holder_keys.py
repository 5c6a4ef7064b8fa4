"""Where it stands that a pass is in a wallet: by merchant and shard, member by member.

| item   | pk                     | sk                             |
|--------|------------------------|--------------------------------|
| holder | T#{merchant}#H#{shard} | {member}#A#{device}, {member}#G |
"""

from chalicelib.adapters.dynamo.keys import Key, part, shard_of
from chalicelib.domain.account import MemberRef

HOLDER_SHARDS = 4  # of each merchant; never lowered on a live table


def holder_pk(merchant_id: str, shard: int) -> str:
    """Return the partition of a merchant's passes in wallets."""
    return f"T#{part(merchant_id)}#H#{shard}"


def holder_key(member: MemberRef, device_id: str | None) -> Key:
    """Return where it stands that a device holds a member's pass; None: Google's wallet."""
    shard = shard_of(member.member_id, HOLDER_SHARDS)
    wallet = "G" if device_id is None else f"A#{part(device_id)}"
    return holder_pk(member.merchant_id, shard), f"{part(member.member_id)}#{wallet}"
