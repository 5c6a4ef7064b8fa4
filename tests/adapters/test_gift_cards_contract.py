"""What every store of gift cards promises, run against the fake and against the engine."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from threading import Barrier

import pytest

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import bind
from chalicelib.adapters.dynamo.gift_cards import DynamoGiftCards, GiftCardItem
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.domain import gift_cards as decisions
from chalicelib.domain.account import Account
from chalicelib.domain.entries import LedgerChange, Recorded
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardChange,
    GiftCardRefused,
    GiftCardState,
    GiftCardWish,
    Remainder,
    Signature,
)
from chalicelib.domain.receipts import GiftCardPart
from chalicelib.domain.top_ups import top_up, undo_top_up
from chalicelib.ports import AlreadyRecorded, CommitConflict, GiftCards, Ledger
from tests.adapters.ledger_values import MEMBER, NOON, operation, purchase, take_back
from tests.fakes.gift_cards import FakeGiftCards
from tests.fakes.ledger import FakeLedger

HASH = "0c" * 32
SHOP = MEMBER.merchant_id
SIGNED = Signature(at=NOON, actor="till:till-1", key="key-1", reference="r-1", reason="why")
BARE = Signature(at=NOON, actor="", key="")
NEW = GiftCard(
    merchant_id=SHOP,
    code_hash=HASH,
    card_id="gft_1",
    currency="RUB",
    amount_minor=1_000,
    balance_minor=0,
    issued_at=NOON,
    receipt_id="r-0",
)
THREADS = 8


@dataclass(frozen=True)
class Store:
    ledger: Ledger
    cards: GiftCards

    def write(self, change: GiftCardChange, key: str = "") -> GiftCardChange:
        self.ledger.commit(alone(change, key))
        return change

    def issued(self, card: GiftCard = NEW) -> GiftCard:
        return self.write(decisions.issue(card, BARE, is_active=True)).card

    def stored(self) -> GiftCard | None:
        return self.cards.find(SHOP, HASH)


@pytest.fixture(params=["fake", "engine"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "fake":
        ledger = FakeLedger()
        return Store(ledger, FakeGiftCards(ledger))
    connection = request.getfixturevalue("connection")
    return Store(DynamoLedger(connection, due_shards=4), DynamoGiftCards())


def alone(change: GiftCardChange, key: str = "") -> LedgerChange:
    return LedgerChange(operation(key), 0, None, None, gift_card=change)


def paid(card: GiftCard, minor: int = 300, rest: Remainder = Remainder.KEEP):
    """Return what a payment of the card is and changes."""
    wish = GiftCardWish(card.code_hash)
    return decisions.pay(card, wish, minor, currency="RUB", remainder=rest, signature=SIGNED)


def topped_up(card: GiftCard, minor: int) -> GiftCardChange:
    terms = {"currency": "RUB", "limit_minor": 10_000, "remainder": Remainder.KEEP}
    return top_up(card, minor, SIGNED, **terms)


class TestReading:
    def test_what_was_never_written_is_none(self, store: Store) -> None:
        assert store.stored() is None
        assert store.cards.entries(SHOP, HASH) == ()

    def test_a_card_and_its_entries_come_back_as_they_were(self, store: Store) -> None:
        issued = store.write(decisions.issue(NEW, BARE, is_active=False))
        activated = store.write(decisions.activate(issued.card, BARE))
        _, spent = paid(activated.card, rest=Remainder.FORFEIT)
        store.write(spent)

        assert store.stored() == spent.card
        assert store.cards.entries(SHOP, HASH) == (spent.entry, activated.entry, issued.entry)
        assert store.cards.entries(SHOP, HASH, limit=1) == (spent.entry,)

    def test_top_ups_come_back_as_they_were(self, store: Store) -> None:
        made = store.write(topped_up(store.issued(), 70))
        undone = undo_top_up(made.card, (made.entry,), 2, BARE)
        between = store.stored()
        store.write(undone, "undo")

        assert between == made.card
        assert store.stored() == undone.card
        assert store.cards.entries(SHOP, HASH, limit=2) == (undone.entry, made.entry)
        assert store.ledger.recorded(operation("undo")).gift_card == undone

    def test_another_merchants_card_of_the_same_code_is_another(self, store: Store) -> None:
        store.issued()

        assert store.cards.find("bakery", HASH) is None
        assert store.cards.entries("bakery", HASH) == ()


class TestWriting:
    def test_a_card_that_moved_refuses_the_change_whole(self, store: Store) -> None:
        card = store.issued()
        _, first = paid(card)
        _, late = paid(card, 200)
        store.write(first)

        with pytest.raises(CommitConflict):
            store.write(late, "late")

        assert store.stored() == first.card
        assert len(store.cards.entries(SHOP, HASH)) == 2
        assert store.ledger.recorded(operation("late")) is None

    def test_a_card_is_issued_once(self, store: Store) -> None:
        card = store.issued()

        with pytest.raises(CommitConflict):
            store.issued(replace(NEW, card_id="gft_2"))

        assert store.stored() == card

    def test_a_card_that_is_not_there_is_not_made_by_paying(self, store: Store) -> None:
        active = replace(NEW, state=GiftCardState.ACTIVE, balance_minor=1_000, version=1)

        with pytest.raises(CommitConflict):
            store.write(paid(active)[1])

        assert store.stored() is None

    def test_a_purchase_and_its_card_are_written_together(self, store: Store) -> None:
        part, spent = paid(store.issued(), rest=Remainder.FORFEIT)
        change = purchase(Account(MEMBER))
        written = replace(
            change, new_receipt=replace(change.new_receipt, gift_card=part), gift_card=spent
        )

        store.ledger.commit(written)

        assert store.ledger.receipt(written.new_receipt.key) == written.new_receipt
        assert written.new_receipt.gift_card == GiftCardPart(HASH, 300, 700)
        assert store.stored() == spent.card

    def test_a_purchase_whose_card_moved_leaves_nothing(self, store: Store) -> None:
        card = store.issued()
        _, late = paid(card)
        store.write(paid(card, 1)[1])

        with pytest.raises(CommitConflict):
            store.ledger.commit(replace(purchase(Account(MEMBER)), gift_card=late))

        assert store.ledger.account(MEMBER) is None

    def test_a_card_whose_purchase_is_overtaken_stays_as_it_was(self, store: Store) -> None:
        card = store.issued()
        first = purchase(Account(MEMBER))
        store.ledger.commit(first)
        late = purchase(Account(MEMBER), "r-2", operation("late"))

        with pytest.raises(CommitConflict):
            store.ledger.commit(replace(late, gift_card=paid(card)[1]))

        assert store.stored() == card

    def test_a_return_keeps_which_card_had_paid(self, store: Store) -> None:
        part, spent = paid(store.issued())
        change = purchase(Account(MEMBER))
        with_card = replace(change.new_receipt, gift_card=part)
        store.ledger.commit(replace(change, new_receipt=with_card, gift_card=spent))
        back = take_back(change.account, with_card)
        refund = decisions.refund(spent.card, 300, SIGNED)

        store.ledger.commit(replace(back, gift_card=refund))

        stored = store.ledger.receipt(with_card.key)
        assert stored.gift_card == part
        assert len(stored.returns) == 1
        assert store.stored() == refund.card


class TestRepeating:
    def test_a_repeat_is_told_the_card_as_the_operation_left_it(self, store: Store) -> None:
        card = store.issued()
        _, first = paid(card)
        store.write(first, "pay")
        store.write(paid(first.card)[1])
        recorded = Recorded(operation("pay").fingerprint, gift_card=first)

        with pytest.raises(AlreadyRecorded) as refused:
            store.write(first, "pay")

        assert refused.value.recorded == recorded
        assert store.ledger.recorded(operation("pay")) == recorded


def test_a_card_whose_version_moved_refuses_although_the_entry_is_free(connection) -> None:
    store = Store(DynamoLedger(connection, due_shards=4), DynamoGiftCards())
    card = store.issued()
    item = GiftCardItem(*keys.gift_card_key(SHOP, HASH))
    item.update([GiftCardItem.version.set(5)])

    with pytest.raises(CommitConflict):
        store.write(paid(card)[1])

    assert store.stored() == replace(card, version=5)


def test_sixteen_payments_by_eight_threads_never_overspend(connection) -> None:
    ledger, cards = DynamoLedger(connection, due_shards=4), DynamoGiftCards()
    store = Store(ledger, cards)
    store.issued()
    barrier = Barrier(THREADS)

    def till(number: int) -> int:
        barrier.wait()
        return sum(_paid_until_written(store, f"{number}-{sale}") for sale in range(2))

    with ThreadPoolExecutor(THREADS) as pool:
        taken = list(pool.map(till, range(THREADS)))

    entries = cards.entries(SHOP, HASH)
    assert sum(taken) == 1_000
    assert store.stored().balance_minor == 0
    assert [entry.version for entry in entries] == list(range(len(entries), 0, -1))
    assert sum(entry.amount_minor for entry in entries) == 0


def test_a_purchase_by_card_is_one_transaction_of_twelve_write_units(
    connection, engine_endpoint
) -> None:
    calls = []
    store = Store(DynamoLedger(connection, due_shards=4), DynamoGiftCards())
    part, spent = paid(store.issued())
    change = purchase(Account(MEMBER))
    with_card = replace(change.new_receipt, gift_card=part)
    watched = bind(
        Item.Meta.table_name,
        "eu-central-1",
        engine_endpoint,
        on_call=lambda name, answer: calls.append((name, answer["ConsumedCapacity"])),
    )

    DynamoLedger(watched, due_shards=4).commit(
        replace(change, new_receipt=with_card, gift_card=spent)
    )

    ((name, (consumed,)),) = calls
    assert name == "TransactWriteItems"
    assert consumed["Table"]["WriteCapacityUnits"] == 12


def test_top_ups_and_payments_at_once_lose_no_money(connection) -> None:
    store = Store(DynamoLedger(connection, due_shards=4), DynamoGiftCards())
    store.issued()
    barrier = Barrier(THREADS)

    def till(number: int) -> int:
        barrier.wait()
        if number % 2:
            return _topped_up_until_written(store, f"top-{number}")
        return -_paid_until_written(store, f"pay-{number}")

    with ThreadPoolExecutor(THREADS) as pool:
        moved = list(pool.map(till, range(THREADS)))

    card, entries = store.stored(), store.cards.entries(SHOP, HASH)
    assert card.balance_minor == 1_000 + sum(moved)
    assert card.topped_up_minor == THREADS // 2 * 70
    assert [entry.version for entry in entries] == list(range(len(entries), 0, -1))
    assert sum(entry.amount_minor for entry in entries) == card.balance_minor


def test_a_top_up_is_taken_back_once_by_many_at_once(connection) -> None:
    store = Store(DynamoLedger(connection, due_shards=4), DynamoGiftCards())
    made = store.write(topped_up(store.issued(), 70)).entry
    barrier = Barrier(THREADS)

    def manager(number: int) -> int:
        barrier.wait()
        return _taken_back_or_refused(store, made.version, f"undo-{number}")

    with ThreadPoolExecutor(THREADS) as pool:
        taken = list(pool.map(manager, range(THREADS)))

    assert sum(taken) == 70
    assert store.stored().balance_minor == 1_000
    assert store.stored().topped_up_minor == 0


def _topped_up_until_written(store: Store, key: str) -> int:
    attempts_max = 1_000
    for _ in range(attempts_max):
        try:
            store.write(topped_up(store.stored(), 70), key)
        except CommitConflict:
            continue
        return 70
    pytest.fail("never written")


def _taken_back_or_refused(store: Store, version: int, key: str) -> int:
    attempts_max = 1_000
    for _ in range(attempts_max):
        card = store.stored()
        entries = store.cards.entries(SHOP, HASH)
        try:
            store.write(undo_top_up(card, entries, version, SIGNED), key)
        except GiftCardRefused:
            return 0
        except CommitConflict:
            continue
        return 70
    pytest.fail("never written")


def _paid_until_written(store: Store, key: str) -> int:
    """Pay 130 or what is left; what was paid."""
    attempts_max = 1_000
    for _ in range(attempts_max):
        part, change = paid(store.stored(), 130)
        if change is None:
            return 0
        try:
            store.write(change, key)
        except CommitConflict:
            continue
        return part.paid_minor
    pytest.fail("never written")
