"""A friend who was brought in rewards both, once, and for good after a while (R26, R37)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account import LotSource, MemberRef, MemberStatus
from chalicelib.domain.entries import EntryKind, Operation
from chalicelib.domain.receipts import ReturnedLine
from chalicelib.domain.returns import Claim
from chalicelib.domain.reward_record import ReferralState
from chalicelib.ports import StoreUnavailable
from chalicelib.usecases.members import ProfileEdit
from chalicelib.usecases.outbox import push_passes
from chalicelib.usecases.purchases import attach_receipt, record_purchase
from chalicelib.usecases.returns import move_receipt, return_goods
from chalicelib.usecases.rewards import settle_referral
from chalicelib.usecases.sign_ups import verify_code
from tests.builders import SHOP, day, document, line, operation, receipt_key, sale
from tests.usecases.world import CODE, World, keys

OUTAGE = ("lost before",) * 5  # as long as the pacer tries
TERMS = {"referrer_points": 500, "friend_points": 200}


class Town(World):
    """A shop whose members bring friends in; Ann is one of them."""

    def __init__(self, *, more: dict[str, Any] | None = None, **terms: Any) -> None:
        is_rewarded = terms.pop("is_rewarded", True)
        super().__init__(referral={**TERMS, **terms} if is_rewarded else None, **(more or {}))
        self.operations: Iterator[Operation] = keys()
        self.ann = self.join("+79990000001")
        self.tell()

    def code_of(self, member: MemberRef) -> str:
        """Return what a member invites by."""
        return self.keyring.referral_code(self.members.profiles[member].code)

    def bring(self, phone: str = "+79990000002", code: str | None = None) -> MemberRef:
        """Let somebody join with a referral code, Ann's unless told otherwise."""
        given = self.code_of(self.ann) if code is None else code
        sign_up_id = self.ask_for_code(phone, referral_code=given)
        return verify_code(
            sign_up_id, CODE, "n", ProfileEdit(), at=self.at, doors=self.doors
        ).member

    def buy(self, member: MemberRef, receipt: str = "r-1") -> None:
        """Sell two things for 50.00 each."""
        sold = sale(line(5_000, 2_000), receipt=receipt, member=member.member_id, at=self.at)
        record_purchase(
            sold, next(self.operations), at=self.at, book=self.book, keyring=self.keyring
        )

    def bring_back(self, receipt: str = "r-1", lines: Any = None) -> None:
        """Return a receipt, whole unless told otherwise."""
        claim = Claim(return_id=f"ret-{len(self.ledger.records)}", lines=lines)
        key = receipt_key(receipt)
        return_goods(key, claim, next(self.operations), at=self.at, book=self.book)

    def tell(self) -> None:
        """Do what the stream or the sweep does, until nothing is left to do."""
        for _ in range(5):
            push_passes(self.devices.dirty(), at=self.at, desk=self.pass_desk)
        assert self.devices.dirty() == ()

    def kinds(self, member: MemberRef) -> list[EntryKind]:
        """Return the kinds of a member's entries, oldest first."""
        return [entry.kind for entry in self.ledger.entries_by_member[member]]


@pytest.fixture
def town() -> Town:
    return Town()


class TestBringingIn:
    def test_the_profile_says_who_it_was(self, town: Town) -> None:
        friend = town.bring()

        assert town.members.profiles[friend].referred_by == town.ann.member_id

    def test_a_code_may_be_typed_by_hand(self, town: Town) -> None:
        code = town.code_of(town.ann).lower()

        friend = town.bring(code=f"{code[:6]}-{code[6:]}")

        assert town.members.profiles[friend].referred_by == town.ann.member_id

    @pytest.mark.parametrize("code", ["R1000000000000", "nonsense", "L1000000000002"])
    def test_a_code_of_nobody_does_not_stop_a_sign_up(self, town: Town, code: str) -> None:
        friend = town.bring(code=code)

        assert town.members.profiles[friend].referred_by is None
        assert town.account(friend).rewards.referral is None

    def test_a_pass_code_brings_nobody_in(self, town: Town) -> None:
        friend = town.bring(code=town.members.profiles[town.ann].code)

        assert town.account(friend).rewards.referral is None

    def test_a_member_with_their_own_code_gets_nothing(self, town: Town) -> None:
        town.wait(minutes=2)

        again = town.bring("+79990000001")
        town.buy(again)
        town.tell()

        assert again == town.ann
        assert town.available(town.ann) == 10

    def test_a_member_of_before_gets_nothing(self, town: Town) -> None:
        friend = town.join("+79990000002")
        town.wait(minutes=2)

        town.bring("+79990000002")
        town.buy(friend)
        town.tell()

        assert (town.available(town.ann), town.available(friend)) == (0, 10)


