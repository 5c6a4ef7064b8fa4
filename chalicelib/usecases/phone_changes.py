"""Change a member's phone: codes to the new one and the old, or a manager's word.

Nothing is looked up of the new phone before its code is right, so nobody learns who has it.
Guesses are counted before they are compared.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerChange, Operation
from chalicelib.domain.leaving import MergeRefused
from chalicelib.domain.members import (
    NewPhone,
    Profile,
)
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.phone_changes import (
    PAUSE,
    ChangeState,
    PhoneChange,
    PhoneChangeNotFound,
    PhoneChangeRefused,
    PhoneTaken,
    change_phone,
)
from chalicelib.domain.sign_ups import (
    CodeExpired,
    CodeLocked,
    CodeWrong,
    failure_charge,
)
from chalicelib.ports import CommitConflict, LimitReached, Trouble
from chalicelib.usecases.leaving import merge_members
from chalicelib.usecases.members import contact_hash_of
from chalicelib.usecases.phone_codes import NumberDesk, are_codes, profile_of
from chalicelib.usecases.phone_links import verify_member
from chalicelib.usecases.prefixes import (
    note_verified,
)
from chalicelib.usecases.recycled import was_silent
from chalicelib.usecases.write_once import program_of, write_once

CLIENT = "phone_change"  # of the one write that ends each change
MERGE_REASON = "the new phone was the other member's"


def verify_change(
    found: PhoneChange,
    new_code: str,
    old_code: str | None,
    *,
    at: datetime,
    desk: NumberDesk,
) -> PhoneChange:
    """Return the change with both codes found right, and the phone changed if that is enough.

    The right codes again get the same answer.

    Raises:
        CodeWrong: one of them is not what was sent; which, is not told.
        CodeExpired, CodeLocked, PhoneChangeRefused, MemberNotFound.
    """
    if found.verified_at is None:
        found = _counted(found, at, desk)
    elif not found.needs_approval and found.state(at) is ChangeState.EXPIRED:
        raise CodeExpired("the codes' time is over; ask for new ones")
    if not are_codes(found, new_code, old_code, desk):
        raise CodeWrong(max(0, desk.policy.guesses_max - found.guesses))
    if found.verified_at is None:
        failures = failure_charge(found.phone_hash, at, desk.policy)
        desk.changes.forgive_guess(found, failures)
        found = _verified(replace(found, verified_at=at), desk)
        note_verified(found.member.merchant_id, found.phone, found.change_id, desk.watch)
    if found.needs_approval:
        return found
    try:
        return end_change(found, at=at, desk=desk)
    except PhoneTaken:
        return found  # its state offers to make the two members one


def merge_into_change(
    found: PhoneChange, operation: Operation, *, at: datetime, desk: NumberDesk
) -> PhoneChange:
    """Make the member who has the new phone one with this one, who gets the phone too.

    Raises:
        PhoneChangeRefused: the codes are still to come, or a manager; or they are over.
        MergeRefused: that member was silent for long, and the number may have a new owner.
        DomainError: `MemberNotFound`, `KeyReused`.
    """
    state = found.state(at)
    if state is ChangeState.DONE:  # whoever has the number since then is somebody else
        return found
    if state is not ChangeState.MERGE_OFFERED:
        raise PhoneChangeRefused("both phones must be proven by codes that are still good")
    _merge_other(found, operation, at, desk)
    return end_change(found, at=at, desk=desk)


def approve_change(
    found: PhoneChange, evidence: str, *, at: datetime, desk: NumberDesk, staff_id: str = ""
) -> PhoneChange:
    """Change the phone on the word of a manager; nothing can be redeemed for a while.

    Raises:
        PhoneChangeRefused: the new phone is not proven, it needs nobody, or it is over.
        PhoneTaken: the new phone is another member's; make the two one first.
        MemberNotFound.
    """
    state = found.state(at)
    if state is ChangeState.DONE:
        return found
    if state is not ChangeState.AWAITING_APPROVAL:
        raise PhoneChangeRefused(f"the change is {state}, and cannot be approved")
    return end_change(found, evidence=evidence, staff_id=staff_id, at=at, desk=desk)


def approve_merge(
    found: PhoneChange, evidence: str, operation: Operation, *, at: datetime, desk: NumberDesk
) -> PhoneChange:
    """Approve a change to a phone that is another member's, and make the two one first.

    Raises:
        PhoneChangeRefused: the new phone is not proven, it needs nobody, or it is over.
        DomainError: `MergeRefused`, `MemberNotFound`, `KeyReused`.
    """
    if found.state(at) is ChangeState.AWAITING_APPROVAL:
        _merge_other(found, operation, at, desk)
    return approve_change(found, evidence, at=at, desk=desk, staff_id=operation.staff_id)


def other_with_phone(found: PhoneChange, *, desk: NumberDesk) -> MemberRef | None:
    """Return who else has the new phone; only of a change whose phone is proven."""
    if found.verified_at is None:
        return None
    member = found.member
    other_id = desk.exit.members.id_by_phone(member.merchant_id, found.phone_hash)
    if other_id is None or other_id == member.member_id:
        return None
    return MemberRef(member.merchant_id, other_id)


def open_change(member: MemberRef, *, at: datetime, desk: NumberDesk) -> PhoneChange | None:
    """Return the change that waits for staff: for its code, or for their word; None: none.

    What was begun before the phone was changed last is of no use any more.
    """
    for found in desk.changes.of_member(member):
        state = found.state(at)
        if state is ChangeState.DONE:
            return None
        if found.needs_approval and state is not ChangeState.EXPIRED:
            return found
    return None


def end_change(
    found: PhoneChange,
    *,
    at: datetime,
    desk: NumberDesk,
    evidence: str = "",
    staff_id: str = "",
) -> PhoneChange:
    """Give the member the phone: once for ever.

    Raises:
        PhoneTaken, PhoneChangeRefused, MemberNotFound.
    """
    member, book, members = found.member, desk.exit.book, desk.exit.members
    operation = Operation(member.merchant_id, CLIENT, found.change_id, "", staff_id)
    occasion = Occasion(program_of(member.merchant_id, book.merchants), at, operation)
    paused_until = at + PAUSE if found.is_pausing else None

    def decide() -> LedgerChange:
        owner = members.id_by_phone(member.merchant_id, found.phone_hash)
        if owner not in (None, member.member_id):
            raise PhoneTaken("another member has that phone")
        new = _new_phone(found, profile_of(member, desk), desk)
        account = book.ledger.account(member)
        return change_phone(
            account, new, occasion, evidence=evidence, paused_until=paused_until
        )

    write_once(operation, decide, book)
    verify_member(member, at=at, book=book)
    return replace(found, done_at=found.done_at or at)


def find_change(merchant_id: str, change_id: str, *, desk: NumberDesk) -> PhoneChange:
    """Return the merchant's change; its id names its member. Raises PhoneChangeNotFound."""
    _, _, member_id = change_id.partition(".")
    member = MemberRef(merchant_id, member_id)
    found = desk.changes.find(member, change_id) if member_id else None
    if found is None:
        raise PhoneChangeNotFound("there is no such change of a phone")
    return found


