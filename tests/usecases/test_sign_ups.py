"""A phone is proven by a code and becomes a member: R44, P15, P19, P20."""

from dataclasses import replace
from datetime import datetime

import pytest

from chalicelib.domain.members import Consent, ConsentPurpose, Profile, SentCode
from chalicelib.domain.sign_ups import (
    CodeExpired,
    CodeLocked,
    CodeUsed,
    CodeWrong,
    PrefixBlocked,
    SignUpNotFound,
)
from chalicelib.ports import CommitConflict, LimitReached, StoreUnavailable
from chalicelib.usecases.members import ProfileEdit, find_by_phone
from chalicelib.usecases.sign_ups import SignUpRequest, Verified, request_code, verify_code
from chalicelib.usecases.write_once import MerchantNotFound
from tests.builders import SHOP, day
from tests.fakes.members import FakeMembers
from tests.usecases.world import CODE, PHONE, POLICY, World


def verify(world: World, sign_up_id: str, code: str = CODE, nonce: str = "n") -> Verified:
    return verify_code(sign_up_id, code, nonce, ProfileEdit(), at=world.at, doors=world.doors)


def came_back(world: World) -> tuple[str, Verified]:
    """Ask for a code in English, saying no to advertising, and use it."""
    refused = Consent(ConsentPurpose.ADVERTISING, False, "2026-06", "en", world.at, "sign_up")
    request = SignUpRequest(
        merchant_id=SHOP, phone=PHONE, language="en", consents=(refused,),
        client_nonce="n", ip="10.0.0.1",
    )  # fmt: skip
    doors = replace(world.doors, members=world.members)
    world.doors = doors
    sign_up_id = request_code(request, at=world.at, doors=doors).sign_up_id
    return sign_up_id, verify(world, sign_up_id)


class UnsteadyMembers(FakeMembers):
    """The members of a world, whose next saves fail with `troubles`."""

    def __init__(self, world: World, troubles: list[Exception]) -> None:
        super().__init__(world.ledger, world.sign_ups)
        self.profiles, self.phones = world.members.profiles, world.members.phones
        self.troubles = troubles

    def save_profile(self, profile: Profile, *, marks_at: datetime | None = None) -> None:
        if self.troubles:
            raise self.troubles.pop()
        super().save_profile(profile, marks_at=marks_at)


@pytest.fixture
def world() -> World:
    return World()


