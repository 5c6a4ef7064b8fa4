"""What every store of counters and codes promises, run against the fake and the engine."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from threading import Barrier

import pytest

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import bind
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.adapters.dynamo.offers import DynamoOffers
from chalicelib.adapters.dynamo.promo_code_items import (
    CodeBatchItem,
    CounterItem,
    CouponItem,
    PromoCodeItem,
    raw_batch,
    raw_coupon,
    raw_promo_code,
)
from chalicelib.domain.account import Account
from chalicelib.domain.code_batches import body_of
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.promo_codes import (
    CODES_MAX,
    CodeBatch,
    CodeUse,
    MemberCoupon,
    PromoCode,
    own_counter,
)
from chalicelib.domain.rules.offer_terms import LIMITED_MAX
from chalicelib.ports import AlreadyRecorded, CommitConflict, Ledger, Offers, OffersRead
from tests.adapters.ledger_values import MEMBER, NOON, operation, purchase
from tests.fakes.ledger import FakeLedger
from tests.fakes.offers import FakeOffers

SHOP, ANN = MEMBER.merchant_id, MEMBER.member_id
DAY = date(2026, 11, 21)
USES = Counter("promotion:p:uses")
NAMED = PromoCode(
    code="SPRING", coupon_id="c", max_uses=3, max_uses_per_member=1, first=DAY, last=DAY,
    is_stopped=True,
)  # fmt: skip
BATCH = CodeBatch(
    batch_id="7QK", coupon_id="c", count=9, created_at=NOON, prefix="MAY", max_uses=2,
    first=DAY, last=DAY, is_stopped=True,
)  # fmt: skip
MINE = MemberCoupon(
    code="12345678", member_id=ANN, coupon_id="c", given_at=NOON, last=DAY, points=500
)
IN_BATCH = "MAY" + body_of("7QK", 1, "00000000")
THREADS = 8


@dataclass(frozen=True)
class Store:
    ledger: Ledger
    offers: Offers
    put: Callable[[PromoCode | CodeBatch | MemberCoupon], None]

    def take(self, *takes: Take, merchant_id: str = SHOP) -> None:
        """Take with an operation of its own."""
        named = replace(operation(""), merchant_id=merchant_id)
        self.ledger.commit(LedgerChange(named, 0, None, None, takes=takes))

    def used(self, *counters: Counter, merchant_id: str = SHOP) -> dict[Counter, int]:
        return dict(self.offers.read(merchant_id, member_id=None, counters=counters).used)


@pytest.fixture(params=["fake", "engine"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "engine":
        connection = request.getfixturevalue("connection")
        ledger = DynamoLedger(connection, due_shards=4)
        return Store(ledger, DynamoOffers(connection), in_table)
    fake = FakeLedger()
    offers = FakeOffers(fake)

    def put(one: PromoCode | CodeBatch | MemberCoupon) -> None:
        if isinstance(one, PromoCode):
            offers.named[SHOP, one.code] = one
        elif isinstance(one, CodeBatch):
            offers.batches[SHOP, one.batch_id] = one
        else:
            fake.coupons[MEMBER, one.code] = one

    return Store(fake, offers, put)


def in_table(one: PromoCode | CodeBatch | MemberCoupon) -> None:
    if isinstance(one, PromoCode):
        PromoCodeItem.from_raw_data(raw_promo_code(SHOP, one)).save()
    elif isinstance(one, CodeBatch):
        CodeBatchItem.from_raw_data(raw_batch(SHOP, one)).save()
    else:
        CouponItem.from_raw_data(raw_coupon(SHOP, one)).save()


class TestReading:
    def test_what_was_never_written_is_absent(self, store: Store) -> None:
        read = store.offers.read(SHOP, member_id=ANN, codes=["SPRING"], counters=[USES])

        assert read == OffersRead()

    def test_nothing_asked_for_is_nothing(self, store: Store) -> None:
        assert store.offers.read(SHOP, member_id=ANN) == OffersRead()

    def test_each_kind_of_code_comes_back_as_it_was(self, store: Store) -> None:
        for one in (NAMED, BATCH, MINE):
            store.put(one)

        read = store.offers.read(SHOP, member_id=ANN, codes=["SPRING", IN_BATCH, "12345678"])

        assert read.named == {"SPRING": NAMED}
        assert read.batches == {"7QK": BATCH}
        assert read.coupons == {"12345678": MINE}

    def test_what_is_left_out_comes_back_as_left_out(self, store: Store) -> None:
        bare = PromoCode(code="BARE", coupon_id="c", max_uses=None)
        batch = CodeBatch(
            batch_id="7QK", coupon_id="c", count=1, created_at=NOON, max_uses=None
        )
        coupon = MemberCoupon(code="1", member_id=ANN, coupon_id="c", given_at=NOON)
        for one in (bare, batch, coupon):
            store.put(one)

        read = store.offers.read(SHOP, member_id=ANN, codes=["BARE", IN_BATCH[3:], "1"])

        assert (read.named["BARE"], read.batches["7QK"], read.coupons["1"]) == (
            bare, batch, coupon,
        )  # fmt: skip

    def test_a_coupon_is_found_for_its_member_alone(self, store: Store) -> None:
        store.put(MINE)

        for other in (None, "mem_other"):
            assert store.offers.read(SHOP, member_id=other, codes=["12345678"]).coupons == {}

    def test_another_merchants_codes_are_unknown(self, store: Store) -> None:
        for one in (NAMED, BATCH, MINE):
            store.put(one)
        codes = ["SPRING", IN_BATCH, "12345678"]

        assert store.offers.read("bakery", member_id=ANN, codes=codes) == OffersRead()

    def test_the_counters_of_a_code_come_with_it(self, store: Store) -> None:
        counters = (NAMED.counter, NAMED.counter_of(ANN), own_counter("SPRING", ANN))
        store.take(*(Take(counter, 1) for counter in counters))

        members = store.offers.read(SHOP, member_id=ANN, codes=["SPRING"]).used
        nobodys = store.offers.read(SHOP, member_id=None, codes=["SPRING"]).used

        assert members == dict.fromkeys(counters, 1)
        assert nobodys == {NAMED.counter: 1}

    def test_a_batchs_code_is_counted_however_it_was_typed(self, store: Store) -> None:
        counter = Counter(f"code:{IN_BATCH}")
        store.take(Take(counter, 1))

        read = store.offers.read(
            SHOP, member_id=None, codes=["MAY" + IN_BATCH[3:].replace("0", "O")]
        )

        assert read.used == {counter: 1}

    def test_the_most_that_a_sale_may_ask_for_is_one_read(self, store: Store) -> None:
        codes = [f"MAY{body_of('7QK', n, '00000000')}"[:-1] + "O" for n in range(CODES_MAX)]
        counters = [
            Counter(f"promotion:{n}:{kind}", day, member)
            for n in range(LIMITED_MAX)
            for kind in ("uses", "money")
            for day, member in ((None, None), (DAY, None), (None, ANN))
        ]
        store.put(BATCH)

        read = store.offers.read(SHOP, member_id=ANN, codes=codes, counters=counters)

        assert read.batches == {"7QK": BATCH}


class TestTaking:
    def test_counters_add_up_each_its_own(self, store: Store) -> None:
        others = (replace(USES, day=DAY), replace(USES, member_id=ANN), Counter("other"))

        store.take(Take(USES, 2, 9), *(Take(other, 1, 9) for other in others))
        store.take(Take(USES, 3, 9))

        assert store.used(USES, *others) == {USES: 5} | dict.fromkeys(others, 1)
        assert store.used(USES, merchant_id="bakery") == {}

    def test_the_last_unit_can_be_taken_and_no_more(self, store: Store) -> None:
        store.take(Take(USES, 2, 3))
        store.take(Take(USES, 1, 3))

        with pytest.raises(CommitConflict):
            store.take(Take(USES, 1, 3))
        assert store.used(USES) == {USES: 3}

    def test_without_a_maximum_it_counts_for_ever(self, store: Store) -> None:
        store.take(Take(USES, 10**6))
        store.take(Take(USES, 1))

        assert store.used(USES) == {USES: 10**6 + 1}

    def test_giving_back_needs_no_room(self, store: Store) -> None:
        store.take(Take(USES, 3, 3))
        store.take(Take(USES, -1))
        store.take(Take(USES, 1, 3))

        assert store.used(USES) == {USES: 3}

    def test_a_full_counter_refuses_the_whole_sale(self, store: Store) -> None:
        store.take(Take(USES, 3, 3))
        other = Counter("other")
        sale = replace(purchase(Account(MEMBER)), takes=(Take(other, 1), Take(USES, 1, 3)))

        with pytest.raises(CommitConflict):
            store.ledger.commit(sale)
        assert store.ledger.account(MEMBER) is None
        assert store.used(other) == {}

    def test_a_repeat_takes_nothing(self, store: Store) -> None:
        sale = replace(purchase(Account(MEMBER)), takes=(Take(USES, 1, 3),))
        store.ledger.commit(sale)

        with pytest.raises(AlreadyRecorded):
            store.ledger.commit(sale)
        assert store.used(USES) == {USES: 1}


RICH = {
    "store_id": "main",
    "promo_codes": (CodeUse("SPRING", "c", True, 500, 7), CodeUse("OTHER", "d")),
    "takes": (
        Take(Counter("code:SPRING"), 1),
        Take(Counter("promotion:p:uses", day=DAY), 1),
        Take(Counter("promotion:p:points", member_id=ANN), 50),
        Take(Counter("code:SPRING", member_id="mem_before"), 1),
    ),
}


@pytest.mark.parametrize("of", [RICH, {"store_id": "main"}, {"takes": RICH["takes"]}, {}])
@pytest.mark.parametrize("is_attached", [False, True])
def test_a_receipt_remembers_its_store_codes_and_takes(
    store: Store, of: dict[str, object], is_attached: bool
) -> None:
    change = purchase(Account(MEMBER))
    receipt = replace(change.new_receipt, **of)
    store.ledger.commit(replace(change, new_receipt=receipt))

    assert store.ledger.receipt(receipt.key) == receipt

    if is_attached:
        for first in (replace(change.new_receipt, member_id=None), replace(receipt, **RICH)):
            stored = store.ledger.receipt(receipt.key)
            attached = replace(stored, first=first)
            of_itself = operation(f"attach-{stored.revision}")
            store.ledger.commit(
                LedgerChange(of_itself, 0, None, None, changed_receipt=attached)
            )
            assert store.ledger.receipt(receipt.key) == replace(
                attached, revision=stored.revision + 1
            )


def test_eight_threads_take_what_there_is_and_no_more(connection) -> None:
    ledger, offers = DynamoLedger(connection, due_shards=4), DynamoOffers(connection)
    store, barrier = Store(ledger, offers, in_table), Barrier(THREADS)

    def till(_: int) -> int:
        barrier.wait()
        taken = 0
        for _ in range(5):
            try:
                store.take(Take(USES, 1, 11))
            except CommitConflict:
                continue
            taken += 1
        return taken

    with ThreadPoolExecutor(THREADS) as pool:
        taken = sum(pool.map(till, range(THREADS)))

    assert (taken, store.used(USES)) == (11, {USES: 11})


def test_a_days_counter_goes_when_its_day_is_long_over(connection) -> None:
    store = Store(DynamoLedger(connection, due_shards=4), DynamoOffers(connection), in_table)
    of_a_day = replace(USES, day=DAY)

    store.take(Take(of_a_day, 1, 9), Take(USES, 1, 9))

    found = CounterItem.get(*keys.counter_key(SHOP, of_a_day))
    assert datetime.fromtimestamp(found.ttl, UTC) == datetime(2027, 1, 22, tzinfo=UTC)
    assert CounterItem.get(*keys.counter_key(SHOP, USES)).ttl is None


def test_what_a_sale_reads_of_offers_is_one_call(connection, engine_endpoint) -> None:
    calls: list[str] = []
    watched = bind(
        Item.Meta.table_name,
        "eu-central-1",
        engine_endpoint,
        on_call=lambda name, _: calls.append(name),
    )

    DynamoOffers(watched).read(SHOP, member_id=ANN, codes=["SPRING"], counters=[USES])
    DynamoOffers(watched).read(SHOP, member_id=ANN)

    assert calls == ["BatchGetItem"]
