"""Members' coupons: given, got for points, made by themselves (R41, R43, F048, F051)."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.coupons import (
    CouponNotOffered,
    CouponState,
    CouponUnknown,
    NoConsent,
)
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.limits import Counter
from chalicelib.domain.members import Consent, ConsentPurpose
from chalicelib.domain.pricing import InsufficientPoints
from chalicelib.domain.promo_codes import MemberCoupon, own_counter
from chalicelib.usecases.coupons import CouponWish, bring_coupon, list_coupons
from chalicelib.usecases.members import ProfileEdit, edit_profile
from chalicelib.usecases.outbox import push_passes
from chalicelib.usecases.write_once import Answered, KeyReused
from tests.builders import SHOP, document, operation
from tests.usecases.world import World

FIVE_HUNDRED = {"id": "five", "discount_percent": 10, "price_points": 500, "valid_months": 6}
GIFT = {"id": "gift", "points": 300, "valid_days": 14}
WEEK = {"id": "week", "points": 300, "valid_days": 60, "to": "2026-06-07"}
BY_ITSELF = {**FIVE_HUNDRED, "exchange": "automatic"}


class Town(World):
    """A shop with coupons, and Ann with 1 200 points."""

    def __init__(self, *coupons: dict[str, Any], points: int = 1_200) -> None:
        super().__init__(coupons=list(coupons or (FIVE_HUNDRED, GIFT, WEEK)))
        self.ann = self.join()
        if points:
            self.give(self.ann, points)

    def bring(self, coupon: str, key: str = "k", **more: Any) -> Answered[LedgerEntry]:
        """Give Ann a coupon; `is_for_points` takes its price."""
        wish = CouponWish(
            coupon_id=coupon, is_for_points=more.pop("is_for_points", False), **more
        )
        return bring_coupon(self.ann, wish, operation(key), at=self.at, desk=self.coupon_desk)

    def coupons(self) -> list[MemberCoupon]:
        """Return all of Ann's coupons, the latest first."""
        return [one.coupon for one in self.listed()]

    def listed(self) -> Any:
        return list_coupons(self.ann, at=self.at, book=self.book, codes=self.promo_codes)

    def agree(self, *, granted: bool = True) -> None:
        """Let Ann answer the question of advertising."""
        consent = Consent(ConsentPurpose.ADVERTISING, granted, "1", "ru", self.at, "me")
        edit = ProfileEdit(consents=(consent,))
        edit_profile(self.ann, edit, at=self.at, directory=self.directory)

    def tell(self) -> None:
        """Do what the outbox does."""
        push_passes([self.ann], at=self.at, desk=self.pass_desk)


@pytest.fixture
def town() -> Town:
    return Town()


def words(_profile: Any, coupon: MemberCoupon) -> str:
    return f"your coupon {coupon.code}"