class TestFirstPurchase:
    def test_nothing_is_given_before_it(self, town: Town) -> None:
        friend = town.bring()

        town.tell()

        assert (town.available(town.ann), town.available(friend)) == (0, 0)

    def test_it_rewards_both_once_however_often_they_are_told(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        town.tell()

        town.buy(friend, "r-2")
        town.tell()

        assert (town.available(town.ann), town.available(friend)) == (500, 220)
        assert town.account(town.ann).lots[0].source is LotSource.REFERRAL
        assert town.account(town.ann).rewards.friends == 1

    def test_what_was_given_may_be_settled_again_and_nothing_is_written(
        self, town: Town
    ) -> None:
        friend = town.bring()
        town.buy(friend)
        seen = town.account(friend)

        first = settle_referral(seen, at=town.at, book=town.book)
        again = settle_referral(seen, at=town.at, book=town.book)

        assert (first, again) == (2, 0)

    def test_what_the_outbox_has_told_of_is_not_even_tried_again(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        town.tell()
        town.ledger.troubles = ["lost before"]

        settle_referral(town.account(friend), at=town.at, book=town.book)

        assert town.ledger.troubles == ["lost before"]

    def test_a_receipt_attached_later_is_a_first_purchase_too(self, town: Town) -> None:
        friend = town.bring()
        sold = sale(line(5_000), member=None, at=town.at)
        record_purchase(
            sold, next(town.operations), at=town.at, book=town.book, keyring=town.keyring
        )

        attach_receipt(
            sold.key, friend.member_id, 5_000, next(town.operations),
            at=town.at, book=town.book,
        )  # fmt: skip
        town.tell()

        assert town.available(town.ann) == 500

    def test_the_points_are_those_promised_when_it_was_made(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        town.merchants.publish(SHOP, document(referral={"referrer_points": 9_000}), 2)

        town.tell()

        assert town.available(town.ann) == 500

    def test_a_reward_lasts_as_long_as_the_program_says(self) -> None:
        town = Town(expires_in_days=3)
        town.buy(town.bring())

        town.tell()

        (lot,) = town.account(town.ann).lots
        assert lot.expires_on == day("2026-06-04")

    def test_a_reward_repays_the_referrers_debt_first(self, town: Town) -> None:
        town.ledger.accounts[town.ann] = replace(town.account(town.ann), debt=120)
        town.buy(town.bring())

        town.tell()

        assert (town.available(town.ann), town.account(town.ann).debt) == (380, 0)


class TestSignUp:
    def test_it_may_be_rewarded_at_once(self) -> None:
        town = Town(trigger="sign_up")

        friend = town.bring()
        town.tell()
        town.buy(friend)
        town.tell()

        assert (town.available(town.ann), town.available(friend)) == (500, 210)

    def test_a_return_takes_nothing_back_then(self) -> None:
        town = Town(trigger="sign_up")
        town.buy(town.bring())
        town.tell()

        town.bring_back()
        town.tell()

        assert town.available(town.ann) == 500


class TestNothingToGive:
    def test_a_program_without_referrals_rewards_nobody(self) -> None:
        town = Town(is_rewarded=False)

        friend = town.bring()
        town.buy(friend)
        town.tell()

        assert (town.available(town.ann), town.available(friend)) == (0, 10)

    def test_beyond_the_cap_the_friend_alone_is_rewarded(self) -> None:
        town = Town(cap=1)
        friends = [town.bring("+79990000002"), town.bring("+79990000003")]
        for number, friend in enumerate(friends):
            town.buy(friend, f"r-{number}")
            town.tell()

        assert town.available(town.ann) == 500
        assert [town.available(friend) for friend in friends] == [210, 210]

    def test_a_referrer_who_is_gone_gets_nothing_and_holds_nothing_up(self, town: Town) -> None:
        friend = town.bring()
        gone = replace(town.account(town.ann), status=MemberStatus.ERASED)
        town.ledger.accounts[town.ann] = gone
        town.buy(friend)

        town.tell()

        assert (town.account(town.ann).lots, town.available(friend)) == ((), 210)


class TestReversal:
    def test_a_first_purchase_that_comes_back_whole_takes_both_back(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        town.tell()

        town.bring_back()
        town.tell()

        assert (town.available(town.ann), town.available(friend)) == (0, 0)
        assert town.kinds(town.ann) == [EntryKind.JOIN, EntryKind.GRANT, EntryKind.REVERSE]
        assert town.account(town.ann).rewards.friends == 0

    def test_it_comes_back_whole_in_parts_too(self, town: Town) -> None:
        town.buy(town.bring())
        town.tell()

        town.bring_back(lines=(ReturnedLine(0, 1_000),))
        town.tell()
        after_half = town.available(town.ann)
        town.bring_back(lines=(ReturnedLine(0, 1_000),))
        town.tell()

        assert (after_half, town.available(town.ann)) == (500, 0)

    def test_the_last_day_counts(self, town: Town) -> None:
        town.buy(town.bring())
        town.tell()
        town.wait(days=14)

        town.bring_back()
        town.tell()

        assert town.available(town.ann) == 0

    def test_after_it_the_reward_stays(self, town: Town) -> None:
        town.buy(town.bring())
        town.tell()
        town.wait(days=15)

        town.bring_back()
        town.tell()

        assert town.available(town.ann) == 500

    def test_a_second_purchase_takes_nothing_back(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        town.buy(friend, "r-2")
        town.tell()

        town.bring_back("r-2")
        town.tell()

        assert town.available(town.ann) == 500

    def test_a_receipt_moved_to_another_member_takes_it_back(self, town: Town) -> None:
        friend, other = town.bring(), town.join("+79990000009")
        town.buy(friend)
        town.tell()

        move_receipt(
            receipt_key(), other.member_id, "wrong card", next(town.operations),
            at=town.at, book=town.book,
        )  # fmt: skip
        town.tell()

        assert town.available(town.ann) == 0

    def test_it_does_not_pay_again_for_the_next_purchase(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        town.tell()
        town.bring_back()
        town.tell()

        town.buy(friend, "r-2")
        town.tell()

        assert town.available(town.ann) == 0
        assert town.account(friend).rewards.referral is None

    @pytest.mark.parametrize(
        ("policy", "debt"), [("unlimited", 500), ("within_balance", 0), ("only_pending", 0)]
    )
    def test_points_spent_meanwhile_are_owed_as_the_program_says(
        self, policy: str, debt: int
    ) -> None:
        town = Town(more={"return_policy": policy})
        town.buy(town.bring())
        town.tell()
        town.ledger.accounts[town.ann] = replace(town.account(town.ann), lots=())

        town.bring_back()
        town.tell()

        assert town.account(town.ann).debt == debt

    @pytest.mark.parametrize("policy", ["unlimited", "within_balance", "only_pending"])
    def test_points_that_are_there_are_taken_under_every_policy(self, policy: str) -> None:
        town = Town(more={"return_policy": policy})
        town.buy(town.bring())
        town.tell()

        town.bring_back()
        town.tell()

        assert town.available(town.ann) == 0

    def test_a_slot_of_the_cap_is_free_again(self) -> None:
        town = Town(cap=1)
        town.buy(town.bring())
        town.tell()
        town.bring_back()
        town.tell()

        town.buy(town.bring("+79990000003"), "r-2")
        town.tell()

        assert town.available(town.ann) == 500

    def test_a_friend_beyond_the_cap_takes_nothing_of_the_referrers_back(self) -> None:
        town = Town(cap=1)
        town.buy(town.bring())
        town.tell()
        town.buy(town.bring("+79990000003"), "r-2")
        town.tell()

        town.bring_back("r-2")
        town.tell()

        assert town.available(town.ann) == 500


class TestTrouble:
    def test_a_dead_stream_is_made_good_by_the_sweep(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        town.buy(friend, "r-2")  # the stream said nothing of either

        town.tell()

        assert town.available(town.ann) == 500

    def test_the_marker_stays_until_the_reward_is_there(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        town.ledger.troubles = list(OUTAGE)

        again = push_passes([friend], at=town.at, desk=town.pass_desk)
        is_marked = town.account(friend).is_dirty
        town.tell()

        assert (again, is_marked) == ((friend,), True)
        assert town.available(town.ann) == 500

    def test_ones_trouble_does_not_hold_back_the_others(self, town: Town) -> None:
        friend, other = town.bring(), town.join("+79990000009")
        town.buy(friend)
        town.ledger.troubles = list(OUTAGE)

        push_passes([friend, other], at=town.at, desk=town.pass_desk)

        assert not town.account(other).is_dirty

    def test_a_program_that_cannot_be_read_holds_back_nobody_elses_pass(
        self, town: Town
    ) -> None:
        friend, other = town.bring(), town.join("+79990000009")
        town.buy(friend)
        town.merchants.publish(SHOP, {"earn_percent": "many"}, 2)

        again = push_passes([friend, other], at=town.at, desk=town.pass_desk)

        assert again == (friend,)
        assert not town.account(other).is_dirty

    def test_a_reward_lost_before_it_was_given_is_never_given(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        late = town.account(friend)  # as a worker read it, who then stood still

        town.bring_back()
        written = settle_referral(town.account(friend), at=town.at, book=town.book)
        town.tell()
        settle_referral(late, at=town.at, book=town.book)

        assert written == 2
        assert (town.available(town.ann), town.available(friend)) == (0, 0)
        assert town.kinds(town.ann) == [EntryKind.JOIN, EntryKind.REVERSE]
        referral = town.account(friend).rewards.referral
        assert referral
        assert referral.state is ReferralState.REVERSED

    def test_a_lost_answer_gives_nothing_twice(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        town.ledger.troubles = ["lost after", "lost after"]

        town.tell()

        assert (town.available(town.ann), town.available(friend)) == (500, 210)

    def test_an_outage_that_lasts_is_trouble(self, town: Town) -> None:
        friend = town.bring()
        town.buy(friend)
        town.ledger.troubles = list(OUTAGE)

        with pytest.raises(StoreUnavailable):
            settle_referral(town.account(friend), at=town.at, book=town.book)


def test_operations_of_referrals_are_named_by_the_friend(town: Town) -> None:
    friend = town.bring()
    town.buy(friend)

    town.tell()

    key = f"{friend.member_id}~referrer"
    assert town.ledger.recorded(replace(operation(key), client="referral"))
