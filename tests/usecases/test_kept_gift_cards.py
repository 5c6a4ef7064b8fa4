"""Gift cards kept with a card: added by code, offered at tills, never on a number alone."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.gift_cards import (
    GiftCardMode,
    GiftCardNotFound,
    GiftCardRefused,
    GiftCardWish,
)
from chalicelib.domain.kept_gift_cards import (
    KEPT_MAX,
    GiftCardLocked,
    TooManyGiftCards,
)
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.till_rule import NO_TILL, ConfirmationRequired
from chalicelib.ports import CommitConflict
from chalicelib.usecases.gift_cards import (
    GiftCardSale,
    IssuedGiftCard,
    issue_gift_card,
    void_gift_card,
)
from chalicelib.usecases.kept_gift_cards import (
    NO_CARD,
    GiftCardShelf,
    held_gift_cards,
    keep_gift_card,
    kept_code_hash,
    let_gift_card_go,
)
from chalicelib.usecases.leaving import erase_member, merge_members
from chalicelib.usecases.purchases import quote
from tests.builders import operation
from tests.usecases.test_spoken import say
from tests.usecases.test_till_rule import AT_TILL, Counter
from tests.usecases.world import World

NEVER_SOLD = "CCAZ-8R3P-FBQX-0GXJ-9"


@pytest.fixture
def world() -> World:
    return World(mode="earn_and_redeem")


def shelf(world: World) -> GiftCardShelf:
    return GiftCardShelf(book=world.book, directory=world.directory)


def issue(world: World, key: str = "issue", *, is_active: bool = True) -> IssuedGiftCard:
    wanted = GiftCardSale(amount_minor=100_000, is_active=is_active)
    return issue_gift_card(
        wanted, operation(key), at=world.at, book=world.book, keyring=world.keyring
    ).value


def keep(world: World, member: MemberRef, code: str) -> Any:
    return keep_gift_card(member, code, at=world.at, shelf=shelf(world))


def endings(world: World, member: MemberRef) -> list[tuple[str, int]]:
    """Return what a member keeps: how each ends, and what it holds."""
    profile = world.members.profile(member)
    assert profile
    held = held_gift_cards(profile, gift_cards=world.gift_cards)
    return [(one.kept.ending, one.card.balance_minor) for one in held]


class TestKeeping:
    def test_a_card_is_kept_by_its_code_and_its_code_is_not(self, world: World) -> None:
        ann, issued = world.join(), issue(world)

        held, is_known = keep(world, ann, issued.code.lower().replace("-", " "))

        bare = issued.code.replace("-", "")
        assert (held.card, is_known) == (issued.card, False)
        assert endings(world, ann) == [(bare[-5:], 100_000)]
        assert bare[:12] not in repr(world.members.profile(ann)).replace("-", "")

    def test_the_same_again_changes_nothing(self, world: World) -> None:
        ann, issued = world.join(), issue(world)
        keep(world, ann, issued.code)
        before = world.members.profile(ann)

        _, is_known = keep(world, ann, issued.code)

        assert is_known
        assert world.members.profile(ann) == before

    def test_two_may_keep_one_card_as_both_know_its_code(self, world: World) -> None:
        ann, bob, issued = world.join(), world.join("+79990000002"), issue(world)

        keep(world, ann, issued.code)
        keep(world, bob, issued.code)

        assert endings(world, ann) == endings(world, bob)

    def test_a_card_that_cannot_pay_is_not_kept(self, world: World) -> None:
        ann = world.join()
        blank, voided = issue(world, "one", is_active=False), issue(world, "two")
        hash_of = voided.card.code_hash
        void_gift_card(hash_of, "error", operation("v"), at=world.at, book=world.book)

        for one in (blank, voided):
            with pytest.raises(GiftCardRefused):
                keep(world, ann, one.code)

        assert endings(world, ann) == []

    def test_there_is_a_most(self, world: World) -> None:
        ann = world.join()
        for number in range(KEPT_MAX):
            keep(world, ann, issue(world, f"{number}").code)

        with pytest.raises(TooManyGiftCards):
            keep(world, ann, issue(world, "more").code)

        assert len(endings(world, ann)) == KEPT_MAX

    def test_a_profile_that_moved_is_read_again(self, world: World) -> None:
        ann, issued = world.join(), issue(world)
        save, troubles = world.members.save_profile, [CommitConflict("moved")]

        class Moving:
            def __getattr__(self, name: str) -> Any:
                return getattr(world.members, name)

            def save_profile(self, *args: Any, **more: Any) -> None:
                if troubles:
                    raise troubles.pop()
                save(*args, **more)

        moving = replace(world.directory, members=Moving())
        keep_gift_card(
            ann,
            issued.code,
            at=world.at,
            shelf=GiftCardShelf(book=world.book, directory=moving),
        )

        assert len(endings(world, ann)) == 1


class TestGuessing:
    def test_five_wrong_codes_lock_the_day_and_the_right_one_too(self, world: World) -> None:
        ann, issued = world.join(), issue(world)
        for _ in range(5):
            with pytest.raises(GiftCardNotFound):
                keep(world, ann, NEVER_SOLD)

        with pytest.raises(GiftCardLocked):
            keep(world, ann, issued.code)
        world.wait(days=1, minutes=1)

        assert keep(world, ann, issued.code)[0].card == issued.card

    def test_a_slip_of_the_hand_is_no_guess(self, world: World) -> None:
        ann, issued = world.join(), issue(world)
        for _ in range(9):
            with pytest.raises(GiftCardNotFound):
                keep(world, ann, NEVER_SOLD[:-1] + "8")

        assert keep(world, ann, issued.code)[0].card == issued.card

    def test_a_right_code_gives_no_tries_back(self, world: World) -> None:
        ann, issued = world.join(), issue(world)
        for _ in range(5):
            with pytest.raises(GiftCardNotFound):
                keep(world, ann, NEVER_SOLD)
            world.wait(minutes=1)

        with pytest.raises(GiftCardLocked):
            keep(world, ann, issued.code)


class TestLettingGo:
    def test_a_card_that_is_taken_off_keeps_its_money(self, world: World) -> None:
        ann, issued = world.join(), issue(world)
        keep(world, ann, issued.code)

        let_gift_card_go(ann, issued.card.card_id, shelf=shelf(world))

        assert endings(world, ann) == []
        assert keep(world, ann, issued.code)[0].card.balance_minor == 100_000

    def test_only_ones_own_is_taken_off(self, world: World) -> None:
        ann, bob, issued = world.join(), world.join("+79990000002"), issue(world)
        keep(world, ann, issued.code)

        with pytest.raises(GiftCardNotFound):
            let_gift_card_go(bob, issued.card.card_id, shelf=shelf(world))

        assert len(endings(world, ann)) == 1

    def test_an_erased_member_keeps_nothing_and_the_card_lives_on(self, world: World) -> None:
        ann, issued = world.join(), issue(world)
        keep(world, ann, issued.code)

        erase_member(ann, "asked", operation("e"), at=world.at, desk=world.exit_desk)

        assert kept_code_hash(ann, issued.card.card_id, members=world.members) == NO_CARD
        assert world.gift_cards.find(ann.merchant_id, issued.card.code_hash) == issued.card
        with pytest.raises(MemberNotFound):
            keep(world, ann, issued.code)

    def test_the_survivor_of_a_merge_keeps_what_the_other_kept(self, world: World) -> None:
        ann, bob = world.join(), world.join("+79990000002")
        both, bobs = issue(world, "both"), issue(world, "bobs")
        for member, one in ((ann, both), (bob, both), (bob, bobs)):
            keep(world, member, one.code)

        merge_members(
            ann, bob.member_id, "one person", operation("m"), at=world.at, desk=world.exit_desk
        )

        kept = {ending for ending, _ in endings(world, ann)}
        assert kept == {one.code.replace("-", "")[-5:] for one in (both, bobs)}


class TestPaying:
    @pytest.fixture(params=[None, 100], ids=["no rule", "rule"])
    def till(self, request: pytest.FixtureRequest) -> Counter:
        return Counter(confirm_above=request.param)

    @pytest.fixture
    def free(self) -> Counter:
        return Counter(confirm_above=None)

    @pytest.fixture
    def ruled(self) -> Counter:
        return Counter()

    def wish(self, till: Counter) -> GiftCardWish:
        """Keep a new card with Ann's, and wish to pay by it."""
        issued = issue(till)
        keep(till, till.ann, issued.code)
        return GiftCardWish(issued.card.code_hash, GiftCardMode.MAX, is_kept=True)

    def test_a_scanned_card_is_enough_where_the_program_asks_no_more(
        self, free: Counter
    ) -> None:
        sold = free.sell(0, gift_card=self.wish(free)).value

        assert (sold.gift_card_minor, sold.money_minor) == (100_000, 0)

    def test_a_spoken_number_is_never_enough(self, till: Counter) -> None:
        wish = self.wish(till)
        say(till)

        with pytest.raises(ConfirmationRequired) as refused:
            till.sell(0, gift_card=wish)

        facts = refused.value.facts
        assert (facts["identified_by"], facts["pays_by"]) == ("phone", "gift_card")
        assert till.sell(0, "k2", till.confirm(), gift_card=wish).value.gift_card_minor

    def test_the_programs_rule_asks_for_any_amount(self, ruled: Counter) -> None:
        wish = self.wish(ruled)

        with pytest.raises(ConfirmationRequired) as refused:
            ruled.sell(0, gift_card=wish)

        assert refused.value.facts["pays_by"] == "gift_card"

    def test_one_confirmation_is_good_for_points_and_card_and_once(
        self, ruled: Counter
    ) -> None:
        wish, confirmed = self.wish(ruled), ruled.confirm()

        ruled.sell(150, "k1", confirmed, gift_card=replace(wish, amount_minor=20_000))

        with pytest.raises(ConfirmationRequired) as refused:
            ruled.sell(0, "k2", confirmed, gift_card=wish)
        assert refused.value.facts["reason"] == "used"

    def test_a_card_shown_by_its_code_is_asked_nothing(self, till: Counter) -> None:
        wish = replace(self.wish(till), is_kept=False)
        say(till)

        assert till.sell(0, gift_card=wish).value.gift_card_minor == 100_000

    def test_an_online_shop_has_signed_its_member_in(self, till: Counter) -> None:
        wish = self.wish(till)
        say(till)

        assert till.sell(0, presence=NO_TILL, gift_card=wish).value.gift_card_minor

    def test_a_sale_said_to_be_of_earlier_is_asked_as_well(self, till: Counter) -> None:
        wish, sold_at = self.wish(till), till.at
        till.wait(hours=2)
        say(till)

        with pytest.raises(ConfirmationRequired):
            till.sell(0, gift_card=wish, sold_at=sold_at)

    def test_a_quote_says_so_beforehand(self, ruled: Counter) -> None:
        sale = ruled.sale(0, gift_card=self.wish(ruled))

        need = quote(
            sale, at=ruled.at, book=ruled.book, keyring=ruled.keyring, presence=AT_TILL
        ).need

        assert need is not None
        assert (need.is_required, need.by_kept_card) == (True, True)

    def test_what_is_not_kept_is_not_found_and_a_repeat_is_told_all_the_same(
        self, free: Counter
    ) -> None:
        wish = self.wish(free)
        first = free.sell(0, gift_card=wish)

        again = free.sell(0, gift_card=replace(wish, code_hash=NO_CARD))

        assert (again.value, again.is_replay) == (first.value, True)
        with pytest.raises(GiftCardNotFound):
            free.sell(0, "k2", gift_card=replace(wish, code_hash=NO_CARD))
