"""A member whom a till has signed up by a phone that nobody has confirmed yet.

Such a member earns at once and redeems nothing: whoever typed the number may have been
mistaken, or may not own it. One tap in a message confirms it, or a code at sign-up; who
does neither is removed after `UNVERIFIED_DAYS`, and the phone is free again.
"""

from dataclasses import replace
from datetime import date, timedelta

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.entries import EntryKind, LedgerChange
from chalicelib.domain.errors import DomainError
from chalicelib.domain.joining import join
from chalicelib.domain.ledger import change_of
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting

UNVERIFIED_DAYS = 30  # a phone that was typed at a till waits so long for its owner
CARD_ONLY_DAYS = 365  # a card without a phone waits so long for one
REMOVAL_REASON = "unconfirmed"


class MemberVerified(DomainError):
    """The member is confirmed already: there is nothing to do."""

    code = "member_verified"


def join_unverified(member: MemberRef, occasion: Occasion, days: int) -> LedgerChange:
    """Open the account of somebody who is still to be confirmed, within so many days."""
    change = join(member, occasion, actor=occasion.operation.client)
    account, entry = change.account, change.entry
    assert account is not None, "a member joins"
    assert entry is not None, "a member joins"
    through = occasion.on + timedelta(days=days)
    after = through + timedelta(days=1)
    due = min(account.due, after) if account.due else after
    return replace(change, account=replace(account, unverified_through=through, due=due))


def verify(account: Account, occasion: Occasion) -> LedgerChange:
    """Confirm the member: from now on points can be redeemed.

    Raises:
        MemberVerified: it is done already.
    """
    if account.is_verified:
        raise MemberVerified("the member is confirmed already")
    posting = Posting(account, occasion)
    posting.expire_due()
    posting.account = replace(posting.account, unverified_through=None)
    return change_of(posting, EntryKind.VERIFY)


def refuse_confirmed(account: Account, on: date) -> None:
    """Refuse to forget whom somebody has confirmed, or who still has time.

    Raises:
        MemberVerified: one of the two.
    """
    if not is_forgotten(account, on):
        raise MemberVerified("the member is confirmed, or still has time for it")


def is_forgotten(account: Account, on: date) -> bool:
    """Return whether nobody has confirmed the member in time."""
    through = account.unverified_through
    return through is not None and through < on
