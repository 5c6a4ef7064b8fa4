"""Where the rows of the journal lie (see the table in `keys.py`)."""

from datetime import date
from urllib.parse import unquote

from chalicelib.adapters.dynamo import keys
from chalicelib.domain.account import MemberRef
from chalicelib.domain.journal import JournalRow


def journal_pk(merchant_id: str, shard: int) -> str:
    """Return the partition of a shard of a merchant's journal of receipts."""
    return f"T#{keys.part(merchant_id)}#J#{shard}"


def journal_sk(row: JournalRow) -> str:
    """Return the place of a row within its shard: by member, then by day."""
    receipt = f"{keys.part(row.till_id)}#{keys.part(row.receipt_id)}"
    return f"{keys.part(row.member.member_id)}#{row.on.isoformat()}#{receipt}"


def journal_row_of(pk: str, sk: str) -> JournalRow:
    """Return the row that lies there.

    >>> journal_row_of("T#roastery#J#3", "mem_1#2026-06-01#till#r%231").key
    ReceiptKey(merchant_id='roastery', till_id='till', receipt_id='r#1')
    """
    member_id, day, till_id, receipt_id = sk.split("#")
    member = MemberRef(unquote(pk.split("#")[1]), unquote(member_id))
    return JournalRow(member, date.fromisoformat(day), unquote(till_id), unquote(receipt_id))
