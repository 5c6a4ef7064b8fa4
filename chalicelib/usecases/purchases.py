"""Record a purchase: the till's sale becomes the member's points, once and for ever."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.account import Lot, MemberRef
from chalicelib.domain.attaching import attach, attached_scene, sale_of
from chalicelib.domain.entries import LedgerChange, LedgerEntry, MovementKind, Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.gift_cards import GiftCard
from chalicelib.domain.ledger import present
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.offline_limit import (
    believed,
    counted_offline,
    is_on_its_word,
    member_counter,
)
from chalicelib.domain.posting import Posting
from chalicelib.domain.pricing import RedeemMode
from chalicelib.domain.receipts import Receipt, ReceiptKey, ReceiptStatus
from chalicelib.domain.sales import (
    Sale,
    anonymous_scene,
    is_late,
    refuse_impossible_date,
    scene_of,
    sell,
    sell_anonymously,
    settles_on,
)
from chalicelib.domain.till_rule import NO_TILL, Need, Presence
from chalicelib.ports import Keyring, Ledger
from chalicelib.usecases.catalogue import with_articles
from chalicelib.usecases.offers import presented_at, used_of
from chalicelib.usecases.till_rule import guarded, need_for
from chalicelib.usecases.write_once import (
    Answered,
    Book,
    program_of,
    receipt_of,
    write_once,
)

QUOTE_VALID = timedelta(minutes=10)
PAGES_MAX = 20  # of ledger entries read back for a late sale
PAGE_SIZE = 50


class ReceiptNotFound(DomainError):
    """The merchant has no such receipt."""

    code = "purchase_not_found"


class QuoteChanged(DomainError):
    """The purchase would not come to what was quoted; `receipt` is the new quote."""

    code = "quote_changed"

    def __init__(self, quoted: "Quoted") -> None:
        super().__init__("the price has changed since the quote")
        self.quoted = quoted


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a purchase would come to now. Nothing was written."""

    receipt: Receipt
    quote_id: str
    valid_until: datetime
    need: Need | None = None  # of a second factor; None: the program asks for none


def record_purchase(
    sale: Sale,
    operation: Operation,
    *,
    at: datetime,
    book: Book,
    keyring: Keyring,
    quote_id: str | None = None,
    presence: Presence = NO_TILL,
) -> Answered[Receipt]:
    """Price the sale and write it; a repeat of the operation returns the first receipt.

    Raises:
        DomainError: see `domain.sales.sell`; `QuoteChanged`, `ConfirmationRequired`,
            `KeyReused`, `ReceiptTaken`.
    """

    def decide() -> LedgerChange:
        program = program_of(sale.key.merchant_id, book.merchants)
        occasion = Occasion(program, at, operation)
        made = _believed(sale, occasion, book)
        change = _decide(made, occasion, book, keyring)
        if quote_id is not None:
            _refuse_another_price(change, quote_id, at, keyring)
        change = guarded(change, _as_asked(presence, made, at), occasion, book)
        return counted_offline(change, made, occasion)

    answer = receipt_of(write_once(operation, decide, book))
    return replace(answer, value=as_first_written(answer.value))


def as_first_written(receipt: Receipt) -> Receipt:
    """Return the receipt without what came later: a repeat gets the first answer (P5)."""
    if receipt.first is not None:
        return receipt.first
    if not receipt.returns and receipt.status is ReceiptStatus.COMPLETED:
        return receipt
    return replace(receipt, returns=(), status=ReceiptStatus.COMPLETED)


def quote(
    sale: Sale, *, at: datetime, book: Book, keyring: Keyring, presence: Presence = NO_TILL
) -> Quoted:
    """Return what the sale would come to now, without writing anything."""
    nobody = Operation(sale.key.merchant_id, "quote", "quote", "")
    program = program_of(sale.key.merchant_id, book.merchants)
    occasion = Occasion(program, at, nobody)
    change = _decide(sale, occasion, book, keyring)
    need = need_for(change, _as_asked(presence, sale, at), occasion, book)
    return replace(quoted_of(change, at, keyring), need=need)


def attach_receipt(
    key: ReceiptKey,
    member_id: str,
    total_minor: int,
    operation: Operation,
    *,
    at: datetime,
    book: Book,
) -> Answered[Receipt]:
    """Give an anonymous receipt to the member who made it.

    Raises:
        DomainError: `ReceiptNotFound`, `MemberNotFound`, `AttachRefused`, `KeyReused`.
    """
    member = MemberRef(key.merchant_id, member_id)
    program = program_of(key.merchant_id, book.merchants)

    def decide() -> LedgerChange:
        account, receipt = book.ledger.account_and_receipt(member, key)
        if receipt is None:
            raise ReceiptNotFound("there is no such purchase")
        occasion = Occasion(program, at, operation)
        scene = attached_scene(sale_of(receipt), Posting(present(account), occasion))
        used = used_of(key.merchant_id, scene, occasion, book.offers)
        return attach(account, receipt, total_minor, occasion, used)

    return receipt_of(write_once(operation, decide, book))


