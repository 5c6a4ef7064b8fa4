"""The `NoticeBook` port: one contract for the fake and the table."""

import pytest

from chalicelib.adapters.dynamo.notices import DynamoNoticeBook
from chalicelib.adapters.vault import LocalVault
from chalicelib.ports import LimitReached, NoticeBook
from tests.adapters.stores import (
    SHOP,
    MasterKey,
    Stores,
    charge,
    dynamo_stores,
    fake_stores,
    sms,
)
from tests.fakes.notices import FakeNoticeBook

World = tuple[Stores, NoticeBook]


@pytest.fixture(params=["fake", "dynamo"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "fake":
        stores = fake_stores()
        return stores, FakeNoticeBook(stores.sign_ups.limits, stores.sms_outbox)
    connection = request.getfixturevalue("connection")
    return dynamo_stores(connection), DynamoNoticeBook(connection, LocalVault(MasterKey()))


def test_a_notice_waits_in_the_outbox_of_all_messages(world: World) -> None:
    stores, notices = world

    notices.promise(sms(), [charge()])

    assert stores.sms_outbox.find(SHOP, "sms_one") == sms()
    assert stores.sms_outbox.waiting() == ((SHOP, "sms_one"),)


def test_the_same_notice_again_is_one_notice_and_one_charge(world: World) -> None:
    stores, notices = world
    notices.promise(sms(), [charge(maximum=1)])

    notices.promise(sms(), [charge(maximum=1)])

    assert stores.sms_outbox.waiting() == ((SHOP, "sms_one"),)


def test_a_full_limit_writes_nothing(world: World) -> None:
    stores, notices = world

    with pytest.raises(LimitReached):
        notices.promise(sms(), [charge(maximum=1, units=2)])

    assert stores.sms_outbox.find(SHOP, "sms_one") is None
