"""Whose card an address, a token or a pass opens; and that it opens nothing any more.

Every token names its member and what it was handed to: a browser that signed in, a pass, or
the link on the back of one. Nothing secret is stored: tokens are derived from the keyring.

    mt_<merchant>.<member>.<browser>.<mac>    a browser's own, for /v1/me
    <merchant>.<member>.<browser>.<mac>       the address of the card in that browser
    <merchant>.<member>.<link>.<mac>          the address on the back of a pass
    <browser or link>.<mac>                   a pass's own, from where it was downloaded

A browser's tokens die when it is removed from the member's profile; a link's with the pass
code it was made for; a pass's when the phone it was on is removed, whatever copied it there.
A token that is nobody's costs no read.
"""

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.browsers import seen
from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import Profile
from chalicelib.ports import Keyring, Members, Trouble

MEMBER_PREFIX = "mt_"
LINK_PREFIX = "link-"  # no browser's id begins so
LINK_SYMBOLS = 12
BROWSER_SYMBOLS = 16


class PassUnknown(DomainError):
    """Unknown serial or wrong token: one answer for both, so that nothing can be probed."""

    code = "pass_unknown"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who has come with a token, by which browser or link; read with it, as it had to be."""

    member: MemberRef
    browser_id: str
    profile: Profile

    @property
    def is_signed_in(self) -> bool:
        """Return whether a code was sent to get here; a link on a pass can be passed on."""
        return not self.browser_id.startswith(LINK_PREFIX)


def serial_of(member: MemberRef) -> str:
    """Return the pass serial.

    >>> serial_of(MemberRef("bakery", "mem_1"))
    'bakery.mem_1'
    """
    return f"{member.merchant_id}.{member.member_id}"


def member_of_serial(serial: str) -> MemberRef | None:
    """Return whose pass has that serial; None if it cannot be one."""
    merchant_id, dot, member_id = serial.partition(".")
    return MemberRef(merchant_id, member_id) if dot and merchant_id and member_id else None


def browser_id_of(merchant_id: str, sign_in_id: str, keyring: Keyring) -> str:
    """Return the id of the browser a sign-in lets in: the same each time it is repeated."""
    return keyring.fingerprint("browser", merchant_id, sign_in_id)[:BROWSER_SYMBOLS]


def link_id(member: MemberRef, pass_code: str, keyring: Keyring) -> str:
    """Return the id of the link on the back of a pass; another with each pass code."""
    made = keyring.fingerprint("pass-link", serial_of(member), pass_code)
    return LINK_PREFIX + made[:LINK_SYMBOLS]


def member_token(member: MemberRef, browser_id: str, *, keyring: Keyring) -> str:
    """Return a browser's bearer token."""
    subject = _subject(member, browser_id)
    return f"{MEMBER_PREFIX}{subject}.{keyring.token('member', subject)}"


def card_token(member: MemberRef, holder_id: str, *, keyring: Keyring) -> str:
    """Return the secret part of the address of the in-browser card."""
    subject = _subject(member, holder_id)
    return f"{subject}.{keyring.token('card', subject)}"


def apple_token(member: MemberRef, pass_id: str, *, keyring: Keyring) -> str:
    """Return a pass's authenticationToken; the same for the life of the pass."""
    return f"{pass_id}.{keyring.token('apple-pass', _subject(member, pass_id))}"


def open_card(token: str, *, at: datetime, members: Members, keyring: Keyring) -> Visit:
    """Return who comes to a card by its address.

    Raises:
        PassUnknown: nobody's, or of a browser that was removed, or of an earlier pass code.
    """
    named = named_by_card_token(token, keyring=keyring)
    if named is None:
        raise PassUnknown("there is no such card")
    member, holder_id = named
    profile = members.profile(member)
    if profile is None:
        raise PassUnknown("there is no such card")
    if holder_id.startswith(LINK_PREFIX):
        if holder_id != link_id(member, profile.code, keyring):
            raise PassUnknown("the card has another code by now")
        return Visit(member, holder_id, profile)
    if not is_listed(profile, holder_id):
        raise PassUnknown("this browser was signed out")
    return Visit(member, holder_id, _seen(profile, holder_id, at, members))


def named_by_card_token(token: str, *, keyring: Keyring) -> tuple[MemberRef, str] | None:
    """Return the member and the holder an address was made for; reads nothing.

    It may open nothing any more.
    """
    subject, _, secret = token.rpartition(".")
    serial, _, holder_id = subject.rpartition(".")
    member = member_of_serial(serial)
    if not holder_id or member is None or not keyring.is_token("card", subject, secret):
        return None
    return member, holder_id


def named_by_member_token(token: str, *, keyring: Keyring) -> tuple[MemberRef, str] | None:
    """Return the member and the browser a bearer token was made for; reads nothing."""
    subject, _, secret = token.removeprefix(MEMBER_PREFIX).rpartition(".")
    serial, _, browser_id = subject.rpartition(".")
    member = member_of_serial(serial)
    is_ours = token.startswith(MEMBER_PREFIX) and browser_id and member is not None
    if not is_ours or member is None or not keyring.is_token("member", subject, secret):
        return None
    return member, browser_id


def signed_in(
    member: MemberRef, browser_id: str, *, at: datetime, members: Members
) -> Visit | None:
    """Return the visit of a browser that is signed in; None: the member has gone.

    Raises:
        PassUnknown: the browser was removed.
    """
    profile = members.profile(member)
    if profile is None:
        return None
    if not is_listed(profile, browser_id):
        raise PassUnknown("this browser was signed out")
    return Visit(member, browser_id, _seen(profile, browser_id, at, members))


def pass_of(serial: str, token: str, *, keyring: Keyring) -> tuple[MemberRef, str]:
    """Return whose pass a phone speaks for, and which; reads nothing.

    Raises:
        PassUnknown: the serial is nobody's or the token is not its own.
    """
    pass_id, _, secret = token.rpartition(".")
    member = member_of_serial(serial)
    if not pass_id or member is None:
        raise PassUnknown("there is no such pass, or the token is not its own")
    if not keyring.is_token("apple-pass", _subject(member, pass_id), secret):
        raise PassUnknown("there is no such pass, or the token is not its own")
    return member, pass_id


def is_listed(profile: Profile, browser_id: str) -> bool:
    """Return whether the member has signed in with that browser and not removed it."""
    return any(one.browser_id == browser_id for one in profile.browsers)


def _seen(profile: Profile, browser_id: str, at: datetime, members: Members) -> Profile:
    """Note the day; a note that cannot be written now keeps nobody out."""
    browsers = seen(profile.browsers, browser_id, at.date())
    if browsers == profile.browsers:
        return profile
    noted = replace(profile, browsers=browsers)
    with suppress(Trouble):
        members.save_profile(noted)
        return replace(noted, revision=noted.revision + 1)
    return profile


def _subject(member: MemberRef, holder_id: str) -> str:
    return f"{serial_of(member)}.{holder_id}"
