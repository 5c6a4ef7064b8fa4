"""Merchants and their programs: open one, change its rules by draft and publish."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.errors import DomainError
from chalicelib.domain.members import ApiKey, Merchant, Scope
from chalicelib.domain.program import Program
from chalicelib.domain.program_document import read_program
from chalicelib.ports import ApiKeys, CommitConflict, Keyring, Merchants, Taken
from chalicelib.usecases.schedule import next_run
from chalicelib.usecases.write_once import program_of

TILL = "till-1"
INTEGRATION = "integration"


class DraftMissing(DomainError):
    """There is no draft to publish."""

    code = "draft_missing"


class DraftOutdated(DomainError):
    """Another version was published meanwhile."""

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
    keyring: Keyring


def open_merchant(
    merchant: Merchant, document: Mapping[str, Any], *, at: datetime, office: Office
) -> OpenedMerchant:
    """Write a merchant with version 1 of its program and one key for a till and a shop.

    Raises:
        InvalidProgram: the document cannot be a program; nothing was written.
        MerchantTaken: the id is in use.
    """
    program = read_program(document, 1)
    scheduled = replace(merchant, next_run_at=next_run(program, at))
    try:
        office.merchants.open(scheduled, document)
    except Taken as error:
        raise MerchantTaken("this merchant id is in use") from error
    till_key = add_key(merchant.merchant_id, TILL, frozenset({Scope.TILL}), office=office)
    integration_key = add_key(
        merchant.merchant_id, INTEGRATION, frozenset(Scope), office=office
    )
    return OpenedMerchant(scheduled, till_key, integration_key)


def add_key(merchant_id: str, till_id: str, scopes: frozenset[Scope], *, office: Office) -> str:
    """Make a key for a till or shop and return it; only its hash is kept."""
    api_key, key_hash = office.keyring.new_api_key()
    office.api_keys.add(
        key_hash,
        ApiKey(
            key_id=office.keyring.new_id("key"),
            merchant_id=merchant_id,
            till_id=till_id,
            store_id="main",
            scopes=scopes,
        ),
    )
    return api_key


def save_draft(merchant_id: str, document: Mapping[str, Any], *, office: Office) -> Program:
    """Check and keep a draft of the program.

    Raises:
        MerchantNotFound, InvalidProgram: nothing was saved.
    """
    current = program_of(merchant_id, office.merchants)
    draft = read_program(document, current.version + 1)
    office.merchants.save_draft(merchant_id, document)
    return draft


def publish_draft(merchant_id: str, *, office: Office) -> Program:
    """Make the draft the program; every purchase from now on is priced by it.

    The draft is gone then: a repeat finds none instead of publishing it again.

    Raises:
        MerchantNotFound, DraftMissing, InvalidProgram, DraftOutdated.
    """
    document = office.merchants.draft(merchant_id)
    if document is None:
        raise DraftMissing("there is no draft to publish")
    version = program_of(merchant_id, office.merchants).version + 1
    program = read_program(document, version)
    try:
        office.merchants.publish(merchant_id, document, version)
    except CommitConflict as error:
        raise DraftOutdated("another version was published meanwhile") from error
    return program
