"""The funnel's days: which day a fact is counted on, and what was counted.

Pushes are counted when they have left; a count that cannot be written is dropped and logged,
since no phone may wait for it. All else is counted by the stores, with the fact itself.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.funnel import (
    FunnelCounts,
    FunnelDay,
    days_between,
    every_day,
)
from chalicelib.ports import Funnel, Merchants, PushKind, Trouble
from chalicelib.usecases.write_once import program_of

DAYS_SHOWN: Final = 30  # when nobody says from which day
_DELIVERED = {PushKind.ACCEPTED}
_FAILED = {PushKind.RETRY, PushKind.REFUSED}
_DEAD = {PushKind.GONE}  # and what is UNSERVED never left

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FunnelDesk:
    """The counts, and whose day it is."""

    funnel: Funnel
    merchants: Merchants

    def day(self, merchant_id: str, at: datetime) -> date | None:
        """Return the merchant's business day; None: there is no such merchant."""
        program = self.merchants.program(merchant_id)
        return program.local_date(at) if program else None

    def note_pushes(self, merchant_id: str, kinds: Iterable[PushKind], at: datetime) -> None:
        """Add what became of a merchant's pushes; in one write, and nothing is raised."""
        counts = _counts_of(list(kinds))
        try:
            day = self.day(merchant_id, at)
            if day is not None and counts.pushes_sent:
                self.funnel.add_pushes(merchant_id, day, counts)
        except Trouble:
            log.warning("pushes were not counted", extra={"pushes": counts.pushes_sent})


def show_funnel(
    merchant_id: str, first: date | None, last: date | None, *, at: datetime, desk: FunnelDesk
) -> tuple[FunnelDay, ...]:
    """Return every day of the stretch, today and the 29 days before it unless it is said.

    Raises:
        PeriodRefused: more than 92 days, or none.
        MerchantNotFound, StoreUnavailable.
    """
    until = last or program_of(merchant_id, desk.merchants).local_date(at)
    days = days_between(first or until - timedelta(days=DAYS_SHOWN - 1), until)
    return every_day(days, desk.funnel.days(merchant_id, days[0], days[-1]))


def _counts_of(kinds: list[PushKind]) -> FunnelCounts:
    return FunnelCounts(
        pushes_delivered=sum(kind in _DELIVERED for kind in kinds),
        pushes_failed=sum(kind in _FAILED for kind in kinds),
        pushes_dead=sum(kind in _DEAD for kind in kinds),
    )
