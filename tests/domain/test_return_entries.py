"""What a return writes: its entry, the kinds of its movements, and where points go back."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain import gift_cards
from chalicelib.domain.account import Balance, LotSource
from chalicelib.domain.day_rows import row_of_return
from chalicelib.domain.entries import EntryKind, LedgerChange, MovementKind
from chalicelib.domain.gift_cards import GiftCard, GiftCardState, GiftCardWish
from chalicelib.domain.program import Program
from chalicelib.domain.receipts import Return, ReturnedLine
from chalicelib.domain.returns import (
    RETURNS_MAX,
    Claim,
    ReturnExists,
    ReturnRefused,
    take_back,
)
from chalicelib.domain.sales import sell, sell_anonymously
from tests.builders import (
    NOON,
    account,
    after,
    as_stored,
    day,
    entry,
    exactly,
    holding,
    line,
    lot,
    lot_id,
    noon,
    occasion,
    operation,
    points_by_lot,
    program,
    receipt,
    sale,
)

RULES = program(redeem_percent=100, mode="earn_and_redeem")


def brought_back(
    change: LedgerChange,
    *lines: tuple[int, int],
    rules: Program = RULES,
    on: str = "2026-06-01",
    **claim: Any,
) -> LedgerChange:
    """Bring (line, thousandths) of a sale back; all without lines."""
    of = as_stored(change)
    back = tuple(ReturnedLine(*one) for one in lines) or None
    named = Claim(return_id=f"b-{len(of.returns)}", lines=back, **claim)
    return take_back(after(change), of, named, occasion(rules, at=noon(on)))


class TestEntry:
    @pytest.mark.parametrize(
        ("is_void", "kind"), [(False, EntryKind.RETURN), (True, EntryKind.VOID)]
    )
    def test_tells_what_moved_and_who_did_it(self, is_void: bool, kind: EntryKind) -> None:
        bought = sell(account(), sale(line(10_000)), occasion(RULES))

        written = entry(brought_back(bought, is_void=is_void, reason="cold"))

        assert (written.kind, written.reason, written.reference) == (kind, "cold", "r-1")
        assert (written.actor, written.key) == ("till:till-1", "key-1")
        assert written.facts == {
            "clawed_back": 10,
            "restored": 0,
            "forfeited": 0,
            "return_id": "b-0",
        }

    def test_tells_where_a_moved_receipt_goes(self) -> None:
        bought = sell(account(), sale(line(10_000)), occasion(RULES))

        written = entry(brought_back(bought, is_void=True, moved_to="mem_bob"))

        assert written.facts["moved_to"] == "mem_bob"
        assert written.facts["till_id"] == "till-1"

    def test_says_of_each_movement_what_it_was(self) -> None:
        held = account(
            lot("june", 5), holds=(holding("h", lot("may", 20, until="2026-06-02")),)
        )

        bought = sell(held, sale(line(10_000), hold="h"), occasion(RULES))
        back = brought_back(bought)

        assert self.moves(bought) == [(MovementKind.REDEEM, -20), (MovementKind.EARN, 8)]
        assert self.moves(back) == [(MovementKind.RESTORE, 20), (MovementKind.CLAW_BACK, -8)]

    def test_signs_what_it_gives_back_to_a_gift_card(self) -> None:
        card = GiftCard(
            merchant_id="roastery",
            code_hash="ab" * 32,
            card_id="gft_1",
            currency="RUB",
            amount_minor=10_000,
            balance_minor=10_000,
            issued_at=NOON,
            state=GiftCardState.ACTIVE,
        )
        wants = sale(line(10_000))
        signed = gift_cards.Signature(at=NOON, actor="till:till-1", key="key-1")
        part, paid = gift_cards.pay(
            card,
            GiftCardWish(card.code_hash),
            10_000,
            currency="RUB",
            remainder=gift_cards.Remainder.KEEP,
            signature=signed,
        )
        assert paid
        bought = sell(account(), wants, occasion(RULES))
        of = replace(as_stored(bought), gift_card=part)
        claim = Claim(return_id="b", lines=None, reason="cold")

        back = take_back(after(bought), of, claim, occasion(RULES), paid.card)

        assert back.gift_card
        written = back.gift_card.entry
        assert (written.at, written.actor, written.key) == (NOON, "till:till-1", "key-1")
        assert (written.reference, written.reason) == ("r-1", "cold")

    def moves(self, change: LedgerChange) -> list[tuple[MovementKind, int]]:
        return [(move.kind, move.points) for move in entry(change).movements]

    def test_is_in_the_receipt_with_the_balance_after_it(self) -> None:
        before = account(
            lot("june", 5),
            lot("soon", 7, active="2026-06-09"),
            holds=(holding("h", lot("held", 20), until=noon("2026-06-09")),),
        )
        bought = sell(before, sale(line(10_000, 2_000)), occasion(RULES))
        spent = replace(bought, account=replace(after(bought), lots=before.lots))

        back = brought_back(spent, (0, 1_000), on="2026-06-02", reason="cold")

        assert receipt(back).returns == (
            Return(
                return_id="b-0",
                at=noon("2026-06-02"),
                lines=(ReturnedLine(0, 1_000),),
                refund_minor=10_000,
                clawed_back=10,
                restored=0,
                forfeited=0,
                balance=Balance(available=0, pending=7, debt=5, held=20),
                reason="cold",
            ),
        )

    def test_of_nobodys_receipt_moves_nothing_but_money(self) -> None:
        bought = sell_anonymously(sale(line(10_000), member=None), occasion(RULES))
        claim = Claim(return_id="b", lines=None, reason="cold")

        back = take_back(None, receipt(bought), claim, occasion(RULES))

        done = Return(
            return_id="b",
            at=NOON,
            lines=(ReturnedLine(0, 1_000),),
            refund_minor=10_000,
            clawed_back=0,
            restored=0,
            forfeited=0,
            balance=None,
            reason="cold",
        )
        after_it = replace(receipt(bought), returns=(done,))
        row = row_of_return(receipt(bought), done, NOON.date(), till_id="till-1", staff_id="")
        assert back == LedgerChange(
            operation(),
            0,
            None,
            None,
            changed_receipt=after_it,
            return_id="b",
            day_row=row,
        )

    def test_says_what_became_debt(self) -> None:
        bought = sell(account(), sale(line(10_000)), occasion(RULES))
        spent = replace(bought, account=replace(after(bought), lots=(lot("june", 4),)))

        back = brought_back(spent)

        kinds = [(move.kind, move.points, move.lot is None) for move in entry(back).movements]
        assert kinds == [
            (MovementKind.CLAW_BACK, -4, False),
            (MovementKind.CLAW_BACK, -6, True),
        ]

    def test_takes_earned_points_from_as_many_lots_as_it_needs(self) -> None:
        bought = sell(account(), sale(line(100_000)), occasion(RULES))
        lots = tuple(
            lot(name, points, until=until)
            for name, points, until in (
                ("a", 30, "2026-06-10"),
                ("b", 30, "2026-06-20"),
                ("c", 50, "2026-06-30"),
            )
        )
        spent = replace(bought, account=replace(after(bought), lots=lots))

        back = brought_back(spent)

        assert points_by_lot(after(back)) == {lot_id("c"): 10}
        assert (after(back).debt, entry(back).facts["clawed_back"]) == (0, 100)


class TestWhatWasOwed:
    """Points an offline till had given that no lot covered (R50), brought back."""

    RULES = program(
        redeem_percent=100, offline_redeem_limit=500, earn_percent=None, expiry_days=30
    )

    def test_pays_the_debt_first(self) -> None:
        back = brought_back(self.sold(), rules=self.RULES, on="2026-06-10")

        assert (after(back).debt, after(back).total) == (0, 20)
        assert receipt(back).returns[0].restored == 60
        kinds = {move.kind for move in entry(back).movements}
        assert kinds == {MovementKind.RESTORE}

    def test_is_a_new_lot_where_the_debt_is_paid_already(self) -> None:
        bought = self.sold()
        bought = replace(bought, account=replace(after(bought), debt=0))

        back = brought_back(bought, rules=self.RULES, on="2026-06-10")

        fresh = next(one for one in after(back).lots if one.lot_id != lot_id("june"))
        assert (fresh.points, fresh.source) == (40, LotSource.RESTORE)
        assert fresh.expires_on == day("2026-07-10")
        kinds = [(move.kind, move.points) for move in entry(back).movements]
        assert kinds == [(MovementKind.RESTORE, 20), (MovementKind.RESTORE, 40)]

    def sold(self) -> LedgerChange:
        """Redeem 60 points of 20 on 3 June; the till reports it on 10 June."""
        late = sale(at=noon("2026-06-03"), redeem=exactly(60))
        return sell(account(lot("june", 20)), late, occasion(self.RULES, at=noon("2026-06-10")))


class TestRefusals:
    def test_more_than_is_left_is_told_with_both_quantities_and_the_line(self) -> None:
        bought = sell(account(), sale(line(10_000, 20_000)), occasion(RULES))

        with pytest.raises(
            ReturnRefused, match=r"line 0: 20\.5 brought back, 20 left"
        ) as refused:
            brought_back(bought, (0, 20_500))

        assert refused.value.facts == {"line": 0}

    def test_a_line_that_is_not_there_is_named(self) -> None:
        bought = sell(account(), sale(line(10_000)), occasion(RULES))

        with pytest.raises(ReturnRefused, match="the receipt has no line 1") as refused:
            brought_back(bought, (1, 1_000))

        assert refused.value.facts == {"line": 1}

    def test_beyond_a_hundred_returns_only_a_void_is_possible(self) -> None:
        back = sell(account(), sale(line(10_000, 200_000)), occasion(RULES))
        for _ in range(RETURNS_MAX):
            back = brought_back(back, (0, 1_000))

        with pytest.raises(ReturnRefused, match=r"^the receipt has 100 returns already$"):
            brought_back(back, (0, 1_000))
        assert receipt(brought_back(back, is_void=True)).returns[-1].is_void

    def test_the_reason_is_told_in_words(self) -> None:
        back = brought_back(sell(account(), sale(line(10_000)), occasion(RULES)))

        with pytest.raises(ReturnRefused, match=r"^nothing of the receipt is left"):
            brought_back(back)
        again = Claim(return_id="b-0", lines=None)
        with pytest.raises(ReturnExists, match=r"^the receipt has a return with this"):
            take_back(after(back), as_stored(back), again, occasion(RULES))
        voided = brought_back(back, is_void=True)
        with pytest.raises(ReturnRefused, match=r"^the receipt was voided$"):
            brought_back(voided)
