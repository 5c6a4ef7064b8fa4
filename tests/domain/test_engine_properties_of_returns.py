"""The parts of returns are the whole, in whatever pieces and order they come (R18 to R25)."""

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account import Account
from chalicelib.domain.basket import BasketLine
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.gift_cards import GiftCard
from chalicelib.domain.receipts import Receipt, ReturnedLine
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.sales import sell
from tests.builders import account, after, as_stored, line, occasion, program, receipt, sale
from tests.domain.generated import BASKETS, CASES, Case

PIECES_MAX = 3  # of one line


@dataclass(frozen=True, slots=True)
class Returned:
    """Where returns leave a receipt, its member and its gift card."""

    account: Account
    receipt: Receipt
    card: GiftCard | None

    def sums(self) -> dict[str, int]:
        """Return what all the returns came to."""
        done = self.receipt.returns
        return {
            "refund": sum(one.refund_minor for one in done),
            "to card": sum(one.gift_card_minor for one in done),
            "clawed back": sum(one.clawed_back for one in done),
            "given back": sum(one.restored + one.forfeited for one in done),
        }


@given(CASES, st.randoms(use_true_random=False))
def test_pieces_give_back_the_whole(case: Case, random: Any) -> None:
    bought = case.sold()
    claims = _pieces(case, random)

    left = _take_back(case, bought, claims)

    whole = left.receipt
    assert left.sums() == {
        "refund": whole.to_pay_minor,
        "to card": whole.gift_card_minor,
        "clawed back": whole.earned,
        "given back": whole.redeemed,
    }


@given(CASES, st.randoms(use_true_random=False))
def test_the_member_is_left_as_before_the_sale(case: Case, random: Any) -> None:
    bought = case.sold()

    left = _take_back(case, bought, _pieces(case, random))

    before = case.account
    assert left.account.total == before.total
    assert left.account.debt == 0
    assert left.account.turnover.lifetime_minor == before.turnover.lifetime_minor
    assert _points(left.account) == _points(before)
    if left.card and not (left.receipt.gift_card and left.receipt.gift_card.forfeited_minor):
        assert case.card is not None
        assert left.card.balance_minor == case.card.balance_minor


@given(CASES, st.randoms(use_true_random=False))
def test_pieces_come_to_the_same_as_the_whole_at_once(case: Case, random: Any) -> None:
    bought = case.sold()
    at_once = (Claim(return_id="all", lines=None),)

    whole, pieces = (
        _take_back(case, bought, claims) for claims in (at_once, _pieces(case, random))
    )

    assert pieces.sums() == whole.sums()
    assert pieces.account.stamps == whole.account.stamps
    assert pieces.account.turnover == whole.account.turnover
    assert pieces.account.lots == whole.account.lots
    assert _balance(pieces) == _balance(whole)


@given(CASES, st.randoms(use_true_random=False))
def test_no_piece_is_negative_and_none_exceeds_what_is_left(case: Case, random: Any) -> None:
    bought = case.sold()

    done = _take_back(case, bought, _pieces(case, random)).receipt.returns

    assert all(min(one.refund_minor, one.clawed_back) >= 0 for one in done)
    assert all(0 <= one.gift_card_minor <= one.refund_minor for one in done)
    assert all(one.forfeited == 0 <= one.restored for one in done)


@given(CASES, st.randoms(use_true_random=False))
def test_a_void_after_pieces_takes_the_rest(case: Case, random: Any) -> None:
    bought = case.sold()
    pieces = _pieces(case, random)
    void = Claim(return_id="void", lines=None, is_void=True)

    left = _take_back(case, bought, (*pieces[: len(pieces) // 2], void))

    refunds = (one.refund_minor for one in left.receipt.returns)
    assert left.account.total == case.account.total
    assert sum(refunds) == left.receipt.to_pay_minor
    if left.card and case.card:  # what it had forfeited comes back too
        assert left.card.balance_minor == case.card.balance_minor


@given(CASES, BASKETS, st.randoms(use_true_random=False))
def test_two_sales_taken_back_in_any_order_leave_nothing_behind(
    case: Case, lines: tuple[BasketLine, ...], random: Any
) -> None:
    one = replace(case, card=None)
    first = one.sold()
    other = replace(one, account=after(first), lines=lines)
    second = other.sold()
    receipts = [as_stored(first), as_stored(second)]
    claims = [(0, claim) for claim in _pieces(one, random)]
    claims += [(1, claim) for claim in _pieces(other, random)]
    random.shuffle(claims)

    left = after(second)
    for which, claim in claims:
        change = take_back(left, receipts[which], claim, case.occasion)
        left, receipts[which] = after(change), as_stored(change)

    assert (left.total, left.debt) == (case.account.total, 0)
    assert left.turnover.lifetime_minor == case.account.turnover.lifetime_minor


def test_points_of_a_line_of_free_units_go_back_with_it() -> None:
    rules = program(
        stamps={"category": "coffee", "every": 3}, promotions=[{"id": "thanks", "points": 10}]
    )
    bought = sell(
        account(stamps=4), sale(line(20_000, 2_000, category="coffee")), occasion(rules)
    )
    half = Claim(return_id="t1", lines=(ReturnedLine(0, 1_000),))

    change = take_back(after(bought), as_stored(bought), half, occasion(rules))

    assert (receipt(bought).to_pay_minor, receipt(bought).earned) == (0, 10)
    assert receipt(change).returns[0].clawed_back == 5
    assert after(change).stamps == after(bought).stamps == 0  # free units give none back


def _pieces(case: Case, random: Any) -> tuple[Claim, ...]:
    """Return claims of all there is, cut at random, in a random order."""
    lines = [
        ReturnedLine(i, part)
        for i, line in enumerate(case.lines)
        for part in _cut(line.quantity_milli, random)
    ]
    random.shuffle(lines)
    return tuple(Claim(return_id=f"t{n}", lines=(one,)) for n, one in enumerate(lines))


def _cut(whole: int, random: Any) -> list[int]:
    inner = {random.randint(1, whole) for _ in range(random.randint(0, PIECES_MAX - 1))}
    ends = [0, *sorted(inner - {whole}), whole]
    return [end - start for start, end in pairwise(ends)]


def _take_back(case: Case, bought: LedgerChange, claims: tuple[Claim, ...]) -> Returned:
    left = Returned(after(bought), as_stored(bought), case.card)
    if bought.gift_card:
        left = replace(left, card=bought.gift_card.card)
    for claim in claims:
        change = take_back(left.account, left.receipt, claim, case.occasion, left.card)
        card = change.gift_card.card if change.gift_card else left.card
        left = Returned(after(change), as_stored(change), card)
    return left


def _balance(left: Returned) -> int | None:
    return left.card.balance_minor if left.card else None


def _points(owner: Account) -> dict[int, int]:
    """Return what remains in each lot."""
    return {lot.lot_id: lot.points for lot in owner.lots}