class TestAsking:
    def test_promises_one_message_with_the_code(self, world: World) -> None:
        world.ask_for_code()

        (sms,) = world.outbox.messages.values()
        assert (sms.to, sms.state) == (PHONE, "waiting")
        assert CODE in sms.text
        assert (sms.expires_at - sms.created_at).total_seconds() == 300

    def test_keeps_the_code_and_the_nonce_as_hashes_only(self, world: World) -> None:
        sign_up_id = world.ask_for_code(nonce="secret")

        sign_up = world.sign_ups.find(SHOP, sign_up_id)
        assert sign_up
        assert CODE not in repr(replace(sign_up, phone=""))
        assert "secret" not in repr(sign_up)

    def test_is_the_same_for_a_known_and_an_unknown_phone(self, world: World) -> None:
        world.join()
        world.wait(minutes=2)

        known = world.sign_ups.find(SHOP, world.ask_for_code())
        unknown = world.sign_ups.find(SHOP, world.ask_for_code("+79990000002"))

        assert known
        assert unknown
        assert (known.member_id, unknown.member_id) == (None, None)

    @pytest.mark.parametrize(
        ("policy", "limit"),
        [
            ({}, "phone_minute"),
            ({"per_phone_minute": 9, "per_phone_day": 1}, "phone_day"),
            ({"per_phone_minute": 9, "per_ip_hour": 1}, "ip_hour"),
            ({"per_phone_minute": 9, "per_prefix_hour": 1}, "prefix_hour"),
            ({"per_phone_minute": 9, "per_merchant_day_minor": 999}, "merchant_day"),
        ],
    )
    def test_beyond_a_limit_sends_nothing(self, policy: dict[str, int], limit: str) -> None:
        world = World(replace(POLICY, **policy))
        world.ask_for_code()

        with pytest.raises(LimitReached) as refused:
            world.ask_for_code()
        assert refused.value.charge.name == limit
        assert len(world.outbox.messages) == 1

    def test_is_possible_again_after_a_minute(self, world: World) -> None:
        world.ask_for_code()
        world.wait(seconds=60)

        assert world.ask_for_code()

    def test_is_not_possible_a_second_later_in_the_next_minute(self, world: World) -> None:
        world.wait(seconds=59)
        world.ask_for_code()
        world.wait(seconds=1)

        with pytest.raises(LimitReached) as refused:
            world.ask_for_code()
        assert (refused.value.charge.ends_at - world.at).total_seconds() == 59

    def test_a_prefix_is_not_blocked_for_ever(self) -> None:
        world = World(replace(POLICY, per_phone_minute=9, per_phone_day=9))
        for _ in range(POLICY.conversion_window):
            world.ask_for_code()
        world.wait(days=6, hours=23)
        with pytest.raises(PrefixBlocked):
            world.ask_for_code()
        world.wait(hours=1)

        assert world.ask_for_code()

    def test_stops_for_a_prefix_whose_codes_are_never_used(self) -> None:
        world = World(replace(POLICY, per_phone_minute=9, per_phone_day=9))
        for _ in range(POLICY.conversion_window):
            world.ask_for_code()
        world.wait(minutes=6)

        with pytest.raises(PrefixBlocked):
            world.ask_for_code("+79990009999")
        assert world.ask_for_code("+79160000001")

    def test_goes_on_for_a_prefix_whose_codes_are_used(self) -> None:
        world = World(replace(POLICY, per_phone_minute=9, per_phone_day=9))
        for _ in range(POLICY.conversion_window):
            verify(world, world.ask_for_code())
        world.wait(minutes=6)

        assert world.ask_for_code()

    def test_the_record_of_a_prefix_survives_a_race(self, world: World) -> None:
        record = world.prefixes.find(SHOP, "7999000")
        world.prefixes.save(replace(record, codes=(SentCode("other", world.at),)))

        world.ask_for_code()

        codes = world.prefixes.find(SHOP, "7999000").codes
        assert len(codes) == 2

    def test_of_no_merchant_is_refused(self, world: World) -> None:
        world.merchants.merchants.clear()

        with pytest.raises(MerchantNotFound):
            world.ask_for_code()


