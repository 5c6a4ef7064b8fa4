"""Confirm a phone by one tap: an address is sent to it, and opens nothing but this.

The address is derived from the keyring, so that it can be sent again and is stored nowhere.
A member is confirmed once; who comes again soon, after a lost answer, gets the same answer.
It ends with what it was sent for: with the phone, or once the member is confirmed otherwise.
"""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.browsers import Browser, with_browser
from chalicelib.domain.entries import LedgerChange, Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.domain.members import (
    Consent,
    OutgoingSms,
    PhoneLink,
    Profile,
    with_consents,
)
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.shared_limits import policy_of, shared_charges
from chalicelib.domain.sign_ups import PrefixBlocked, SmsPolicy, link_charges, prefix_of
from chalicelib.domain.unverified import UNVERIFIED_DAYS, MemberVerified, verify
from chalicelib.domain.wording import link_text
from chalicelib.ports import (
    CommitConflict,
    Keyring,
    LimitReached,
    Members,
    PhoneLinks,
    StoreUnavailable,
    Trouble,
)
from chalicelib.usecases.card_tokens import browser_id_of
from chalicelib.usecases.members import phone_hash_of, reached_by
from chalicelib.usecases.prefixes import PrefixWatch, guarded_record
from chalicelib.usecases.write_once import Book, merchant_of, program_of, write_once

CLIENT = "verify"  # the caller of every operation that confirms a member
TOKEN_SYMBOLS = 16  # hexadecimal: 64 bits, so that the message stays a short one
MESSAGE_HOURS = 24  # a link is not sent later
PATH = "/k/"

log = logging.getLogger(__name__)


