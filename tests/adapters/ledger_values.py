"""Literal values for the ledger's contract: what the domain would hand to an adapter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from random import Random
from string import ascii_letters, digits

from chalicelib.domain.account import (
    LOT_IDS_PER_VERSION,
    Account,
    Balance,
    Lot,
    LotSource,
    MemberRef,
    Turnover,
)
from chalicelib.domain.entries import (
    EntryKind,
    LedgerChange,
    LedgerEntry,
    Movement,
    MovementKind,
    Operation,
)
from chalicelib.domain.receipts import (
    Receipt,
    ReceiptKey,
    ReceiptLine,
    Return,
    ReturnedLine,
    Why,
)

MEMBER = MemberRef("roastery", "mem_4kQ2xV9rTz1LmN8pWc0YbA")
NOON = datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)
TODAY = date(2026, 11, 21)
ID = "ABCDEFGHIJ-abcdefghij-0123456789-{:07d}"  # 40 characters, as long as an id may be


def operation(
    key: str = "key-1", content: str = "content", client: str = "till-1"
) -> Operation:
    return Operation("roastery", client, key, sha256(content.encode()).hexdigest())


def lot(lot_id: int = 16, points: int = 50, *, days: int | None = 365, day: int = 0) -> Lot:
    granted = TODAY - timedelta(days=day)
    expires_on = None if days is None else granted + timedelta(days=days)
    return Lot(lot_id, LotSource.PURCHASE, granted, granted, expires_on, points)


def credit(before: Account, points: int = 10, of: Operation | None = None) -> LedgerChange:
    """Grant points: the smallest change there is."""
    version = before.version + 1
    given = lot(version * LOT_IDS_PER_VERSION, points)
    after = replace(
        before,
        version=version,
        lots=(*before.lots, given),
        pass_version=1_800_000_000 + version,
        due=given.expires_on,
        is_dirty=True,
        entry_hash=sha256(str(version).encode()).hexdigest(),
    )
    entry = LedgerEntry(
        member=before.member,
        version=version,
        kind=EntryKind.GRANT,
        at=NOON,
        on=TODAY,
        movements=(Movement(MovementKind.GRANT, points, given),),
        balance_after=after.total,
        reason="staff",
        actor="till:till-1",
        previous_hash=before.entry_hash,
    )
    return LedgerChange(of or operation(f"key-{version}"), before.version, after, entry)


def receipt(receipt_id: str = "r-1", member: MemberRef | None = MEMBER) -> Receipt:
    return Receipt(
        key=ReceiptKey("roastery", "till-1", receipt_id),
        member_id=member.member_id if member else None,
        at=NOON,
        on=TODAY,
        recorded_at=NOON,
        channel="offline",
        currency="RUB",
        program_version=1,
        lines=(ReceiptLine("sku", "coffee", "low", 1000, 500, 500, 0, 0, 0, 0, 10),),
        redeem_max=0,
        redeemed=0,
        earned=10,
        balance=Balance(10, 0, 0, 0),
        ledger_version=1 if member else None,
    )


def purchase(
    before: Account, receipt_id: str = "r-1", of: Operation | None = None
) -> LedgerChange:
    change = credit(before, 10, of)
    assert change.entry
    entry = replace(change.entry, kind=EntryKind.PURCHASE, reference=receipt_id)
    written = replace(receipt(receipt_id), ledger_version=entry.version)
    return replace(change, entry=entry, new_receipt=written)


def anonymous(receipt_id: str = "r-1", of: Operation | None = None) -> LedgerChange:
    written = receipt(receipt_id, None)
    return LedgerChange(of or operation(receipt_id), 0, None, None, new_receipt=written)


def take_back(before: Account, read: Receipt, return_id: str = "ret-1") -> LedgerChange:
    change = credit(before, 5, operation(return_id))
    assert change.entry
    back = Return(
        return_id,
        NOON,
        (ReturnedLine(0, 500),),
        250,
        5,
        0,
        0,
        Balance(5, 0, 0, 0),
        False,
        "why",
    )
    changed = replace(read, returns=(*read.returns, back))
    entry = replace(change.entry, kind=EntryKind.RETURN, reference=read.key.receipt_id)
    return replace(change, entry=entry, changed_receipt=changed, return_id=return_id)


def common_account() -> Account:
    """An account of a common member: 8 lots, 30 days with purchases."""
    lots = tuple(lot(16 * (i + 1), 120 + 37 * i, day=80 - 9 * i) for i in range(8))
    days = tuple((TODAY - timedelta(days=360 - 12 * i), 154_300 + 977 * i) for i in range(30))
    return Account(
        MemberRef(ID.format(1), MEMBER.member_id),
        version=40,
        lots=lots,
        turnover=Turnover(days, 5_000_000),
        tier="Barista of the house",
        pass_version=1_800_000_040,
        due=date(2027, 8, 1),
        reminded_through=TODAY,
        is_dirty=True,
        entry_hash=sha256(b"40").hexdigest(),
    )


def full_account() -> Account:
    """An account as large as they come: 64 lots, 366 days with purchases."""
    common = common_account()
    lots = tuple(lot(160 * (i + 1), 2_000 + 137 * i, day=64 - i) for i in range(64))
    days = tuple((TODAY - timedelta(days=365 - i), 254_300 + 9_777 * i) for i in range(366))
    return replace(common, lots=lots, turnover=Turnover(days, 700_000_000))


def big_purchase() -> LedgerChange:
    """A purchase of five lines with ids of 40 characters, which redeems from three lots."""
    before = common_account()
    version = before.version + 1
    spent = tuple(replace(one, points=one.points) for one in before.lots[:3])
    earned = lot(version * LOT_IDS_PER_VERSION, 412)
    redeemed = sum(one.points for one in spent)
    moved = tuple(Movement(MovementKind.REDEEM, -one.points, one) for one in spent)
    after = replace(
        before,
        version=version,
        lots=(*before.lots[3:], earned),
        turnover=Turnover((*before.turnover.days[1:], (TODAY, 823_400)), 5_823_400),
    )
    till, number = ID.format(12), ID.format(34)
    entry = LedgerEntry(
        member=before.member,
        version=version,
        kind=EntryKind.PURCHASE,
        at=NOON,
        on=TODAY,
        movements=(*moved, Movement(MovementKind.EARN, 412, earned)),
        balance_after=after.total,
        reference=number,
        actor=f"till:{till}",
        key="3f0c9a52-57c4-4be4-9a49-0f6d7d7c2f11",
        net_minor=823_400,
        net_on=TODAY,
        tier_before="Barista of the house",
        tier_after="Master of the house",
        facts={"earned": 412, "redeemed": redeemed, "channel": "offline"},
        previous_hash=before.entry_hash,
    )
    lines = tuple(_big_line(i) for i in range(5))
    written = replace(
        receipt(number),
        key=ReceiptKey(before.member.merchant_id, till, number),
        lines=lines,
        redeem_max=2_000,
        redeemed=redeemed,
        earned=412,
        tier="Barista of the house",
        tier_after="Master of the house",
        is_tier_new=True,
        balance=Balance(1_234, 412, 0, 0),
        allocation=spent,
        earned_lot=earned,
        ledger_version=version,
    )
    of = Operation(before.member.merchant_id, till, entry.key, sha256(b"request").hexdigest())
    return LedgerChange(of, before.version, after, entry, new_receipt=written)


def _big_line(number: int) -> ReceiptLine:
    # Random text stands for ids: the kind that does not compress.
    drawn = Random(number)
    symbols = ascii_letters + digits
    sku, category, margin = ("".join(drawn.choices(symbols, k=40)) for _ in range(3))
    why = (
        Why("redeem.category_rate", 157 + number, None, 300_000, category),
        Why("earn.category_rate", 81 + number, None, 50_000 + number, category),
        Why("earn.margin_cap", None, None, 30_000, margin),
    )
    return ReceiptLine(
        sku, category, margin, 1_350 + number, 119_900 + number, 161_865 + number, 0, 0,
        157 + number, 15_700, 81 + number, why, "kg",
    )  # fmt: skip
