"""Gift cards: R23, R27, R39, and their place among what pays a receipt (R4, R5, R28)."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import gift_cards
from chalicelib.domain.basket import BasketLine
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.gift_cards import (
    GiftCard,
    GiftCardChange,
    GiftCardEntryKind,
    GiftCardInsufficient,
    GiftCardMode,
    GiftCardNotFound,
    GiftCardRefused,
    GiftCardState,
    GiftCardUsed,
    GiftCardWish,
    Remainder,
    Signature,
)
from chalicelib.domain.receipts import GiftCardPart, Receipt, ReturnedLine
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.sales import sell, sell_anonymously
from tests.builders import (
    NOON,
    account,
    after,
    as_stored,
    exactly,
    line,
    lot,
    occasion,
    program,
    receipt,
    sale,
)

HASH = "ab" * 32
SIGNED = Signature(at=NOON, actor="till:till-1", key="key-1", reference="r-1")
KEEPS = program(mode="earn_and_redeem")
FORFEITS = program(mode="earn_and_redeem", gift_card={"remainder": "forfeit"})


def card(amount: int = 100_000, balance: int | None = None, **fields: Any) -> GiftCard:
    """Return an active card of 1000.00, unused unless a balance is given."""
    base = GiftCard(
        merchant_id="roastery",
        code_hash=HASH,
        card_id="gft_1",
        currency="RUB",
        amount_minor=amount,
        balance_minor=amount if balance is None else balance,
        issued_at=NOON,
        state=GiftCardState.ACTIVE,
        version=2,
    )
    return replace(base, **fields)


def wish(exact: int | None = None, at_most: int | None = None) -> GiftCardWish:
    """Return the wish to pay as much as possible, or what is said."""
    if exact is not None:
        return GiftCardWish(HASH, GiftCardMode.EXACT, exact)
    return GiftCardWish(HASH, GiftCardMode.MAX, at_most)


def paid(
    of: GiftCard, to_pay: int, wanted: GiftCardWish | None = None, rest: str = "keep"
) -> tuple[GiftCardPart, GiftCardChange | None]:
    return gift_cards.pay(
        of,
        wanted or wish(),
        to_pay,
        currency="RUB",
        remainder=Remainder(rest),
        signature=SIGNED,
    )


def sold(
    *lines: BasketLine,
    by: GiftCard | None,
    rules: Any = KEEPS,
    wanted: GiftCardWish | None = None,
    points: int = 0,
) -> LedgerChange:
    """Sell to Ann, who has 500 points and the card."""
    asked = {"redeem": exactly(points)} if points else {}
    wants = replace(sale(*lines, **asked), gift_card=wanted or wish())
    return sell(account(lot("june", 500)), wants, occasion(rules), gift_card=by)


def brought_back(
    change: LedgerChange, *lines: tuple[int, int], rules: Any = KEEPS, **claim: Any
) -> LedgerChange:
    """Bring (line, thousandths) of a sale back; all without lines."""
    of = as_stored(change)
    back = tuple(ReturnedLine(*one) for one in lines) or None
    named = Claim(return_id=f"b-{len(of.returns)}", lines=back, **claim)
    return take_back(after(change), of, named, occasion(rules), card_after(change))


def card_after(change: LedgerChange) -> GiftCard:
    assert change.gift_card
    return change.gift_card.card


class TestSelling:
    def test_a_new_card_holds_what_it_was_sold_for_and_cannot_pay_yet(self) -> None:
        blank = card(state=GiftCardState.ISSUED, version=0, balance=0)

        change = gift_cards.issue(blank, SIGNED, is_active=False)

        assert (change.card.balance_minor, change.card.version) == (100_000, 1)
        assert (change.entry.kind, change.entry.amount_minor) == ("issue", 100_000)
        with pytest.raises(GiftCardRefused):
            paid(change.card, 1)

    def test_a_card_may_be_issued_active(self) -> None:
        change = gift_cards.issue(card(version=0, balance=0), SIGNED, is_active=True)

        assert paid(change.card, 1)[0].paid_minor == 1

    def test_an_activated_card_can_pay(self) -> None:
        change = gift_cards.activate(card(state=GiftCardState.ISSUED, version=1), SIGNED)

        assert change.card == card()
        assert (change.entry.kind, change.entry.amount_minor) == ("activate", 0)

    @pytest.mark.parametrize("state", [GiftCardState.ACTIVE, GiftCardState.VOIDED])
    def test_a_card_is_activated_once(self, state: GiftCardState) -> None:
        with pytest.raises(GiftCardRefused):
            gift_cards.activate(card(state=state), SIGNED)

    @pytest.mark.parametrize("state", [GiftCardState.ISSUED, GiftCardState.ACTIVE])
    def test_the_sale_of_an_unused_card_can_be_undone(self, state: GiftCardState) -> None:
        change = gift_cards.void(card(state=state), SIGNED)

        assert change.card.state is GiftCardState.VOIDED
        assert change.card.balance_minor == 0
        assert change.entry.amount_minor == -100_000

    def test_the_sale_of_a_used_card_stands(self) -> None:
        with pytest.raises(GiftCardUsed) as refused:
            gift_cards.void(card(balance=99_999), SIGNED)

        assert refused.value.facts == {"amount_minor": 100_000, "balance_minor": 99_999}

    def test_a_sale_is_undone_once(self) -> None:
        with pytest.raises(GiftCardRefused):
            gift_cards.void(card(state=GiftCardState.VOIDED, balance=0), SIGNED)


class TestPaying:
    def test_a_card_pays_what_it_can_and_the_rest_is_kept(self) -> None:
        part, change = paid(card(), 98_500)

        assert part == GiftCardPart(HASH, 98_500)
        assert change
        assert (change.card.balance_minor, change.card.version) == (1_500, 3)
        assert change.entry.amount_minor == -98_500
        assert change.entry.reference == "r-1"

    def test_a_card_never_pays_more_than_it_holds(self) -> None:
        part, change = paid(card(balance=1_500), 10_000)

        assert part.paid_minor == 1_500
        assert change
        assert change.card.balance_minor == 0

    def test_the_rest_of_a_card_may_be_forfeited(self) -> None:
        part, change = paid(card(), 98_500, rest="forfeit")

        assert part == GiftCardPart(HASH, 98_500, 1_500)
        assert change
        assert change.card.balance_minor == 0
        assert (change.entry.amount_minor, change.entry.forfeited_minor) == (-98_500, 1_500)

    @pytest.mark.parametrize(
        ("to_pay", "wanted", "expected"),
        [
            (50_000, wish(at_most=20_000), 20_000),
            (50_000, wish(at_most=200_000), 50_000),
            (50_000, wish(exact=20_000), 20_000),
            (50_000, wish(exact=60_000), 50_000),  # cut to what is to pay
            (100_000, wish(exact=100_000), 100_000),
        ],
    )
    def test_a_card_pays_as_much_as_is_wished(
        self, to_pay: int, wanted: GiftCardWish, expected: int
    ) -> None:
        assert paid(card(), to_pay, wanted)[0].paid_minor == expected

    def test_more_than_is_on_the_card_is_refused_with_both_numbers(self) -> None:
        with pytest.raises(GiftCardInsufficient) as refused:
            paid(card(balance=300), 1_000, wish(exact=301))

        assert refused.value.facts == {"asked_minor": 301, "available_minor": 300}

    @pytest.mark.parametrize(("balance", "to_pay"), [(0, 500), (500, 0)])
    @pytest.mark.parametrize("rest", ["keep", "forfeit"])
    def test_where_nothing_is_paid_nothing_changes(
        self, balance: int, to_pay: int, rest: str
    ) -> None:
        assert paid(card(balance=balance), to_pay, rest=rest) == (GiftCardPart(HASH, 0), None)

    @pytest.mark.parametrize("state", [GiftCardState.ISSUED, GiftCardState.VOIDED])
    def test_a_card_that_is_not_active_does_not_pay(self, state: GiftCardState) -> None:
        with pytest.raises(GiftCardRefused) as refused:
            paid(card(state=state), 1)

        assert refused.value.facts == {"state": state}

    def test_a_card_pays_in_its_own_currency_only(self) -> None:
        with pytest.raises(GiftCardRefused):
            paid(card(currency="UAH"), 1)


class TestASale:
    def test_the_card_pays_after_points_and_money_pays_the_rest(self) -> None:
        change = sold(line(200_000), by=card(), points=500)

        bought = receipt(change)
        assert bought.to_pay_minor == 150_000
        assert (bought.gift_card_minor, bought.money_minor) == (100_000, 50_000)
        assert card_after(change).balance_minor == 0

    def test_a_card_never_pays_what_points_have_paid(self) -> None:
        change = sold(line(100_000), by=card(), points=500)

        assert receipt(change).money_minor == 0
        assert card_after(change).balance_minor == 50_000

    def test_what_the_card_pays_earns_and_is_turnover_like_money(self) -> None:
        by_money = sell(account(lot("june", 500)), sale(line(50_000)), occasion(KEEPS))

        by_card = sold(line(50_000), by=card())

        assert receipt(by_card).earned == receipt(by_money).earned == 50
        assert after(by_card).turnover == after(by_money).turnover
        assert after(by_card).turnover.lifetime_minor == 50_000

    def test_a_receipt_that_needs_no_card_leaves_it_alone(self) -> None:
        change = sold(line(0), by=card())

        assert change.gift_card is None
        assert receipt(change).gift_card is None

    def test_an_anonymous_sale_can_be_paid_by_card(self) -> None:
        wants = replace(sale(line(20_000), member=None), gift_card=wish())

        change = sell_anonymously(wants, occasion(KEEPS), card())

        assert receipt(change).gift_card_minor == 20_000
        assert card_after(change).balance_minor == 80_000

    def test_a_card_that_is_not_there_is_told(self) -> None:
        with pytest.raises(GiftCardNotFound):
            sold(line(1), by=None)

    def test_the_program_says_whether_the_rest_is_forfeited(self) -> None:
        change = sold(line(20_000), by=card(), rules=FORFEITS)

        assert receipt(change).gift_card == GiftCardPart(HASH, 20_000, 80_000)
        assert card_after(change).balance_minor == 0


class TestAReturn:
    def test_money_goes_back_first_and_the_card_last(self) -> None:
        bought = sold(line(60_000), line(60_000), by=card())  # 1000.00 by card, 200.00 money

        first = brought_back(bought, (0, 1000))
        second = brought_back(first, (1, 1000))

        backs = receipt(second).returns
        assert [back.refund_minor for back in backs] == [60_000, 60_000]
        assert [back.gift_card_minor for back in backs] == [40_000, 60_000]
        assert card_after(second).balance_minor == 100_000

    def test_while_money_covers_the_refund_the_card_does_not_move(self) -> None:
        bought = sold(line(150_000, 3000), by=card(100_000, 50_000))

        back = brought_back(bought, (0, 1000))

        assert receipt(back).returns[0].gift_card_minor == 0
        assert back.gift_card is None

    def test_the_card_says_what_gave_it_its_money_back(self) -> None:
        back = brought_back(sold(line(60_000), by=card()))

        assert back.gift_card
        entry = back.gift_card.entry
        assert (entry.kind, entry.amount_minor) == (GiftCardEntryKind.REFUND, 60_000)
        assert entry.reference == "r-1"

    def test_turnover_falls_by_the_part_the_card_had_paid_too(self) -> None:
        back = brought_back(sold(line(60_000), by=card()))

        assert after(back).turnover.lifetime_minor == 0

    def test_a_return_does_not_bring_a_forfeited_rest_back(self) -> None:
        bought = sold(line(60_000), by=card(), rules=FORFEITS)

        back = brought_back(bought, rules=FORFEITS)

        assert card_after(back).balance_minor == 60_000

    def test_a_void_undoes_the_forfeit_too(self) -> None:
        bought = sold(line(60_000), by=card(), rules=FORFEITS)

        back = brought_back(bought, rules=FORFEITS, is_void=True, reason="mistake")

        assert card_after(back) == replace(card(), version=4)
        assert receipt(back).returns[0].gift_card_minor == 60_000

    def test_a_void_of_what_came_back_already_undoes_the_forfeit_alone(self) -> None:
        bought = sold(line(60_000), by=card(), rules=FORFEITS)
        back = brought_back(bought, rules=FORFEITS)

        voided = brought_back(back, rules=FORFEITS, is_void=True, reason="mistake")

        assert card_after(voided).balance_minor == 100_000

    def test_the_sale_of_a_card_can_be_undone_once_all_it_paid_is_back(self) -> None:
        back = brought_back(sold(line(60_000), by=card()))

        change = gift_cards.void(card_after(back), SIGNED)

        assert change.card.state is GiftCardState.VOIDED

    @given(
        st.lists(st.integers(0, 5_000), min_size=1, max_size=4),
        st.integers(0, 12_000),
        st.integers(0, 500),
        st.permutations([(i, part) for i in range(4) for part in (300, 700)]),
    )
    def test_the_parts_of_every_return_add_up_to_what_paid(
        self, prices: list[int], balance: int, points: int, order: list[tuple[int, int]]
    ) -> None:
        lines = [line(price) for price in prices]
        by = card(12_000, balance)
        wants = replace(sale(*lines), gift_card=wish())
        change = sell(account(lot("june", points)), wants, occasion(KEEPS), gift_card=by)
        sold_for, owner = receipt(change), after(change)
        stored: Receipt = as_stored(change)
        by = change.gift_card.card if change.gift_card else by

        for number, (i, milli) in enumerate(one for one in order if one[0] < len(prices)):
            claim = Claim(return_id=f"b-{number}", lines=(ReturnedLine(i, milli),))
            back = take_back(owner, stored, claim, occasion(KEEPS), by)
            owner, stored = after(back), as_stored(back)
            by = back.gift_card.card if back.gift_card else by

        to_card = [back.gift_card_minor for back in stored.returns]
        money = [back.refund_minor - back.gift_card_minor for back in stored.returns]
        assert by.balance_minor == balance
        assert sum(to_card) == sold_for.gift_card_minor
        assert sum(money) == sold_for.money_minor
        assert min(money) >= 0
        first = next((i for i, minor in enumerate(to_card) if minor), len(to_card))
        assert not any(money[first + 1 :]), "money goes back before the card"
