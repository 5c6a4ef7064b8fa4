"""Merchants and their programs: open one, change its rules by draft and publish."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.audit import Deed
from chalicelib.domain.colours import read_colour
from chalicelib.domain.document_reader import TEXT_LENGTH_MAX, unprintable
from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import ApiKey, Merchant, Scope
from chalicelib.domain.named_goods import goods_named, unknown_goods
from chalicelib.domain.program import Program
from chalicelib.domain.program_diff import Change, changes
from chalicelib.domain.program_document import InvalidProgram, read_program
from chalicelib.ports import (
    ApiKeys,
    Catalogue,
    CommitConflict,
    Keyring,
    Merchants,
    Taken,
)
from chalicelib.usecases.deeds import version_record
from chalicelib.usecases.schedule import next_run
from chalicelib.usecases.write_once import program_of

TILL = "till-1"
INTEGRATION = "integration"
STORE = "main"  # of the first keys
NAME_CHARS_MAX = 60
COUNTRIES = {
    "RUB": "RU", "USD": "US", "EUR": "DE", "KZT": "KZ", "BYN": "BY", "UAH": "UA", "GBP": "GB",
}  # fmt: skip
RUSSIAN_SPEAKING = frozenset({"RU", "KZ", "BY", "UA"})


class DraftMissing(DomainError):
    """There is no draft to publish."""

    code = "draft_missing"


class DraftOutdated(DomainError):
    """Another version was published, or another draft saved, meanwhile."""

    code = "draft_outdated"


class MerchantTaken(DomainError):
    """The merchant id belongs to another."""

    code = "merchant_taken"


@dataclass(frozen=True, slots=True)
class OpenedMerchant:
    """A new merchant with its first keys, shown once."""

    merchant: Merchant
    till_key: str
    integration_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The ports that know merchants."""

    merchants: Merchants
    api_keys: ApiKeys
    catalogue: Catalogue
    keyring: Keyring
    tell_phones: Callable[[str], None]  # of a merchant's: their passes show something else


def merchant_of_program(
    document: Mapping[str, Any], *, merchant_id: str, name: str = ""
) -> Merchant:
    """Return a merchant as its program lets one guess: country and language by currency.

    Without a name the program's title is it.
    """
    country = COUNTRIES.get(str(document.get("currency", "RUB")), "RU")
    return Merchant(
        merchant_id=merchant_id,
        name=name or str(document.get("title", "Kopilka"))[:NAME_CHARS_MAX],
        country=country,
        phone_countries=tuple(dict.fromkeys((country, "RU", "US"))),
        language="ru" if country in RUSSIAN_SPEAKING else "en",
    )


def open_merchant(
    merchant: Merchant, document: Mapping[str, Any], *, at: datetime, office: Office
) -> OpenedMerchant:
    """Write a merchant with version 1 of its program and one key for a till and a shop.

    Raises:
        InvalidProgram: the document cannot be a program; nothing was written.
        MerchantTaken: the id is in use.
    """
    scheduled = write_merchant(merchant, document, at=at, office=office)
    till_key = add_key(merchant.merchant_id, TILL, frozenset({Scope.TILL}), office=office)
    integration_key = add_key(
        merchant.merchant_id, INTEGRATION, frozenset(Scope), office=office
    )
    return OpenedMerchant(scheduled, till_key, integration_key)


def write_merchant(
    merchant: Merchant, document: Mapping[str, Any], *, at: datetime, office: Office
) -> Merchant:
    """Write a merchant with version 1 of its program, and no key.

    Raises:
        InvalidProgram, MerchantTaken: nothing was written.
    """
    program = read_program(document, 1)
    scheduled = replace(merchant, next_run_at=next_run(program, at))
    try:
        office.merchants.open(scheduled, document, at=at)
    except Taken as error:
        raise MerchantTaken("this merchant id is in use") from error
    return scheduled


