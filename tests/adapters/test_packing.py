"""Every value the ledger stores comes back exactly as it was."""

from dataclasses import replace
from datetime import UTC, date, datetime
from zlib import crc32

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamo import keys, packing, receipt_items
from chalicelib.adapters.dynamo.ledger_items import (
    AccountItem,
    EntryItem,
    account_item,
    account_of,
    entry_item,
    entry_of,
    receipt_given,
)
from chalicelib.adapters.dynamo.receipt_items import ReceiptItem, receipt_item, receipt_of
from chalicelib.adapters.dynamo.stream import entry_of_image
from chalicelib.domain.account import (
    Account,
    Balance,
    Hold,
    Lot,
    LotSource,
    MemberRef,
    MemberStatus,
    OverrideKind,
    TierOverride,
    Turnover,
)
from chalicelib.domain.entries import (
    EntryKind,
    HoldMove,
    LedgerEntry,
    Movement,
    MovementKind,
)
from chalicelib.domain.receipts import (
    GiftCardPart,
    Receipt,
    ReceiptKey,
    ReceiptLine,
    ReceiptStatus,
    Return,
    ReturnedLine,
    Why,
)
from tests.adapters.ledger_values import NOON, common_account, full_account, lot, receipt

points = st.integers(1, 10**12)
amounts = st.integers(0, 10**14)
numbers = st.integers(-(2**70), 2**70)
days = st.dates(date(1990, 1, 1), date(2200, 1, 1))
moments = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
texts = st.text(st.characters(codec="utf-8"), max_size=40)
ids = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
names = st.none() | ids
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
members = st.builds(MemberRef, ids, ids)
lots = st.builds(
    Lot,
    lot_id=st.integers(0, 2**40),
    source=st.sampled_from(LotSource),
    granted_on=days,
    active_from=days,
    expires_on=st.none() | days,
    points=points,
)
portions = st.lists(lots, max_size=5).map(tuple)
balances = st.builds(Balance, amounts, amounts, amounts, amounts)
turnovers = st.builds(
    Turnover,
    st.dictionaries(days, numbers, max_size=20).map(lambda found: tuple(sorted(found.items()))),
    numbers,
)
accounts = st.builds(
    Account,
    member=members,
    version=st.integers(1, 10**9),
    lots=portions,
    holds=st.lists(st.builds(Hold, ids, moments, portions, names), max_size=3).map(tuple),
    debt=amounts,
    turnover=turnovers,
    overrides=st.lists(
        st.builds(TierOverride, st.sampled_from(OverrideKind), ids, days), max_size=3
    ).map(tuple),
    stamps=amounts,
    tier=names,
    status=st.sampled_from(MemberStatus),
    pass_version=amounts,
    due=st.none() | days,
    reminded_through=st.none() | days,
    is_dirty=st.booleans(),
    entry_hash=st.just("") | hashes,
    segments=st.lists(ids, max_size=8).map(tuple),
    unverified_through=st.none() | days,
)


@st.composite
def movements(draw) -> Movement:
    moved = draw(points) * draw(st.sampled_from((1, -1)))
    of_lot = draw(st.none() | lots)
    if of_lot:
        of_lot = replace(of_lot, points=abs(moved))
    return Movement(draw(st.sampled_from(MovementKind)), moved, of_lot)


entries = st.builds(
    LedgerEntry,
    member=members,
    version=st.integers(1, 10**12 - 1),
    kind=st.sampled_from(EntryKind),
    at=moments,
    on=days,
    movements=st.lists(movements(), max_size=5).map(tuple),
    balance_after=numbers,
    reason=texts,
    reference=texts,
    actor=texts,
    key=texts,
    net_minor=numbers,
    net_on=st.none() | days,
    tier_before=names,
    tier_after=names,
    hold_moves=st.lists(st.builds(HoldMove, ids, st.booleans(), portions), max_size=3).map(
        tuple
    ),
    facts=st.dictionaries(texts, st.none() | texts | numbers, max_size=3),
    previous_hash=st.just("") | hashes,
    staff_id=texts,
    approved_by=texts,
)
whys = st.builds(Why, ids, st.none() | amounts, st.none() | amounts, st.none() | amounts, names)


@st.composite
def lines(draw) -> ReceiptLine:
    category, margin = draw(names), draw(names)
    own = st.sampled_from((category, margin))
    why = draw(st.lists(whys, max_size=3))
    named = tuple(replace(one, name=draw(own | st.just(one.name))) for one in why)
    money = [draw(amounts) for _ in range(8)]
    return ReceiptLine(draw(names), category, margin, *money, why=named, unit=draw(names))


