"""When the scheduled job must next look at an account.

A date that is too early is harmless: the job looks, finds nothing and moves it on. One
that is too late would break a promise, so every reason counts.
"""

from datetime import date, datetime, timedelta

from chalicelib.domain.account import Account, Lot
from chalicelib.domain.program import Program
from chalicelib.domain.tiers import next_fall

_DAY = timedelta(days=1)


def next_due(account: Account, program: Program, on: date) -> date | None:
    """Return the first day after `on` on which time alone changes something.

    An expiry, activation, reminder, lapsed hold, fall of the tier, the end of waiting for
    a phone to be confirmed, or of the pause after a phone was changed.

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
    if account.unverified_through is not None:
        days.append(account.unverified_through + _DAY)
    end = pause_ends(account, program)
    if end is not None and end > on:
        days.append(end)
    fall = next_fall(account, program, on)
    if fall:
        days.append(fall)
    return max(min(days), on) if days else None


def pause_ends(account: Account, program: Program) -> date | None:
    """Return the day after the last on which nothing could be redeemed; None: no pause."""
    until = account.redeem_paused_until
    return program.local_date(until) + _DAY if until is not None else None


def is_shown_paused(account: Account, program: Program, at: datetime) -> bool:
    """Return whether passes still show a pause that is over: nothing was written since.

    A pass's version is the second of its account's last write, or a little more.
    """
    until, end = account.redeem_paused_until, pause_ends(account, program)
    if until is None or end is None or account.due is None:
        return False
    return until <= at and account.due <= end and account.pass_version < until.timestamp()


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
