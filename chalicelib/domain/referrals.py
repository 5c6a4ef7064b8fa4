"""Decisions about referrals: who brought a friend in, when it pays, when it is taken back.

Two accounts cannot share a transaction. So the friend's own entry only notes that rewards
are owed (or lost again); the outbox gives them afterwards, each an operation of its own
that is made once for ever (`usecases/rewards.py`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from chalicelib.domain.account import Account, LotSource
from chalicelib.domain.entries import EntryKind, LedgerChange, LedgerEntry, MovementKind
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import Grant, change_of, grant
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.domain.program import ReturnPolicy
from chalicelib.domain.receipts import Receipt, ReturnedLine
from chalicelib.domain.reward_record import Referral, ReferralState
from chalicelib.domain.rewards import ReferralTerms, Trigger

REASON = "referral"


class ReferralCapReached(DomainError):
    """The member was rewarded for as many friends as the program allows."""

    code = "referral_cap_reached"


@dataclass(frozen=True, slots=True)
class Share:
    """One side's reward of a referral."""

    points: int
    expires_in_days: int | None
    is_referrer: bool


def bring_in(posting: Posting, referrer_id: str) -> None:
    """Note at sign-up who brought the member in, if the program rewards it."""
    terms = posting.program.rewards.referral
    if terms is None:
        return
    referral = Referral(referrer_id=referrer_id)
    if terms.trigger is Trigger.SIGN_UP:
        referral = _earned(posting, referral, terms, reversal_days=None)
    _keep(posting, referral)


def note_purchase(posting: Posting) -> None:
    """Let the friend's first purchase earn the rewards; forget what is settled for good."""
    referral = posting.account.rewards.referral
    if referral is None:
        return
    if referral.state is ReferralState.WAITING:
        terms = posting.program.rewards.referral
        is_own = referral.referrer_id == posting.occasion.operation.own_member_id
        # The program rewards nobody any more; or who rings it up has brought the friend in.
        if terms is None or is_own:
            _keep(posting, None)
            return
        _keep(posting, _earned(posting, referral, terms, terms.reversal_days))
    elif _is_over(referral, posting):
        _keep(posting, None)


def note_return(posting: Posting, receipt: Receipt, lines: Sequence[ReturnedLine]) -> None:
    """Lose the rewards if the first purchase has come back whole, in time (R26)."""
    referral = posting.account.rewards.referral
    if (
        referral is None
        or referral.state is not ReferralState.EARNED
        or referral.version != receipt.ledger_version
        or referral.reversible_through is None
        or posting.on > referral.reversible_through
        or not _is_whole(receipt, lines)
    ):
        return
    version = posting.before.version + 1
    _keep(posting, replace(referral, state=ReferralState.REVERSED, version=version))


def is_owed(account: Account) -> bool:
    """Return whether rewards wait to be given, or taken back, after this account's entry."""
    referral = account.rewards.referral
    return referral is not None and referral.version > account.told_version


def reward(account: Account, share: Share, occasion: Occasion) -> LedgerChange:
    """Give one side its reward.

    Raises:
        ReferralCapReached: the referrer has enough friends.
    """
    if share.is_referrer:
        _refuse_beyond_cap(account, occasion)
    given = Grant(
        points=share.points,
        reason=REASON,
        source=LotSource.REFERRAL,
        expires_in_days=share.expires_in_days,
    )
    return _counted(grant(account, given, occasion), 1 if share.is_referrer else 0)


def forgo(account: Account, share: Share, occasion: Occasion) -> LedgerChange:
    """Take the place of a reward that was lost before it was given: no points move.

    Raises:
        ReferralCapReached: it would not have been given anyway.
    """
    if share.is_referrer:
        _refuse_beyond_cap(account, occasion)
    posting = Posting(account, occasion)
    posting.expire_due()  # a hold that has lapsed may give back what is past its date
    return change_of(posting, EntryKind.REVERSE, reason=REASON, facts={"clawed_back": 0})


def reverse(
    account: Account, granted: LedgerEntry, share: Share, occasion: Occasion
) -> LedgerChange:
    """Take a given reward back, from its own lot first (R20)."""
    posting = Posting(account, occasion)
    posting.expire_due()
    given = [move for move in granted.movements if move.kind is MovementKind.GRANT]
    own = next((move.lot for move in given if move.lot), None)
    policy = occasion.program.return_policy
    if policy is ReturnPolicy.ONLY_PENDING:  # it spares what purchases earned, not this
        policy = ReturnPolicy.WITHIN_BALANCE
    clawed_back = posting.claw_back(sum(move.points for move in given), own, policy)
    facts = {"reverses": granted.version, "clawed_back": clawed_back}
    change = change_of(posting, EntryKind.REVERSE, reason=REASON, facts=facts)
    return _counted(change, -1 if share.is_referrer else 0)


def _earned(
    posting: Posting, referral: Referral, terms: ReferralTerms, reversal_days: int | None
) -> Referral:
    through = None
    if reversal_days is not None:
        through = posting.on + timedelta(days=reversal_days)
    return replace(
        referral,
        state=ReferralState.EARNED,
        version=posting.before.version + 1,
        referrer_points=terms.referrer_points,
        friend_points=terms.friend_points,
        expires_in_days=terms.expires_in_days,
        reversible_through=through,
    )


def _is_over(referral: Referral, posting: Posting) -> bool:
    """Return whether the rewards are given, or taken back, and nothing can change it."""
    if referral.version > posting.before.told_version:
        return False
    through = referral.reversible_through
    is_reversible = referral.state is ReferralState.EARNED and through is not None
    return not (is_reversible and through and posting.on <= through)


def _is_whole(receipt: Receipt, lines: Sequence[ReturnedLine]) -> bool:
    """Return whether nothing is left of a receipt after these lines."""
    back = [0] * len(receipt.lines)
    for done in receipt.returns:
        for part in done.lines:
            back[part.line] += part.quantity_milli
    for part in lines:
        back[part.line] += part.quantity_milli
    bought = [line.quantity_milli for line in receipt.lines]
    return back == bought


def _keep(posting: Posting, referral: Referral | None) -> None:
    rewards = replace(posting.account.rewards, referral=referral)
    posting.account = replace(posting.account, rewards=rewards)


def _counted(change: LedgerChange, friends: int) -> LedgerChange:
    """Return the change with the number of friends rewarded for moved."""
    assert change.account is not None, "a reward is a member's"
    rewards = change.account.rewards
    counted = replace(rewards, friends=max(0, rewards.friends + friends))
    return replace(change, account=replace(change.account, rewards=counted))


def _refuse_beyond_cap(account: Account, occasion: Occasion) -> None:
    terms = occasion.program.rewards.referral
    cap = terms.cap if terms else None
    if cap is not None and account.rewards.friends >= cap:
        raise ReferralCapReached(f"rewarded for {cap} friends already", maximum=cap)
