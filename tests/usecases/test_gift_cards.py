"""Gift cards through the ports: codes, repeats, lost answers, receipts they pay."""

from dataclasses import replace

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardInsufficient,
    GiftCardMode,
    GiftCardNotFound,
    GiftCardRefused,
    GiftCardState,
    GiftCardUsed,
    GiftCardWish,
)
from chalicelib.domain.gift_codes import read_code
from chalicelib.domain.receipts import ReceiptStatus
from chalicelib.domain.returns import Claim
from chalicelib.usecases.gift_cards import (
    GiftCardSale,
    activate_gift_card,
    code_hash_of,
    find_gift_card,
    issue_gift_card,
    pay_by_gift_card,
    void_gift_card,
)
from chalicelib.usecases.purchases import (
    QuoteChanged,
    attach_receipt,
    find_receipt,
    quote,
    record_purchase,
)
from chalicelib.usecases.returns import move_receipt, return_goods
from chalicelib.usecases.write_once import KeyReused
from tests.builders import SHOP, line, operation, receipt_key, sale
from tests.usecases.world import World


@pytest.fixture
def world() -> World:
    return World(mode="earn_and_redeem")


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join()


def issue(world: World, key: str = "issue", minor: int = 100_000, **more: object):
    wanted = GiftCardSale(amount_minor=minor, **{"is_active": True, **more})
    return issue_gift_card(
        wanted, operation(key), at=world.at, book=world.book, keyring=world.keyring
    )


def hash_of(world: World, key: str = "issue") -> str:
    """Issue a card and return what it is found by."""
    return issue(world, key).value.card.code_hash


def card(world: World, code_hash: str) -> GiftCard:
    found = world.gift_cards.find(SHOP, code_hash)
    assert found
    return found


def pay(world: World, code_hash: str, minor: int = 30_000, key: str = "pay", mode="exact"):
    wish = GiftCardWish(code_hash, GiftCardMode(mode), minor)
    return pay_by_gift_card(wish, minor, "r-9", operation(key), at=world.at, book=world.book)


def buy(
    world: World,
    of: MemberRef | None,
    code_hash: str,
    minor: int = 30_000,
    *,
    exact: int | None = None,
):
    mode = GiftCardMode.MAX if exact is None else GiftCardMode.EXACT
    wish = sale(line(minor), receipt="buy", member=of.member_id if of else None, at=world.at)
    paid = replace(wish, gift_card=GiftCardWish(code_hash, mode, exact))
    return record_purchase(
        paid, operation("buy"), at=world.at, book=world.book, keyring=world.keyring
    )


def bring_back(world: World, number: str = "buy", key: str = "b", *, is_void: bool = False):
    claim = Claim(return_id=key, lines=None, is_void=is_void)
    return return_goods(
        receipt_key(number), claim, operation(key), at=world.at, book=world.book
    )


class TestIssuing:
    def test_a_card_is_found_by_its_code_in_any_spelling(self, world: World) -> None:
        issued = issue(world, receipt_id="r-1").value

        found = code_hash_of(SHOP, issued.code.lower().replace("-", " "), world.keyring)

        assert card(world, found) == issued.card
        assert (issued.card.amount_minor, issued.card.receipt_id) == (100_000, "r-1")

    def test_the_code_is_stored_nowhere(self, world: World) -> None:
        issued = issue(world).value

        stored = repr((world.ledger.gift_cards, world.ledger.gift_card_entries))
        assert issued.code not in stored
        assert issued.code.replace("-", "") not in stored

    def test_a_repeat_tells_the_same_code_and_makes_no_second_card(self, world: World) -> None:
        first = issue(world)

        again = issue(world)

        assert again.value == first.value
        assert (first.is_replay, again.is_replay) == (False, True)
        assert len(world.ledger.gift_cards) == 1

    def test_a_lost_answer_loses_no_card(self, world: World) -> None:
        world.ledger.troubles = ["lost after"]

        issued = issue(world).value

        assert card(world, issued.card.code_hash).balance_minor == 100_000

    def test_other_operations_other_codes(self, world: World) -> None:
        codes = {issue(world, key).value.code for key in ("a", "b", "c")}

        assert len(codes) == 3
        assert all(read_code(code) == code for code in codes)

    def test_a_repeat_of_an_old_issue_tells_the_card_as_it_was(self, world: World) -> None:
        issued = issue(world)
        pay(world, issued.value.card.code_hash)

        assert issue(world).value == issued.value

    def test_a_code_stands_for_another_hash_at_another_merchant(self, world: World) -> None:
        issued = issue(world).value

        elsewhere = code_hash_of("bakery", issued.code, world.keyring)

        assert elsewhere != issued.card.code_hash

    @pytest.mark.parametrize("text", ["", "nonsense", "CCAZ-8R3P-FBQX-0GXJ-8"])
    def test_what_is_no_code_is_not_found(self, world: World, text: str) -> None:
        with pytest.raises(GiftCardNotFound):
            code_hash_of(SHOP, text, world.keyring)

    def test_a_code_that_was_never_issued_is_not_found(self, world: World) -> None:
        with pytest.raises(GiftCardNotFound):
            find_gift_card(SHOP, "00" * 32, gift_cards=world.gift_cards)


