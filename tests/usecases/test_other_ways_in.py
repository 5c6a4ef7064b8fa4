"""A foreign number, or an operator that is down: a code by e-mail, a card that only earns."""

from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.redeeming import MemberUnverified
from chalicelib.domain.sign_ups import CodeUsed, CodeWrong
from chalicelib.ports import LimitReached
from chalicelib.usecases.card_only import CardRequest, open_card
from chalicelib.usecases.email_sign_ups import EmailRequest, request_letter
from chalicelib.usecases.enrolment import Verified
from chalicelib.usecases.leaving import erase_member, merge_members
from chalicelib.usecases.members import ProfileEdit
from chalicelib.usecases.points import redeem_points
from chalicelib.usecases.sign_ups import verify_code
from tests.builders import SHOP, operation
from tests.usecases.world import CODE, World, consent

MAIL = "Ann@Example.com"


@pytest.fixture
def world() -> World:
    return World()


def ask(world: World, email: str = MAIL, **more: Any) -> str:
    request = EmailRequest(
        merchant_id=SHOP, email=email, language="ru", consents=(consent(world.at),),
        client_nonce="n", ip=more.pop("ip", "10.0.0.1"), **more,
    )  # fmt: skip
    return request_letter(request, at=world.at, doors=world.doors).sign_up_id


def verify(world: World, sign_up_id: str, code: str = CODE) -> Verified:
    return verify_code(sign_up_id, code, "n", ProfileEdit(), at=world.at, doors=world.doors)


def join(world: World, email: str = MAIL) -> MemberRef:
    return verify(world, ask(world, email)).member


def card(world: World, nonce: str = "n", ip: str = "10.0.0.1") -> Verified:
    request = CardRequest(
        merchant_id=SHOP, language="ru", consents=(consent(world.at),),
        client_nonce=nonce, ip=ip, label="Chrome",
    )  # fmt: skip
    return open_card(request, at=world.at, doors=world.doors)


class TestACodeByEmail:
    def test_goes_out_as_a_letter_with_a_subject(self, world: World) -> None:
        ask(world)

        [letter] = world.outbox.messages.values()
        assert letter.to == MAIL
        assert letter.text.startswith("Roastery: код для карты\n\n")
        assert CODE in letter.text

    def test_makes_a_member_who_is_confirmed(self, world: World) -> None:
        ann = join(world)

        profile = world.members.profiles[ann]
        assert (profile.phone, profile.email, profile.proven_email) == (None, MAIL, MAIL)
        assert world.account(ann).is_verified

    def test_finds_the_member_again_in_any_case(self, world: World) -> None:
        ann = join(world)
        world.wait(seconds=61)

        back = verify(world, ask(world, "ann@example.COM"))

        assert (back.member, back.is_new) == (ann, False)

    def test_a_wrong_code_opens_nothing(self, world: World) -> None:
        sign_up_id = ask(world)

        with pytest.raises(CodeWrong):
            verify(world, sign_up_id, "000000")

    def test_an_address_gets_one_code_a_minute(self, world: World) -> None:
        ask(world)

        with pytest.raises(LimitReached) as full:
            ask(world)

        assert full.value.charge.name == "phone_minute"

    def test_letters_take_nothing_of_the_budget_for_messages(self) -> None:
        world = World()
        for number in range(5):
            ask(world, f"a{number}@example.com")

        names = {name for _, name, _, _ in world.sign_ups.limits.counters}
        assert names == {"ip_hour"}

    def test_the_address_is_free_when_its_member_is_erased(self, world: World) -> None:
        ann = join(world)
        erase_member(ann, "asked", operation("e"), at=world.at, desk=world.exit_desk)
        world.wait(seconds=61)

        assert verify(world, ask(world)).is_new

    def test_leads_to_the_survivor_of_a_merge_until_that_one_goes(self, world: World) -> None:
        ann, bob = join(world), world.join("+79990000002")
        merge_members(
            bob, ann.member_id, "twice", operation("m"), at=world.at, desk=world.exit_desk
        )
        world.wait(seconds=61)
        back = verify(world, ask(world)).member
        erase_member(bob, "asked", operation("e"), at=world.at, desk=world.exit_desk)
        world.wait(seconds=61)

        assert back == bob
        assert verify(world, ask(world)).is_new


class TestACardWithoutAPhone:
    def test_earns_and_redeems_nothing(self, world: World) -> None:
        opened = card(world)
        world.give(opened.member, 100)

        with pytest.raises(MemberUnverified):
            redeem_points(opened.member, 1, "x", operation("r"), at=world.at, book=world.book)

        assert (opened.is_new, world.members.profiles[opened.member].phone) == (True, None)
        assert not world.outbox.messages

    def test_a_lost_answer_is_given_again(self, world: World) -> None:
        first = card(world)
        world.wait(minutes=10)

        assert card(world) == first
        assert len(world.members.profiles) == 1

    def test_not_for_ever(self, world: World) -> None:
        card(world)
        world.wait(minutes=11)

        with pytest.raises(CodeUsed):
            card(world)

    def test_an_address_opens_only_so_many(self, world: World) -> None:
        for number in range(20):
            card(world, f"n{number}")

        with pytest.raises(LimitReached):
            card(world, "one more")
        assert card(world, "elsewhere", ip="10.0.0.2").is_new

    def test_trouble_of_a_moment_is_run_again(self, world: World) -> None:
        world.ledger.troubles = ["overtaken", "lost before"]

        assert card(world).is_new
        assert len(world.members.profiles) == 1
