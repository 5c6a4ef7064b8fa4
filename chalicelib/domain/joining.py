"""The decision that opens a member's account: entry number 1."""

from datetime import timedelta

from chalicelib.domain.account import Account, LotSource, MemberRef
from chalicelib.domain.entries import EntryKind, LedgerChange, MovementKind
from chalicelib.domain.ledger import change_of
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.domain.referrals import bring_in


def join(
    member: MemberRef,
    occasion: Occasion,
    referrer_id: str | None = None,
    *,
    actor: str = "sign_up",
) -> LedgerChange:
    """Open the account, with the program's welcome points and a note of who brought it."""
    posting = Posting(Account(member), occasion)
    _welcome(posting)
    if referrer_id is not None:
        bring_in(posting, referrer_id)
    return change_of(posting, EntryKind.JOIN, actor=actor)


def _welcome(posting: Posting) -> None:
    terms = posting.program.rewards.welcome
    if terms is None:
        return
    days = terms.expires_in_days
    posting.credit(
        MovementKind.GRANT,
        LotSource.WELCOME,
        terms.points,
        expires_on=None if days is None else posting.on + timedelta(days=days),
    )
