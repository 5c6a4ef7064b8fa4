"""Plastic cards, codes of a former program, and a pass code that is replaced (R47)."""

from dataclasses import replace

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import EntryKind
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.usecases.identifiers import (
    IDENTIFIERS_MAX,
    CardTaken,
    IdentifierKind,
    IdentifierNotFound,
    TooManyCards,
    bind_identifier,
    find_by_old_code,
    replace_pass_code,
    unbind_identifier,
)
from chalicelib.usecases.members import CodeReplaced, ProfileEdit, find_by_card, find_by_code
from chalicelib.usecases.sign_ups import verify_code
from chalicelib.usecases.write_once import Answered, KeyReused
from tests.builders import SHOP, operation
from tests.usecases.world import CODE, World

CARD, OLD_CODE = IdentifierKind.CARD, IdentifierKind.OLD_CODE


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def ann(world: World) -> MemberRef:
    return world.join()


class TestCards:
    def test_of_another_member_are_refused(self, world: World, ann: MemberRef) -> None:
        bob = world.join("+79990000002")
        bind_identifier(ann, CARD, "4006", directory=world.directory)

        with pytest.raises(CardTaken):
            bind_identifier(bob, CARD, "4006", directory=world.directory)

    def test_of_the_same_member_change_nothing(self, world: World, ann: MemberRef) -> None:
        first = bind_identifier(ann, CARD, "4006", directory=world.directory)

        assert bind_identifier(ann, CARD, "4006", directory=world.directory) == first

    def test_are_only_so_many(self, world: World, ann: MemberRef) -> None:
        for number in range(IDENTIFIERS_MAX):
            bind_identifier(ann, CARD, f"{number}", directory=world.directory)

        with pytest.raises(TooManyCards):
            bind_identifier(ann, CARD, "one more", directory=world.directory)

    def test_that_are_forgotten_find_nobody(self, world: World, ann: MemberRef) -> None:
        bind_identifier(ann, CARD, "4006", directory=world.directory)

        left = unbind_identifier(ann, "4006", directory=world.directory)

        assert left.card_numbers == ()
        with pytest.raises(MemberNotFound):
            find_by_card(SHOP, "4006", directory=world.directory)

    def test_that_are_forgotten_may_be_anothers(self, world: World, ann: MemberRef) -> None:
        bob = world.join("+79990000002")
        bind_identifier(ann, CARD, "4006", directory=world.directory)
        unbind_identifier(ann, "4006", directory=world.directory)

        bind_identifier(bob, CARD, "4006", directory=world.directory)

        assert find_by_card(SHOP, "4006", directory=world.directory) == bob

    def test_of_nobody_cannot_be_forgotten(self, world: World, ann: MemberRef) -> None:
        with pytest.raises(IdentifierNotFound):
            unbind_identifier(ann, "4006", directory=world.directory)


class TestOldCodes:
    def test_find_their_member_in_any_case(self, world: World, ann: MemberRef) -> None:
        bind_identifier(ann, OLD_CODE, "Club-17ab", directory=world.directory)

        assert find_by_old_code(SHOP, "club 17AB", directory=world.directory) == ann

    def test_are_no_card_numbers(self, world: World, ann: MemberRef) -> None:
        profile = bind_identifier(ann, OLD_CODE, "4006", directory=world.directory)

        assert (profile.old_codes, profile.card_numbers) == (("4006",), ())
        with pytest.raises(MemberNotFound):
            find_by_card(SHOP, "4006", directory=world.directory)

    def test_are_forgotten_like_cards(self, world: World, ann: MemberRef) -> None:
        bind_identifier(ann, OLD_CODE, "4006", directory=world.directory)

        unbind_identifier(ann, "4006", directory=world.directory)

        with pytest.raises(MemberNotFound):
            find_by_old_code(SHOP, "4006", directory=world.directory)


class TestReplacedCodes:
    def replaced(self, world: World, member: MemberRef, key: str = "k1") -> Answered[str]:
        return replace_pass_code(
            member, operation(key), at=world.at, book=world.book, directory=world.directory
        )

    def test_the_new_code_finds_the_member_and_the_old_one_nobody(
        self, world: World, ann: MemberRef
    ) -> None:
        old = world.members.profiles[ann].code

        new = self.replaced(world, ann).value

        assert find_by_code(SHOP, new, directory=world.directory) == ann
        with pytest.raises(CodeReplaced):
            find_by_code(SHOP, old, directory=world.directory)

    def test_the_pass_changes_with_it(self, world: World, ann: MemberRef) -> None:
        before, profile = world.account(ann), world.members.profiles[ann]

        self.replaced(world, ann)

        assert world.members.profiles[ann].revision == profile.revision + 1
        assert world.account(ann).pass_version > before.pass_version
        assert world.account(ann).is_dirty
        assert world.ledger.entries(ann)[0].kind is EntryKind.CODE

    def test_a_repeat_tells_the_same_code_and_replaces_nothing(
        self, world: World, ann: MemberRef
    ) -> None:
        first = self.replaced(world, ann)

        again = self.replaced(world, ann)

        assert (again.value, again.is_replay) == (first.value, True)
        assert world.members.profiles[ann].code == first.value

    def test_a_repeat_after_another_replacement_brings_nothing_back(
        self, world: World, ann: MemberRef
    ) -> None:
        first = self.replaced(world, ann)
        second = self.replaced(world, ann, "k2")

        assert self.replaced(world, ann).value == first.value
        assert world.members.profiles[ann].code == second.value

    def test_a_lost_answer_is_asked_for_again(self, world: World, ann: MemberRef) -> None:
        world.ledger.troubles = ["lost after"]

        done = self.replaced(world, ann)

        assert world.members.profiles[ann].code == done.value

    def test_a_key_of_another_request_is_refused(self, world: World, ann: MemberRef) -> None:
        self.replaced(world, ann)
        other = replace(operation("k1"), fingerprint="cd" * 32)

        with pytest.raises(KeyReused):
            replace_pass_code(
                ann, other, at=world.at, book=world.book, directory=world.directory
            )

    def test_friends_go_on_joining_by_the_old_link(self, world: World, ann: MemberRef) -> None:
        link = world.keyring.referral_code(world.members.profiles[ann].code)
        self.replaced(world, ann)

        bob = _joined_by(world, link)

        assert world.members.profiles[bob].referred_by == ann.member_id


def _joined_by(world: World, link: str) -> MemberRef:
    sign_up_id = world.ask_for_code("+79990000002", referral_code=link)
    verified = verify_code(sign_up_id, CODE, "n", ProfileEdit(), at=world.at, doors=world.doors)
    return verified.member
