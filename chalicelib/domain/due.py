"""When the scheduled job must next look at an account.

A date that is too early is harmless: the job looks, finds nothing and moves it on. One
that is too late would break a promise, so every reason counts.
"""

from datetime import date, timedelta

from chalicelib.domain.account import Account, Lot
from chalicelib.domain.program import Program
from chalicelib.domain.tiers import next_fall

_DAY = timedelta(days=1)


def next_due(account: Account, program: Program, on: date) -> date | None:
    """Return the first day after `on` on which time alone changes something.

    An expiry, activation, reminder, lapsed hold or fall of the tier.

    A lot that has expired already makes it `on` itself.
    """
    days: list[date] = []
    tomorrow = on + _DAY
    for lot in account.lots:
        if lot.expires_on is not None:
            days.append(lot.expires_on + _DAY)
        if lot.active_from > on:
            days.append(lot.active_from)
        reminder = reminder_day(lot, account, program)
        if reminder is not None:
            days.append(max(reminder, tomorrow))
    for hold in account.holds:  # given back on the day after it lapses at the latest
        days.append(program.local_date(hold.until) + _DAY)
    fall = next_fall(account, program, on)
    if fall:
        days.append(fall)
    return max(min(days), on) if days else None


def reminder_day(lot: Lot, account: Account, program: Program) -> date | None:
    """Return the day a lot's expiry is announced; None if it is not, or was already.

    Points that live no longer than the notice are not announced: they were just given.
    """
    if not program.reminder_days or lot.expires_on is None:
        return None
    if account.reminded_through and lot.expires_on <= account.reminded_through:
        return None
    day = lot.expires_on - timedelta(days=program.reminder_days)
    return day if day > lot.granted_on else None
