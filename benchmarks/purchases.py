"""What a purchase and its neighbours cost: round trips, capacity, item sizes, CPU.

Marks (the issue's): a warm purchase ≤ 2 round trips and ≤ 8 table WCU with member, key and
receipt at ≤ 5 lines, every item ≤ 1 KB; what follows it in the outbox ≤ 3 table WCU, the
marker's removal, a row of the journal and one of the day-book; handler CPU ≤ 1.5 × the bare
pynamodb calls for the same items in the same run; the same counts whatever the number of
members and of ledger rows.
"""

import secrets
from collections.abc import Callable
from copy import deepcopy
from functools import partial
from itertools import count
from statistics import median
from time import thread_time_ns
from typing import Any

from pynamodb.transactions import TransactWrite

from benchmarks.shop import Counter, Shop
from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.ledger_items import AccountItem, EntryItem, OperationItem
from chalicelib.adapters.dynamo.receipt_items import ReceiptItem
from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import Operation
from chalicelib.domain.joining import join
from chalicelib.domain.members import Profile
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.receipts import ReceiptKey
from chalicelib.ports import DevicePusher
from chalicelib.usecases.outbox import PassDesk, push_passes

ROUNDS = 200
WARM_UP_ROUNDS = 20
PURCHASES_EACH = 8
BATCH = 25  # items of one BatchWriteItem
_NUMBERS = count(1_000_000)  # phones of the members whose purchases are timed
LINES = [
    {"sku": f"sku-{n}", "category": "protein", "margin": margin, "quantity": "1",
     "unit_price_minor": 125_000}
    for n, margin in enumerate(("normal", "medium", "normal", "low", "normal"))
]  # fmt: skip


def new_member(shop: Shop, number: int) -> MemberRef:
    """Register a member through the store, as a verified sign-up does."""
    ports = shop.services
    member = MemberRef(shop.merchant_id, ports.keyring.new_id("mem"))
    at = ports.clock.now()
    program = ports.merchants.program(shop.merchant_id)
    phone_hash = ports.keyring.fingerprint("phone", shop.merchant_id, f"+7999{number:07d}")
    operation = Operation(shop.merchant_id, "sign_up", ports.keyring.new_id("sup"), "0" * 64)
    profile = Profile(
        member, f"+7999{number:07d}", "ru", at, name="Анна Петрова",
        code=ports.keyring.new_pass_code(),
    )  # fmt: skip
    change = join(member, Occasion(program, at, operation))
    ports.members.register(profile, change, phone_hash=phone_hash, sign_up=None)
    return member


def sale(member: MemberRef, *, redeem: str = "none") -> dict[str, Any]:
    """Return the body of a purchase of five lines."""
    return {
        "member_id": member.member_id,
        "receipt_id": secrets.token_hex(8),
        "channel": "offline",
        "lines": LINES,
        "redeem": {"mode": redeem},
    }


def counts(shop: Shop, member: MemberRef) -> dict[str, Any]:
    """Return round trips and capacity of each operation, warm."""

    def buy(body: dict[str, Any]) -> Any:
        return shop.call("POST", "/v1/purchases", body, key=secrets.token_hex(16))

    for _ in range(2):  # keys and program are cached, the account is dirty and due
        buy(sale(member))
    found: dict[str, Any] = {}
    with shop.counted() as counter:
        bought = buy(sale(member))
    found["purchase"] = _counted(counter)
    with shop.counted() as counter:
        redeemed = buy(sale(member, redeem="max"))
    found["purchase_with_redemption"] = _counted(counter)
    assert redeemed["redeemed"] > 0, "points were there to redeem"
    found["item_bytes"] = item_bytes(shop, member, redeemed["receipt_id"])
    body = sale(member)
    del body["receipt_id"]
    with shop.counted() as counter:
        shop.call("POST", "/v1/quotes", body)
    found["quote"] = _counted(counter)
    with shop.counted() as counter:
        shop.call("POST", "/v1/lookups", {"phone": "+79990000000"})
    found["lookup"] = _counted(counter)
    with shop.counted() as counter:
        shop.call(
            "POST", "/v1/purchases/{purchase_id}/returns",
            {"return_id": "1", "all": True},
            key=secrets.token_hex(16), parts={"purchase_id": bought["id"]},
        )  # fmt: skip
    found["return"] = _counted(counter)
    with shop.counted() as counter:
        new_member(shop, 9_999_999 - secrets.randbelow(1_000_000))
    found["registration"] = _counted(counter)
    found["outbox"] = _outbox(shop, member)
    return found


