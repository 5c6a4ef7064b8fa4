"""Confirm that a member is there: by a code that changes, or by one sent to the phone.

Keys are derived from the pass code, so that nothing secret is stored and a replaced pass code
takes its keys with it. Whatever is compared has been counted before.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from chalicelib.domain.account import MemberRef
from chalicelib.domain.confirmations import (
    GOOD_FOR,
    Confirmation,
    ConfirmationCodeWrong,
    ConfirmationExpired,
    ConfirmationLocked,
    ConfirmationNotFound,
    ConfirmationState,
    ConfirmationUsed,
    Method,
    Purpose,
    verified,
)
from chalicelib.domain.coupons import phone_to_reach
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.members import OutgoingSms, Profile, SentCode
from chalicelib.domain.recycled import BirthDateNeeded
from chalicelib.domain.rotating import KEY_BYTES, accepted_step, step_of
from chalicelib.domain.shared_limits import policy_of, shared_charges
from chalicelib.domain.sign_ups import (
    SmsPolicy,
    confirmation_charges,
    confirmation_failure,
    failure_charge,
    prefix_of,
)
from chalicelib.domain.wording import confirmation_text, erasure_text
from chalicelib.ports import (
    CommitConflict,
    Confirmations,
    Keyring,
    Ledger,
    LimitReached,
    Members,
    Merchants,
    Pacer,
    PrefixMonitor,
    StoreUnavailable,
)
from chalicelib.usecases.members import phone_hash_of, reached_by
from chalicelib.usecases.prefixes import PrefixWatch, guarded_record, note_sent, note_verified
from chalicelib.usecases.recycled import was_silent
from chalicelib.usecases.write_once import merchant_of

T = TypeVar("T")
_TEXTS = {Purpose.REDEEM: confirmation_text, Purpose.ERASE: erasure_text}


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationDesk:
    """The ports a confirmation goes through."""

    confirmations: Confirmations
    merchants: Merchants
    members: Members
    ledger: Ledger
    prefixes: PrefixMonitor
    keyring: Keyring
    pacer: Pacer
    policy: SmsPolicy

    @property
    def watch(self) -> PrefixWatch:
        """Return the part that watches prefixes."""
        return PrefixWatch(prefixes=self.prefixes, pacer=self.pacer, policy=self.policy)


def rotating_key(merchant_id: str, pass_code: str, method: Method, keyring: Keyring) -> bytes:
    """Return the key a card's changing digits are worked out with; the same each time."""
    made = keyring.fingerprint(f"rotating-{method}", merchant_id, pass_code)
    return bytes.fromhex(made)[:KEY_BYTES]


def confirm_by_digits(
    member: MemberRef,
    pass_code: str,
    method: Method,
    digits: str,
    *,
    at: datetime,
    desk: ConfirmationDesk,
) -> Confirmation:
    """Return a confirmation by the digits a card shows now, once for each of them.

    Raises:
        ConfirmationCodeWrong: they are not shown now; or never were.
        ConfirmationUsed: they, or later ones, have confirmed before.
        ConfirmationLocked: too many wrong ones for this member.
    """
    failures = confirmation_failure(member.member_id, at, desk.policy)
    merchant_id = member.merchant_id
    try:
        repeated(lambda: desk.confirmations.count_failure(merchant_id, failures), desk)
    except LimitReached as error:
        raise ConfirmationLocked("too many wrong codes; confirm by SMS") from error
    key = rotating_key(merchant_id, pass_code, method, desk.keyring)
    step = accepted_step(key, digits, step_of(method, at))
    if step is None:
        raise ConfirmationCodeWrong("the card does not show that code now")
    desk.confirmations.forgive_failure(merchant_id, failures)
    found = verified(new_confirmation_id(member, desk), member, method, at)
    if not repeated(lambda: desk.confirmations.accept(found, step), desk):
        raise ConfirmationUsed("this code, or a later one, has confirmed before")
    return found


def send_code(
    member: MemberRef,
    *,
    at: datetime,
    desk: ConfirmationDesk,
    purpose: Purpose = Purpose.REDEEM,
) -> Confirmation:
    """Promise the member a code by SMS, within every limit.

    Raises:
        MemberNotFound, NoPhone; LimitReached, PrefixBlocked: nothing is sent.
        BirthDateNeeded: the phone was silent for long and may be somebody else's by now.
    """
    profile = profile_of(member, desk)
    phone = phone_to_reach(profile)
    if purpose is Purpose.REDEEM:  # who erases has signed in
        _refuse_silent(profile, at, desk)
    merchant = merchant_of(member.merchant_id, desk.merchants)
    record = guarded_record(member.merchant_id, prefix_of(phone), at, desk.watch)
    code = desk.keyring.new_digits()
    found = Confirmation(
        confirmation_id=new_confirmation_id(member, desk),
        member=member,
        method=Method.SMS,
        created_at=at,
        expires_at=at + GOOD_FOR,
        purpose=purpose,
        phone_hash=phone_hash_of(member.merchant_id, phone, desk.keyring),
    )
    found = replace(found, code_hash=sent_code_hash(found, code, desk))
    sms = OutgoingSms(
        message_id=desk.keyring.new_id("sms"),
        merchant_id=member.merchant_id,
        to=phone,
        text=_TEXTS[purpose](profile.language, merchant.name, code),
        created_at=at,
        expires_at=found.expires_at,
        member_id=member.member_id,
    )
    policy = policy_of(merchant, desk.policy)
    own = confirmation_charges(found.phone_hash, prefix_of(phone), at, policy)
    shared = shared_charges(reached_by(merchant, phone, at, desk.keyring), policy)
    repeated(lambda: desk.confirmations.promise(found, sms, (*own, *shared)), desk)
    note_sent(record, SentCode(found.confirmation_id, at), desk.watch)
    return found


