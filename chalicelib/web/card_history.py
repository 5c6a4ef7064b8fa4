"""The whole history of a card, month by month, and one line of it with its reasons."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

from chalicelib.api.wording import why_text
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.money import MILLI
from chalicelib.domain.receipts import (
    Receipt,
    ReceiptLine,
    ReceiptStatus,
    Return,
    ReturnedLine,
)
from chalicelib.usecases.members import MemberView
from chalicelib.web import formats
from chalicelib.web.history import PAGE_MAX, history_row, is_shown
from chalicelib.web.rules_speaker import Speaker
from chalicelib.web.wording import WORDS
from passes.wording import Language, points_text


def history_view(
    view: MemberView, entries: Sequence[LedgerEntry], language: Language
) -> dict[str, Any]:
    """Return one page of the history; `older` is where the next begins, None at the end."""
    shown = [entry for entry in entries if is_shown(entry, language)]
    program = view.program
    months = groupby(shown, key=lambda entry: entry.at.astimezone(program.zone).date())
    pages: dict[str, list[dict[str, Any]]] = {}
    for day, same in months:
        rows = pages.setdefault(formats.month(day, language), [])
        rows.extend(history_row(entry, program, view.on, language) for entry in same)
    is_last = len(entries) < PAGE_MAX or entries[-1].version <= 1
    return {
        "title": WORDS[language]["history"],
        "months": [{"name": name, "rows": rows} for name, rows in pages.items()],
        "older": None if is_last else entries[-1].version,
    }


def operation_view(
    view: MemberView, entry: LedgerEntry, receipt: Receipt | None, language: Language
) -> dict[str, Any]:
    """Return one entry, and the receipt it comes from with the reasons of each line."""
    row = history_row(entry, view.program, view.on, language)
    return {
        **row,
        "balance": _balance_after(view, entry, language),
        "receipt": _of_entry(view, entry, receipt, language) if receipt else None,
    }


def _balance_after(view: MemberView, entry: LedgerEntry, language: Language) -> str:
    """Return what was on the card then; where nothing gives points, of none nothing is said."""
    if not (view.program.gives_points or entry.balance_after):
        return ""
    points = points_text(entry.balance_after, language)
    return str(WORDS[language]["balance_after"].format(points=points))


def _of_entry(
    view: MemberView, entry: LedgerEntry, receipt: Receipt, language: Language
) -> dict[str, Any]:
    """Return the sale with its reasons; of a return, what came back and what that moved."""
    return_id = entry.facts.get("return_id")
    done = next((one for one in receipt.returns if one.return_id == return_id), None)
    speaker, words = Speaker(view.program, view.on, language), WORDS[language]
    number = receipt.key.receipt_id
    return {
        "number": words["receipt_number"].format(number=number) if number else "",
        **(_came_back(speaker, receipt, done) if done else _sold(speaker, receipt)),
    }


def _sold(speaker: Speaker, receipt: Receipt) -> dict[str, Any]:
    language = speaker.language
    return {
        "heading": WORDS[language]["why"],
        "lines": [_line(speaker, receipt, line) for line in receipt.lines],
        "sums": _sums(receipt, language),
        "is_void": receipt.status is ReceiptStatus.VOIDED,
        "returned": _returned(receipt, language),
    }


def _came_back(speaker: Speaker, receipt: Receipt, done: Return) -> dict[str, Any]:
    language = speaker.language
    words = WORDS[language]
    points = (("taken", -done.clawed_back), ("restored", done.restored))
    moved = [
        {"label": words[f"back_{name}"], "text": formats.signed(number, language)}
        for name, number in points
        if number
    ]
    if done.forfeited:
        text = formats.number(done.forfeited, language)
        moved.append({"label": words["back_forfeited"], "text": text})
    to_card, whole = done.gift_card_minor, done.refund_minor
    refunds = (("to_gift_card", to_card), ("money", whole - to_card))
    paid = [
        {"label": words[f"back_{name}"], "text": _money(minor, receipt.currency, language)}
        for name, minor in refunds
        if minor
    ]
    return {
        "heading": words["came_back"],
        "lines": [_line_back(speaker, receipt, one) for one in done.lines],
        "sums": [*moved, *paid],
        "is_void": False,
        "returned": "",
    }


def _line_back(speaker: Speaker, receipt: Receipt, back: ReturnedLine) -> dict[str, Any]:
    """Return a line as far as it came back: its price, and no reasons for its points."""
    sold = replace(receipt.lines[back.line], quantity_milli=back.quantity_milli, why=())
    return {**_line(speaker, receipt, sold), "sum": "", "earned": ""}


def _line(speaker: Speaker, receipt: Receipt, line: ReceiptLine) -> dict[str, Any]:
    language = speaker.language
    name = speaker.name(line.category) if line.category else WORDS[language]["goods"]
    quantity = formats.decimal(line.quantity_milli, MILLI, language)
    price = formats.money(line.unit_price_minor, receipt.currency, language)
    reasons = [
        why_text(why, currency=receipt.currency, language=language, money=formats.money)
        for why in line.why
    ]
    return {
        "name": (line.sku or name[:1].upper() + name[1:]),
        "count": f"{quantity}{formats.NO_BREAK_SPACE}×{formats.NO_BREAK_SPACE}{price}",
        "sum": formats.money(line.net_minor, receipt.currency, language),
        "earned": formats.signed(line.earned, language) if line.earned else "",
        "reasons": list(dict.fromkeys(reasons)),
    }


def _sums(receipt: Receipt, language: Language) -> list[dict[str, str]]:
    words, currency = WORDS[language], receipt.currency
    redeemed_minor = sum(line.redeemed_minor for line in receipt.lines)
    rows = (
        ("gross", receipt.gross_minor),
        ("discount", -receipt.discount_minor),
        ("by_points", -redeemed_minor),
        ("by_gift_card", -receipt.gift_card_minor),
        ("to_pay", receipt.money_minor),
    )
    return [
        {"label": words[f"sum_{name}"], "text": _money(minor, currency, language)}
        for name, minor in rows
        if minor or name == "to_pay"
    ]


def _money(minor: int, currency: str, language: Language) -> str:
    sign = formats.MINUS if minor < 0 else ""
    return f"{sign}{formats.money(abs(minor), currency, language)}"


def _returned(receipt: Receipt, language: Language) -> str:
    refund_minor = sum(one.refund_minor for one in receipt.returns)
    if not refund_minor:
        return ""
    money = formats.money(refund_minor, receipt.currency, language)
    return str(WORDS[language]["returned"].format(money=money))
