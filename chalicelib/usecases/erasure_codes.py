"""The code an erasure needs: to the phone, or by e-mail to a member who has none."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.confirmations import GOOD_FOR, Confirmation, Method, Purpose
from chalicelib.domain.members import OutgoingSms, Profile
from chalicelib.domain.sign_ups import letter_confirmation_charges
from chalicelib.domain.wording import erasure_text, letter_of
from chalicelib.usecases.confirmations import (
    ConfirmationDesk,
    new_confirmation_id,
    profile_of,
    repeated,
    send_code,
    sent_code_hash,
)
from chalicelib.usecases.members import email_hash_of
from chalicelib.usecases.write_once import merchant_of


def send_erasure_code(
    member: MemberRef, *, at: datetime, desk: ConfirmationDesk
) -> Confirmation:
    """Promise the member the code that lets them erase themselves, within every limit.

    Raises:
        MemberNotFound, NoPhone; LimitReached, PrefixBlocked: nothing is sent.
    """
    profile = profile_of(member, desk)
    if profile.phone or not profile.proven_email:
        return send_code(member, at=at, desk=desk, purpose=Purpose.ERASE)
    return _send_letter(profile, profile.proven_email, at, desk)


def _send_letter(
    profile: Profile, email: str, at: datetime, desk: ConfirmationDesk
) -> Confirmation:
    member, language = profile.member, profile.language
    shop, code = merchant_of(member.merchant_id, desk.merchants).name, desk.keyring.new_digits()
    found = Confirmation(
        confirmation_id=new_confirmation_id(member, desk),
        member=member,
        method=Method.SMS,
        created_at=at,
        expires_at=at + GOOD_FOR,
        purpose=Purpose.ERASE,
        phone_hash=email_hash_of(member.merchant_id, email, desk.keyring),
    )
    found = replace(found, code_hash=sent_code_hash(found, code, desk))
    letter = OutgoingSms(
        message_id=desk.keyring.new_id("sms"),
        merchant_id=member.merchant_id,
        to=email,
        text=letter_of(language, shop, erasure_text(language, shop, code)),
        created_at=at,
        expires_at=found.expires_at,
        member_id=member.member_id,
    )
    charges = letter_confirmation_charges(found.phone_hash, at, desk.policy)
    repeated(lambda: desk.confirmations.promise(found, letter, charges), desk)
    return found
