"""The `Funnel` port: one query for any stretch of days, whatever the merchant has."""

from datetime import date

from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.funnel_items import (
    PUSHES,
    SHARDS,
    FunnelItem,
    add_actions,
    funnel_key,
    funnel_pk,
)
from chalicelib.adapters.dynamo.keys import AFTER
from chalicelib.domain.funnel import COUNTS, DAYS_MAX, FunnelCounts, FunnelDay, total_of

ITEMS_MAX = DAYS_MAX * (SHARDS + 1)  # of one query: some 150 bytes each
_DATE_SYMBOLS = 10  # YYYY-MM-DD
_OF_PUSHES = ("pushes_delivered", "pushes_failed", "pushes_dead")


class DynamoFunnel:
    """Counts in the table."""

    def add_pushes(self, merchant_id: str, day: date, counts: FunnelCounts) -> None:
        numbers = {name: getattr(counts, name) for name in _OF_PUSHES}
        actions = add_actions({name: number for name, number in numbers.items() if number})
        with store_errors():
            FunnelItem(*funnel_key(merchant_id, day, PUSHES)).update(actions)

    def days(self, merchant_id: str, first: date, last: date) -> tuple[FunnelDay, ...]:
        stretch = FunnelItem.sk.between(first.isoformat(), last.isoformat() + AFTER)
        with store_errors():
            items = list(
                FunnelItem.query(
                    funnel_pk(merchant_id), stretch, consistent_read=True, limit=ITEMS_MAX
                )
            )
        by_day: dict[str, list[FunnelCounts]] = {}
        for item in items:
            by_day.setdefault(item.sk[:_DATE_SYMBOLS], []).append(_counts(item))
        return tuple(
            FunnelDay(date.fromisoformat(day), total_of(parts)) for day, parts in by_day.items()
        )


def _counts(item: FunnelItem) -> FunnelCounts:
    return FunnelCounts(**{name: getattr(item, name) or 0 for name in COUNTS})
