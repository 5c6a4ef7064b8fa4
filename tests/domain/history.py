"""A member's past, made by the real decisions: purchases and returns, one after another."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.account import Account
from chalicelib.domain.basket import BasketLine
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.pricing import NO_REDEMPTION, Redeem
from chalicelib.domain.program import Program
from chalicelib.domain.receipts import Receipt, ReceiptKey, ReturnedLine
from chalicelib.domain.returns import Claim, take_back
from chalicelib.domain.sales import sell
from tests.builders import ANN, NOON, TODAY, operation, receipt_key, sale


class History:
    """An account and its receipts as they grow."""

    def __init__(self, program: Program, **account: Any) -> None:
        self.program = program
        self.account = Account(ANN, version=1, **account)
        self.receipts: dict[ReceiptKey, Receipt] = {}

    def buy(
        self, *lines: BasketLine, on: date = TODAY, redeem: Redeem = NO_REDEMPTION
    ) -> Receipt:
        """Record a purchase; receipts are r-1, r-2 …"""
        number = f"r-{len(self.receipts) + 1}"
        at = datetime.combine(on, NOON.timetz())
        sold = sale(*lines, receipt=number, at=at, redeem=redeem)
        change = sell(self.account, sold, self._occasion(number, at))
        assert change.new_receipt
        self.receipts[change.new_receipt.key] = change.new_receipt
        return self._kept(change, change.new_receipt)

    def take_back(self, number: str, *, line: int, quantity: int) -> None:
        """Return some of a line."""
        receipt = self.receipts[receipt_key(number)]
        name = f"{number}-{len(receipt.returns)}"
        claim = Claim(return_id=name, lines=(ReturnedLine(line, quantity),))
        change = take_back(self.account, receipt, claim, self._occasion(name, receipt.at))
        assert change.changed_receipt
        changed = change.changed_receipt
        self.receipts[receipt.key] = replace(changed, revision=changed.revision + 1)
        self._kept(change, changed)

    def _occasion(self, key: str, at: datetime) -> Occasion:
        return Occasion(self.program, at, operation(key))

    def _kept(self, change: LedgerChange, receipt: Receipt) -> Receipt:
        assert change.account
        self.account = change.account
        return receipt
