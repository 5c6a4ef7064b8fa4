"""The counters that keep SMS within bounds, in dictionaries."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain.members import LimitCharge
from chalicelib.ports import LimitReached

CounterId = tuple[str, str, str, str]  # merchant, name, subject, window


class FakeLimits:
    """Limit counters of a test."""

    def __init__(self) -> None:
        self.counters: defaultdict[CounterId, int] = defaultdict(int)
        self.moments: defaultdict[CounterId, list[datetime]] = defaultdict(list)  # sliding

    def give_back(self, merchant_id: str, charge: LimitCharge) -> None:
        """Take a charge back, if there is one."""
        counter = _counter(merchant_id, charge)
        if charge.period is not None:
            self.moments[counter] = self.moments[counter][:-1]
            return
        if self.counters[counter] >= charge.units:
            self.counters[counter] -= charge.units

    def take(self, merchant_id: str, charges: Sequence[LimitCharge]) -> None:
        """Take every charge, or none. Raises LimitReached."""
        self.refuse_if_full(merchant_id, charges)
        for charge in charges:
            if charge.period is not None:
                at = charge.ends_at - charge.period
                self.moments[_counter(merchant_id, charge)].append(at)
                continue
            self.counters[_counter(merchant_id, charge)] += charge.units

    def refuse_if_full(self, merchant_id: str, charges: Sequence[LimitCharge]) -> None:
        """Refuse if one has no room. Raises LimitReached."""
        for charge in charges:
            if charge.period is not None:
                self._refuse_if_crowded(merchant_id, charge, charge.period)
                continue
            if self.counters[_counter(merchant_id, charge)] + charge.units > charge.maximum:
                raise LimitReached(charge)

    def _refuse_if_crowded(
        self, merchant_id: str, charge: LimitCharge, period: timedelta
    ) -> None:
        latest = self.moments[_counter(merchant_id, charge)][-charge.maximum :]
        if len(latest) == charge.maximum and latest[0] > charge.ends_at - 2 * period:
            raise LimitReached(replace(charge, ends_at=latest[0] + period))


def _counter(merchant_id: str, charge: LimitCharge) -> CounterId:
    whose = "-" if charge.is_shared else merchant_id
    return whose, charge.name, charge.subject, charge.window
