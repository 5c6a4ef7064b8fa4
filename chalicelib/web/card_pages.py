"""The pages behind a card, under its address: the history, and one line of it."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.receipts import Receipt, ReceiptKey
from chalicelib.web.card_frame import Frame, card_page, version_of
from chalicelib.web.reading import asked_for
from chalicelib.wiring import services

card_pages = Blueprint(__name__)

_TILL = "till:"  # what an actor that is a till begins with
_OF_RECEIPTS = {EntryKind.PURCHASE, EntryKind.RETURN, EntryKind.VOID}


@endpoint(
    card_pages,
    "GET",
    "/c/{token}/history",
    summary="All of a card's history, page by page.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_card_history(call: Call[None], token: str) -> Answer:
    """Show the entries before the one asked for, newest first."""
    before = version_of(asked_for("before"))

    def fill(frame: Frame) -> dict[str, Any]:
        from chalicelib.web.card_history import history_view  # lazy: it brings Babel
        from chalicelib.web.history import PAGE_MAX

        entries = services().ledger.entries(frame.view.member, before=before, limit=PAGE_MAX)
        return {**history_view(frame.view, entries, frame.language), "before": before}

    return card_page(call, token, "history.html", fill)


@endpoint(
    card_pages,
    "GET",
    "/c/{token}/operations/{version}",
    summary="One line of a card's history, and why it gave what it gave.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_card_operation(call: Call[None], token: str, version: str) -> Answer:
    """Show an entry and the receipt it comes from."""

    def fill(frame: Frame) -> dict[str, Any]:
        from chalicelib.web.card_history import operation_view  # lazy: it brings Babel

        entry = _entry(frame, version_of(version))
        return operation_view(frame.view, entry, _receipt(frame, entry), frame.language)

    return card_page(call, token, "operation.html", fill)


def _entry(frame: Frame, version: int | None) -> LedgerEntry:
    """Return an entry of the card that a shopper may read about. Raises MemberNotFound."""
    from chalicelib.web.history import is_shown  # lazy: it brings Babel

    if version is not None:
        before = version + 1
        for entry in services().ledger.entries(frame.view.member, before=before, limit=1):
            if entry.version == version and is_shown(entry, frame.language):
                return entry
    raise MemberNotFound("there is no such entry")


def _receipt(frame: Frame, entry: LedgerEntry) -> Receipt | None:
    """Return the receipt that an entry comes from, while it is this member's."""
    if entry.kind not in _OF_RECEIPTS or not entry.actor.startswith(_TILL):
        return None
    till_id, member = entry.actor.removeprefix(_TILL), frame.view.member
    key = ReceiptKey(member.merchant_id, till_id, entry.reference)
    receipt = services().ledger.receipt(key)
    return receipt if receipt and receipt.member_id == member.member_id else None