class _NoPhones:
    """The pushers of members whose cards are on no phone."""

    def of(self, pass_type: str) -> DevicePusher:
        """Push nobody."""
        raise AssertionError(f"there is no phone with a {pass_type}")


def _outbox(shop: Shop, member: MemberRef) -> dict[str, Any]:
    """Return what follows a purchase: rows of journal and day-book, the marker removed."""
    ports = shop.services
    desk = PassDesk(
        book=ports.book, devices=ports.devices, pushers=_NoPhones(), journal=ports.journal,
        day_book=ports.day_book, attention=ports.attention, states=ports.pass_states,
    )  # fmt: skip
    push_passes([member], at=ports.clock.now(), desk=desk)
    shop.call("POST", "/v1/purchases", sale(member), key=secrets.token_hex(16))
    entries = ports.ledger.entries(member, limit=1)  # as the stream brings them
    with shop.counted() as counter:
        push_passes([member], at=ports.clock.now(), desk=desk, seen=entries)
    return _counted(counter)


def cpu(shop: Shop) -> dict[str, Any]:
    """Return the CPU of the handler and of the bare calls, taken in turn.

    Each member buys `PURCHASES_EACH` times: the account of a common member, not one of
    hundreds of lots. The ratio is the median of the pairs': both of a pair ran under the
    same load.
    """
    handler, bare = [], []
    for round_ in range(WARM_UP_ROUNDS + ROUNDS):
        if round_ % PURCHASES_EACH == 0:
            member = new_member(shop, next(_NUMBERS))
            template = _written_items(shop, member)
        event = shop.event("POST", "/v1/purchases", sale(member), key=secrets.token_hex(16))
        items = _fresh(template, round_)
        handler.append(_cpu_of(partial(shop.app, event, None)))
        bare.append(_cpu_of(partial(_bare_calls, shop, member, items)))
    pairs = list(zip(handler, bare, strict=True))[WARM_UP_ROUNDS:]
    return {
        "handler_cpu_us": round(median(ours for ours, _ in pairs) / 1000),
        "bare_calls_cpu_us": round(median(theirs for _, theirs in pairs) / 1000),
        "ratio": round(median(ours / theirs for ours, theirs in pairs), 3),
        "ratio_max": 1.5,
        "rounds": ROUNDS,
    }


def item_bytes(shop: Shop, member: MemberRef, receipt_id: str) -> dict[str, int]:
    """Return the sizes of the four items of a purchase, by DynamoDB's own rule."""
    return {name: _size(item) for name, item in _raw_items(shop, member, receipt_id).items()}


def add_members(shop: Shop, number: int) -> None:
    """Fill the table with so many other members' accounts, written in batches."""
    account = shop.client.get_item(
        TableName=Item.Meta.table_name, Key=_key(keys.account_key(new_member(shop, 1)))
    )["Item"]
    for first in range(0, number, BATCH):
        batch = []
        for n in range(first, min(first + BATCH, number)):
            other = MemberRef(shop.merchant_id, f"mem_filler{n:015d}")
            pk, sk = keys.account_key(other)
            batch.append({"PutRequest": {"Item": {**account, **_key((pk, sk))}}})
        shop.client.batch_write_item(RequestItems={Item.Meta.table_name: batch})