class TestActivating:
    def test_a_card_pays_once_it_is_activated(self, world: World) -> None:
        code_hash = issue(world, is_active=False).value.card.code_hash
        with pytest.raises(GiftCardRefused):
            pay(world, code_hash)

        activate_gift_card(code_hash, operation("a"), at=world.at, book=world.book)

        assert pay(world, code_hash).value.card.balance_minor == 70_000

    def test_a_repeat_is_told_the_same_and_another_key_is_refused(self, world: World) -> None:
        code_hash = issue(world, is_active=False).value.card.code_hash
        first = activate_gift_card(code_hash, operation("a"), at=world.at, book=world.book)

        again = activate_gift_card(code_hash, operation("a"), at=world.at, book=world.book)

        assert (again.value, again.is_replay) == (first.value, True)
        with pytest.raises(GiftCardRefused):
            activate_gift_card(code_hash, operation("b"), at=world.at, book=world.book)


class TestPayingWithoutAPurchase:
    def test_a_repeat_takes_nothing_twice(self, world: World) -> None:
        code_hash = hash_of(world)
        first = pay(world, code_hash)

        again = pay(world, code_hash)

        assert (again.value, again.is_replay) == (first.value, True)
        assert card(world, code_hash).balance_minor == 70_000

    def test_a_lost_answer_takes_nothing_twice(self, world: World) -> None:
        code_hash = hash_of(world)
        world.ledger.troubles = ["lost after"]

        pay(world, code_hash)

        assert card(world, code_hash).balance_minor == 70_000

    def test_success_never_turns_into_a_refusal(self, world: World) -> None:
        code_hash = hash_of(world)
        first = pay(world, code_hash, 100_000)

        assert pay(world, code_hash, 100_000).value == first.value

    def test_the_key_of_another_request_is_refused(self, world: World) -> None:
        code_hash = hash_of(world)
        wish = GiftCardWish(code_hash, GiftCardMode.EXACT, 1)
        pay(world, code_hash)

        with pytest.raises(KeyReused):
            pay_by_gift_card(
                wish, 1, "", operation("pay", "other"), at=world.at, book=world.book
            )

    def test_all_of_it_or_nothing(self, world: World) -> None:
        code_hash = hash_of(world)

        with pytest.raises(GiftCardInsufficient) as refused:
            pay(world, code_hash, 100_001)

        assert refused.value.facts == {"asked_minor": 100_001, "available_minor": 100_000}
        assert card(world, code_hash).balance_minor == 100_000

    def test_an_empty_card_pays_nothing_and_says_so(self, world: World) -> None:
        code_hash = hash_of(world)
        pay(world, code_hash, 100_000)

        with pytest.raises(GiftCardInsufficient):
            pay(world, code_hash, 1, key="more", mode="max")

    def test_what_happened_is_shown_newest_first(self, world: World) -> None:
        code_hash = hash_of(world)
        pay(world, code_hash)

        found, entries = find_gift_card(SHOP, code_hash, gift_cards=world.gift_cards)

        assert found.balance_minor == 70_000
        assert [(one.kind, one.amount_minor, one.reference) for one in entries] == [
            ("pay", -30_000, "r-9"),
            ("issue", 100_000, ""),
        ]


class TestVoiding:
    def test_an_unused_card_is_voided_once(self, world: World) -> None:
        code_hash = hash_of(world)

        done = void_gift_card(code_hash, "error", operation("v"), at=world.at, book=world.book)
        again = void_gift_card(code_hash, "error", operation("v"), at=world.at, book=world.book)

        assert done.value.card.state is GiftCardState.VOIDED
        assert done.value.entry.reason == "error"
        assert again.value == done.value
        with pytest.raises(GiftCardRefused):
            pay(world, code_hash)

    def test_a_used_card_is_not(self, world: World) -> None:
        code_hash = hash_of(world)
        pay(world, code_hash, 1)

        with pytest.raises(GiftCardUsed):
            void_gift_card(code_hash, "error", operation("v"), at=world.at, book=world.book)


