"""What an operation makes beside points and receipts, as parts of its one transaction.

| part       | write  | condition                              |
|------------|--------|----------------------------------------|
| coupon     | put    | does not exist: the digits are taken   |
| promo code | put    | does not exist                         |
| code batch | put    | does not exist                         |
| message    | put    | does not exist                         |
| its limits | update | there is room (`sms_limits.py`)        |
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.ledger_items import OperationItem
from chalicelib.adapters.dynamo.promo_code_items import (
    BATCHES,
    PROMO_CODES,
    batch_of,
    promo_code_of,
    raw_batch,
    raw_coupon,
    raw_promo_code,
)
from chalicelib.adapters.dynamo.raw_items import RawItem
from chalicelib.adapters.dynamo.sms_limits import add_charges, refuse_if_full
from chalicelib.domain.entries import LedgerChange, Recorded
from chalicelib.domain.members import OutgoingSms, Profile

if TYPE_CHECKING:  # only a wired seal needs cryptography, and few operations need a seal
    from chalicelib.adapters.dynamo.members import ProfileItem
    from chalicelib.adapters.dynamo.sms_outbox import SmsItem

Seal = Callable[[OutgoingSms], "SmsItem"]
ProfileSeal = Callable[[Profile], "ProfileItem"]  # at its next revision


def add_promises(write: Transaction, change: LedgerChange, seal: Seal | None) -> None:
    """Add what a change makes: coupon, promo code, batch, message."""
    merchant_id = change.operation.merchant_id
    if change.coupon is not None:
        write.put_new("coupon", raw_coupon(merchant_id, change.coupon))
    if change.promo_code is not None:
        write.put_new("promo code", raw_promo_code(merchant_id, change.promo_code))
    if change.code_batch is not None:
        write.put_new("code batch", raw_batch(merchant_id, change.code_batch))
    if change.message is not None:
        assert seal is not None, "this ledger can promise no message"
        write.put("message", seal(change.message.sms), Item.pk.does_not_exist())
        add_charges(write, merchant_id, change.message.charges)


def refuse_if_promise_failed(change: LedgerChange, error: Cancelled) -> None:
    """Tell which limit had no room for a message, if one had none. Raises LimitReached."""
    if change.message is not None:
        refuse_if_full(error, change.message.charges)


def key_of_made(merchant_id: str, item: OperationItem) -> keys.Key:
    """Return where that lies which an operation without an entry made."""
    if item.promo_code is not None:
        return keys.promo_code_key(merchant_id, item.promo_code)
    return keys.code_batch_key(merchant_id, item.code_batch)


def recorded_of(item: OperationItem, made: RawItem) -> Recorded:
    """Return what an operation made that has no entry."""
    if item.promo_code is not None:
        code = promo_code_of(PROMO_CODES.read(made))
        return Recorded(item.fingerprint, promo_code=code)
    return Recorded(item.fingerprint, code_batch=batch_of(BATCHES.read(made)))
