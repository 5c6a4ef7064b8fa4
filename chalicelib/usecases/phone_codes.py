"""The codes of a changed phone: one to the new phone, one to the old; or a warning to it."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.domain.members import LimitCharge, OutgoingSms, Profile, SentCode
from chalicelib.domain.phone_changes import GOOD_FOR, PhoneChange, PhoneUnchanged
from chalicelib.domain.shared_limits import (
    policy_of,
    shared_charges,
    shared_message_charges,
)
from chalicelib.domain.sign_ups import (
    SmsPolicy,
    charges_for,
    confirmation_charges,
    letter_confirmation_charges,
    message_charges,
    prefix_of,
    together,
)
from chalicelib.domain.wording import letter_of, new_phone_text, old_phone_text, warning_text
from chalicelib.ports import CommitConflict, PhoneChanges, Trouble
from chalicelib.usecases.leaving import ExitDesk
from chalicelib.usecases.members import contact_hash_of, phone_hash_of, reached_by
from chalicelib.usecases.prefixes import PrefixWatch, guarded_record, note_sent
from chalicelib.usecases.write_once import merchant_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberDesk:
    """The ports a change of a phone goes through."""

    exit: ExitDesk
    changes: PhoneChanges
    watch: PrefixWatch
    policy: SmsPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberWish:
    """Which phone a member wants, and who asks."""

    member: MemberRef
    phone: str  # E.164, of a country the merchant allows
    is_without_old: bool  # the old phone cannot be asked
    ip: str  # of the client


@dataclass(frozen=True, slots=True)
class _Codes:
    new: str
    old: str


def begin_change(wish: NumberWish, *, at: datetime, desk: NumberDesk) -> PhoneChange:
    """Send codes to the new phone and the old one; if that cannot be asked, it is warned.

    Raises:
        MemberNotFound, PhoneUnchanged.
        LimitReached, PrefixBlocked: too many codes; nothing is sent.
    """
    profile = profile_of(wish.member, desk)
    if profile.phone == wish.phone:
        raise PhoneUnchanged("the member has that phone already")
    keyring, merchant_id = desk.exit.keyring, wish.member.merchant_id
    codes = _Codes(keyring.new_digits(), keyring.new_digits())
    change = _change(wish, profile, codes, at, desk)
    coded = (wish.phone, profile.phone if change.old_code_hash else None)
    prefixes = dict.fromkeys(prefix_of(phone) for phone in coded if phone)
    records = [guarded_record(merchant_id, one, at, desk.watch) for one in prefixes]
    messages = _messages(change, profile, codes, desk)
    _open(change, messages, _charges(change, profile, wish, at, desk), desk)
    for record in records:
        note_sent(record, SentCode(change.change_id, at), desk.watch)
    return change


def are_codes(
    found: PhoneChange, new_code: str, old_code: str | None, desk: NumberDesk
) -> bool:
    """Return whether all codes that were sent are right, in constant time."""
    is_new = hmac.compare_digest(found.code_hash, _hash(found, "new", new_code, desk))
    if found.old_code_hash is None:
        return is_new
    given = _hash(found, "old", old_code or "", desk)
    return hmac.compare_digest(found.old_code_hash, given) and is_new


def profile_of(member: MemberRef, desk: NumberDesk) -> Profile:
    """Return the member's profile. Raises MemberNotFound."""
    profile = desk.exit.members.profile(member)
    if profile is None:
        raise MemberNotFound("there is no such member")
    return profile


def _change(
    wish: NumberWish, profile: Profile, codes: _Codes, at: datetime, desk: NumberDesk
) -> PhoneChange:
    keyring, member = desk.exit.keyring, wish.member
    old = profile.phone or profile.proven_email
    account = present(desk.exit.book.ledger.account(member))
    change = PhoneChange(
        change_id=f"{keyring.new_id('pch')}.{member.member_id}",
        member=member,
        phone=wish.phone,
        phone_hash=phone_hash_of(member.merchant_id, wish.phone, keyring),
        old_phone_hash=contact_hash_of(member.merchant_id, old, keyring) if old else None,
        code_hash="",
        old_code_hash=None,
        created_at=at,
        expires_at=at + GOOD_FOR,
        is_trusted=bool(old) or not account.is_verified,
    )
    asked = bool(old) and not wish.is_without_old
    return replace(
        change,
        code_hash=_hash(change, "new", codes.new, desk),
        old_code_hash=_hash(change, "old", codes.old, desk) if asked else None,
    )


def _messages(
    change: PhoneChange, profile: Profile, codes: _Codes, desk: NumberDesk
) -> list[OutgoingSms]:
    member, language = change.member, profile.language
    shop = merchant_of(member.merchant_id, desk.exit.book.merchants).name
    texts = [(change.phone, new_phone_text(language, shop, codes.new))]
    if profile.phone and change.old_code_hash:
        texts.append((profile.phone, old_phone_text(language, shop, codes.old)))
    elif profile.phone:
        texts.append((profile.phone, warning_text(language, shop)))
    elif profile.proven_email:
        text = warning_text(language, shop)
        if change.old_code_hash:
            text = old_phone_text(language, shop, codes.old)
        texts.append((profile.proven_email, letter_of(language, shop, text)))
    return [
        OutgoingSms(
            message_id=desk.exit.keyring.new_id("sms"),
            merchant_id=member.merchant_id,
            to=phone,
            text=text,
            created_at=change.created_at,
            expires_at=change.expires_at,
            member_id=member.member_id,
        )
        for phone, text in texts
    ]


def _charges(
    change: PhoneChange,
    profile: Profile,
    wish: NumberWish,
    at: datetime,
    desk: NumberDesk,
) -> tuple[LimitCharge, ...]:
    """Return what the messages take from each limit: codes what codes do at sign-up."""
    keyring, old_hash = desk.exit.keyring, change.old_phone_hash
    shop = merchant_of(change.member.merchant_id, desk.exit.book.merchants)
    policy, ip = policy_of(shop, desk.policy), keyring.fingerprint("ip", wish.ip)
    charges = charges_for(
        phone_hash=change.phone_hash,
        prefix=prefix_of(wish.phone),
        ip=ip,
        at=at,
        policy=policy,
    )
    shared = shared_charges(reached_by(shop, wish.phone, at, keyring), policy, ip=ip)
    charges = (*charges, *shared)
    if old_hash is None:
        return charges
    if profile.phone is None:
        return together(*charges, *letter_confirmation_charges(old_hash, at, policy))
    reached = reached_by(shop, profile.phone, at, keyring)
    if change.old_code_hash is None:
        warned = message_charges(old_hash, at, policy)
        return together(*charges, *warned, *shared_message_charges(reached, policy))
    old = confirmation_charges(old_hash, prefix_of(profile.phone), at, policy)
    return together(*charges, *old, *shared_charges(reached, policy))


def _open(
    change: PhoneChange,
    messages: list[OutgoingSms],
    charges: tuple[LimitCharge, ...],
    desk: NumberDesk,
) -> None:
    trouble: Trouble = CommitConflict("no attempt was made")
    for _ in desk.exit.book.pacer.attempts():
        try:
            desk.changes.open(change, messages, charges)
        except Trouble as error:
            trouble = error
            continue
        return
    raise trouble


def _hash(change: PhoneChange, which: str, code: str, desk: NumberDesk) -> str:
    """Return a code's hash, good for this change and that phone alone."""
    return desk.exit.keyring.fingerprint(
        "phone-change", change.member.merchant_id, change.change_id, which, code
    )
