"""Receipts by the number that a person reads off the paper, whichever till they came from.

A receipt is named by its till and number. A program knows both; a shopper, and a cashier who
is brought a receipt of another till, know the number alone, and type it as they please.
"""

from chalicelib.domain.receipts import Receipt, ReceiptKey, spellings
from chalicelib.ports import ApiKeys, Ledger
from chalicelib.ports.staff import StaffRoom


def tills_of(
    merchant_id: str, room: StaffRoom, api_keys: ApiKeys, *, first: str = ""
) -> tuple[str, ...]:
    """Return the tills a merchant's receipts may be of, those of its API keys too."""
    ids = [first] if first else []
    ids += [till.till_id for till in room.tills(merchant_id)]
    ids += [key.till_id for key in api_keys.of_merchant(merchant_id)]
    return tuple(dict.fromkeys(ids))


def receipts_numbered(
    merchant_id: str, number: str, tills: tuple[str, ...], ledger: Ledger
) -> tuple[Receipt, ...]:
    """Return the receipts of such a number, in the order of the tills.

    One round trip for a hundred tills and spellings.
    """
    keys = [
        ReceiptKey(merchant_id, till_id, spelling)
        for till_id in tills
        for spelling in spellings(number)
    ]
    found = ledger.find_receipts(keys)
    return tuple(found[key] for key in keys if key in found)
