"""A sale becomes points once and for ever, whatever is lost on the way (P1, P5–P8, R45)."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.ledger import DateRefused, Grant, MemberNotFound
from chalicelib.domain.pricing import InsufficientPoints
from chalicelib.domain.receipts import Receipt
from chalicelib.domain.returns import Claim
from chalicelib.domain.sales import Sale
from chalicelib.ports import CommitConflict, StoreUnavailable
from chalicelib.usecases.merchants import publish_draft, save_draft
from chalicelib.usecases.points import grant_points, redeem_points
from chalicelib.usecases.purchases import (
    QuoteChanged,
    ReceiptNotFound,
    attach_receipt,
    find_receipt,
    quote,
    record_purchase,
)
from chalicelib.usecases.returns import return_goods
from chalicelib.usecases.schedule import run_member
from chalicelib.usecases.write_once import Answered, KeyReused, MerchantNotFound, ReceiptTaken
from tests.builders import SHOP, document, exactly, line, operation, receipt_key, sale
from tests.usecases.world import World


def buy(
    world: World, of: Sale, key: str = "p1", body: str = "body", **more
) -> Answered[Receipt]:
    return record_purchase(
        of, operation(key, body), at=world.at, book=world.book, keyring=world.keyring, **more
    )


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join()


def selling(to: MemberRef, *lines, **more) -> Sale:
    return sale(*lines, member=to.member_id, **more)


class TestRecording:
    def test_credits_the_member(self, world: World, ann: MemberRef) -> None:
        answer = buy(world, selling(ann, line(10_000)))

        assert (answer.value.earned, answer.is_replay) == (10, False)
        assert world.available(ann) == 10

    def test_the_same_request_again_gets_the_same_answer(
        self, world: World, ann: MemberRef
    ) -> None:
        first = buy(world, selling(ann, line(10_000)))

        again = buy(world, selling(ann, line(10_000)))

        assert (again.value, again.is_replay) == (first.value, True)
        assert world.available(ann) == 10

    def test_the_answer_stays_the_same_after_a_return(
        self, world: World, ann: MemberRef
    ) -> None:
        first = buy(world, selling(ann, line(10_000)))
        claim = Claim(return_id="b", lines=None)
        return_goods(receipt_key(), claim, operation("b"), at=world.at, book=world.book)

        again = buy(world, selling(ann, line(10_000))).value

        assert replace(again, revision=1) == first.value

    def test_another_request_under_the_same_key_is_refused(
        self, world: World, ann: MemberRef
    ) -> None:
        buy(world, selling(ann, line(10_000)))

        with pytest.raises(KeyReused):
            buy(world, selling(ann, line(20_000), receipt="r-2"), body="other")
        assert world.available(ann) == 10

    def test_the_same_receipt_under_another_key_is_refused_with_the_first(
        self, world: World, ann: MemberRef
    ) -> None:
        first = buy(world, selling(ann, line(10_000)))

        with pytest.raises(ReceiptTaken) as refused:
            buy(world, selling(ann, line(10_000)), key="p2")
        assert refused.value.receipt.key == first.value.key
        assert world.available(ann) == 10

    @pytest.mark.parametrize("trouble", ["overtaken", "lost before", "lost after"])
    def test_a_lost_race_or_answer_is_settled_within_the_call(
        self, world: World, ann: MemberRef, trouble: str
    ) -> None:
        world.ledger.troubles = [trouble]

        answer = buy(world, selling(ann, line(10_000)))

        assert answer.value.earned == 10
        assert world.available(ann) == 10

    def test_an_unknown_outcome_is_settled_by_asking_again(
        self, world: World, ann: MemberRef
    ) -> None:
        world.ledger.troubles = ["lost after"] + ["lost before"] * 4

        with pytest.raises(StoreUnavailable):
            buy(world, selling(ann, line(10_000)))
        again = buy(world, selling(ann, line(10_000)))

        assert again.is_replay
        assert world.available(ann) == 10

    def test_a_race_that_is_lost_for_ever_is_trouble_and_no_refusal(
        self, world: World, ann: MemberRef
    ) -> None:
        world.ledger.troubles = ["overtaken"] * 5

        with pytest.raises(CommitConflict):
            buy(world, selling(ann, line(10_000)))

    def test_points_it_spent_itself_do_not_refuse_its_repeat(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 50)
        wish = selling(ann, line(10_000), redeem=exactly(50))
        first = buy(world, wish)

        assert buy(world, wish).value == first.value

    def test_a_refusal_writes_nothing(self, world: World, ann: MemberRef) -> None:
        with pytest.raises(InsufficientPoints):
            buy(world, selling(ann, line(10_000), redeem=exactly(1)))

        assert world.account(ann).version == 1
        assert world.ledger.receipts == {}

    def test_nobody_is_not_found(self, world: World) -> None:
        with pytest.raises(MemberNotFound):
            buy(world, sale(member="mem_nobody"))

    def test_a_sale_of_tomorrow_is_refused(self, world: World, ann: MemberRef) -> None:
        tomorrow = world.at.replace(day=2)

        with pytest.raises(DateRefused):
            buy(world, selling(ann, at=tomorrow))

    def test_a_shop_that_is_not_there_is_not_found(self, world: World) -> None:
        world.merchants.documents.clear()

        with pytest.raises(MerchantNotFound):
            buy(world, sale())


class TestQuoting:
    def test_says_what_the_purchase_will_come_to_and_writes_nothing(
        self, world: World, ann: MemberRef
    ) -> None:
        quoted = quote(
            selling(ann, line(10_000)), at=world.at, book=world.book, keyring=world.keyring
        )

        assert world.ledger.receipts == {}
        assert world.account(ann).version == 1
        bought = buy(world, selling(ann, line(10_000)), quote_id=quoted.quote_id)
        assert bought.value.lines == quoted.receipt.lines

    def test_a_purchase_that_comes_to_something_else_is_refused_with_the_new_quote(
        self, world: World, ann: MemberRef
    ) -> None:
        world.give(ann, 50)
        wish = selling(ann, line(10_000), redeem=exactly(50))
        quoted = quote(wish, at=world.at, book=world.book, keyring=world.keyring)

        with pytest.raises(QuoteChanged) as refused:
            buy(world, selling(ann, line(10_000)), quote_id=quoted.quote_id)
        assert refused.value.quoted.receipt.redeemed == 0
        assert world.available(ann) == 50


class TestLateSales:
    def test_settle_from_lots_the_job_has_expired_meanwhile(self) -> None:
        world = World(offline_redeem_limit=100, redeem_percent=100)
        ann = world.join()
        world.give(ann, 40, days=1)
        sold_at = world.at
        world.wait(days=3)
        run_member(ann, world.merchants.program("roastery"), at=world.at, desk=world.desk)
        assert world.available(ann) == 0

        answer = buy(world, selling(ann, line(4_000), at=sold_at, redeem=exactly(40)))

        assert (answer.value.redeemed, answer.value.shortfall) == (40, 0)
        assert world.account(ann).total == 0


class TestMidnight:
    """A sale of 23:58 that arrives at 00:01 (Moscow, 2 to 3 June)."""

    SOLD = datetime(2026, 6, 2, 20, 58, tzinfo=UTC)
    ARRIVED = datetime(2026, 6, 2, 21, 1, tzinfo=UTC)

    @pytest.mark.parametrize("limit", [0, 1_000])
    @pytest.mark.parametrize("has_job_run", [False, True])
    def test_is_paid_with_the_points_of_its_own_day(
        self, limit: int, has_job_run: bool
    ) -> None:
        world = World(redeem_percent=100, offline_redeem_limit=limit)
        ann = world.join()
        world.give(ann, 100, days=1)
        world.clock.at = self.ARRIVED
        if has_job_run:
            program = world.merchants.program(SHOP)
            run_member(ann, program, at=world.at, desk=world.desk)

        answer = buy(world, selling(ann, line(20_000), at=self.SOLD, redeem=exactly(100)))

        assert (answer.value.redeemed, answer.value.shortfall) == (100, 0)
        assert world.account(ann).total == 0

    def test_makes_no_debt(self) -> None:
        world = World(redeem_percent=100, offline_redeem_limit=1_000)
        ann = world.join()
        world.give(ann, 30, days=1)
        world.clock.at = self.ARRIVED

        with pytest.raises(InsufficientPoints):
            buy(world, selling(ann, line(20_000), at=self.SOLD, redeem=exactly(31)))

    def test_earns_as_ever(self) -> None:
        world = World()
        ann = world.join()
        world.clock.at = self.ARRIVED

        answer = buy(world, selling(ann, line(20_000), at=self.SOLD))

        assert (answer.value.earned, answer.value.redeemed) == (20, 0)


class TestAttaching:
    def test_gives_an_anonymous_receipt_to_its_member_once(
        self, world: World, ann: MemberRef
    ) -> None:
        first = buy(world, sale(line(10_000), member=None))

        def ask(key: str) -> Answered[Receipt]:
            return attach_receipt(
                receipt_key(), ann.member_id, 10_000, operation(key),
                at=world.at, book=world.book,
            )  # fmt: skip

        attached = ask("a1")

        assert (attached.value.earned, world.available(ann)) == (10, 10)
        assert ask("a1").is_replay
        with pytest.raises(Exception, match="already"):
            ask("a2")
        assert buy(world, sale(line(10_000), member=None)).value == first.value
        assert find_receipt(receipt_key(), ledger=world.ledger).member_id == ann.member_id

    def test_a_repeat_of_the_anonymous_purchase_says_what_it_said_before(
        self, world: World, ann: MemberRef
    ) -> None:
        sold = sale(line(10_000), member=None)
        first = buy(world, sold).value
        save_draft(SHOP, document(earn_percent=25), office=world.office)
        publish_draft(SHOP, office=world.office)
        attach_receipt(
            receipt_key(), ann.member_id, 10_000, operation("a"), at=world.at, book=world.book
        )

        again = buy(world, sold)

        assert (again.value, again.is_replay) == (first, True)

    def test_of_a_receipt_that_is_not_there_is_refused(
        self, world: World, ann: MemberRef
    ) -> None:
        with pytest.raises(ReceiptNotFound):
            attach_receipt(
                receipt_key("none"), ann.member_id, 1, operation(), at=world.at, book=world.book
            )


class TestWritingOnce:
    def test_a_key_of_another_endpoint_is_refused(self, world: World, ann: MemberRef) -> None:
        given = Grant(points=5, reason="x")
        grant_points(ann, given, operation("k", "grant"), at=world.at, book=world.book)

        with pytest.raises(KeyReused):
            redeem_points(ann, 5, "x", operation("k", "redeem"), at=world.at, book=world.book)
        assert world.available(ann) == 5

    def test_a_key_of_another_till_is_another_operation(
        self, world: World, ann: MemberRef
    ) -> None:
        given = Grant(points=5, reason="x")
        for till in ("till-1", "till-2"):
            asked = operation("k", "grant", client=till)
            grant_points(ann, given, asked, at=world.at, book=world.book)

        assert world.available(ann) == 10
