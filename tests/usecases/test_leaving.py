"""A member goes: by erasure, or into another member; and what others still owe them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.entries import EntryKind, LedgerEntry
from chalicelib.domain.leaving import MergeRefused
from chalicelib.domain.ledger import Grant, MemberNotFound
from chalicelib.domain.members import DeviceRegistration, OutgoingSms
from chalicelib.domain.past import account_on
from chalicelib.domain.promo_codes import MemberCoupon
from chalicelib.domain.receipts import Receipt, ReturnedLine
from chalicelib.domain.returns import Claim
from chalicelib.ports import PushKind, PushOutcome, StoreUnavailable
from chalicelib.usecases.identifiers import (
    IdentifierKind,
    bind_identifier,
    find_by_old_code,
    replace_pass_code,
)
from chalicelib.usecases.leaving import erase_member, merge_members
from chalicelib.usecases.members import (
    CodeReplaced,
    ProfileEdit,
    edit_profile,
    find_by_card,
    find_by_code,
    find_by_phone,
    view_member,
)
from chalicelib.usecases.outbox import push_passes, send_sms
from chalicelib.usecases.points import grant_points
from chalicelib.usecases.purchases import record_purchase
from chalicelib.usecases.returns import finish_move, move_receipt, return_goods
from chalicelib.usecases.standing import standing
from chalicelib.usecases.write_once import Answered, KeyReused
from tests.builders import (
    SHOP,
    TODAY,
    document,
    exactly,
    line,
    operation,
    receipt_key,
    sale,
    up_to,
)
from tests.usecases.test_rewards import OUTAGE, Town
from tests.usecases.world import PHONE, World

BOBS = "+79990000002"
CARD, OLD_CODE = IdentifierKind.CARD, IdentifierKind.OLD_CODE
DEVICE = DeviceRegistration("d1", "pass.test", "s1", "aa" * 32, World().at)


def erase(world: World, member: MemberRef, key: str = "erase") -> Answered[LedgerEntry]:
    return erase_member(
        member, "asked for it", operation(key), at=world.at, desk=world.exit_desk
    )


def merge(
    world: World, survivor: MemberRef, other: MemberRef, key: str = "merge"
) -> Answered[LedgerEntry]:
    return merge_members(
        survivor, other.member_id, "twice", operation(key), at=world.at, desk=world.exit_desk
    )


def buy(world: World, member: MemberRef, receipt: str = "r-1", redeem: int = 0) -> Receipt:
    sold = sale(
        line(5_000, 2_000), receipt=receipt, member=member.member_id, at=world.at,
        redeem=exactly(redeem) if redeem else up_to(0),
    )  # fmt: skip
    return record_purchase(
        sold, operation(f"buy {receipt}"), at=world.at, book=world.book, keyring=world.keyring
    ).value


def bring_back(world: World, receipt: str = "r-1") -> Receipt:
    claim = Claim(return_id="t1", lines=(ReturnedLine(0, 2_000),))
    key = receipt_key(receipt)
    return return_goods(
        key, claim, operation(f"return {receipt}"), at=world.at, book=world.book
    ).value[0]


def folded_total(world: World, member: MemberRef) -> int:
    """Return what the entries come to, having checked the fold against the account."""
    entries = world.ledger.entries_by_member[member]
    fold, stored = account_on(member, entries, TODAY), world.account(member)
    assert (fold.turnover, fold.overrides) == (stored.turnover, stored.overrides)
    assert sorted(fold.lots, key=lambda one: one.lot_id) == list(stored.lots)
    return sum(one.points for one in entries)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ann(world: World) -> MemberRef:
    member = world.join(PHONE)
    world.give(member, 100)
    return member


@pytest.fixture
def bob(world: World) -> MemberRef:
    member = world.join(BOBS)
    world.give(member, 30, days=10)
    return member


class TestErasing:
    def test_leaves_no_way_to_the_member(self, world: World, ann: MemberRef) -> None:
        code = world.members.profiles[ann].code
        bind_identifier(ann, CARD, "C-1", directory=world.directory)

        erase(world, ann)

        for find, text in (
            (find_by_phone, PHONE), (find_by_code, code), (find_by_card, "C-1"),
        ):  # fmt: skip
            with pytest.raises(MemberNotFound):
                find(SHOP, text, directory=world.directory)
        with pytest.raises(MemberNotFound):
            view_member(ann, at=world.at, directory=world.directory)
        assert world.members.profile(ann) is None

    def test_the_ledger_stays_and_folds_to_nothing(self, world: World, ann: MemberRef) -> None:
        buy(world, ann)

        erase(world, ann)

        assert folded_total(world, ann) == 0
        assert world.ledger.entries(ann)[0].kind is EntryKind.ERASE

    def test_a_repeat_is_the_same_answer_and_another_key_finds_nobody(
        self, world: World, ann: MemberRef
    ) -> None:
        first = erase(world, ann)

        again = erase(world, ann)

        assert (again.value, again.is_replay) == (first.value, True)
        with pytest.raises(MemberNotFound):
            erase(world, ann, "another key")

    def test_a_lost_answer_is_found_again(self, world: World, ann: MemberRef) -> None:
        world.ledger.troubles = ["lost after"]

        done = erase(world, ann)

        assert (done.is_replay, done.value.facts["forfeited"]) == (True, 100)

    def test_a_key_that_stands_for_something_else_is_refused(
        self, world: World, ann: MemberRef
    ) -> None:
        grant_points(
            ann, Grant(points=1, reason="x"), operation("k"), at=world.at, book=world.book
        )
        other = replace(operation("k"), fingerprint="another")

        with pytest.raises(KeyReused):
            erase_member(ann, "x", other, at=world.at, desk=world.exit_desk)
        assert world.account(ann).status is MemberStatus.ACTIVE

    def test_a_profile_that_moves_meanwhile_is_read_again(
        self, world: World, ann: MemberRef
    ) -> None:
        binding = _Meanwhile(world, ann)

        erase_member(ann, "x", operation("e"), at=world.at, desk=binding.desk)

        with pytest.raises(MemberNotFound):
            find_by_card(SHOP, "C-9", directory=world.directory)

    def test_the_phone_can_sign_up_again_as_somebody_new(
        self, world: World, ann: MemberRef
    ) -> None:
        erase(world, ann)
        world.wait(minutes=2)

        again = world.join(PHONE)

        assert again != ann
        assert find_by_phone(SHOP, PHONE, directory=world.directory) == again

    def test_nothing_is_written_for_the_member_any_more(
        self, world: World, ann: MemberRef
    ) -> None:
        erase(world, ann)
        before = world.account(ann)

        with pytest.raises(MemberNotFound):
            grant_points(
                ann, Grant(points=1, reason="x"), operation("g"), at=world.at, book=world.book
            )
        with pytest.raises(MemberNotFound):
            buy(world, ann, "r-2")
        with pytest.raises(MemberNotFound):
            edit_profile(ann, ProfileEdit(name="A"), at=world.at, directory=world.directory)
        assert world.account(ann) == before

    def test_goods_come_back_for_money_alone(self, world: World, ann: MemberRef) -> None:
        buy(world, ann, redeem=20)
        erase(world, ann)
        before = world.account(ann)

        receipt = bring_back(world)

        (done,) = receipt.returns
        assert (done.refund_minor, done.forfeited, done.restored) == (8_000, 20, 0)
        assert (done.clawed_back, done.balance) == (0, None)
        assert world.account(ann) == before

    def test_a_receipt_of_the_erased_is_moved_to_nobody(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        buy(world, ann)
        erase(world, ann)

        with pytest.raises(MemberNotFound):
            move_receipt(
                receipt_key(), bob.member_id, "x", operation("m"), at=world.at, book=world.book
            )

    def test_messages_that_have_not_left_do_not(self, world: World, ann: MemberRef) -> None:
        ends = world.at + timedelta(hours=1)
        sms = OutgoingSms(
            "sms-1", SHOP, PHONE, "a coupon", world.at, ends, member_id=ann.member_id
        )
        world.outbox.messages[SHOP, "sms-1"] = sms
        erase(world, ann)

        is_settled = send_sms(
            SHOP, "sms-1", at=world.at, outbox=world.outbox, sender=world.sender,
            ledger=world.ledger,
        )  # fmt: skip

        assert is_settled
        assert world.sender.sent == []
        assert world.outbox.messages[SHOP, "sms-1"].state == "failed"

    def test_phones_are_pushed_once_more_and_then_no_more(
        self, world: World, ann: MemberRef
    ) -> None:
        push_passes([ann], at=world.at, desk=world.pass_desk)
        world.devices.register(ann, DEVICE)
        erase(world, ann)

        push_passes([ann], at=world.at, desk=world.pass_desk)

        assert world.pusher.pushed == [DEVICE.push_token]
        assert world.devices.devices_of(ann) == ()
        assert world.devices.serials_on("d1", "pass.test") == ((ann, "s1"),)
        assert not world.account(ann).is_dirty

    def test_a_push_that_failed_is_tried_again(self, world: World, ann: MemberRef) -> None:
        world.devices.register(ann, DEVICE)
        erase(world, ann)
        world.pusher.outcomes[DEVICE.push_token] = PushOutcome(PushKind.RETRY, 503)

        again = push_passes([ann], at=world.at, desk=world.pass_desk)

        assert again == (ann,)
        assert world.devices.devices_of(ann) == (DEVICE,)


class TestCodesOfWhoWent:
    """Codes of a former program, and pass codes that were replaced."""

    def give_codes(self, world: World, member: MemberRef) -> str:
        """Return the pass code that is replaced; the member has an old code too."""
        bind_identifier(member, OLD_CODE, "old-1", directory=world.directory)
        code = world.members.profiles[member].code
        replace_pass_code(
            member, operation("lost"), at=world.at, book=world.book, directory=world.directory
        )
        return code

    def test_are_erased_too(self, world: World, ann: MemberRef) -> None:
        replaced = self.give_codes(world, ann)

        erase(world, ann)

        assert (world.members.codes, world.members.cards) == ({}, {})
        with pytest.raises(MemberNotFound):
            find_by_old_code(SHOP, "old-1", directory=world.directory)
        with pytest.raises(MemberNotFound):
            find_by_code(SHOP, replaced, directory=world.directory)

    def test_are_the_survivors_and_what_was_replaced_stays_replaced(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        replaced = self.give_codes(world, bob)

        merge(world, ann, bob)

        assert find_by_old_code(SHOP, "old-1", directory=world.directory) == ann
        assert world.members.id_by_code(SHOP, replaced, is_replaced=True) == ann.member_id
        with pytest.raises(CodeReplaced):
            find_by_code(SHOP, replaced, directory=world.directory)

    def test_are_erased_with_the_survivor(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        self.give_codes(world, bob)
        merge(world, ann, bob)

        erase(world, ann)

        assert (world.members.codes, world.members.cards) == ({}, {})

    def test_the_state_of_a_pass_counts_on_when_its_member_goes(
        self, world: World, ann: MemberRef
    ) -> None:
        before = world.states.states_of([ann])[ann]

        erase(world, ann)

        after = world.states.states_of([ann])[ann]
        assert after.version > before.version
        assert (before.is_void, after.is_void) == (False, True)


class TestMerging:
    def test_every_way_to_the_other_leads_to_the_survivor(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        code = world.members.profiles[bob].code
        bind_identifier(bob, CARD, "C-2", directory=world.directory)

        merge(world, ann, bob)

        assert find_by_phone(SHOP, BOBS, directory=world.directory) == ann
        assert find_by_phone(SHOP, PHONE, directory=world.directory) == ann
        assert find_by_code(SHOP, code, directory=world.directory) == ann
        assert find_by_card(SHOP, "C-2", directory=world.directory) == ann
        assert world.members.profile(bob) is None

    def test_points_and_turnover_are_the_survivors_at_once(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        buy(world, bob)

        done = merge(world, ann, bob)

        whole = world.account(ann)
        assert (done.value.facts["points"], whole.available(TODAY)) == (40, 140)
        assert whole.turnover.lifetime_minor == 10_000
        assert (folded_total(world, ann), folded_total(world, bob)) == (140, 0)

    def test_a_repeat_is_the_same_answer_and_moves_nothing(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        first = merge(world, ann, bob)
        before = world.account(ann)

        again = merge(world, ann, bob)

        assert (again.value, again.is_replay) == (first.value, True)
        assert world.account(ann) == before

    def test_what_a_crash_left_half_done_the_outbox_finishes(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        world.ledger.troubles = ["", *OUTAGE]
        with pytest.raises(StoreUnavailable):
            merge(world, ann, bob)
        assert world.account(ann).available(TODAY) == 100

        push_passes([bob], at=world.at, desk=world.pass_desk)

        assert world.account(ann).available(TODAY) == 130
        assert not world.account(bob).is_dirty

    def test_the_marker_stands_until_the_survivor_has_it_all(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        world.ledger.troubles = ["", *OUTAGE, *OUTAGE]
        with pytest.raises(StoreUnavailable):
            merge(world, ann, bob)

        again = push_passes([bob], at=world.at, desk=world.pass_desk)

        assert again == (bob,)
        assert world.account(bob).is_dirty

    def test_itself_the_erased_and_strangers_are_refused(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        with pytest.raises(MergeRefused):
            merge(world, ann, ann)
        with pytest.raises(MemberNotFound):
            merge(world, ann, MemberRef(SHOP, "mem_nobody"), "k2")
        erase(world, bob)
        with pytest.raises(MemberNotFound):
            merge(world, ann, bob, "k3")
        with pytest.raises(MemberNotFound):
            merge(world, bob, ann, "k4")

    def test_a_chain_of_merges_leads_to_the_last(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        eve = world.join("+79990000003")
        merge(world, ann, bob)

        merge(world, eve, ann, "second")

        assert standing(bob, world.ledger).member == eve
        assert find_by_phone(SHOP, BOBS, directory=world.directory) == eve
        assert world.account(eve).available(TODAY) == 130

    def test_erasing_the_survivor_forgets_the_others_phone_too(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        merge(world, ann, bob)

        erase(world, ann)

        with pytest.raises(MemberNotFound):
            find_by_phone(SHOP, BOBS, directory=world.directory)
        assert world.members.phones == {}
        assert world.members.codes == {}

    def test_a_survivor_erased_before_it_was_finished_forfeits_what_comes(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        world.ledger.troubles = ["", *OUTAGE]
        with pytest.raises(StoreUnavailable):
            merge(world, ann, bob)
        erase(world, ann)

        push_passes([bob], at=world.at, desk=world.pass_desk)

        assert world.account(ann).total == 0
        assert not world.account(bob).is_dirty

    def test_goods_of_the_other_come_back_to_the_survivor(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        buy(world, bob, redeem=20)
        merge(world, ann, bob)
        before = world.account(ann).available(TODAY)

        receipt = bring_back(world)

        (done,) = receipt.returns
        assert (done.refund_minor, done.restored) == (8_000, 20)
        assert world.account(ann).available(TODAY) == before + 20 - done.clawed_back
        assert folded_total(world, ann) == world.account(ann).total
        assert world.account(ann).turnover.lifetime_minor == 0

    def test_restored_points_keep_the_dates_they_had(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        buy(world, bob, redeem=20)
        ends = {one.expires_on for one in world.account(bob).lots}
        merge(world, ann, bob)

        bring_back(world)

        lots = world.account(ann).lots
        assert sum(one.points for one in lots if one.expires_on in ends - {None}) == 30

    def test_a_receipt_on_its_way_to_the_other_reaches_the_survivor(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        eve = world.join("+79990000003")
        buy(world, eve)
        world.ledger.troubles = ["", *OUTAGE]
        with pytest.raises(StoreUnavailable):
            move_receipt(
                receipt_key(), bob.member_id, "x", operation("m"), at=world.at, book=world.book
            )
        merge(world, ann, bob)

        for entry in list(world.ledger.entries_by_member[eve]):
            finish_move(entry, at=world.at, book=world.book)

        assert world.account(ann).turnover.lifetime_minor == 10_000

    def test_coupons_can_be_used_by_the_survivor(
        self, world: World, ann: MemberRef, bob: MemberRef
    ) -> None:
        coupon = MemberCoupon(
            code="12345678", member_id=bob.member_id, coupon_id="tenth", given_at=world.at
        )
        world.ledger.coupons[bob, coupon.code] = coupon
        old = replace(coupon, code="87654321", last=TODAY - timedelta(days=1))
        world.ledger.coupons[bob, old.code] = old
        used = replace(coupon, code="11112222")
        world.ledger.coupons[bob, used.code] = used
        world.ledger.counters[SHOP, used.promo_code.counter] = 1

        merge(world, ann, bob)

        mine = replace(coupon, member_id=ann.member_id)
        assert world.promo_codes.coupons(ann) == (mine,)


class TestRewards:
    def test_go_to_whom_the_referrer_was_merged_into(self) -> None:
        town = Town()
        friend, eve = town.bring(), town.join("+79990000005")
        merge(town, eve, town.ann)

        town.buy(friend)
        town.tell()

        assert town.available(eve) == 500

    def test_of_a_friend_who_was_merged_go_to_the_survivor(self) -> None:
        town = Town()
        friend, eve = town.bring(), town.join("+79990000005")
        town.buy(friend)

        merge(town, eve, friend)
        town.tell()
        town.tell()

        assert town.available(town.ann) == 500
        assert town.available(eve) == 200 + 10

    def test_of_a_friend_who_was_erased_reach_the_referrer_alone(self) -> None:
        town = Town()
        friend = town.bring()
        town.buy(friend)

        erase(town, friend)
        town.tell()

        assert town.available(town.ann) == 500
        assert town.account(friend).total == 0


class _Meanwhile:
    """A desk under whose hands a card is bound, once, right after the profile was read."""

    def __init__(self, world: World, member: MemberRef) -> None:
        self.world, self.member, self.is_done = world, member, False
        self.desk = replace(world.exit_desk, members=self)  # type: ignore[arg-type]

    def profile(self, member: MemberRef) -> object:
        found = self.world.members.profile(member)
        if not self.is_done:
            self.is_done = True
            bind_identifier(self.member, CARD, "C-9", directory=self.world.directory)
        return found


def test_two_who_are_merged_into_each_other_do_not_both_vanish() -> None:
    world = World(**{k: v for k, v in document().items() if k == "title"})
    ann, bob = world.join(PHONE), world.join(BOBS)
    desk = replace(world.exit_desk, members=_MergedMeanwhile(world, bob, ann))  # type: ignore[arg-type]

    with pytest.raises(MemberNotFound):
        merge_members(ann, bob.member_id, "x", operation("a"), at=world.at, desk=desk)

    assert world.account(bob).status is MemberStatus.ACTIVE
    assert world.account(ann).merged_into == bob.member_id


class _MergedMeanwhile:
    """Profiles; after the first is read, the survivor-to-be is merged into the other."""

    def __init__(self, world: World, other: MemberRef, gone: MemberRef) -> None:
        self.world, self.other, self.gone, self.is_done = world, other, gone, False

    def profile(self, member: MemberRef) -> object:
        found = self.world.members.profile(member)
        if not self.is_done:
            self.is_done = True
            merge(self.world, self.other, self.gone, "the other way")
        return found
