"""Give what a program gives beside purchases: for actions, and for friends brought in.

A referral's rewards follow the friend's own entry, on other accounts: each is an operation
named by the friend, so that whoever comes first makes it, and nobody makes it twice.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain import actions
from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.entries import EntryKind, LedgerChange, LedgerEntry, Operation
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.program import Program
from chalicelib.domain.referrals import (
    ReferralCapReached,
    Share,
    forgo,
    is_owed,
    reverse,
    reward,
)
from chalicelib.domain.reward_record import Referral, ReferralState
from chalicelib.usecases.standing import standing
from chalicelib.usecases.write_once import Answered, Book, entry_of, program_of, write_once

CLIENT = "referral"  # the caller of every operation that rewards one
REVERSAL = "~reversed"  # what the key of a reversal ends in

Decide = Callable[[Account, Occasion], LedgerChange]


def reward_action(
    member: MemberRef, action: str, operation: Operation, *, at: datetime, book: Book
) -> Answered[LedgerEntry]:
    """Give a member the points of an action.

    Raises:
        DomainError: `MemberNotFound`, `ActionUnknown`, `ActionRewarded`, `KeyReused`.
    """
    program = program_of(member.merchant_id, book.merchants)

    def decide() -> LedgerChange:
        account = present(book.ledger.account(member))
        return actions.reward_action(account, action, Occasion(program, at, operation))

    return entry_of(write_once(operation, decide, book))


def settle_referral(friend: Account, *, at: datetime, book: Book) -> int:
    """Give, or take back, what the friend's first purchase earned: entries written.

    Repeated, it writes nothing. A referrer who is gone, or was rewarded for enough
    friends, gets nothing.

    Raises:
        Trouble: perhaps not all was written; settle again.
    """
    referral = friend.rewards.referral
    if referral is None or not is_owed(friend):
        return 0
    program = program_of(friend.member.merchant_id, book.merchants)
    is_reversed = referral.state is ReferralState.REVERSED
    written = 0
    for one in _rewards(referral, friend.member):
        desk = _Desk(one, program, at, book)
        try:
            written += desk.take_back() if is_reversed else desk.give()
        except (MemberNotFound, ReferralCapReached):
            continue
    return written


@dataclass(frozen=True, slots=True)
class _Reward:
    """One side's reward, and the key it is given under."""

    member: MemberRef
    share: Share
    key: str


def _rewards(referral: Referral, friend: MemberRef) -> Iterator[_Reward]:
    referrer = MemberRef(friend.merchant_id, referral.referrer_id)
    for member, points, side in (
        (referrer, referral.referrer_points, "referrer"),
        (friend, referral.friend_points, "friend"),
    ):
        if points:
            share = Share(points, referral.expires_in_days, is_referrer=member is referrer)
            yield _Reward(member, share, f"{friend.member_id}~{side}")


@dataclass(frozen=True, slots=True)
class _Desk:
    """Where one reward is given or taken back."""

    reward: _Reward
    program: Program
    at: datetime
    book: Book

    def give(self) -> int:
        """Give it, once for ever."""
        share = self.reward.share
        return not self._write("", lambda a, o: reward(a, share, o)).is_replay

    def take_back(self) -> int:
        """Take it back; one that was not given yet never will be: its key is taken."""
        share = self.reward.share
        first = self._write("", lambda a, o: forgo(a, share, o))
        granted = first.value
        if granted.kind is not EntryKind.GRANT:
            return not first.is_replay
        done = self._write(REVERSAL, lambda a, o: reverse(a, granted, share, o))
        return not done.is_replay

    def _write(self, suffix: str, decide: Decide) -> Answered[LedgerEntry]:
        member, key = self.reward.member, f"{self.reward.key}{suffix}"
        operation = Operation(member.merchant_id, CLIENT, key, "")

        def decide_now() -> LedgerChange:
            account = standing(member, self.book.ledger)
            return decide(account, Occasion(self.program, self.at, operation))

        return entry_of(write_once(operation, decide_now, self.book))
