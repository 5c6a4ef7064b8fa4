"""Who stands for a member now: the member, or the one they became one with."""

from chalicelib.domain.account import Account, MemberRef, MemberStatus
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.ports import Ledger

MERGES_MAX = 20  # in a row: one merged into another, that into a third


def standing(member: MemberRef, ledger: Ledger) -> Account:
    """Return the account of the member, or of whom the member was merged into.

    Raises:
        MemberNotFound: there is none, or it was erased.
        StoreUnavailable: ask again.
    """
    for _ in range(MERGES_MAX):
        account = ledger.account(member)
        if account is None or account.status is not MemberStatus.MERGED:
            return present(account)
        assert account.merged_into is not None, "a merged member names the survivor"
        member = MemberRef(member.merchant_id, account.merged_into)
    raise MemberNotFound(f"the member was merged {MERGES_MAX} times in a row")
