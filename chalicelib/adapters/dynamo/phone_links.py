"""The `PhoneLinks` port: addresses sent to phones that nobody has confirmed yet.

| item       | pk        | sk |
|------------|-----------|----|
| phone link | V#{hash}  | V  |

Only the hash of the address is stored: whoever has the table can confirm nobody. A link
that is over is gone for every reader, deleted or not.
"""

from collections.abc import Sequence
from contextlib import suppress

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection

from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import Item, MomentAttribute
from chalicelib.adapters.dynamo.keys import Key, part
from chalicelib.adapters.dynamo.reading import epoch, find, is_over
from chalicelib.adapters.dynamo.sms_limits import add_charges, refuse_if_full
from chalicelib.adapters.dynamo.sms_outbox import sms_item
from chalicelib.adapters.vault import Vault
from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import LimitCharge, OutgoingSms, PhoneLink
from chalicelib.ports import Clock, CommitConflict


class PhoneLinkItem(Item, discriminator="pl"):
    """Leads from an address to the member whose phone it was sent to."""

    merchant_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    phone_hash = UnicodeAttribute()
    expires_at = MomentAttribute()
    used_at = MomentAttribute(null=True)


class DynamoPhoneLinks:
    """Links in the table; messages are sealed by the vault."""

    def __init__(self, connection: Connection, vault: Vault, clock: Clock) -> None:
        self._connection = connection
        self._vault = vault
        self._clock = clock

    def promise(
        self, link: PhoneLink, sms: OutgoingSms, charges: Sequence[LimitCharge]
    ) -> None:
        write = Transaction(self._connection)
        write.put("link", _item(link), None)
        write.put("sms", sms_item(sms, self._vault), Item.pk.does_not_exist())
        add_charges(write, link.member.merchant_id, charges)
        try:
            write.commit()
        except Cancelled as error:
            if "sms" in error.failed:  # a lost answer: our own id, asked again
                return
            refuse_if_full(error, charges)
            raise CommitConflict(", ".join(error.failed)) from error

    def find(self, token_hash: str) -> PhoneLink | None:
        item = find(PhoneLinkItem, _key(token_hash))
        if item is None or is_over(item, self._clock.now()):
            return None
        member = MemberRef(item.merchant_id, item.member_id)
        return PhoneLink(token_hash, member, item.phone_hash, item.expires_at, item.used_at)

    def use(self, link: PhoneLink) -> None:
        assert link.used_at is not None, "a used link has its moment"
        used_at = PhoneLinkItem.used_at
        is_unused = PhoneLinkItem.pk.exists() & used_at.does_not_exist()
        item = PhoneLinkItem(*_key(link.token_hash))
        with suppress(CommitConflict), store_errors():
            item.update([used_at.set(link.used_at)], is_unused)


def _item(link: PhoneLink) -> PhoneLinkItem:
    return PhoneLinkItem(
        *_key(link.token_hash),
        merchant_id=link.member.merchant_id,
        member_id=link.member.member_id,
        phone_hash=link.phone_hash,
        expires_at=link.expires_at,
        used_at=link.used_at,
        ttl=epoch(link.expires_at),
    )


def _key(token_hash: str) -> Key:
    return f"V#{part(token_hash)}", "V"