def _verified(found: PhoneChange, desk: NumberDesk) -> PhoneChange:
    """Store that the codes were right, however often another guess is at the change."""
    trouble: Trouble = CommitConflict("no attempt was made")
    for _ in desk.exit.book.pacer.attempts():
        try:
            desk.changes.verify(found)
        except Trouble as error:
            trouble = error
            continue
        return found
    raise trouble


def _merge_other(
    found: PhoneChange, operation: Operation, at: datetime, desk: NumberDesk
) -> None:
    other = other_with_phone(found, desk=desk)
    if other is not None:
        _refuse_silent(other, at, desk)
        merge_members(
            found.member, other.member_id, MERGE_REASON, operation, at=at, desk=desk.exit
        )


def _new_phone(found: PhoneChange, profile: Profile, desk: NumberDesk) -> NewPhone:
    merchant_id, keyring = found.member.merchant_id, desk.exit.keyring
    contact = profile.phone or profile.proven_email
    old = contact and contact_hash_of(merchant_id, contact, keyring)
    if old not in (found.old_phone_hash, found.phone_hash):
        raise PhoneChangeRefused("the phone was changed meanwhile")
    others = tuple(one for one in profile.merged_phones if one != found.phone)
    after = replace(profile, phone=found.phone, merged_phones=others)
    old_hash = old if profile.phone and old != found.phone_hash else None  # e-mails lead on
    return NewPhone(after, found.phone_hash, old_hash or None, found.change_id)


def _refuse_silent(other: MemberRef, at: datetime, desk: NumberDesk) -> None:
    """Refuse to take over whom the number alone does not prove. Raises MergeRefused."""
    if was_silent(profile_of(other, desk), at, desk.exit.book.ledger):
        raise MergeRefused("sign in by that number first: it was silent for long")


def _counted(found: PhoneChange, at: datetime, desk: NumberDesk) -> PhoneChange:
    if at > found.expires_at:
        raise CodeExpired("the codes' time is over; ask for new ones")
    failures = failure_charge(found.phone_hash, at, desk.policy)
    try:
        counted = desk.changes.count_guess(
            found, guesses_max=desk.policy.guesses_max, failures=failures, at=at
        )
    except LimitReached as error:
        raise CodeLocked("too many wrong codes for this phone; try again tomorrow") from error
    if counted is not None:
        return counted
    current = find_change(found.member.merchant_id, found.change_id, desk=desk)
    if current.verified_at is None:
        raise CodeLocked("too many guesses; ask for new codes")
    return current
