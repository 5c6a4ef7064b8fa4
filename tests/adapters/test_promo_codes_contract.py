"""What every store of promo codes and coupons promises, against the fake and the engine."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Barrier

import pytest

from chalicelib.adapters.dynamo.ledger import DynamoLedger
from chalicelib.adapters.dynamo.promo_codes import DynamoPromoCodes
from chalicelib.adapters.dynamo.sms_outbox import DynamoSmsOutbox, sms_item
from chalicelib.adapters.vault import LocalVault
from chalicelib.domain.account import Account, MemberRef
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.members import PromisedSms
from chalicelib.domain.promo_codes import CodeBatch, MemberCoupon, PromoCode
from chalicelib.ports import (
    AlreadyRecorded,
    CommitConflict,
    Ledger,
    LimitReached,
    PromoCodes,
)
from tests.adapters.ledger_values import MEMBER, NOON, credit, operation
from tests.adapters.stores import NOW, MasterKey, charge, sliding, sms
from tests.fakes.clock import FakeClock
from tests.fakes.ledger import FakeLedger
from tests.fakes.promo_codes import FakePromoCodes

SHOP = MEMBER.merchant_id
BARE = PromoCode(code="SPRING10", coupon_id="spring", max_uses=None)
FULL = PromoCode(
    code="ВЕСНА",
    coupon_id="spring",
    max_uses=100,
    max_uses_per_member=1,
    first=date(2026, 3, 1),
    last=date(2026, 5, 31),
)
BATCH = CodeBatch(batch_id="7QK", coupon_id="spring", count=1_000, created_at=NOON)
FULL_BATCH = CodeBatch(
    batch_id="8AA",
    coupon_id="spring",
    count=2,
    created_at=NOON,
    prefix="MAY",
    max_uses=None,
    first=date(2026, 5, 1),
    last=date(2026, 5, 31),
)
COUPON = MemberCoupon(
    code="12345678",
    member_id=MEMBER.member_id,
    coupon_id="five",
    given_at=NOON,
    last=date(2026, 12, 1),
    points=500,
)
THREADS = 8


@dataclass(frozen=True)
class Store:
    ledger: Ledger
    codes: PromoCodes

    def make(self, code: PromoCode, key: str = "") -> None:
        self.ledger.commit(alone(key, promo_code=code))

    def make_batch(self, batch: CodeBatch, key: str = "") -> None:
        self.ledger.commit(alone(key, code_batch=batch))


@pytest.fixture(params=["fake", "engine"])
def store(request: pytest.FixtureRequest) -> Store:
    if request.param == "fake":
        ledger = FakeLedger()
        return Store(ledger, FakePromoCodes(ledger))
    connection = request.getfixturevalue("connection")
    return Store(DynamoLedger(connection, due_shards=4), DynamoPromoCodes(connection))


def alone(key: str = "", **made: object) -> LedgerChange:
    return LedgerChange(operation(key), 0, None, None, **made)  # type: ignore[arg-type]


def bought(coupon: MemberCoupon = COUPON, key: str = "", before: Account | None = None):
    """Return an entry of the member that brings a coupon."""
    change = credit(before or Account(MEMBER), of=operation(key))
    return replace(change, coupon=coupon)


class TestCodes:
    def test_what_was_never_made_is_none(self, store: Store) -> None:
        assert store.codes.code(SHOP, "SPRING10") is None
        assert store.codes.codes(SHOP) == ()
        assert store.codes.batch(SHOP, "7QK") is None
        assert store.codes.batches(SHOP) == ()
        assert store.codes.coupons(MEMBER) == ()

    @pytest.mark.parametrize("code", [BARE, FULL], ids=["bare", "full"])
    def test_a_code_comes_back_as_it_was(self, store: Store, code: PromoCode) -> None:
        store.make(code)

        assert store.codes.code(SHOP, code.code) == code
        assert store.codes.code("bakery", code.code) is None

    def test_codes_are_listed_in_the_order_of_their_text(self, store: Store) -> None:
        texts = ["C3", "A1", "B2"]
        for text in texts:
            store.make(replace(BARE, code=text))

        assert [one.code for one in store.codes.codes(SHOP, limit=2)] == ["A1", "B2"]
        assert [one.code for one in store.codes.codes(SHOP, after="B2")] == ["C3"]
        assert store.codes.codes("bakery") == ()

    def test_a_code_is_made_once(self, store: Store) -> None:
        store.make(BARE)

        with pytest.raises(CommitConflict):
            store.make(replace(BARE, coupon_id="other"), "late")

        assert store.codes.code(SHOP, BARE.code) == BARE
        assert store.ledger.recorded(operation("late")) is None

    def test_a_stopped_code_stays_stopped(self, store: Store) -> None:
        store.make(FULL)

        store.codes.stop(SHOP, FULL)
        store.codes.stop(SHOP, FULL)

        assert store.codes.code(SHOP, FULL.code) == replace(FULL, is_stopped=True)

    def test_a_code_that_was_not_stored_can_be_stopped(self, store: Store) -> None:
        store.codes.stop(SHOP, FULL)

        assert store.codes.code(SHOP, FULL.code) == replace(FULL, is_stopped=True)

    def test_a_repeat_is_told_of_the_code(self, store: Store) -> None:
        store.make(FULL, "k")

        with pytest.raises(AlreadyRecorded) as found:
            store.make(FULL, "k")

        assert found.value.recorded.promo_code == FULL


class TestBatches:
    @pytest.mark.parametrize("batch", [BATCH, FULL_BATCH], ids=["bare", "full"])
    def test_a_batch_comes_back_as_it_was(self, store: Store, batch: CodeBatch) -> None:
        store.make_batch(batch)

        assert store.codes.batch(SHOP, batch.batch_id) == batch
        assert store.codes.batch("bakery", batch.batch_id) is None

    def test_batches_are_listed_in_the_order_of_their_ids(self, store: Store) -> None:
        store.make_batch(FULL_BATCH)
        store.make_batch(BATCH)

        assert store.codes.batches(SHOP) == (BATCH, FULL_BATCH)
        assert store.codes.batches(SHOP, limit=1) == (BATCH,)
        assert store.codes.batches(SHOP, after="7QK") == (FULL_BATCH,)

    def test_a_name_is_given_once(self, store: Store) -> None:
        store.make_batch(BATCH)

        with pytest.raises(CommitConflict):
            store.make_batch(replace(FULL_BATCH, batch_id="7QK"))

        assert store.codes.batch(SHOP, "7QK") == BATCH

    def test_a_stopped_batch_stays_stopped(self, store: Store) -> None:
        store.make_batch(BATCH)

        store.codes.stop_batch(SHOP, "7QK")

        assert store.codes.batch(SHOP, "7QK") == replace(BATCH, is_stopped=True)

    def test_one_that_is_not_there_is_not_made_by_stopping(self, store: Store) -> None:
        with pytest.raises(CommitConflict):
            store.codes.stop_batch(SHOP, "7QK")

        assert store.codes.batch(SHOP, "7QK") is None

    def test_a_repeat_is_told_of_the_batch(self, store: Store) -> None:
        store.make_batch(FULL_BATCH, "k")

        recorded = store.ledger.recorded(operation("k"))

        assert recorded
        assert recorded.code_batch == FULL_BATCH


class TestCoupons:
    def test_a_coupon_is_its_members(self, store: Store) -> None:
        store.ledger.commit(bought())

        assert store.codes.coupons(MEMBER) == (COUPON,)
        assert store.codes.coupons(MemberRef(SHOP, "mem_other")) == ()
        assert store.codes.coupons(MemberRef("bakery", MEMBER.member_id)) == ()

    def test_one_for_nothing_and_for_ever_comes_back_as_it_was(self, store: Store) -> None:
        gift = replace(COUPON, last=None, points=0)

        store.ledger.commit(bought(gift))

        assert store.codes.coupons(MEMBER) == (gift,)

    def test_digits_the_member_has_refuse_the_change_whole(self, store: Store) -> None:
        first = bought()
        store.ledger.commit(first)

        with pytest.raises(CommitConflict):
            store.ledger.commit(bought(replace(COUPON, points=1), "late", before=first.account))

        assert store.codes.coupons(MEMBER) == (COUPON,)
        assert store.ledger.account(MEMBER).version == 1
        assert store.ledger.recorded(operation("late")) is None

    def test_an_entry_that_is_overtaken_brings_no_coupon(self, store: Store) -> None:
        store.ledger.commit(replace(bought(), coupon=None))

        with pytest.raises(CommitConflict):
            store.ledger.commit(bought(key="late"))

        assert store.codes.coupons(MEMBER) == ()


class TestCounters:
    def test_what_was_taken_is_told_and_the_rest_left_out(self, store: Store) -> None:
        all_, own, never = BARE.counter, BARE.counter_of("mem_1"), Counter("code:NEVER")
        takes = (Take(all_, 1), Take(own, 2))
        store.ledger.commit(replace(bought(), coupon=None, takes=takes))

        assert store.codes.used(SHOP, [all_, own, never]) == {all_: 1, own: 2}
        assert store.codes.used("bakery", [all_]) == {}
        assert store.codes.used(SHOP, []) == {}


class TestMessages:
    @pytest.fixture
    def outbox(self, connection) -> DynamoSmsOutbox:
        return DynamoSmsOutbox(LocalVault(MasterKey()), FakeClock(NOW))

    @pytest.fixture
    def promising(self, connection) -> DynamoLedger:
        vault = LocalVault(MasterKey())
        return DynamoLedger(connection, due_shards=4, seal=lambda one: sms_item(one, vault))

    def test_a_message_is_written_with_what_it_tells_of(
        self, promising: DynamoLedger, outbox: DynamoSmsOutbox
    ) -> None:
        told = sms("told")

        promising.commit(replace(bought(), message=PromisedSms(told, (charge(),))))

        assert outbox.find(SHOP, "sms_told") == told
        assert outbox.waiting() == ((SHOP, "sms_told"),)

    def test_a_change_that_is_overtaken_promises_nothing(
        self, promising: DynamoLedger, outbox: DynamoSmsOutbox
    ) -> None:
        promising.commit(replace(bought(), coupon=None))

        with pytest.raises(CommitConflict):
            promising.commit(replace(bought(), message=PromisedSms(sms())))

        assert outbox.waiting() == ()

    def test_a_limit_without_room_refuses_the_change_whole(
        self, promising: DynamoLedger, outbox: DynamoSmsOutbox
    ) -> None:
        limits = (sliding(maximum=1, period=timedelta(days=1)), charge(maximum=10))
        first = bought()
        promising.commit(replace(first, message=PromisedSms(sms("one"), limits)))
        second = bought(replace(COUPON, code="87654321"), "late", before=first.account)

        with pytest.raises(LimitReached) as full:
            promising.commit(replace(second, message=PromisedSms(sms("two"), limits)))

        assert full.value.charge.name == "slides"
        assert promising.recorded(operation("late")) is None
        assert promising.account(MEMBER).version == 1
        assert outbox.waiting() == ((SHOP, "sms_one"),)


def test_of_many_at_once_one_makes_the_code(connection) -> None:
    ledger = DynamoLedger(connection, due_shards=4)
    barrier = Barrier(THREADS)

    def make(number: int) -> bool:
        barrier.wait()
        try:
            ledger.commit(alone(f"k{number}", promo_code=replace(BARE, max_uses=number + 1)))
        except CommitConflict:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        made = list(pool.map(make, range(THREADS)))

    assert made.count(True) == 1
