"""What a cashier may undo alone."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.receipts import GiftCardPart, Receipt, ReceiptStatus
from chalicelib.domain.sales import sell_anonymously
from chalicelib.domain.undoing import UNDO_FOR, ApprovalRequired, refuse_late_undo
from tests.builders import NOON, occasion, receipt, sale

LAST_MOMENT = NOON + UNDO_FOR


def own(**fields: Any) -> Receipt:
    """Return a receipt that somebody at till-1 has made at noon."""
    made = receipt(sell_anonymously(sale(member=None), occasion()))
    return replace(made, staff_id="stf_ann", **fields)


def undo(of: Receipt, at: datetime = NOON, till: str = "till-1", by: str = "stf_ann") -> None:
    refuse_late_undo(of, till_id=till, staff_id=by, at=at)


def test_a_cashier_undoes_their_own_sale_of_a_moment_ago() -> None:
    undo(own(), LAST_MOMENT)


def test_a_moment_later_it_is_a_managers() -> None:
    with pytest.raises(ApprovalRequired):
        undo(own(), LAST_MOMENT + timedelta(microseconds=1))


def test_another_tills_or_another_cashiers_sale_is_a_managers() -> None:
    with pytest.raises(ApprovalRequired):
        undo(own(), till="till-2")
    with pytest.raises(ApprovalRequired):
        undo(own(), by="stf_bob")


@pytest.mark.parametrize("fields", [{"redeemed": 1}, {"gift_card": GiftCardPart("h", 1)}])
def test_what_points_or_a_gift_card_have_paid_is_a_managers(fields: dict[str, Any]) -> None:
    with pytest.raises(ApprovalRequired):
        undo(own(**fields))


def test_what_is_voided_is_left_to_the_void_itself() -> None:
    undo(own(status=ReceiptStatus.VOIDED), LAST_MOMENT + timedelta(hours=1), by="stf_bob")
