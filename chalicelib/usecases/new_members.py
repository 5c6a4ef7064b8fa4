"""Add a member without a code: typed in at a till, or known to an online shop.

A till cannot prove whose phone it is: its member earns at once, redeems nothing, and gets a
link by SMS. A shop has proven the phone or the e-mail itself. A known phone is answered
with its member, so that a queue never waits for "already registered".
"""

from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerChange, Operation, Recorded
from chalicelib.domain.joining import join
from chalicelib.domain.ledger import present
from chalicelib.domain.members import Consent, Profile
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.unverified import UNVERIFIED_DAYS, join_unverified
from chalicelib.ports import AlreadyRecorded, CommitConflict, StoreUnavailable, Taken, Trouble
from chalicelib.usecases.members import phone_hash_of
from chalicelib.usecases.phone_links import LinkDesk, send_link, verify_member
from chalicelib.usecases.write_once import KeyReused, program_of


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMember:
    """Somebody to be added."""

    merchant_id: str
    phone: str | None  # E.164
    language: str
    name: str | None = None
    email: str | None = None
    store: str | None = None
    consents: tuple[Consent, ...] = ()
    is_verified: bool = False  # by the shop that adds them


@dataclass(frozen=True, slots=True)
class Added:
    """Who it is now."""

    member: MemberRef
    is_new: bool
    is_replay: bool = False
    is_link_sent: bool = False


def add_member(wish: NewMember, operation: Operation, *, at: datetime, desk: LinkDesk) -> Added:
    """Add a member, or find who has the phone; an unverified one is sent a link.

    A link is sent again to who has not used it, within the limits of messages.

    Raises:
        DomainError: `MerchantNotFound`, `KeyReused`.
    """
    recorded = desk.book.ledger.recorded(operation)
    added = _replayed(recorded, operation) if recorded else _added(wish, operation, at, desk)
    account = present(desk.book.ledger.account(added.member))
    if account.is_verified:
        return added
    if wish.is_verified:
        verify_member(added.member, at=at, book=desk.book)
        return added
    if added.is_replay:  # the first call sent it
        return added
    profile = desk.members.profile(added.member)
    is_sent = profile is not None and send_link(profile, operation.client, at=at, desk=desk)
    return replace(added, is_link_sent=is_sent)


def _added(wish: NewMember, operation: Operation, at: datetime, desk: LinkDesk) -> Added:
    """Register the member, or find the owner of the phone; the loser of a race finds it."""
    trouble: Trouble = StoreUnavailable("no attempt was made")
    phone_hash = wish.phone and phone_hash_of(wish.merchant_id, wish.phone, desk.keyring)
    known = desk.members.id_by_phone(wish.merchant_id, phone_hash) if phone_hash else None
    if known is not None:
        return Added(MemberRef(wish.merchant_id, known), is_new=False)
    for _ in desk.book.pacer.attempts():
        member = MemberRef(wish.merchant_id, desk.keyring.new_id("mem"))
        change = _joined(member, wish, operation, at, desk)
        profile = _profile(member, wish, at, desk)
        try:
            desk.members.register(profile, change, phone_hash=phone_hash, sign_up=None)
        except Taken as taken:
            return Added(MemberRef(wish.merchant_id, taken.member_id), is_new=False)
        except AlreadyRecorded as error:
            return _replayed(error.recorded, operation)
        except (CommitConflict, StoreUnavailable) as error:
            trouble = error
            continue
        return Added(member, is_new=True)
    raise trouble


def _joined(
    member: MemberRef, wish: NewMember, operation: Operation, at: datetime, desk: LinkDesk
) -> LedgerChange:
    occasion = Occasion(program_of(wish.merchant_id, desk.book.merchants), at, operation)
    if wish.is_verified:
        return join(member, occasion, actor=operation.client)
    return join_unverified(member, occasion, UNVERIFIED_DAYS)


def _profile(member: MemberRef, wish: NewMember, at: datetime, desk: LinkDesk) -> Profile:
    return Profile(
        member=member,
        phone=wish.phone,
        language=wish.language,
        joined_at=at,
        name=wish.name,
        email=wish.email,
        store=wish.store,
        consents=wish.consents,
        code=desk.keyring.new_pass_code(),
    )


def _replayed(recorded: Recorded, operation: Operation) -> Added:
    if recorded.fingerprint != operation.fingerprint or recorded.entry is None:
        raise KeyReused("this idempotency key was used for another request")
    return Added(recorded.entry.member, is_new=True, is_replay=True)
