"""The `GoogleRates` port: the requests of each second, of one issuer.

| item   | pk          | sk       |
|--------|-------------|----------|
| second | Y#{issuer}  | {moment} |
"""

from datetime import timedelta

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item
from chalicelib.adapters.dynamo.reading import epoch
from chalicelib.ports import Clock, CommitConflict

KEPT = timedelta(days=1)  # counters, beyond their time


class SecondItem(Item, discriminator="r"):
    """The requests of one second."""

    units = IntegerAttribute(null=True)


class DynamoGoogleRates:
    """One counter a second, of one issuer; the clock's seconds are all processes'."""

    def __init__(self, issuer_id: str, clock: Clock) -> None:
        self._pk = f"Y#{keys.part(issuer_id)}"
        self._clock = clock

    def take(self, maximum: int) -> bool:
        now = self._clock.now().replace(microsecond=0)
        room: Condition = SecondItem.units.does_not_exist() | (SecondItem.units < maximum)
        actions: list[Action] = [
            SecondItem.units.add(1),
            SecondItem.ttl.set(epoch(now + KEPT)),
            SecondItem.kind.set(SecondItem),
        ]
        try:
            with store_errors():
                SecondItem(self._pk, keys.moment(now)).update(actions, room)
        except CommitConflict:
            return False
        return True
