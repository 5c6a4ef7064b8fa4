"""The counters that keep SMS within bounds, as parts of a transaction.

A counter is one item per limit, subject and window; a charge adds to it under the
condition that the sum stays within the maximum, so that parallel requests cannot pass
it. A sliding limit is one item with the moments of its last charges, `m0` the latest, in
milliseconds: a charge moves each a place on, if the one that falls out is old enough.
The counters of all merchants together lie where no merchant's do; the one of their budget
is written by every message, and the budget itself keeps those few enough for one item.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item
from chalicelib.adapters.dynamo.raw_items import RawItem
from chalicelib.adapters.dynamo.reading import epoch
from chalicelib.domain.members import LimitCharge
from chalicelib.domain.sign_ups import SLIDING_MAX
from chalicelib.ports import LimitReached

CHARGES_MAX = 20  # of one request
NOBODYS = "-"  # stands where a merchant's id does: no merchant has it, an id has a letter
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = 0


class LimitItem(Item, discriminator="L"):
    """How much of one limit is taken in one window; a sliding one has moments instead."""

    units = IntegerAttribute()


def add_charges(write: Transaction, merchant_id: str, charges: Sequence[LimitCharge]) -> None:
    """Add to a transaction that every charge is taken, if there is room for it."""
    assert len(charges) <= CHARGES_MAX, "a transaction is bounded"
    for position, charge in enumerate(charges):
        actions, room = _counted(charge) if charge.period is None else _noted(charge)
        actions.append(LimitItem.ttl.set(epoch(charge.ends_at)))
        # An update that creates writes no kind by itself.
        actions.append(LimitItem.kind.set(LimitItem))
        item = LimitItem(*limit_key(merchant_id, charge))
        write.update(_limit(position), item, actions, room, tells_old=True)


def refuse_if_full(error: Cancelled, charges: Sequence[LimitCharge]) -> None:
    """Tell which limit made a transaction fail, if one did. Raises LimitReached."""
    for position, charge in enumerate(charges):
        if _limit(position) in error.failed:
            raise LimitReached(_as_it_ends(charge, error.failed[_limit(position)])) from error


def taken_back(charge: LimitCharge) -> tuple[list[Action], Condition]:
    """Return how a charge is given back, and when there is one to give."""
    if charge.period is None:
        units = LimitItem.units
        return [units.add(-charge.units)], units >= charge.units
    places = _places(charge)
    actions: list[Action] = [newer.set(older | _NEVER) for newer, older in pairwise(places)]
    actions.append(places[-1].set(_NEVER))
    return actions, places[0] > _NEVER


def limit_key(merchant_id: str, charge: LimitCharge) -> keys.Key:
    """Return where the counter of a charge lies."""
    whose = NOBODYS if charge.is_shared else merchant_id
    return keys.limit_key(whose, charge.name, charge.subject, charge.window)


def _counted(charge: LimitCharge) -> tuple[list[Action], Condition]:
    """Return how a fixed window takes the charge, and when it may."""
    units = LimitItem.units
    room = units <= charge.maximum - charge.units
    if charge.units <= charge.maximum:  # else not even the first may pass
        room = units.does_not_exist() | room
    return [units.add(charge.units)], room


def _noted(charge: LimitCharge) -> tuple[list[Action], Condition]:
    """Return how a sliding limit takes the charge, and when it may."""
    assert charge.period is not None, "it slides"
    assert charge.units == 1, "each moment is one unit"
    at = charge.ends_at - charge.period
    places = _places(charge)
    # The oldest first: right whether or not an action sees what those before it did.
    actions: list[Action] = [
        older.set(newer | _NEVER) for newer, older in reversed(list(pairwise(places)))
    ]
    actions.append(places[0].set(_milliseconds(at)))
    last = places[-1]
    return actions, last.does_not_exist() | (last <= _milliseconds(at - charge.period))


def _places(charge: LimitCharge) -> list[Path]:
    assert 1 <= charge.maximum <= SLIDING_MAX, "an item is bounded"
    return [Path(f"m{place}") for place in range(charge.maximum)]


def _as_it_ends(charge: LimitCharge, full: RawItem | None) -> LimitCharge:
    """Return the charge with the end of the stretch that is full."""
    if charge.period is None or full is None:
        return charge
    oldest = int(full[f"m{charge.maximum - 1}"]["N"])
    return replace(charge, ends_at=_moment(oldest) + charge.period)


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _limit(position: int) -> str:
    return f"limit {position}"