class TestPurchases:
    def test_a_repeat_is_told_the_first_receipt_though_the_card_is_empty_now(
        self, world: World, ann: MemberRef
    ) -> None:
        code_hash = hash_of(world)
        first = buy(world, ann, code_hash, 120_000, exact=100_000)

        again = buy(world, ann, code_hash, 120_000, exact=100_000)

        assert (again.value, again.is_replay) == (first.value, True)
        assert (first.value.gift_card_minor, first.value.money_minor) == (100_000, 20_000)

    def test_a_race_lost_to_another_till_is_decided_again(
        self, world: World, ann: MemberRef
    ) -> None:
        code_hash = hash_of(world)
        world.ledger.troubles = ["overtaken"]

        assert buy(world, ann, code_hash).value.gift_card_minor == 30_000
        assert card(world, code_hash).balance_minor == 70_000

    def test_more_than_the_card_holds_is_refused_and_nothing_moves(
        self, world: World, ann: MemberRef
    ) -> None:
        code_hash = hash_of(world)
        before = world.account(ann)

        with pytest.raises(GiftCardInsufficient):
            buy(world, ann, code_hash, 120_000, exact=100_001)

        assert world.account(ann) == before
        assert card(world, code_hash).balance_minor == 100_000

    def test_an_unknown_card_is_refused_for_members_and_others(
        self, world: World, ann: MemberRef
    ) -> None:
        for of in (ann, None):
            with pytest.raises(GiftCardNotFound):
                buy(world, of, "00" * 32)

    def test_a_quote_says_what_the_card_would_pay_and_takes_nothing(
        self, world: World, ann: MemberRef
    ) -> None:
        code_hash = hash_of(world)
        wish = sale(line(30_000), member=ann.member_id, at=world.at)
        wish = replace(wish, gift_card=GiftCardWish(code_hash))

        quoted = quote(wish, at=world.at, book=world.book, keyring=world.keyring)

        assert quoted.receipt.gift_card_minor == 30_000
        assert card(world, code_hash).balance_minor == 100_000

    def test_a_card_that_pays_less_than_quoted_changes_the_quote(
        self, world: World, ann: MemberRef
    ) -> None:
        code_hash = hash_of(world)
        wish = sale(line(80_000), member=ann.member_id, at=world.at)
        wish = replace(wish, gift_card=GiftCardWish(code_hash))
        quoted = quote(wish, at=world.at, book=world.book, keyring=world.keyring)
        pay(world, code_hash)

        with pytest.raises(QuoteChanged) as changed:
            record_purchase(
                wish, operation("buy"), at=world.at, book=world.book, keyring=world.keyring,
                quote_id=quoted.quote_id,
            )  # fmt: skip

        assert changed.value.quoted.receipt.gift_card_minor == 70_000

    def test_a_receipt_that_gets_its_member_later_keeps_what_the_card_paid(
        self, world: World, ann: MemberRef
    ) -> None:
        code_hash = hash_of(world)
        first = buy(world, None, code_hash)
        attached = attach_receipt(
            receipt_key("buy"), ann.member_id, 30_000, operation("at"),
            at=world.at, book=world.book,
        )  # fmt: skip

        again = buy(world, None, code_hash)
        bring_back(world)

        assert attached.value.gift_card == first.value.gift_card
        assert again.value == first.value
        assert card(world, code_hash).balance_minor == 100_000


class TestReturns:
    @pytest.mark.parametrize("is_member", [True, False])
    def test_goods_that_come_back_give_the_card_its_money_back_once(
        self, world: World, ann: MemberRef, is_member: bool
    ) -> None:
        code_hash = hash_of(world)
        buy(world, ann if is_member else None, code_hash, 120_000)

        first = bring_back(world)
        again = bring_back(world)

        assert again.value[1] == first.value[1]
        assert first.value[1].gift_card_minor == 100_000
        assert card(world, code_hash).balance_minor == 100_000

    def test_a_moved_receipt_stays_paid_by_its_card(self, world: World, ann: MemberRef) -> None:
        code_hash = hash_of(world)
        buy(world, ann, code_hash)
        other = world.join("+79990000002")
        pay(world, code_hash, 70_000)  # nothing is left to pay with again

        moved = move_receipt(
            receipt_key("buy"), other.member_id, "wrong card", operation("m"),
            at=world.at, book=world.book,
        )  # fmt: skip

        old = find_receipt(receipt_key("buy"), ledger=world.ledger)
        assert old.status is ReceiptStatus.VOIDED
        assert old.returns[0].gift_card_minor == 0
        assert moved.value.gift_card_minor == 30_000
        assert card(world, code_hash).balance_minor == 0

    def test_a_moved_receipt_gives_the_card_its_money_back_in_the_end(
        self, world: World, ann: MemberRef
    ) -> None:
        code_hash = hash_of(world)
        buy(world, ann, code_hash)
        other = world.join("+79990000002")
        moved = move_receipt(
            receipt_key("buy"), other.member_id, "wrong card", operation("m"),
            at=world.at, book=world.book,
        )  # fmt: skip

        bring_back(world, moved.value.key.receipt_id)

        assert card(world, code_hash).balance_minor == 100_000
