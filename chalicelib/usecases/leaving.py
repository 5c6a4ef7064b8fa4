"""A member goes: erased, or merged into another who takes everything over.

Two accounts cannot share a transaction. The first write ends the one account, and lets
phones, codes and cards lead to the survivor; the outbox makes the others, unless the
request has made them already: each is an operation named by the member who has gone.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain import leaving as decisions
from chalicelib.domain.account import Account, MemberRef, MemberStatus
from chalicelib.domain.confirmations import (
    Confirmation,
    ConfirmationState,
    Purpose,
    used_up,
)
from chalicelib.domain.entries import EntryKind, LedgerChange, LedgerEntry, Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.leaving import MergeRefused
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.domain.members import Leaving, Profile
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.domain.unverified import REMOVAL_REASON, refuse_confirmed
from chalicelib.ports import Keyring, Members, PromoCodes
from chalicelib.usecases.members import card_hash_of, contact_hash_of, old_code_hash_of
from chalicelib.usecases.standing import standing
from chalicelib.usecases.write_once import Answered, Book, entry_of, program_of, write_once

COUPONS_MAX = 100  # that a survivor takes over
MERGER = "merge"  # the client of what the survivor takes over, whoever asked for it

log = logging.getLogger(__name__)


class EraseUnconfirmed(DomainError):
    """A member erases themselves only by a code sent to their phone.

    `reason`: missing, unknown, pending, used, expired — of the confirmation that was named.
    """

    code = "erase_unconfirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExitDesk:
    """The ports a member leaves by."""

    book: Book
    members: Members
    codes: PromoCodes
    keyring: Keyring


def erase_member(
    member: MemberRef, reason: str, operation: Operation, *, at: datetime, desk: ExitDesk
) -> Answered[LedgerEntry]:
    """Forget who a member is; the ledger keeps the id, and loses the points.

    Raises:
        DomainError: `MemberNotFound`, `KeyReused`.
    """
    return _erase(member, reason, operation, at=at, desk=desk)


def forget_member(
    member: MemberRef, operation: Operation, *, at: datetime, desk: ExitDesk
) -> Answered[LedgerEntry]:
    """Erase a member whom nobody has confirmed in time.

    Raises:
        MemberVerified: somebody has, perhaps a moment ago.
        DomainError: `MemberNotFound`.
    """
    return _erase(member, REMOVAL_REASON, operation, at=at, desk=desk, check=refuse_confirmed)


def erase_oneself(
    member: MemberRef,
    confirmation_id: str | None,
    reason: str,
    operation: Operation,
    *,
    at: datetime,
    desk: ExitDesk,
) -> Answered[LedgerEntry]:
    """Forget who the calling member is, if a code sent to them says so too.

    It is sent by e-mail to who has proven one and no phone. Whoever has neither can be sent
    nothing, and is asked for none.

    Raises:
        DomainError: `MemberNotFound`, `KeyReused`, `EraseUnconfirmed`.
    """

    def confirm(profile: Profile) -> Confirmation | None:
        if not (profile.phone or profile.proven_email):
            return None
        return _confirmed(member, confirmation_id, at, desk)

    return _erase(member, reason, operation, at=at, desk=desk, confirm=confirm)


def merge_members(
    survivor: MemberRef,
    other_id: str,
    reason: str,
    operation: Operation,
    *,
    at: datetime,
    desk: ExitDesk,
) -> Answered[LedgerEntry]:
    """Make two members one; the last entry of the other says what the survivor gets.

    Raises:
        DomainError: `MemberNotFound`, `MergeRefused`, `KeyReused`.
    """
    if other_id == survivor.member_id:
        raise MergeRefused("a member cannot be merged into itself")
    other, ledger = MemberRef(survivor.merchant_id, other_id), desk.book.ledger
    occasion = Occasion(program_of(other.merchant_id, desk.book.merchants), at, operation)

    def decide() -> LedgerChange:
        if not present(ledger.account(survivor)).is_verified:
            raise MergeRefused("the survivor has not confirmed the phone yet")
        account = present(ledger.account(other))
        gone = _profile(other, desk)
        heir = decisions.heir_of(_profile(survivor, desk), gone)
        coupons = _coupons(other, occasion.on, desk.codes)  # a sale meanwhile moves the account
        change = decisions.merge_away(account, survivor.member_id, coupons, reason, occasion)
        leaving = replace(_leaving(gone, desk.keyring), heir=heir)
        return replace(change, leaving=leaving)

    done = entry_of(write_once(operation, decide, desk.book))
    hand_over(done.value, at=at, book=desk.book)
    return done


def finish_merge(account: Account, *, at: datetime, book: Book) -> int:
    """Post what a merged member's account still owes its survivor: entries written.

    Repeated, it writes nothing; for other accounts it does nothing.

    Raises:
        Trouble: perhaps not all was written; finish again.
    """
    if account.status is not MemberStatus.MERGED:
        return 0
    latest = book.ledger.entries(account.member, limit=1)
    return hand_over(latest[0], at=at, book=book)


def hand_over(gone: LedgerEntry, *, at: datetime, book: Book) -> int:
    """Let the survivor take over what the last entry of a merged member says.

    Raises:
        Trouble: perhaps not all was written; do it again.
    """
    assert gone.kind is EntryKind.MERGED, "a merged member's last entry"
    written = 0
    for part in range(decisions.parts_of(gone)):
        try:
            written += not _take_over(gone, part, at, book).is_replay
        except MemberNotFound:  # erased since: what comes is forfeited with the rest
            log.warning("a merged member has no survivor", extra={"version": gone.version})
    return written


def _erase(
    member: MemberRef,
    reason: str,
    operation: Operation,
    *,
    at: datetime,
    desk: ExitDesk,
    check: Callable[[Account, date], None] = lambda _account, _on: None,
    confirm: Callable[[Profile], Confirmation | None] = lambda _profile: None,
) -> Answered[LedgerEntry]:
    """Erase the member if the account, as it is read for the write, passes the check.

    A confirmation that `confirm` asks for is used up in the same write.
    """
    occasion = Occasion(program_of(member.merchant_id, desk.book.merchants), at, operation)

    def decide() -> LedgerChange:
        account = present(desk.book.ledger.account(member))
        check(account, occasion.on)
        change = decisions.erase(account, reason, occasion)
        profile = _profile(member, desk)
        leaving = _leaving(profile, desk.keyring)
        return replace(change, leaving=leaving, confirmation=confirm(profile))

    return entry_of(write_once(operation, decide, desk.book))


def _take_over(gone: LedgerEntry, part: int, at: datetime, book: Book) -> Answered[LedgerEntry]:
    merchant_id = gone.member.merchant_id
    key = f"{gone.member.member_id}~{part}"
    operation = Operation(merchant_id, MERGER, key, "")
    occasion = Occasion(program_of(merchant_id, book.merchants), at, operation)

    def decide() -> LedgerChange:
        account = standing(gone.member, book.ledger)
        return decisions.take_over(account, gone, part, occasion)

    return entry_of(write_once(operation, decide, book))


def _confirmed(
    member: MemberRef, confirmation_id: str | None, at: datetime, desk: ExitDesk
) -> Confirmation:
    """Return the member's confirmation as used up. Raises EraseUnconfirmed."""
    if confirmation_id is None:
        raise EraseUnconfirmed("a code sent by SMS is needed", reason="missing")
    found = desk.book.confirmations.find(member, confirmation_id)
    if found is None or found.purpose is not Purpose.ERASE:
        raise EraseUnconfirmed("there is no such confirmation", reason="unknown")
    state = found.state(at)
    if state is not ConfirmationState.VERIFIED:
        raise EraseUnconfirmed(f"the confirmation is {state}", reason=str(state))
    return used_up(found, at)


