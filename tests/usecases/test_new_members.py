"""A queue of ten: a phone typed at the till earns at once, one tap confirms it."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.account import MemberRef, MemberStatus
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.leaving import MergeRefused
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.redeeming import MemberUnverified
from chalicelib.domain.unverified import MemberVerified
from chalicelib.ports import StoreUnavailable
from chalicelib.usecases.leaving import forget_member, merge_members
from chalicelib.usecases.members import find_by_phone
from chalicelib.usecases.new_members import Added, NewMember, add_member
from chalicelib.usecases.phone_links import LinkUnknown, confirm_by_link, member_of_link
from chalicelib.usecases.points import redeem_points
from chalicelib.usecases.schedule import Done, run_shard
from chalicelib.usecases.write_once import KeyReused
from tests.builders import SHOP, operation
from tests.usecases.world import PHONE, World, consent


@pytest.fixture
def world() -> World:
    return World()


def add(world: World, key: str = "add", body: str = "body", **fields: object) -> Added:
    wish = NewMember(merchant_id=SHOP, phone=PHONE, language="ru", **fields)  # type: ignore[arg-type]
    return add_member(wish, operation(key, body), at=world.at, desk=world.link_desk)


def tokens(world: World) -> list[str]:
    """Return what the links sent so far end in."""
    texts = [sms.text for sms in world.outbox.messages.values()]
    return [found.group(1) for text in texts if (found := re.search(r"/k/([0-9a-f]+)$", text))]


def confirm(world: World, *consents: object) -> MemberRef:
    token, desk = tokens(world)[-1], world.link_desk
    return confirm_by_link(token, consents, "Chrome", at=world.at, desk=desk).member  # type: ignore[arg-type]


def work(world: World) -> Done:
    return run_shard(world.merchant, 0, at=world.at, desk=world.desk, has_time=lambda: True)


class TestAdding:
    def test_a_typed_phone_is_a_member_at_once_and_gets_a_link(self, world: World) -> None:
        added = add(world)

        assert (added.is_new, added.is_link_sent) == (True, True)
        assert not world.account(added.member).is_verified
        assert find_by_phone(SHOP, PHONE, directory=world.directory) == added.member
        [sms] = world.outbox.messages.values()
        assert (sms.to, len(sms.text) <= 70) == (PHONE, True)

    def test_a_known_phone_is_answered_with_its_member_and_no_message(
        self, world: World
    ) -> None:
        ann = world.join()
        sent = len(world.outbox.messages)

        added = add(world)

        assert added == Added(ann, is_new=False)
        assert (len(world.outbox.messages), world.account(ann).is_verified) == (sent, True)

    def test_the_same_phone_later_is_sent_the_same_link_again(self, world: World) -> None:
        first = add(world)
        world.wait(seconds=61)

        again = add(world, "again")

        assert again == Added(first.member, is_new=False, is_link_sent=True)
        assert len(set(tokens(world))) == 1
        assert len(tokens(world)) == 2

    def test_a_repeat_of_the_call_changes_and_sends_nothing(self, world: World) -> None:
        first = add(world)

        again = add(world)

        assert (again.member, again.is_replay) == (first.member, True)
        assert len(tokens(world)) == 1

    def test_a_repeat_with_another_body_is_refused(self, world: World) -> None:
        add(world)

        with pytest.raises(KeyReused):
            add(world, body="another")

    def test_trouble_of_a_moment_is_run_again(self, world: World) -> None:
        world.ledger.troubles = ["lost before", "overtaken"]

        added = add(world)

        assert len(world.members.profiles) == 1
        assert find_by_phone(SHOP, PHONE, directory=world.directory) == added.member

    def test_trouble_that_lasts_is_let_out(self, world: World) -> None:
        world.ledger.troubles = ["lost before"] * 99

        with pytest.raises(StoreUnavailable):
            add(world)

    def test_a_full_limit_holds_up_nobody(self, world: World) -> None:
        world.ask_for_code()  # a phone gets one message a minute

        added = add(world)

        assert (added.is_new, added.is_link_sent) == (True, False)

    def test_a_till_sends_only_so_many_links_an_hour(self, world: World) -> None:
        tills = ["till-1"] * 4 + ["till-2"]

        sent = [
            add_member(
                NewMember(merchant_id=SHOP, phone=f"+799900000{number:02d}", language="ru"),
                operation(f"k{number}", client=till), at=world.at, desk=world.link_desk,
            ).is_link_sent
            for number, till in enumerate(tills)
        ]  # fmt: skip

        assert sent == [True, True, True, False, True]

    def test_a_shop_that_has_proven_the_phone_sends_nothing(self, world: World) -> None:
        added = add(world, is_verified=True)

        assert world.account(added.member).is_verified
        assert not world.outbox.messages

    def test_a_shop_confirms_whom_a_till_has_typed_in(self, world: World) -> None:
        typed = add(world).member

        known = add(world, "shop", is_verified=True)

        assert (known.member, known.is_new) == (typed, False)
        assert world.account(typed).is_verified


class TestConfirming:
    def test_one_tap_lets_points_be_redeemed(self, world: World) -> None:
        ann = add(world).member
        world.give(ann, 100)
        with pytest.raises(MemberUnverified):
            redeem_points(ann, 1, "x", operation("r1"), at=world.at, book=world.book)

        confirm(world)

        redeem_points(ann, 1, "x", operation("r2"), at=world.at, book=world.book)
        assert world.available(ann) == 99

    def test_keeps_what_the_owner_agrees_to(self, world: World) -> None:
        ann = add(world).member

        confirm(world, consent(world.at))

        assert world.members.profiles[ann].consents == (consent(world.at),)

    def test_a_second_tap_soon_gets_the_same_answer(self, world: World) -> None:
        ann = add(world).member
        confirm(world)
        world.wait(minutes=10)

        again = confirm(world)

        kinds = [one.kind for one in world.ledger.entries_by_member[ann]]
        assert (again, kinds.count(EntryKind.VERIFY)) == (ann, 1)

    def test_lets_the_browser_in_once(self, world: World) -> None:
        ann = add(world).member
        confirm(world)
        let_in = world.members.profiles[ann].browsers
        world.members.profiles[ann] = replace(world.members.profiles[ann], browsers=())

        confirm(world)

        assert [one.label for one in let_in] == ["Chrome"]
        assert world.members.profiles[ann].browsers == ()

    def test_a_link_that_was_used_opens_nothing_later(self, world: World) -> None:
        add(world)
        confirm(world)
        world.wait(minutes=10, seconds=1)

        with pytest.raises(LinkUnknown):
            confirm(world)

    def test_opens_nothing_once_a_code_has_confirmed(self, world: World) -> None:
        ann = add(world).member
        world.wait(seconds=61)
        assert world.join() == ann

        with pytest.raises(LinkUnknown):
            confirm(world)

        assert [one.label for one in world.members.profiles[ann].browsers] == [""]

    def test_opens_nothing_after_the_phone_is_another(self, world: World) -> None:
        ann = add(world).member
        profile = world.members.profiles[ann]
        world.members.profiles[ann] = replace(profile, phone="+79990000099")

        with pytest.raises(LinkUnknown):
            confirm(world)

        assert not world.account(ann).is_verified

    def test_goes_on_where_trouble_has_left_it(self, world: World) -> None:
        ann = add(world).member
        world.ledger.troubles = ["lost before"] * 9
        with pytest.raises(StoreUnavailable):
            confirm(world)
        world.ledger.troubles = []

        confirm(world)

        assert world.account(ann).is_verified
        assert [one.label for one in world.members.profiles[ann].browsers] == ["Chrome"]

    def test_goes_on_if_its_own_use_was_not_written(self, world: World) -> None:
        ann = add(world).member
        [(token_hash, unused)] = world.links.links.items()
        confirm(world)
        world.links.links[token_hash] = unused

        again = confirm(world)

        assert again == ann
        assert world.links.links[token_hash].used_at == world.at

    def test_only_looking_confirms_nothing(self, world: World) -> None:
        ann = add(world).member

        found = member_of_link(tokens(world)[0], at=world.at, desk=world.link_desk)

        assert (found, world.account(ann).is_verified) == (ann, False)

    @pytest.mark.parametrize("token", ["", "0123456789abcdef", "х"])
    def test_nobodys_link_is_unknown(self, world: World, token: str) -> None:
        add(world)

        with pytest.raises(LinkUnknown):
            member_of_link(token, at=world.at, desk=world.link_desk)

    def test_a_code_at_sign_up_confirms_too(self, world: World) -> None:
        ann = add(world).member
        world.wait(seconds=61)

        back = world.join()

        assert (back, world.account(ann).is_verified) == (ann, True)


class TestForgetting:
    def test_nobody_is_left_of_who_did_not_confirm_in_thirty_days(self, world: World) -> None:
        ann = add(world).member
        world.give(ann, 100)
        world.wait(days=31)

        done = work(world)

        assert (done.written, done.failed) == (1, 0)
        last = world.ledger.entries_by_member[ann][-1]
        assert (last.kind, last.reason) == (EntryKind.ERASE, "unconfirmed")
        assert world.account(ann).status is MemberStatus.ERASED
        with pytest.raises(MemberNotFound):
            find_by_phone(SHOP, PHONE, directory=world.directory)
        assert add(world, "anew").is_new

    def test_the_thirtieth_day_is_still_theirs(self, world: World) -> None:
        ann = add(world).member
        world.wait(days=30)

        work(world)

        assert world.account(ann).status is MemberStatus.ACTIVE

    def test_who_has_confirmed_stays(self, world: World) -> None:
        ann = add(world).member
        confirm(world)
        world.wait(days=31)

        work(world)

        assert (world.account(ann).status, world.account(ann).due) == (
            MemberStatus.ACTIVE,
            None,
        )

    def test_who_confirms_at_the_last_moment_is_not_forgotten(self, world: World) -> None:
        ann = add(world).member
        confirm(world)
        world.wait(days=31)  # the job has read the account before the tap

        with pytest.raises(MemberVerified):
            forget_member(ann, operation("forget"), at=world.at, desk=world.exit_desk)

    def test_the_link_of_who_was_forgotten_is_unknown(self, world: World) -> None:
        add(world)
        token = tokens(world)[0]
        world.wait(days=30)
        world.clock.at += timedelta(days=1)
        work(world)

        with pytest.raises(LinkUnknown):
            confirm_by_link(token, (), "", at=world.at, desk=world.link_desk)


def test_nobody_is_merged_into_who_may_be_forgotten(world: World) -> None:
    bob = world.join("+79990000002")
    ann = add(world).member

    with pytest.raises(MergeRefused):
        merge_members(
            ann, bob.member_id, "twice", operation("m"), at=world.at, desk=world.exit_desk
        )
