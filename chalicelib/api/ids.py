"""Ids that callers keep and send back: opaque to them, read here.

pur_<base64url of till US receipt>   a purchase: its till and receipt number
lot_<number>                         a lot of the member's account
"""

import base64
import binascii

from chalicelib.domain.receipts import ReceiptKey

_PURCHASE = "pur_"
_LOT = "lot_"
_SEPARATOR = "\x1f"  # control characters are refused in receipt numbers


def purchase_id(key: ReceiptKey) -> str:
    """Return the id of a receipt.

    >>> purchase_id(ReceiptKey("m", "till-1", "r1"))
    'pur_dGlsbC0xH3Ix'
    """
    text = f"{key.till_id}{_SEPARATOR}{key.receipt_id}".encode()
    return _PURCHASE + base64.urlsafe_b64encode(text).decode().rstrip("=")


def receipt_key(merchant_id: str, text: str) -> ReceiptKey | None:
    """Return the receipt an id names within a merchant; None if it is no such id.

    >>> receipt_key("m", "pur_dGlsbC0xH3Ix")
    ReceiptKey(merchant_id='m', till_id='till-1', receipt_id='r1')
    """
    packed = text.removeprefix(_PURCHASE)
    try:
        plain = base64.b64decode(
            packed + "=" * (-len(packed) % 4), b"-_", validate=True
        ).decode()
    except (binascii.Error, ValueError):
        return None
    till_id, _, receipt_id = plain.partition(_SEPARATOR)
    if not till_id or not receipt_id:
        return None
    key = ReceiptKey(merchant_id, till_id, receipt_id)
    return key if purchase_id(key) == text else None


def lot_id(number: int) -> str:
    """Return the id of a lot.

    >>> lot_id(33)
    'lot_33'
    """
    return f"{_LOT}{number}"