def _coupons(member: MemberRef, on: date, codes: PromoCodes) -> list[MemberCoupon]:
    """Return the coupons a member can still use, the earliest last day first."""
    found = [one for one in codes.coupons(member) if one.last is None or one.last >= on]
    counters = {one.code: one.promo_code.counter for one in found}
    used = codes.used(member.merchant_id, tuple(counters.values()))
    usable = [one for one in found if not used.get(counters[one.code])]
    return sorted(usable, key=lambda one: (one.last or date.max, one.code))[:COUPONS_MAX]


def _profile(member: MemberRef, desk: ExitDesk) -> Profile:
    profile = desk.members.profile(member)
    if profile is None:  # gone since the account was read
        raise MemberNotFound("there is no such member")
    return profile


def _leaving(profile: Profile, keyring: Keyring) -> Leaving:
    """Return everything that leads to a member."""
    merchant_id = profile.member.merchant_id
    contacts = (profile.phone, profile.proven_email, *profile.merged_phones)
    codes = [one for one in (profile.code, *profile.merged_codes) if one]
    cards = [card_hash_of(merchant_id, one, keyring) for one in profile.card_numbers]
    old_codes = [old_code_hash_of(merchant_id, one, keyring) for one in profile.old_codes]
    return Leaving(
        profile,
        tuple(contact_hash_of(merchant_id, one, keyring) for one in contacts if one),
        tuple(codes),
        (*cards, *old_codes),
        profile.replaced_codes,
    )