def add_key(
    merchant_id: str,
    till_id: str,
    scopes: frozenset[Scope],
    *,
    store_id: str = STORE,
    office: Office,
) -> str:
    """Make a key for a till or shop and return it; only its hash is kept."""
    api_key, key_hash = office.keyring.new_api_key()
    office.api_keys.add(
        key_hash,
        ApiKey(
            key_id=office.keyring.new_id("key"),
            merchant_id=merchant_id,
            till_id=till_id,
            store_id=store_id,
            scopes=scopes,
        ),
    )
    return api_key


def paint_merchant(merchant_id: str, accent: str, *, merchants: Merchants) -> None:
    """Give a merchant's pages, posters and sign-up another colour."""
    if read_colour(accent) is not None:
        merchants.paint(merchant_id, accent.lower())


def save_draft(merchant_id: str, document: Mapping[str, Any], *, office: Office) -> Program:
    """Check and keep a draft of the program.

    Raises:
        MerchantNotFound, InvalidProgram: nothing was saved.
    """
    words = f"must be one line of 1 to {TEXT_LENGTH_MAX} characters"
    faults = tuple((path, words) for path in unprintable(document))
    if faults:
        raise InvalidProgram(faults)
    current = program_of(merchant_id, office.merchants)
    draft = _next(current, merchant_id, document, office)
    office.merchants.save_draft(merchant_id, document)
    return draft


def publish_draft(
    merchant_id: str, *, at: datetime | None = None, by: str = "", office: Office
) -> Program:
    """Make the draft the program; every purchase from now on is priced by it.

    `by` is who the audit log names: a staff id or `key:…`.

    Passes show its title, tiers and stamps: every phone is told to fetch its pass again.

    The draft is gone then: a repeat finds none instead of publishing it again.

    Raises:
        MerchantNotFound, DraftMissing, InvalidProgram, DraftOutdated.
    """
    document = office.merchants.draft(merchant_id)
    if document is None:
        raise DraftMissing("there is no draft to publish")
    current = program_of(merchant_id, office.merchants)
    program = _next(current, merchant_id, document, office)
    deed, version = Deed.PROGRAM_PUBLISHED, program.version
    record = version_record(deed, merchant_id, version, by=by, at=at)
    try:
        office.merchants.publish(merchant_id, document, version, at=at, record=record)
    except CommitConflict as error:
        raise DraftOutdated("another version or another draft came meanwhile") from error
    office.tell_phones(merchant_id)
    return program


def draft_changes(merchant_id: str, *, office: Office) -> tuple[Change, ...]:
    """Return what publishing the draft would change.

    Raises:
        MerchantNotFound, DraftMissing.
    """
    draft = office.merchants.draft(merchant_id)
    if draft is None:
        raise DraftMissing("there is no draft")
    program_of(merchant_id, office.merchants)
    return changes(office.merchants.document(merchant_id) or {}, draft)


def _next(
    current: Program, merchant_id: str, document: Mapping[str, Any], office: Office
) -> Program:
    """Return the program that may follow the current one.

    Raises:
        InvalidProgram.
    """
    program = _read(merchant_id, document, current.version + 1, office)
    if program.currency != current.currency:
        words = f"must stay {current.currency}: receipts, turnover and gift cards are in it"
        raise InvalidProgram((("/currency", words),))
    return program


def _read(
    merchant_id: str, document: Mapping[str, Any], version: int, office: Office
) -> Program:
    """Return the program of a document whose goods are in the catalogue, if there is one.

    Later the catalogue may change: a published program goes on as it is.

    Raises:
        InvalidProgram.
    """
    program = read_program(document, version)
    named = goods_named(document)
    summary = office.catalogue.summary(merchant_id) if named else None
    if summary is None or not summary.rows:
        return program
    skus = {one.name for one in named if one.kind == "sku"}
    known = office.catalogue.articles(merchant_id, skus, is_fresh=True) if skus else {}
    faults = unknown_goods(named, summary, known.keys())
    if faults:
        raise InvalidProgram(faults)
    return program
