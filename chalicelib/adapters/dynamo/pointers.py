"""Pointers: what leads from a phone, a pass code or a card to its member."""

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.reading import find
from chalicelib.domain.account import MemberRef


class PointerItem(Item, discriminator="P"):
    """Leads from a phone, a pass code or a card to its member."""

    member_id = UnicodeAttribute()
    is_replaced = BooleanAttribute(null=True)  # of a pass code: the member has another


def pointer(
    key: keys.Key, member: MemberRef, *, is_replaced: bool | None = None
) -> PointerItem:
    """Return the item that leads to a member."""
    return PointerItem(*key, member_id=member.member_id, is_replaced=is_replaced)


def pointed_to(key: keys.Key, *, is_replaced: bool = False) -> str | None:
    """Return where it leads; None where nothing lies, or not what is asked for."""
    item = find(PointerItem, key)
    return item.member_id if item and bool(item.is_replaced) is is_replaced else None
