"""The funnel's items, and how they are counted within the transaction that makes a fact.

| item          | pk                    | sk                                   |
|---------------|-----------------------|--------------------------------------|
| counts        | T#{merchant}#FUNNEL   | {YYYY-MM-DD}#{shard}, {YYYY-MM-DD}#P |
| a card's days | that of its member    | FUNNEL                               |

Two transactions at one item refuse each other: hence the shards, by member, and pushes
(`P`), which are no transaction, apart. A card's days say when it was created and when it
first came into a wallet; a card older than the funnel has none and is counted neither as
created nor as walleted.
"""

from collections.abc import Mapping
from datetime import date

from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Transaction
from chalicelib.adapters.dynamo.items import DateAttribute, IntegerAttribute, Item
from chalicelib.adapters.dynamo.reading import find
from chalicelib.domain.account import MemberRef

SHARDS = 8  # of a day; may be raised on a live table: whoever reads adds up what is there
PUSHES = "P"
_CARD_SK = "FUNNEL"


class FunnelItem(Item, discriminator="f"):
    """Counts of one day, or a part of them; absent numbers are 0."""

    created = IntegerAttribute(null=True)
    walleted = IntegerAttribute(null=True)
    added_to_apple = IntegerAttribute(null=True)
    added_to_google = IntegerAttribute(null=True)
    removed = IntegerAttribute(null=True)
    pushes_delivered = IntegerAttribute(null=True)
    pushes_failed = IntegerAttribute(null=True)
    pushes_dead = IntegerAttribute(null=True)


class CardDaysItem(Item, discriminator="fc"):
    """The days of one card."""

    created_on = DateAttribute()
    walleted_on = DateAttribute(null=True)


def funnel_pk(merchant_id: str) -> str:
    """Return the partition of a merchant's counts."""
    return f"T#{keys.part(merchant_id)}#FUNNEL"


def funnel_key(merchant_id: str, day: date, place: str) -> keys.Key:
    """Return where a part of a day's counts lies."""
    return funnel_pk(merchant_id), f"{day.isoformat()}#{place}"


def add_actions(counts: Mapping[str, int]) -> list[Action]:
    """Return what adds to an item that may not be there yet."""
    added = [getattr(FunnelItem, name).add(number) for name, number in counts.items()]
    return [*added, FunnelItem.kind.set(FunnelItem)]  # an update that creates writes none


def add_created(write: Transaction, member: MemberRef, day: date) -> None:
    """Count a card, in the transaction that creates it."""
    card = CardDaysItem(*_card_key(member), created_on=day)
    write.put("card days", card, CardDaysItem.pk.does_not_exist())
    _add(write, member, day, {"created": 1})


def add_into_wallet(write: Transaction, member: MemberRef, day: date, name: str) -> None:
    """Count that a card came into a wallet, and, if for the first time, that too.

    It reads the card first; if that is overtaken, the transaction fails.
    """
    card = find(CardDaysItem, _card_key(member))
    if card is None or card.walleted_on is not None:
        _add(write, member, day, {name: 1})
        return
    write.update(
        "card days",
        CardDaysItem(*_card_key(member)),
        [CardDaysItem.walleted_on.set(day)],
        CardDaysItem.pk.exists() & CardDaysItem.walleted_on.does_not_exist(),
    )
    if card.created_on == day:  # a transaction takes each item once
        _add(write, member, day, {name: 1, "walleted": 1})
        return
    _add(write, member, day, {name: 1})
    _add(write, member, card.created_on, {"walleted": 1})


def add_removed(write: Transaction, member: MemberRef, day: date) -> None:
    """Count that a card went from a wallet."""
    _add(write, member, day, {"removed": 1})


def _add(write: Transaction, member: MemberRef, day: date, counts: Mapping[str, int]) -> None:
    shard = keys.shard_of(member.member_id, SHARDS)
    item = FunnelItem(*funnel_key(member.merchant_id, day, str(shard)))
    write.update(f"funnel {day}", item, add_actions(counts), None)


def _card_key(member: MemberRef) -> keys.Key:
    return keys.member_pk(member), _CARD_SK
