"""A member goes: erased, or merged into another who takes everything over.

Two accounts cannot share a transaction. The first write ends the one account, and lets
phones, codes and cards lead to the survivor; the outbox makes the others, unless the
request has made them already: each is an operation named by the member who has gone.
"""

import logging
from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.domain import leaving as decisions
from chalicelib.domain.account import Account, MemberRef, MemberStatus
from chalicelib.domain.entries import EntryKind, LedgerChange, LedgerEntry, Operation
from chalicelib.domain.leaving import MergeRefused
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.domain.members import Leaving, Profile
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.ports import Keyring, Members, PromoCodes
from chalicelib.usecases.members import card_hash_of, old_code_hash_of, phone_hash_of
from chalicelib.usecases.standing import standing
from chalicelib.usecases.write_once import Answered, Book, entry_of, program_of, write_once

COUPONS_MAX = 100  # that a survivor takes over
MERGER = "merge"  # the client of what the survivor takes over, whoever asked for it

log = logging.getLogger(__name__)


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
    occasion = Occasion(program_of(member.merchant_id, desk.book.merchants), at, operation)

    def decide() -> LedgerChange:
        account = desk.book.ledger.account(member)
        change = decisions.erase(present(account), reason, occasion)
        return replace(change, leaving=_leaving(_profile(member, desk), desk.keyring))

    return entry_of(write_once(operation, decide, desk.book))


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
        present(ledger.account(survivor))
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


def _take_over(gone: LedgerEntry, part: int, at: datetime, book: Book) -> Answered[LedgerEntry]:
    merchant_id = gone.member.merchant_id
    key = f"{gone.member.member_id}~{part}"
    operation = Operation(merchant_id, MERGER, key, "")
    occasion = Occasion(program_of(merchant_id, book.merchants), at, operation)

    def decide() -> LedgerChange:
        account = standing(gone.member, book.ledger)
        return decisions.take_over(account, gone, part, occasion)

    return entry_of(write_once(operation, decide, book))


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
    phones = [one for one in (profile.phone, *profile.merged_phones) if one]
    codes = [one for one in (profile.code, *profile.merged_codes) if one]
    cards = [card_hash_of(merchant_id, one, keyring) for one in profile.card_numbers]
    old_codes = [old_code_hash_of(merchant_id, one, keyring) for one in profile.old_codes]
    return Leaving(
        profile,
        tuple(phone_hash_of(merchant_id, one, keyring) for one in phones),
        tuple(codes),
        (*cards, *old_codes),
        profile.replaced_codes,
    )
