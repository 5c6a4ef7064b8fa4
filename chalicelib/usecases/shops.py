"""A shop is opened by whoever is to own it: merchant, store, till and owner, at once."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.audit import Deed
from chalicelib.domain.members import Merchant
from chalicelib.domain.owners import (
    EmailTaken,
    Owner,
    checked_password,
    folded_email,
    shop_charges,
)
from chalicelib.domain.slugs import SLUGS_TRIED, slug_of
from chalicelib.domain.staff import (
    FIRST_STORE,
    FIRST_TILL,
    Role,
    StaffMember,
    Store,
    Till,
    staff_id_of,
)
from chalicelib.ports import Taken, Trouble
from chalicelib.usecases.merchants import (
    MerchantTaken,
    Office,
    merchant_of_program,
    write_merchant,
)
from chalicelib.usecases.owners import (
    OwnerDesk,
    email_hash_of,
    opened_office,
    owner_record,
)
from chalicelib.usecases.till_sessions import Opened

TILL_NAMES = {"ru": "Касса 1", "en": "Till 1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShop:
    """What somebody says who opens a shop."""

    email: str
    password: str
    merchant_name: str
    owner_name: str
    template: str  # its name, for the design of the passes
    document: Mapping[str, Any]  # the template's program
    language: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class OpenedShop:
    """A new shop and its owner, who is signed in."""

    merchant: Merchant
    owner: Owner
    opened: Opened


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopDesk:
    """The ports a shop is opened with."""

    owner_desk: OwnerDesk
    office: Office
    first_design: Callable[[Merchant, str, datetime], None]  # its template, the moment
    shops_per_network: int  # a day


def open_shop(
    wish: NewShop, *, network: str, device: str, at: datetime, desk: ShopDesk
) -> OpenedShop:
    """Open a merchant with a store, a till and its owner, and sign the owner in.

    The merchant comes first: one that nobody owns, should the rest fail, harms nobody.

    Raises:
        PasswordWeak, EmailInvalid, EmailTaken, InvalidProgram; LimitReached.
    """
    owners = desk.owner_desk
    email = folded_email(wish.email)
    checked_password(wish.password, email=email, merchant_name=wish.merchant_name)
    owners.owners.limit(shop_charges(network, at, desk.shops_per_network))
    if owners.owners.find(email_hash_of(email, owners.keyring)) is not None:
        raise EmailTaken("somebody signs in with this address already")
    merchant = _opened_merchant(wish, at, desk)
    owner, person = _owner(wish, email, merchant, at, owners)
    store = Store(store_id=FIRST_STORE, name=wish.merchant_name)
    name = TILL_NAMES.get(merchant.language, TILL_NAMES["en"])
    till = Till(till_id=FIRST_TILL, store_id=FIRST_STORE, name=name)
    record = owner_record(owner, Deed.SHOP_OPENED, at, owners)
    try:
        owners.owners.open(owner, (store, till, person), record)
    except Taken as error:
        raise EmailTaken("somebody signs in with this address already") from error
    with suppress(Trouble):  # without a design the cards have the default artwork
        desk.first_design(merchant, wish.template, at)
    return OpenedShop(merchant, owner, opened_office(owner, device, at, owners))


def _owner(
    wish: NewShop, email: str, merchant: Merchant, at: datetime, owners: OwnerDesk
) -> tuple[Owner, StaffMember]:
    person = StaffMember(
        staff_id=staff_id_of(owners.keyring.new_id("stf")),
        role=Role.OWNER,
        name=wish.owner_name or wish.merchant_name,
    )
    owner = Owner(
        email=email,
        email_hash=email_hash_of(email, owners.keyring),
        merchant_id=merchant.merchant_id,
        staff_id=person.staff_id,
        created_at=at,
        password_hash=owners.passwords.hashed(wish.password),
    )
    return owner, person


def _opened_merchant(wish: NewShop, at: datetime, desk: ShopDesk) -> Merchant:
    """Write the merchant under the first id that is free. Raises InvalidProgram."""
    slug, keyring = slug_of(wish.merchant_name), desk.owner_desk.keyring
    tail = keyring.new_id("x")[2:10].lower()
    names = [slug, *(f"{slug}-{number}" for number in range(2, SLUGS_TRIED)), f"{slug}-{tail}"]
    taken: Exception | None = None
    for name in names:
        guessed = merchant_of_program(wish.document, merchant_id=name, name=wish.merchant_name)
        merchant = replace(
            guessed,
            language=wish.language or guessed.language,
            country=wish.country or guessed.country,
            is_self_opened=True,
        )
        try:
            return write_merchant(merchant, wish.document, at=at, office=desk.office)
        except MerchantTaken as error:
            taken = error
    raise MerchantTaken("no free id for this name") from taken
