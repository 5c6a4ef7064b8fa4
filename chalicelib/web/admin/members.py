"""The search for members: by phone, card code, plastic card, member id or receipt number.

What is typed is tried as each of them; all are exact, as personal data is stored sealed.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

from chalicelib.api.book import directory
from chalicelib.api.exchange import Answer
from chalicelib.api.phones import PhoneInvalid, parse_phone
from chalicelib.domain.account import MemberRef
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.domain.staff import OFFICE
from chalicelib.usecases.identifiers import find_by_old_code
from chalicelib.usecases.members import (
    CodeReplaced,
    find_by_card,
    find_by_code,
    find_by_phone,
    view_member,
)
from chalicelib.web import formats
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.shop import desk
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.web.card_page import monogram
from chalicelib.wiring import services
from passes.codes import grouped, parse_code
from passes.wording import points_text

QUERY_CHARS_MAX: Final = 100
FOUND_MAX: Final = 10
MEMBER_PREFIX: Final = "mem_"
FIRST_TILL: Final = "till-1"


def show(visit: Visit) -> Answer:
    """Show who is found, if something is looked for."""
    query = visit.asked("q").strip()[:QUERY_CHARS_MAX]
    found = _found(visit, query) if query else []
    return page(visit, "members", {"query": query, "found": found}, at="members")


def _found(visit: Visit, query: str) -> list[dict[str, Any]]:
    """Return the members found, each once."""
    rows: dict[str, dict[str, Any]] = {}
    for member, receipt in _candidates(visit, query):
        if member.member_id in rows or len(rows) >= FOUND_MAX:
            continue
        try:
            rows[member.member_id] = _row(visit, member, receipt)
        except MemberNotFound:  # erased since
            continue
    return list(rows.values())


def _candidates(visit: Visit, query: str) -> Iterator[tuple[MemberRef, Receipt | None]]:
    merchant_id = visit.merchant_id
    if query.startswith(MEMBER_PREFIX):
        yield visit.member(query), None
    for find in _ways(visit, query):
        try:
            yield find(), None
        except (MemberNotFound, CodeReplaced, PhoneInvalid):
            continue
    tills = {FIRST_TILL, OFFICE} | {one.till_id for one in desk().room.tills(merchant_id)}
    keys = [ReceiptKey(merchant_id, till_id, query) for till_id in sorted(tills)]
    for receipt in services().ledger.find_receipts(keys).values():
        if receipt.member_id:
            yield visit.member(receipt.member_id), receipt


def _ways(visit: Visit, query: str) -> Iterator[Callable[[], MemberRef]]:
    merchant_id, known = visit.merchant_id, directory()
    code = parse_code(query)
    if code is not None:
        yield lambda: find_by_code(merchant_id, code, directory=known)
    if sum(sign.isdigit() for sign in query) >= 7:  # noqa: PLR2004  no phone is shorter
        country = visit.shop.country
        yield lambda: find_by_phone(merchant_id, parse_phone(query, country), directory=known)
    yield lambda: find_by_card(merchant_id, query, directory=known)
    yield lambda: find_by_old_code(merchant_id, query, directory=known)


def _row(visit: Visit, member: MemberRef, receipt: Receipt | None) -> dict[str, Any]:
    words = words_of(visit.language)
    view = view_member(member, at=visit.at, directory=directory())
    name = view.profile.name or str(words["member_nameless"])
    code = view.profile.code
    said = [formats.phone(view.profile.phone or ""), grouped(code) if code else ""]
    if receipt is not None:
        key = receipt.key
        where = _place_name(visit, key.till_id)
        text = str(words["member_by_receipt"]).format(receipt=key.receipt_id, till=where)
        said.insert(0, text)
    return {
        "path": f"/admin/members/{member.member_id}",
        "name": name,
        "monogram": monogram(name),
        "said": " · ".join(one for one in said if one),
        "points": points_text(view.balance.available, visit.language),
        "tier": view.tier.name or "",
    }


def _place_name(visit: Visit, till_id: str) -> str:
    """Return a till as its owner calls it."""
    if till_id == OFFICE:
        return str(words_of(visit.language)["office_place"])
    found = (one.name for one in desk().room.tills(visit.merchant_id) if one.till_id == till_id)
    return next(found, till_id)