returns = st.builds(
    Return,
    return_id=ids,
    at=moments,
    lines=st.lists(st.builds(ReturnedLine, amounts, amounts), max_size=3).map(tuple),
    refund_minor=amounts,
    clawed_back=amounts,
    restored=amounts,
    forfeited=amounts,
    balance=st.none() | balances,
    is_void=st.booleans(),
    reason=texts,
    gift_card_minor=amounts,
)
receipts = st.builds(
    Receipt,
    key=st.builds(ReceiptKey, ids, ids, ids),
    member_id=names,
    at=moments,
    on=days,
    recorded_at=moments,
    channel=texts,
    currency=texts,
    program_version=amounts,
    lines=st.lists(lines(), max_size=4).map(tuple),
    redeem_max=amounts,
    redeemed=amounts,
    earned=amounts,
    tier=names,
    is_tier_new=st.booleans(),
    tier_after=names,
    balance=st.none() | balances,
    allocation=portions,
    earned_lot=st.none() | lots,
    debt_repaid=amounts,
    shortfall=amounts,
    ledger_version=st.none() | amounts,
    gift_card=st.none() | st.builds(GiftCardPart, hashes, amounts, amounts),
    stamps_after=st.none() | amounts,
    hold_id=names,
    staff_id=texts,
    metadata=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    status=st.sampled_from(ReceiptStatus),
    returns=st.lists(returns, max_size=3).map(tuple),
    revision=st.integers(1, 10**6),
)


@given(st.lists(numbers))
def test_numbers_come_back(values) -> None:
    assert packing.unpack_numbers(packing.pack_numbers(values)) == values


@given(portions)
def test_lots_come_back(values) -> None:
    assert packing.unpack_lots(packing.pack_lots(values)) == values


@given(turnovers)
def test_a_turnover_comes_back(turnover) -> None:
    assert packing.unpack_turnover(packing.pack_turnover(turnover)) == turnover


@given(accounts)
def test_an_account_comes_back(account) -> None:
    raw = account_item(account, at=NOON, due_shards=4).serialize()

    assert account_of(AccountItem.from_raw_data(raw)) == account


@given(entries)
def test_an_entry_comes_back(entry) -> None:
    raw = entry_item(entry).serialize()

    assert entry_of(EntryItem.from_raw_data(raw)) == entry


@given(receipts)
def test_a_receipt_comes_back(written) -> None:
    raw = receipt_item(written).serialize()

    assert receipt_of(ReceiptItem.from_raw_data(raw)) == written


@given(entries)
def test_an_entry_comes_back_from_a_stream_image(entry) -> None:
    image = entry_item(entry).to_dynamodb_dict()  # binaries as base64, as Lambda has them

    assert entry_of_image(image) == entry


def test_an_image_of_another_item_is_no_entry() -> None:
    image = account_item(common_account(), at=NOON, due_shards=4).to_dynamodb_dict()

    assert entry_of_image(image) is None


@given(entries, st.builds(ReceiptKey, ids, ids, ids))
def test_an_entry_names_the_receipt_it_gave(entry, key) -> None:
    of_merchant = replace(key, merchant_id=entry.member.merchant_id)
    raw = entry_item(entry, of_merchant).serialize()

    assert receipt_given(EntryItem.from_raw_data(raw)) == of_merchant


@given(members, ids)
def test_parts_of_a_key_come_back_whatever_is_in_them(member, other) -> None:
    assert keys.member_of(keys.member_pk(member)) == member
    assert keys.last_parts(keys.dirty_sk(NOON, member.merchant_id, other)) == (
        member.merchant_id,
        other,
    )


@given(moments, moments)
def test_moments_sort_as_text(one, other) -> None:
    assert (keys.moment(one) < keys.moment(other)) == (one < other)


def test_every_source_of_points_and_kind_of_movement_has_a_code() -> None:
    assert set(packing.LOT_SOURCES) == set(LotSource)
    assert set(packing.MOVEMENT_KINDS) == set(MovementKind)


def test_a_lot_takes_at_most_eight_bytes() -> None:
    account = full_account()

    assert len(packing.pack_lots(account.lots)) <= 8 * len(account.lots)


def test_lots_stored_as_format_1_can_be_read_for_ever() -> None:
    stored = bytes.fromhex("022000a82700da05c801200400000e")

    assert packing.unpack_lots(stored) == (lot(16, 100), lot(32, 7, days=None))


def test_what_the_compressor_knows_of_format_1_never_changes() -> None:
    assert crc32(receipt_items.KNOWN) == 2_769_914_936


def test_a_receipt_stored_as_format_1_can_be_read_for_ever() -> None:
    stored = bytes.fromhex(
        "0183f8d0243bd0a822ccb228a4cad027d7cfa2203cd92032c911a8cddcd2d4c8ccc8c4c0c0d0c8d8c4d4"
        "4cc7c8d4d00c681fd6a02ace2e05f2938152a920899cfc72a004c83e5328864143039072ac4163801a36"
        "5077c6c2b4416313128d8650f380de8845c4b3217a5c0300"
    )
    written = receipt()
    why = (Why("earn.category_rate", 10, None, 50_000, "coffee"),)

    item = ReceiptItem(*keys.receipt_key(written.key), body=stored, revision=1)

    assert receipt_of(item) == replace(written, lines=(replace(written.lines[0], why=why),))
