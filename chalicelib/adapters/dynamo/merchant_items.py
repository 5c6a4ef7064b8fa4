"""Merchants and their programs as items.

A program is stored as its JSON text, whole, under its version and once more as the latest.
Numbers that are not whole come back as decimal strings, which a program document may hold
just as well: no float is ever made of them.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import ProgramVersion


class MerchantItem(Item, discriminator="M"):
    """A merchant; in the index of runs while it has one to come."""

    merchant_id = UnicodeAttribute()
    name = UnicodeAttribute()
    country = UnicodeAttribute()
    phone_countries = UnicodeAttribute()  # with commas
    language = UnicodeAttribute()
    accent = UnicodeAttribute()
    next_run_at = MomentAttribute(null=True)
    is_self_opened = BooleanAttribute(null=True)
    tells_points = BooleanAttribute(null=True)


class ProgramItem(Item, discriminator="G"):
    """A program's document: a version, the latest, or the draft (version 0)."""

    version = IntegerAttribute()
    document = UnicodeAttribute()
    published_at = MomentAttribute(null=True)


def merchant_of(item: MerchantItem) -> Merchant:
    """Return the merchant an item holds."""
    return Merchant(
        merchant_id=item.merchant_id,
        name=item.name,
        country=item.country,
        phone_countries=tuple(item.phone_countries.split(",")),
        language=item.language,
        accent=item.accent,
        next_run_at=item.next_run_at,
        is_self_opened=bool(item.is_self_opened),
        tells_points=bool(item.tells_points),
    )


def merchant_item(merchant: Merchant) -> MerchantItem:
    """Return a merchant as an item."""
    item = MerchantItem(
        *keys.merchant_key(merchant.merchant_id),
        merchant_id=merchant.merchant_id,
        name=merchant.name,
        country=merchant.country,
        phone_countries=",".join(merchant.phone_countries),
        language=merchant.language,
        accent=merchant.accent,
        next_run_at=merchant.next_run_at,
        is_self_opened=merchant.is_self_opened or None,
        tells_points=merchant.tells_points or None,
    )
    if merchant.next_run_at is not None:
        item.due = keys.RUN
        item.due_sk = keys.due_run_sk(merchant.next_run_at, merchant.merchant_id)
    return item


def program_items(
    merchant_id: str, document: Mapping[str, Any], version: int, at: datetime | None
) -> tuple[ProgramItem, ProgramItem]:
    """Return a program under its version and as the latest."""
    text = document_text(document)
    numbered, latest = (
        ProgramItem(
            *keys.program_key(merchant_id, name),
            version=version,
            document=text,
            published_at=at,
        )
        for name in (version, None)
    )
    return numbered, latest


def version_of(item: ProgramItem) -> ProgramVersion:
    """Return what the history says of a version."""
    title = document_of(item.document).get("title")
    return ProgramVersion(item.version, title, item.published_at)


def document_text(document: Mapping[str, Any]) -> str:
    """Return a document as it is stored."""
    return json.dumps(document, ensure_ascii=False, separators=(",", ":"), default=str)


def document_of(text: str) -> dict[str, Any]:
    """Return a stored document, fractions as text."""
    document: dict[str, Any] = json.loads(text, parse_float=str)
    return document