class TestExchange:
    def test_points_become_a_coupon_of_six_months(self, town: Town) -> None:
        entry = town.bring("five", is_for_points=True).value

        (coupon,) = town.coupons()
        assert town.available(town.ann) == 700
        assert (coupon.coupon_id, coupon.points) == ("five", 500)
        assert coupon.last == date(2026, 12, 1)
        assert (entry.kind, entry.facts["redeemed"]) == (EntryKind.REDEEM, 500)
        assert entry.facts["code"] == coupon.code
        assert len(coupon.code) == 8

    def test_a_month_that_is_too_short_ends_the_coupon_on_its_last_day(self) -> None:
        town = Town(FIVE_HUNDRED)
        town.wait(days=(date(2026, 8, 31) - date(2026, 6, 1)).days)

        town.bring("five", is_for_points=True)

        assert town.coupons()[0].last == date(2027, 2, 28)

    def test_too_few_points_are_told_and_nothing_is_written(self) -> None:
        town = Town(points=499)
        before = town.account(town.ann)

        with pytest.raises(InsufficientPoints) as refused:
            town.bring("five", is_for_points=True)

        assert refused.value.facts == {"asked": 500, "available": 499}
        assert town.account(town.ann) == before
        assert town.coupons() == []

    def test_a_repeat_tells_the_same_code_even_when_the_points_are_gone(self) -> None:
        town = Town(points=500)
        first = town.bring("five", is_for_points=True)

        again = town.bring("five", is_for_points=True)

        assert (first.is_replay, again.is_replay) == (False, True)
        assert again.value == first.value
        assert len(town.coupons()) == 1

    def test_an_answer_that_was_lost_is_found_again(self, town: Town) -> None:
        town.ledger.troubles = ["lost after"]

        answer = town.bring("five", is_for_points=True)

        (coupon,) = town.coupons()
        assert answer.value.facts["code"] == coupon.code
        assert town.available(town.ann) == 700

    def test_digits_the_member_has_are_drawn_again(self) -> None:
        once, again = Town(), Town()
        code = str(once.bring("five", is_for_points=True).value.facts["code"])
        own = MemberCoupon(
            code=code, member_id=again.ann.member_id, coupon_id="gift", given_at=again.at
        )
        again.ledger.coupons[again.ann, code] = own

        drawn = again.bring("five", is_for_points=True).value.facts["code"]

        assert drawn != code
        assert {coupon.code for coupon in again.coupons()} == {code, drawn}

    def test_a_coupon_without_a_price_cannot_be_got(self, town: Town) -> None:
        with pytest.raises(CouponNotOffered):
            town.bring("gift", is_for_points=True)

    def test_a_coupon_whose_days_are_over_cannot_be_got(self) -> None:
        town = Town({**FIVE_HUNDRED, "to": "2026-05-31"})

        with pytest.raises(CouponNotOffered):
            town.bring("five", is_for_points=True)

    def test_a_key_stands_for_one_request(self, town: Town) -> None:
        town.bring("five", is_for_points=True)
        wish = CouponWish(coupon_id="gift", is_for_points=False)
        other = operation("k", body="another")

        with pytest.raises(KeyReused):
            bring_coupon(town.ann, wish, other, at=town.at, desk=town.coupon_desk)


class TestGift:
    def test_a_gift_costs_nothing_and_is_an_entry_that_the_phones_are_told_of(
        self, town: Town
    ) -> None:
        town.tell()

        entry = town.bring("gift").value

        (coupon,) = town.coupons()
        assert (coupon.points, coupon.last) == (0, date(2026, 6, 15))
        assert (entry.kind, entry.points, entry.movements) == (EntryKind.COUPON, 0, ())
        assert town.available(town.ann) == 1_200
        assert town.account(town.ann).is_dirty

    def test_days_of_its_own_go_before_those_of_the_program(self, town: Town) -> None:
        town.bring("gift", valid_days=3)

        assert town.coupons()[0].last == date(2026, 6, 4)

    def test_it_ends_with_the_days_of_its_terms(self, town: Town) -> None:
        town.bring("week")

        assert town.coupons()[0].last == date(2026, 6, 7)

    def test_a_coupon_the_program_has_not_is_refused(self, town: Town) -> None:
        with pytest.raises(CouponUnknown):
            town.bring("nothing")

    def test_nobody_is_given_nothing(self, town: Town) -> None:
        town.ann = MemberRef(SHOP, "mem_nobody")

        with pytest.raises(MemberNotFound):
            town.bring("gift")


class TestMessage:
    def test_a_member_who_agreed_is_sent_the_code(self, town: Town) -> None:
        town.agree()

        entry = town.bring("gift", text=words).value

        (promised,) = town.ledger.promised
        assert promised.sms.to == "+79990000001"
        assert promised.sms.text == f"your coupon {entry.facts['code']}"
        assert [charge.name for charge in promised.charges] == [
            "phone_messages_day",
            "merchant_day",
            "phone_messages_day_in_all",
            "day_in_all",
        ]

    @pytest.mark.parametrize("answered", [False, True], ids=["never asked", "took it back"])
    def test_a_member_who_did_not_is_given_nothing(self, town: Town, answered: bool) -> None:
        if answered:
            town.agree()
            town.wait(hours=1)
            town.agree(granted=False)

        with pytest.raises(NoConsent):
            town.bring("gift", text=words)

        assert town.coupons() == []
        assert town.ledger.promised == []

    def test_a_repeat_after_the_consent_was_taken_back_still_answers(self, town: Town) -> None:
        town.agree()
        first = town.bring("gift", text=words)
        town.wait(hours=1)
        town.agree(granted=False)

        again = town.bring("gift", text=words)

        assert (again.is_replay, again.value) == (True, first.value)