class TestVerifying:
    def test_a_right_code_makes_a_member_with_an_account(self, world: World) -> None:
        verified = verify(world, world.ask_for_code())

        assert verified.is_new
        assert world.account(verified.member).version == 1
        profile = world.members.profiles[verified.member]
        assert (profile.phone, profile.consents[0].text_version) == (PHONE, "2026-05")
        assert find_by_phone(SHOP, PHONE, directory=world.directory) == verified.member

    def test_a_phone_that_is_known_is_the_same_member(self, world: World) -> None:
        member = world.join()
        world.wait(minutes=2)

        again = verify(world, world.ask_for_code())

        assert (again.member, again.is_new) == (member, False)

    def test_what_a_known_phone_agrees_to_is_added_with_its_language(
        self, world: World
    ) -> None:
        member = world.join()
        world.wait(minutes=2)

        came_back(world)

        profile = world.members.profiles[member]
        assert [one.granted for one in profile.consents] == [True, False]
        assert profile.language == "en"

    def test_a_save_that_loses_a_race_is_made_again(self, world: World) -> None:
        member = world.join()
        world.wait(minutes=2)
        world.members = UnsteadyMembers(world, [CommitConflict("moved")])

        came_back(world)

        assert len(world.members.profiles[member].consents) == 2

    def test_nobody_is_locked_out_by_a_profile_that_cannot_be_saved(self, world: World) -> None:
        member = world.join()
        world.wait(minutes=2)
        world.members = UnsteadyMembers(world, [StoreUnavailable("no answer")] * 9)
        with pytest.raises(StoreUnavailable):
            came_back(world)
        [waiting] = [one for one in world.sign_ups.sign_ups.values() if not one.used_at]

        world.members.troubles.clear()
        verified = verify(world, waiting.sign_up_id)

        profile = world.members.profiles[member]
        assert (verified.member, verified.is_new) == (member, False)
        assert len(profile.consents) == 2
        assert [one.browser_id for one in profile.browsers][1:] == [verified.browser_id]

    def test_two_codes_of_one_phone_make_one_member(self) -> None:
        world = World(replace(POLICY, per_phone_minute=9))
        first, second = world.ask_for_code(), world.ask_for_code()

        members = {verify(world, one).member for one in (first, second)}

        assert len(members) == 1
        assert len(world.members.profiles) == 1

    def test_the_same_client_gets_the_same_answer_for_ten_minutes(self, world: World) -> None:
        sign_up_id = world.ask_for_code()
        first = verify(world, sign_up_id)
        world.wait(minutes=10)

        assert verify(world, sign_up_id) == first
        world.wait(seconds=1)
        with pytest.raises(CodeUsed):
            verify(world, sign_up_id)

    def test_the_code_is_used_for_anybody_else(self, world: World) -> None:
        sign_up_id = world.ask_for_code()
        verify(world, sign_up_id)

        with pytest.raises(CodeUsed):
            verify(world, sign_up_id, nonce="another")

    def test_a_wrong_code_says_how_many_guesses_are_left(self, world: World) -> None:
        sign_up_id = world.ask_for_code()

        left = []
        for _ in range(POLICY.guesses_max):
            with pytest.raises(CodeWrong) as refused:
                verify(world, sign_up_id, "000000")
            left.append(refused.value.facts["attempts_left"])

        assert left == [4, 3, 2, 1, 0]
        with pytest.raises(CodeLocked):
            verify(world, sign_up_id)

    def test_a_code_is_good_for_five_minutes(self, world: World) -> None:
        sign_up_id = world.ask_for_code()
        world.wait(minutes=5, seconds=1)

        with pytest.raises(CodeExpired):
            verify(world, sign_up_id)

    def test_failures_are_counted_across_codes(self) -> None:
        world = World(replace(POLICY, per_phone_minute=9, failures_per_phone_day=6))
        for code in (world.ask_for_code(), world.ask_for_code()):
            for _ in range(3):
                with pytest.raises(CodeWrong):
                    verify(world, code, "000000")

        with pytest.raises(CodeLocked):
            verify(world, world.ask_for_code())

    def test_failures_do_not_start_anew_at_midnight(self) -> None:
        world = World(replace(POLICY, per_phone_minute=9, failures_per_phone_day=3))
        world.wait(hours=14, minutes=58)  # 23:58 UTC
        before = world.ask_for_code()
        for _ in range(3):
            with pytest.raises(CodeWrong):
                verify(world, before, "000000")
        world.wait(minutes=4)

        with pytest.raises(CodeLocked):
            verify(world, world.ask_for_code())
        world.wait(hours=23, minutes=56)
        assert verify(world, world.ask_for_code()).is_new

    def test_a_right_guess_is_no_failure(self) -> None:
        policy = replace(POLICY, per_phone_minute=9, per_phone_day=9, failures_per_phone_day=2)
        world = World(policy)

        for _ in range(4):
            verify(world, world.ask_for_code())

        assert len(world.members.profiles) == 1

    @pytest.mark.parametrize("name", ["sup_unknown.roastery", "nonsense", "sup_1.elsewhere"])
    def test_an_unknown_sign_up_is_not_found(self, world: World, name: str) -> None:
        with pytest.raises(SignUpNotFound):
            verify(world, name)

    def test_keeps_what_the_shopper_says_of_himself(self, world: World) -> None:
        member = world.join(name="Anna", email="a@example.com", birth_date=day("1990-06-10"))

        profile = world.members.profiles[member]
        assert (profile.name, profile.email) == ("Anna", "a@example.com")
        assert profile.anniversaries[0].day == day("1990-06-10")
