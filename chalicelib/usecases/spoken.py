"""Remember that a till has found a member by a phone number, which anybody may have said.

The note stands with the account, where a redemption reads it at no cost. Something of the
member's that is scanned afterwards, a pass code or a card, takes it away.
"""

from datetime import datetime, timedelta

from chalicelib.domain.account import Account
from chalicelib.ports import CommitConflict, Ledger, Pacer, Trouble

NOTED_AGAIN_AFTER = timedelta(minutes=10)  # a queue that asks twice writes once


def note_spoken(account: Account, *, at: datetime, ledger: Ledger, pacer: Pacer) -> None:
    """Note that all a till knows of the member is a phone number.

    Raises:
        CommitConflict, StoreUnavailable: it is not sure that it is noted; look up again.
    """
    if account.spoken_at is not None and at < account.spoken_at + NOTED_AGAIN_AFTER:
        return
    trouble: Trouble = CommitConflict("no attempt was made")
    for _ in pacer.attempts():
        try:
            ledger.note_spoken(account.member, at)
        except Trouble as error:
            trouble = error
            continue
        return
    raise trouble


def note_shown(account: Account, *, ledger: Ledger) -> None:
    """Note that the member has shown something; trouble leaves the question to be asked."""
    if account.spoken_at is None:
        return
    try:
        ledger.note_spoken(account.member, None)
    except Trouble:
        return
