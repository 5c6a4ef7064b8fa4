"""Limits over all merchants together: many shops send no more than the limits allow."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import Merchant
from chalicelib.ports import LimitReached
from chalicelib.usecases.confirmations import send_code
from chalicelib.usecases.new_members import Added, NewMember, add_member
from chalicelib.usecases.sign_ups import SignUpRequest, request_code
from tests.builders import document, operation
from tests.usecases.world import PHONE, POLICY, World

SHOPS = ("bakery", "butcher", "barber")


def town(*, is_self_opened: bool = False, **policy: Any) -> World:
    """Return a world with more shops, all of one kind."""
    world = World(replace(POLICY, **policy))
    for name in SHOPS:
        merchant = Merchant(name, name, "RU", ("RU",), "ru", is_self_opened=is_self_opened)
        world.merchants.open(merchant, document())
    return world


def ask(world: World, shop: str, phone: str = PHONE, ip: str = "10.0.0.1") -> None:
    request = SignUpRequest(
        merchant_id=shop, phone=phone, language="ru", consents=(), client_nonce="n", ip=ip
    )
    request_code(request, at=world.at, doors=world.doors)


def type_in(world: World, shop: str, phone: str) -> Added:
    wish = NewMember(merchant_id=shop, phone=phone, language="ru")
    key = replace(operation(f"{shop}-{phone}"), merchant_id=shop)
    return add_member(wish, key, at=world.at, desk=world.link_desk)


@pytest.mark.parametrize(
    ("policy", "limit"),
    [
        ({"per_phone_day_in_all": 2}, "phone_day_in_all"),
        ({"per_ip_hour_in_all": 2}, "ip_hour_in_all"),
        ({"per_prefix_hour_in_all": 2}, "prefix_hour_in_all"),
        ({"per_day_in_all_minor": 2 * POLICY.price_minor}, "day_in_all"),
    ],
)
def test_many_shops_send_what_all_together_may(policy: dict[str, int], limit: str) -> None:
    world = town(**policy)
    ask(world, "bakery")
    ask(world, "butcher")

    with pytest.raises(LimitReached) as refused:
        ask(world, "barber")

    assert refused.value.charge.name == limit
    assert len(world.outbox.messages) == 2


def test_another_phone_is_not_kept_waiting_by_one_that_had_its_codes() -> None:
    world = town(per_phone_day_in_all=1)
    ask(world, "bakery")

    ask(world, "butcher", "+79990000002")

    assert len(world.outbox.messages) == 2


def test_links_of_many_shops_count_too_and_the_member_is_added_without() -> None:
    world = town(per_phone_day_in_all=2)

    added = [type_in(world, shop, PHONE) for shop in SHOPS]

    assert [one.is_new for one in added] == [True, True, True]
    assert [one.is_link_sent for one in added] == [True, True, False]


def test_codes_that_confirm_count_over_all_shops() -> None:
    world = town(per_phone_day_in_all=2, per_phone_minute=9)
    member = world.join()  # one code
    ask(world, "bakery")

    with pytest.raises(LimitReached) as refused:
        send_code(member, at=world.at, desk=world.confirmation_desk)

    assert refused.value.charge.name == "phone_day_in_all"


def test_a_shop_that_opened_itself_sends_less_than_an_operators() -> None:
    limit = {"per_new_merchant_day_minor": POLICY.price_minor}
    own, operators = town(is_self_opened=True, **limit), town(**limit)
    for world in (own, operators):
        ask(world, "bakery")

    ask(operators, "bakery", "+79990000002")
    with pytest.raises(LimitReached) as refused:
        ask(own, "bakery", "+79990000002")

    assert refused.value.charge.name == "merchant_day"


def test_all_shops_that_opened_themselves_share_a_budget_and_leave_others_theirs() -> None:
    world = town(is_self_opened=True, per_day_of_new_merchants_minor=POLICY.price_minor)
    ask(world, "bakery")

    with pytest.raises(LimitReached) as refused:
        ask(world, "butcher", "+79990000002")

    assert refused.value.charge.name == "new_merchants_day"
    assert isinstance(world.join("+79990000003"), MemberRef)


def test_a_shop_whose_limit_was_lifted_sends_as_an_operators() -> None:
    world = town(
        is_self_opened=True,
        per_new_merchant_day_minor=POLICY.price_minor,
        per_day_of_new_merchants_minor=POLICY.price_minor,
        lifted_merchants=frozenset({"bakery"}),
    )

    ask(world, "bakery")
    ask(world, "bakery", "+79990000002")

    assert len(world.outbox.messages) == 2
