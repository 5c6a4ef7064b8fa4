"""What time alone does to an account: expiry, activation, reminder, the fall of a tier.

The scheduled job looks at an account on its due day. Correctness never depends on it:
readers and redemptions count only what is spendable on the day itself.
"""

from dataclasses import replace

from chalicelib.domain.account import Account
from chalicelib.domain.due import reminder_day
from chalicelib.domain.entries import EntryKind, LedgerChange
from chalicelib.domain.ledger import change_of
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.domain.tiers import tier_on


def run_due(
    account: Account,
    occasion: Occasion,
) -> LedgerChange | None:
    """Do what has come due: expiries, activations, reminders, the fall of a tier.

    Returns None if there is nothing to write: the due date was too early.
    """
    posting = Posting(account, occasion)
    posting.expire_due()
    activated = _activated(account, posting)
    reminder = _remind(posting)
    has_tier_moved = _has_tier_moved(account, posting)
    if not (posting.movements or posting.hold_moves or activated or reminder or has_tier_moved):
        return None
    if reminder:
        kind = EntryKind.REMIND
    elif posting.movements:
        kind = EntryKind.EXPIRE
    elif posting.hold_moves:
        kind = EntryKind.RELEASE
    else:
        kind = EntryKind.ACTIVATE if activated else EntryKind.TIER
    facts = {"activated": activated} if activated else {}
    return change_of(posting, kind, facts={**facts, **reminder}, is_due_exact=True)


def _activated(account: Account, posting: Posting) -> int:
    """Return the points that became spendable since the account was due."""
    first = account.due or posting.on
    return sum(
        lot.points
        for lot in posting.account.lots
        if first <= lot.active_from <= posting.on and lot.active_from > lot.granted_on
    )


def _remind(posting: Posting) -> dict[str, int | str | None]:
    """Announce the nearest expiry whose notice has come: amount and date (R17)."""
    on, account = posting.on, posting.account
    announced = [
        lot.expires_on
        for lot in account.lots
        if lot.expires_on
        and lot.is_spendable(on)
        and (day := reminder_day(lot, account, posting.program))
        and day <= on
    ]
    if not announced:
        return {}
    nearest = min(announced)  # later ones have a notice of their own, tomorrow
    posting.account = replace(account, reminded_through=nearest)
    points = sum(lot.points for lot in account.lots if lot.expires_on == nearest)
    return {"expiring": points, "expires_on": nearest.isoformat()}


def _has_tier_moved(account: Account, posting: Posting) -> bool:
    return tier_on(posting.account, posting.program, posting.on) != account.tier
