"""A password that was forgotten: a letter to the owner's address, and another password.

Nothing is written for the link in the letter. It names the owner by a hash and the moment it
ends, and proves both by a token that the password it replaces goes into: so it is good once,
and any other change of the password ends it. Who has the owner's mail can set a password; to
sign in, the second factor is asked for as ever. An address nobody has is answered alike.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.audit import Deed
from chalicelib.domain.members import OutgoingSms
from chalicelib.domain.owners import (
    LETTER_GOOD_FOR,
    Owner,
    PasswordLinkOver,
    checked_password,
    password_letter_charges,
)
from chalicelib.domain.wording import password_letter
from chalicelib.ports import Merchants
from chalicelib.usecases.owners import (
    OwnerDesk,
    email_hash_of,
    end_sessions,
    forgive_passwords,
    owner_record,
)
from chalicelib.usecases.write_once import merchant_of

_PURPOSE = "password-link"


def ask_for_letter(
    email: str,
    *,
    page: str,
    language: str,
    network: str,
    at: datetime,
    desk: OwnerDesk,
    merchants: Merchants,
) -> None:
    """Promise the owner with this address, if there is one, a link below `page`.

    Raises:
        EmailInvalid; LimitReached: nothing is sent.
    """
    email_hash = email_hash_of(email, desk.keyring)
    owner, letter = desk.owners.find(email_hash), None
    if owner is not None:
        shop = merchant_of(owner.merchant_id, merchants).name
        url = f"{page}/{_link(owner, at + LETTER_GOOD_FOR, desk)}?lang={language}"
        letter = OutgoingSms(
            message_id=desk.keyring.new_id("sms"),
            merchant_id=owner.merchant_id,
            to=owner.email,
            text=password_letter(language, shop, url),
            created_at=at,
            expires_at=at + LETTER_GOOD_FOR,
        )
    desk.owners.limit(password_letter_charges(email_hash, network, at), letter)


def owner_of_link(link: str, *, at: datetime, desk: OwnerDesk) -> Owner:
    """Return whose password a link may replace. Raises PasswordLinkOver."""
    email_hash, _, rest = link.partition(".")
    ends, _, token = rest.partition(".")
    is_number = ends.isascii() and ends.isdecimal() and len(ends) <= len("9999999999")
    owner = desk.owners.find(email_hash) if is_number and at.timestamp() < int(ends) else None
    if owner is None or not desk.keyring.is_token(_PURPOSE, _subject(owner, ends), token):
        raise PasswordLinkOver("the link is used, too old, or none of ours")
    return owner


def set_password(
    link: str, new: str, *, at: datetime, desk: OwnerDesk, merchants: Merchants
) -> None:
    """Set the password a link was sent for; every session of the owner ends.

    Raises:
        PasswordLinkOver, PasswordWeak; CommitConflict: the owner changed at this moment.
    """
    owner = owner_of_link(link, at=at, desk=desk)
    shop = merchant_of(owner.merchant_id, merchants).name
    checked_password(new, email=owner.email, merchant_name=shop)
    record = owner_record(owner, Deed.PASSWORD_RESET, at, desk)
    changed = replace(owner, password_hash=desk.passwords.hashed(new))
    desk.owners.save(changed, record)
    end_sessions(owner, desk)
    forgive_passwords(owner, desk)


def _link(owner: Owner, ends_at: datetime, desk: OwnerDesk) -> str:
    ends = str(int(ends_at.timestamp()))
    return f"{owner.email_hash}.{ends}.{desk.keyring.token(_PURPOSE, _subject(owner, ends))}"


def _subject(owner: Owner, ends: str) -> str:
    return f"{owner.email_hash}.{ends}.{owner.password_hash}"