class LinkUnknown(DomainError):
    """Nobody's address, or its time is over, or it was used a while ago."""

    code = "link_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDesk:
    """The ports a link goes through."""

    book: Book
    members: Members
    links: PhoneLinks
    watch: PrefixWatch
    keyring: Keyring
    policy: SmsPolicy
    public_url: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who was confirmed, and in which browser the card is open now."""

    member: MemberRef
    browser_id: str


def send_link(profile: Profile, till: str, *, at: datetime, desk: LinkDesk) -> bool:
    """Send a member's phone the address that confirms it; whether it could be promised.

    A full limit holds up nobody at the till: the member earns without the message, and it
    can be sent again. Links do not count for the conversion of a prefix: unlike a code, one
    may rightly be tapped days later.
    """
    member, phone = profile.member, profile.phone
    if not phone:
        return False
    merchant = merchant_of(member.merchant_id, desk.book.merchants)
    prefix = prefix_of(phone)
    phone_hash = phone_hash_of(member.merchant_id, phone, desk.keyring)
    token = _token(member, phone_hash, desk.keyring)
    sms = OutgoingSms(
        message_id=desk.keyring.new_id("sms"),
        merchant_id=member.merchant_id,
        to=phone,
        text=link_text(profile.language, merchant.name, f"{desk.public_url}{PATH}{token}"),
        created_at=at,
        expires_at=at + timedelta(hours=MESSAGE_HOURS),
        member_id=member.member_id,
    )
    expires_at = at + timedelta(days=UNVERIFIED_DAYS)
    link = PhoneLink(_token_hash(token, desk.keyring), member, phone_hash, expires_at)
    till_hash = desk.keyring.fingerprint("till", till)
    policy = policy_of(merchant, desk.policy)
    reached = reached_by(merchant, phone, at, desk.keyring)
    charges = (
        *link_charges(phone_hash, prefix, till_hash, at, policy),
        *shared_charges(reached, policy),
    )
    try:
        guarded_record(member.merchant_id, prefix, at, desk.watch)
        for _ in desk.book.pacer.attempts():
            try:
                desk.links.promise(link, sms, charges)
            except (CommitConflict, StoreUnavailable):
                continue
            return True
    except (LimitReached, PrefixBlocked):
        return False
    log.error("a link to a new member was not promised", extra={"member": member.member_id})
    return False


def member_of_link(token: str, *, at: datetime, desk: LinkDesk) -> MemberRef:
    """Return whom an address confirms. Raises LinkUnknown."""
    return _found(token, at, desk).member


def confirm_by_link(
    token: str, consents: tuple[Consent, ...], label: str, *, at: datetime, desk: LinkDesk
) -> Confirmed:
    """Confirm the member whose phone the address was sent to, and let the browser in.

    Only the first use lets it in: a repeat must not bring back one that was removed meanwhile.
    It is let in before the member is confirmed, so that it tells a link's own use from others.

    Raises:
        LinkUnknown: nobody's, or its time is over.
    """
    link = _found(token, at, desk)
    member = link.member
    browser_id = _browser_id(link, desk.keyring)
    browser = Browser(browser_id, label, at, at.date()) if link.used_at is None else None
    try:
        _remember(member, consents, browser, desk)
        verify_member(member, at=at, book=desk.book)
    except MemberNotFound as error:
        raise LinkUnknown("the card is not there any more") from error
    desk.links.use(replace(link, used_at=link.used_at or at))
    return Confirmed(member, browser_id)


def verify_member(member: MemberRef, *, at: datetime, book: Book) -> None:
    """Confirm a member; one who is confirmed already stays so.

    Raises:
        MemberNotFound: unknown, erased or merged.
    """
    account = present(book.ledger.account(member))
    if account.is_verified:
        return
    occasion = _occasion(account, at, book)

    def decide() -> LedgerChange:
        return verify(present(book.ledger.account(member)), occasion)

    try:
        write_once(occasion.operation, decide, book)
    except MemberVerified:  # a moment ago, by somebody else's hand
        return


def _remember(
    member: MemberRef, consents: tuple[Consent, ...], browser: Browser | None, desk: LinkDesk
) -> None:
    """Add the browser and what was agreed to. Raises MemberNotFound, Trouble."""
    trouble: Trouble = CommitConflict("no attempt was made")
    for _ in desk.book.pacer.attempts():
        profile = desk.members.profile(member)
        if profile is None:
            raise MemberNotFound("there is no such member")
        browsers = with_browser(profile.browsers, browser) if browser else profile.browsers
        kept = with_consents(profile.consents, consents)
        changed = replace(profile, browsers=browsers, consents=kept)
        if changed == profile:
            return
        try:
            desk.members.save_profile(changed)
        except Trouble as error:
            trouble = error
            continue
        return
    raise trouble


def _occasion(account: Account, at: datetime, book: Book) -> Occasion:
    member = account.member
    operation = Operation(member.merchant_id, CLIENT, member.member_id, "")
    return Occasion(program_of(member.merchant_id, book.merchants), at, operation)


def _found(token: str, at: datetime, desk: LinkDesk) -> PhoneLink:
    link = desk.links.find(_token_hash(token, desk.keyring))
    if link is None:
        raise LinkUnknown("there is no such link, or its time is over")
    until = timedelta(minutes=desk.policy.repeat_answer_minutes)
    if link.used_at is not None and at > link.used_at + until:
        raise LinkUnknown("the link was used; sign in by phone")
    if not _is_of_use(link, desk):
        raise LinkUnknown("the phone is another, or was confirmed otherwise; sign in by phone")
    return link


def _is_of_use(link: PhoneLink, desk: LinkDesk) -> bool:
    """Return whether the link still leads to its phone, and nothing else has confirmed it."""
    member = link.member
    profile, account = desk.members.profile(member), desk.book.ledger.account(member)
    if profile is None or account is None or not profile.phone:
        return False
    if phone_hash_of(member.merchant_id, profile.phone, desk.keyring) != link.phone_hash:
        return False
    if not account.is_verified or link.used_at is not None:
        return True
    browser_id = _browser_id(link, desk.keyring)  # its own use, that was not written to the end
    return any(one.browser_id == browser_id for one in profile.browsers)


def _browser_id(link: PhoneLink, keyring: Keyring) -> str:
    return browser_id_of(link.member.merchant_id, f"link~{link.token_hash}", keyring)


def _token(member: MemberRef, phone_hash: str, keyring: Keyring) -> str:
    parts = (member.merchant_id, member.member_id, phone_hash)
    return keyring.fingerprint("phone-link", *parts)[:TOKEN_SYMBOLS]


def _token_hash(token: str, keyring: Keyring) -> str:
    return keyring.fingerprint("phone-link-index", token)