def find_receipt(key: ReceiptKey, *, ledger: Ledger) -> Receipt:
    """Return a receipt.

    Raises:
        ReceiptNotFound: the merchant has none of that number from that till.
    """
    receipt = ledger.receipt(key)
    if receipt is None:
        raise ReceiptNotFound("there is no such purchase")
    return receipt


def _decide(sale: Sale, occasion: Occasion, book: Book, keyring: Keyring) -> LedgerChange:
    sale = with_articles(sale, book.catalogue)
    refuse_impossible_date(sale, occasion.at)
    if sale.member_id is None:
        presented = presented_at(
            sale,
            lambda: anonymous_scene(sale, occasion),
            occasion,
            offers=book.offers,
            keyring=keyring,
        )
        return sell_anonymously(sale, occasion, _gift_card(sale, book), presented)
    member = MemberRef(sale.key.merchant_id, sale.member_id)
    account = book.ledger.account(member)
    card = _gift_card(sale, book)
    expired: tuple[Lot, ...] = ()
    past_on = settles_on(sale, occasion)
    if past_on is not None and sale.redeem.mode is not RedeemMode.NONE:
        expired = _expired_since(member, past_on, book.ledger)
    presented = presented_at(
        sale,
        lambda: scene_of(sale, Posting(present(account), occasion)),
        occasion,
        offers=book.offers,
        keyring=keyring,
    )
    return sell(account, sale, occasion, expired, card, presented=presented)


def _believed(sale: Sale, occasion: Occasion, book: Book) -> Sale:
    """Return the sale as the till's word lets it settle; most need no such word."""
    if not is_on_its_word(sale, occasion.at):
        return sale
    assert sale.member_id is not None, "somebody redeems"
    counter = member_counter(sale.member_id, occasion.program.local_date(sale.sold_at))
    found = book.offers.read(
        sale.key.merchant_id, member_id=sale.member_id, counters=(counter,)
    )
    return believed(sale, occasion, found.used)


def _as_asked(presence: Presence, sale: Sale, at: datetime) -> Presence:
    """Return whom the rule is asked about: an offline till has its own limit (R50).

    It has none for gift cards that members keep: those are asked about at any time.
    """
    if sale.gift_card is not None and sale.gift_card.is_kept:
        return replace(presence, by_kept_card=True)
    return NO_TILL if is_late(sale, at) else presence


def _gift_card(sale: Sale, book: Book) -> GiftCard | None:
    if sale.gift_card is None:
        return None
    return book.gift_cards.find(sale.key.merchant_id, sale.gift_card.code_hash)


def quoted_of(change: LedgerChange, at: datetime, keyring: Keyring) -> Quoted:
    """Return a decision about a sale as a quote."""
    receipt = change.new_receipt
    assert receipt is not None, "a sale makes a receipt"
    valid_until = at + QUOTE_VALID
    quote_id = "quo_" + keyring.token("quote", _outcome(receipt))
    return Quoted(replace(receipt, ledger_version=None), quote_id, valid_until)


def _refuse_another_price(
    change: LedgerChange, quote_id: str, at: datetime, keyring: Keyring
) -> None:
    receipt = change.new_receipt
    assert receipt is not None, "a sale makes a receipt"
    quoted = quote_id.removeprefix("quo_")
    if not keyring.is_token("quote", _outcome(receipt), quoted):
        raise QuoteChanged(quoted_of(change, at, keyring))


def _outcome(receipt: Receipt) -> str:
    """Return what a quote promises, as text."""
    parts = (
        receipt.key.merchant_id,
        receipt.member_id or "",
        receipt.channel,
        receipt.gross_minor,
        receipt.to_pay_minor,
        receipt.redeemed,
        receipt.earned,
        receipt.gift_card_minor,
    )
    return "|".join(str(part) for part in parts)


def _expired_since(member: MemberRef, day: date, ledger: Ledger) -> tuple[Lot, ...]:
    """Return lots that expired by entries written since `day`, as far as still expired."""
    gone: dict[int, Lot] = {}
    before: int | None = None
    for _ in range(PAGES_MAX):
        page = ledger.entries(member, before=before, limit=PAGE_SIZE)
        for entry in page:
            if entry.on < day:
                return tuple(lot for lot in gone.values() if lot.points > 0)
            _note_expiries(entry, gone)
        if len(page) < PAGE_SIZE:
            break
        before = page[-1].version
    return tuple(lot for lot in gone.values() if lot.points > 0)


def _note_expiries(entry: LedgerEntry, gone: dict[int, Lot]) -> None:
    for movement in entry.movements:
        if movement.lot and movement.kind in (MovementKind.EXPIRE, MovementKind.UNEXPIRE):
            lot = gone.get(movement.lot.lot_id, replace(movement.lot, points=0))
            gone[lot.lot_id] = replace(lot, points=lot.points - movement.points)
