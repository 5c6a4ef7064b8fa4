"""API keys, as their owner keeps them: named, scoped, shown once, revoked when lost.

Two keys of one till may be active at once: the new one is put into the till before the old one
is revoked. Who makes one has just signed in, with a second factor.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.domain.audit import Deed
from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import ApiKey, Scope
from chalicelib.domain.sessions import Session
from chalicelib.usecases.merchants import Office
from chalicelib.usecases.owners import OwnerDesk, owner_of, owner_record
from chalicelib.usecases.second_factor import require_guarded

ACTIVE_PER_TILL: Final = 2


class KeyNotFound(DomainError):
    """The merchant has no such key."""

    code = "key_not_found"


class TooManyKeys(DomainError):
    """The till has two active keys already."""

    code = "too_many_keys"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyWish:
    """A key as its owner wants it."""

    name: str
    till_id: str  # names the caller for ever, whichever key it holds
    store_id: str
    scopes: frozenset[Scope]


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key, and its secret, shown once."""

    api_key: ApiKey
    secret: str


def list_keys(merchant_id: str, *, office: Office) -> tuple[ApiKey, ...]:
    """Return the merchant's keys, active ones first, the newest first."""
    found = sorted(office.api_keys.of_merchant(merchant_id), key=_age, reverse=True)
    return tuple(sorted(found, key=lambda one: one.is_revoked))


def make_key(
    session: Session, wish: KeyWish, *, at: datetime, office: Office, desk: OwnerDesk
) -> NewKey:
    """Make a key.

    Raises:
        NotFresh, SecondFactorMissing, TooManyKeys.
    """
    owner = require_guarded(session, at=at, desk=desk)
    known = office.api_keys.of_merchant(session.merchant_id)
    active = [one for one in known if one.till_id == wish.till_id and not one.is_revoked]
    if len(active) >= ACTIVE_PER_TILL:
        raise TooManyKeys("revoke one of the till's two keys first", maximum=ACTIVE_PER_TILL)
    secret, key_hash = office.keyring.new_api_key()
    api_key = ApiKey(
        key_id=office.keyring.new_id("key"),
        merchant_id=session.merchant_id,
        till_id=wish.till_id,
        store_id=wish.store_id,
        scopes=wish.scopes,
        name=wish.name,
        created_at=at,
    )
    # The record first: a key that nobody noted would be worse than a note of no key.
    desk.room.note(owner_record(owner, Deed.KEY_ADDED, at, desk, subject=api_key.key_id))
    office.api_keys.add(key_hash, api_key)
    return NewKey(api_key, secret)


def revoke_key(
    session: Session, key_id: str, *, at: datetime, office: Office, desk: OwnerDesk
) -> ApiKey:
    """Revoke a key; it is refused within a minute. No second factor: it may be urgent.

    Raises:
        KeyNotFound, SessionExpired.
    """
    owner = owner_of(session, desk)
    revoked = office.api_keys.revoke(session.merchant_id, key_id)
    if revoked is None:
        raise KeyNotFound("there is no such key")
    desk.room.note(owner_record(owner, Deed.KEY_REVOKED, at, desk, subject=key_id))
    return revoked


def _age(api_key: ApiKey) -> float:
    return api_key.created_at.timestamp() if api_key.created_at else 0
