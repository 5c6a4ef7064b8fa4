"""The `PhoneLinks` port: one contract for the fake and the table."""

from datetime import timedelta

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import PhoneLink
from chalicelib.ports import LimitReached
from tests.adapters.stores import NOW, SHOP, Stores, charge, sms, stores_of

LINK = PhoneLink("a1b2", MemberRef(SHOP, "mem_one"), "c3d4", NOW + timedelta(days=30))
USED = PhoneLink("a1b2", LINK.member, "c3d4", LINK.expires_at, NOW + timedelta(hours=1))
LATER = PhoneLink("a1b2", LINK.member, "c3d4", LINK.expires_at, NOW + timedelta(hours=2))


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


def test_a_link_comes_back_with_its_message(stores: Stores) -> None:
    stores.phone_links.promise(LINK, sms(), [charge()])

    assert stores.phone_links.find("a1b2") == LINK
    assert stores.sms_outbox.find(SHOP, "sms_one") == sms()


def test_another_address_leads_nowhere(stores: Stores) -> None:
    stores.phone_links.promise(LINK, sms(), [])

    assert stores.phone_links.find("a1b3") is None


def test_a_full_limit_writes_nothing(stores: Stores) -> None:
    with pytest.raises(LimitReached):
        stores.phone_links.promise(LINK, sms(), [charge(maximum=1, units=2)])

    assert stores.phone_links.find("a1b2") is None
    assert stores.sms_outbox.find(SHOP, "sms_one") is None


def test_promising_again_with_the_same_message_charges_once(stores: Stores) -> None:
    stores.phone_links.promise(LINK, sms(), [charge(maximum=1)])

    stores.phone_links.promise(LINK, sms(), [charge(maximum=1)])

    assert stores.phone_links.find("a1b2") == LINK


def test_another_message_replaces_the_link(stores: Stores) -> None:
    stores.phone_links.promise(LINK, sms(), [])
    longer = PhoneLink("a1b2", LINK.member, "c3d4", LINK.expires_at + timedelta(days=1))

    stores.phone_links.promise(longer, sms("two"), [])

    assert stores.phone_links.find("a1b2") == longer
    assert stores.sms_outbox.find(SHOP, "sms_two") == sms("two")


def test_the_first_use_keeps_its_moment(stores: Stores) -> None:
    stores.phone_links.promise(LINK, sms(), [])

    stores.phone_links.use(USED)
    stores.phone_links.use(LATER)

    assert stores.phone_links.find("a1b2") == USED


def test_using_what_is_not_there_makes_nothing(stores: Stores) -> None:
    stores.phone_links.use(USED)

    assert stores.phone_links.find("a1b2") is None


def test_a_link_is_gone_when_its_time_is_over(stores: Stores) -> None:
    stores.phone_links.promise(LINK, sms(), [])

    stores.clock.advance(days=30)

    assert stores.phone_links.find("a1b2") is None
