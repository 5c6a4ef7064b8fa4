"""Members in the table: races for one phone, and what lies there in the clear."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest

from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.keys import profile_key
from chalicelib.adapters.vault import SealBroken
from chalicelib.ports import CommitConflict, Taken
from tests.adapters.stores import (
    FULL_PROFILE,
    Stores,
    dynamo_stores,
    join,
    profile,
    register,
    sign_up,
    sms,
    used,
)

THREADS = 16


@pytest.fixture
def engine(connection) -> Stores:
    return dynamo_stores(connection)


def test_sixteen_registrations_of_one_phone_make_one_member(engine: Stores) -> None:
    start = Barrier(THREADS)

    def join_one(number: int) -> str:
        who = profile(str(number))
        start.wait()
        try:
            engine.members.register(who, join(who.member), phone_hash="hash", sign_up=None)
        except Taken as taken:
            return taken.member_id
        return who.member.member_id

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(join_one, range(THREADS)))

    assert len(set(answers)) == 1
    registered = [
        number
        for number in range(THREADS)
        if engine.members.profile(profile(str(number)).member)
        or engine.ledger.account(profile(str(number)).member)
    ]
    assert [f"mem_{number}" for number in registered] == [answers[0]]


def test_sixteen_verifications_of_one_sign_up_use_it_once(engine: Stores) -> None:
    opened = sign_up()
    engine.sign_ups.open(opened, sms(), [])
    start = Barrier(THREADS)

    def join_one(number: int) -> bool:
        who = profile(str(number))
        start.wait()
        try:
            engine.members.register(
                who,
                join(who.member),
                phone_hash=f"hash-{number}",
                sign_up=used(opened, who.member.member_id),
            )
        except CommitConflict:
            return False
        return True

    with ThreadPoolExecutor(THREADS) as pool:
        answers = list(pool.map(join_one, range(THREADS)))

    assert answers.count(True) == 1


def test_nothing_personal_stands_in_the_clear(engine: Stores, table_client) -> None:
    engine.members.register(
        FULL_PROFILE, join(FULL_PROFILE.member), phone_hash="hash", sign_up=None
    )
    engine.sign_ups.open(sign_up(), sms(), [])

    stored = repr(_all_items(table_client))

    personal = ("Анна", "anna@", "9161234567", "1990", "02-28", "4600001", "crm_id", "123456")
    assert [word for word in personal if word in stored] == []


def test_an_ordinary_profile_costs_one_write_unit(engine: Stores, table_client) -> None:
    usual = replace(FULL_PROFILE, card_numbers=("4600001",), metadata=())

    engine.members.register(usual, join(usual.member), phone_hash="hash", sign_up=None)

    sizes = [_size(item) for item in _all_items(table_client)]
    assert max(sizes) <= 1024


def test_an_erased_profile_is_none(engine: Stores, table_client) -> None:
    register(engine)
    table = Item.Meta.table_name
    pk, sk = profile_key(profile().member)
    table_client.update_item(
        TableName=table,
        Key={"pk": {"S": pk}, "sk": {"S": sk}},
        UpdateExpression="REMOVE sealed",
    )

    assert engine.members.profile(profile().member) is None


def test_a_profile_moved_to_another_member_does_not_open(engine: Stores, table_client) -> None:
    register(engine, "one", phone="1")
    register(engine, "two", phone="2")
    table = Item.Meta.table_name
    one, two = (
        {"pk": {"S": pk}, "sk": {"S": sk}}
        for pk, sk in (profile_key(profile(name).member) for name in ("one", "two"))
    )
    item = table_client.get_item(TableName=table, Key=one)["Item"]

    table_client.put_item(TableName=table, Item={**item, **two})

    with pytest.raises(SealBroken):
        engine.members.profile(profile("two").member)


def _all_items(client) -> list:
    return client.scan(TableName=Item.Meta.table_name)["Items"]


def _size(item) -> int:
    """Return an item's size as DynamoDB counts it: names and values in UTF-8."""
    total = 0
    for name, value in item.items():
        ((kind, content),) = value.items()
        body = content if isinstance(content, bytes) else str(content).encode()
        total += len(name.encode()) + (1 if kind in ("BOOL", "NULL") else len(body))
    return total