class TestByItself:
    def test_each_five_hundred_points_become_a_coupon(self) -> None:
        town = Town(BY_ITSELF)

        town.tell()

        assert [coupon.points for coupon in town.coupons()] == [500, 500]
        assert town.available(town.ann) == 200
        assert len({coupon.code for coupon in town.coupons()}) == 2

    def test_told_again_it_makes_no_more(self) -> None:
        town = Town(BY_ITSELF)

        for _ in range(3):
            town.tell()

        assert len(town.coupons()) == 2
        assert not town.account(town.ann).is_dirty

    def test_one_that_is_asked_for_does_not_come_by_itself(self, town: Town) -> None:
        town.tell()

        assert town.coupons() == []

    def test_many_are_made_in_turns(self) -> None:
        town = Town(BY_ITSELF, points=500 * 12 + 1)

        town.tell()
        first = len(town.coupons())
        town.tell()

        assert (first, len(town.coupons())) == (10, 12)
        assert town.available(town.ann) == 1

    @pytest.mark.parametrize("trouble", ["overtaken", "lost before", "lost after"])
    def test_trouble_on_the_way_makes_none_twice(self, trouble: str) -> None:
        town = Town(BY_ITSELF)
        town.ledger.troubles = [trouble]

        town.tell()
        town.tell()

        assert len(town.coupons()) == 2
        assert town.available(town.ann) == 200


class TestList:
    def test_it_tells_what_can_be_used(self, town: Town) -> None:
        old = town.bring("gift", "k1", valid_days=1).value
        town.wait(hours=1)
        used = town.bring("gift", "k2").value
        town.wait(hours=1)
        good = town.bring("five", "k3", is_for_points=True).value
        counter = own_counter(str(used.facts["code"]), town.ann.member_id)
        town.ledger.counters[SHOP, counter] = 1

        town.wait(days=2)

        assert [(one.coupon.code, one.state) for one in town.listed()] == [
            (good.facts["code"], CouponState.USABLE),
            (used.facts["code"], CouponState.USED),
            (old.facts["code"], CouponState.EXPIRED),
        ]

    def test_the_last_day_is_a_day_to_use_it(self, town: Town) -> None:
        town.bring("gift", valid_days=1)

        town.wait(days=timedelta(days=1).days)

        assert town.listed()[0].state is CouponState.USABLE

    def test_one_the_program_has_no_more_cannot_be_used(self, town: Town) -> None:
        town.bring("five")

        town.merchants.publish(SHOP, document(coupons=[GIFT]), 2)

        assert [one.state for one in town.listed()] == [CouponState.EXPIRED]

    def test_terms_that_end_sooner_than_was_told_end_it(self, town: Town) -> None:
        town.bring("five")
        last = town.at.date() + timedelta(days=3)

        shorter = {**FIVE_HUNDRED, "to": last.isoformat()}
        town.merchants.publish(SHOP, document(coupons=[shorter]), 2)

        (now,) = town.listed()
        town.wait(days=4)
        (later,) = town.listed()
        assert (now.state, now.coupon.last) == (CouponState.USABLE, last)
        assert later.state is CouponState.EXPIRED

    def test_another_members_coupon_of_the_same_digits_is_another(self, town: Town) -> None:
        code = str(town.bring("gift").value.facts["code"])

        town.ledger.counters[SHOP, own_counter(code, "mem_other")] = 1
        town.ledger.counters[SHOP, Counter(f"code:{code}")] = 1

        assert town.listed()[0].state is CouponState.USABLE