def add_ledger_rows(shop: Shop, member: MemberRef, number: int) -> None:
    """Give a member so many ledger rows below the account's version."""
    template = shop.client.get_item(
        TableName=Item.Meta.table_name, Key=_key(keys.entry_key(member, 1))
    )["Item"]
    for first in range(0, number, BATCH):
        batch = [
            {"PutRequest": {"Item": {**template, "sk": {"S": f"E#{-n:013d}"}}}}
            for n in range(first + 1, min(first + BATCH, number) + 1)
        ]
        shop.client.batch_write_item(RequestItems={Item.Meta.table_name: batch})


def _counted(counter: Counter) -> dict[str, Any]:
    return {
        "round_trips": len(counter.calls),
        "calls": counter.calls,
        "table_wcu": counter.table_wcu,
        "index_wcu": counter.index_wcu,
        "rcu": counter.rcu,
    }


def _written_items(shop: Shop, member: MemberRef) -> dict[str, Any]:
    """Return the models of the four items a purchase has written."""
    body, key = sale(member), secrets.token_hex(16)
    shop.call("POST", "/v1/purchases", body, key=key)
    raw = _raw_items(shop, member, body["receipt_id"], key=key)
    classes = {
        "account": AccountItem, "entry": EntryItem, "receipt": ReceiptItem,
        "operation": OperationItem,
    }  # fmt: skip
    return {name: classes[name].from_raw_data(item) for name, item in raw.items()}


def _raw_items(
    shop: Shop, member: MemberRef, receipt_id: str, key: str = ""
) -> dict[str, dict[str, Any]]:
    table = Item.Meta.table_name
    account = shop.client.get_item(TableName=table, Key=_key(keys.account_key(member)))["Item"]
    receipt_key = ReceiptKey(shop.merchant_id, "integration", receipt_id)
    receipt = shop.client.get_item(TableName=table, Key=_key(keys.receipt_key(receipt_key)))
    version = int(account["version"]["N"])
    entry = shop.client.get_item(TableName=table, Key=_key(keys.entry_key(member, version)))
    used = key or entry["Item"]["key"]["S"]
    operation_key = keys.operation_key(shop.merchant_id, "integration", used)
    operation = shop.client.get_item(TableName=table, Key=_key(operation_key))
    return {
        "account": account,
        "entry": entry["Item"],
        "receipt": receipt["Item"],
        "operation": operation["Item"],
    }


def _fresh(template: dict[str, Any], round_: int) -> dict[str, Any]:
    """Return copies of the items under keys of their own."""
    items = {name: deepcopy(item) for name, item in template.items()}
    for item in items.values():
        item.pk = f"{item.pk}#bare{round_}"
        item.due = item.due_sk = item.dirty = item.dirty_sk = None
    return items


def _bare_calls(shop: Shop, member: MemberRef, items: dict[str, Any]) -> None:
    """Read the account and write the four items, by pynamodb alone."""
    AccountItem.get(*keys.account_key(member), consistent_read=True)
    with TransactWrite(connection=shop.services.connection) as write:
        for item in items.values():
            write.save(item, condition=Item.pk.does_not_exist())


def _cpu_of(call: Callable[[], Any]) -> int:
    start = thread_time_ns()
    call()
    return thread_time_ns() - start


def _key(key: tuple[str, str]) -> dict[str, dict[str, str]]:
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}


def _size(item: dict[str, Any]) -> int:
    """Return an item's size: names and values in UTF-8, numbers two digits a byte + 1."""
    total = 0
    for name, typed in item.items():
        ((kind, value),) = typed.items()
        total += len(name.encode())
        if kind == "S":
            total += len(value.encode())
        elif kind == "B":
            total += len(value)
        elif kind == "N":
            total += (len(value.lstrip("-")) + 1) // 2 + 1
        else:
            total += 1
    return total