def _refuse_silent(profile: Profile, at: datetime, desk: ConfirmationDesk) -> None:
    if was_silent(profile, at, desk.ledger):
        raise BirthDateNeeded("sign in on the card's page first, with the birth date")


def verify_sent(
    merchant_id: str,
    confirmation_id: str,
    code: str,
    *,
    at: datetime,
    desk: ConfirmationDesk,
    purpose: Purpose = Purpose.REDEEM,
) -> Confirmation:
    """Return the confirmation as verified by the code that was sent.

    The right code again gets the same answer.

    Raises:
        ConfirmationNotFound, ConfirmationExpired, ConfirmationCodeWrong, ConfirmationLocked.
    """
    found = find_confirmation(merchant_id, confirmation_id, desk=desk, purpose=purpose)
    if found.method is not Method.SMS:
        raise ConfirmationNotFound("no code was sent for this confirmation")
    if found.verified_at is not None:
        return _same_again(found, code, desk)
    if found.state(at) is ConfirmationState.EXPIRED:
        raise ConfirmationExpired("the code's time is over; ask for a new one")
    failures = failure_charge(found.phone_hash, at, desk.policy)
    try:
        counted = _counted(found, at, desk)
    except LimitReached as error:
        raise ConfirmationLocked("too many wrong codes for this phone") from error
    if counted is None:
        current = find_confirmation(merchant_id, confirmation_id, desk=desk, purpose=purpose)
        if current.verified_at is None:
            raise ConfirmationLocked("too many guesses; ask for a new code")
        return _same_again(current, code, desk)
    if not _is_code(counted, code, desk):
        left = max(0, desk.policy.guesses_max - counted.guesses)
        raise ConfirmationCodeWrong("not the code that was sent", attempts_left=left)
    desk.confirmations.forgive_failure(merchant_id, failures)
    return _verify(replace(counted, verified_at=at), desk)


def find_confirmation(
    merchant_id: str,
    confirmation_id: str,
    *,
    desk: ConfirmationDesk,
    purpose: Purpose = Purpose.REDEEM,
) -> Confirmation:
    """Return the merchant's confirmation of that purpose; its id names its member.

    Raises:
        ConfirmationNotFound.
    """
    _, _, member_id = confirmation_id.partition(".")
    member = MemberRef(merchant_id, member_id)
    found = desk.confirmations.find(member, confirmation_id) if member_id else None
    if found is None or found.purpose is not purpose:
        raise ConfirmationNotFound("there is no such confirmation")
    return found


def profile_of(member: MemberRef, desk: ConfirmationDesk) -> Profile:
    """Return the member's profile. Raises MemberNotFound."""
    profile = desk.members.profile(member)
    if profile is None:
        raise MemberNotFound("there is no such member")
    return profile


def _counted(found: Confirmation, at: datetime, desk: ConfirmationDesk) -> Confirmation | None:
    failures = failure_charge(found.phone_hash, at, desk.policy)
    return repeated(
        lambda: desk.confirmations.count_guess(
            found, guesses_max=desk.policy.guesses_max, failures=failures, at=at
        ),
        desk,
    )


def _verify(found: Confirmation, desk: ConfirmationDesk) -> Confirmation:
    try:
        desk.confirmations.verify(found)
    except CommitConflict:  # the same code, a moment ago
        return find_confirmation(
            found.member.merchant_id, found.confirmation_id, desk=desk, purpose=found.purpose
        )
    profile = desk.members.profile(found.member)
    if profile is not None and profile.phone:
        merchant_id = found.member.merchant_id
        note_verified(merchant_id, profile.phone, found.confirmation_id, desk.watch)
    return found


def _same_again(found: Confirmation, code: str, desk: ConfirmationDesk) -> Confirmation:
    if not _is_code(found, code, desk):
        raise ConfirmationCodeWrong("not the code that was sent", attempts_left=0)
    return found


def _is_code(found: Confirmation, code: str, desk: ConfirmationDesk) -> bool:
    return hmac.compare_digest(found.code_hash, sent_code_hash(found, code, desk))


def sent_code_hash(found: Confirmation, code: str, desk: ConfirmationDesk) -> str:
    """Return the code's hash, good for this confirmation and phone alone."""
    member = found.member
    return desk.keyring.fingerprint(
        "confirmation-code",
        member.merchant_id,
        member.member_id,
        found.confirmation_id,
        found.phone_hash,
        code,
    )


def new_confirmation_id(member: MemberRef, desk: ConfirmationDesk) -> str:
    """Return an id that names its member."""
    return f"{desk.keyring.new_id('cnf')}.{member.member_id}"


def repeated(do: Callable[[], T], desk: ConfirmationDesk) -> T:
    """Do it, again if another call was at the same items or the answer was lost."""
    trouble: Exception = StoreUnavailable("no attempt was made")
    for _ in desk.pacer.attempts():
        try:
            return do()
        except (CommitConflict, StoreUnavailable) as error:
            trouble = error
    raise trouble
