"""The `Members` port: one contract for the fake and the table."""

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.ports import AlreadyRecorded, CommitConflict, Taken
from tests.adapters.stores import (
    FULL_PROFILE,
    SHOP,
    Stores,
    join,
    profile,
    register,
    sign_up,
    sms,
    stores_of,
    used,
)

THREADS = 16


@pytest.fixture(params=["fake", "dynamo"])
def stores(request) -> Stores:
    return stores_of(request)


BARE = profile(phone=None, code="")


@pytest.mark.parametrize(
    "written",
    [FULL_PROFILE, BARE, profile(), profile(phone=None, proven_email="Ann@example.com")],
    ids=["full", "bare", "usual", "by e-mail"],
)
def test_a_profile_comes_back_as_it_was_written(stores: Stores, written) -> None:
    stores.members.register(written, join(written.member), phone_hash=None, sign_up=None)

    assert stores.members.profile(written.member) == written


def test_nobody_is_known_before_the_registration(stores: Stores) -> None:
    assert stores.members.profile(profile().member) is None
    assert stores.members.id_by_phone(SHOP, "hash") is None
    assert stores.members.id_by_code(SHOP, "L1one") is None
    assert stores.members.id_by_card(SHOP, "card") is None


def test_a_registration_writes_every_way_to_the_member_and_the_first_entry(
    stores: Stores,
) -> None:
    who = profile()

    register(stores)

    assert stores.members.id_by_phone(SHOP, "hash") == who.member.member_id
    assert stores.members.id_by_code(SHOP, who.code) == who.member.member_id
    account = stores.ledger.account(who.member)
    assert account is not None
    assert account.version == 1
    assert [entry.version for entry in stores.ledger.entries(who.member)] == [1]


def test_a_member_of_one_merchant_is_unknown_to_another(stores: Stores) -> None:
    register(stores)

    assert stores.members.id_by_phone("bakery", "hash") is None
    assert stores.members.id_by_code("bakery", "L1one") is None
    assert stores.members.profile(MemberRef("bakery", "mem_one")) is None


def test_a_phone_that_is_a_member_already_names_it_and_nothing_is_written(
    stores: Stores,
) -> None:
    register(stores, "one")

    with pytest.raises(Taken) as caught:
        register(stores, "two")

    assert caught.value.member_id == "mem_one"
    assert stores.members.profile(profile("two").member) is None
    assert stores.members.id_by_code(SHOP, "L1two") is None
    assert stores.ledger.account(profile("two").member) is None


def test_the_same_phone_may_join_another_merchant(stores: Stores) -> None:
    register(stores)
    elsewhere = replace(profile(), member=MemberRef("bakery", "mem_one"))

    stores.members.register(elsewhere, join(elsewhere.member), phone_hash="hash", sign_up=None)

    assert stores.members.id_by_phone("bakery", "hash") == "mem_one"


def test_members_without_a_phone_do_not_meet(stores: Stores) -> None:
    register(stores, "one", phone=None)
    register(stores, "two", phone=None)

    assert stores.members.profile(profile("two").member) is not None


def test_a_pass_code_in_use_is_a_conflict(stores: Stores) -> None:
    register(stores, "one", code="L1SAME")

    with pytest.raises(CommitConflict):
        register(stores, "two", phone="other", code="L1SAME")

    assert stores.members.id_by_phone(SHOP, "other") is None


def test_a_registration_uses_up_its_sign_up(stores: Stores) -> None:
    opened, who = sign_up(), profile()
    stores.sign_ups.open(opened, sms(), [])

    stores.members.register(
        who, join(who.member), phone_hash="hash", sign_up=used(opened, who.member.member_id)
    )

    assert stores.sign_ups.find(SHOP, opened.sign_up_id) == used(opened, who.member.member_id)


def test_a_sign_up_used_meanwhile_is_a_conflict_and_nobody_is_registered(
    stores: Stores,
) -> None:
    opened, who = sign_up(), profile()
    stores.sign_ups.open(opened, sms(), [])
    stores.sign_ups.use(used(opened, "mem_first"))

    with pytest.raises(CommitConflict):
        stores.members.register(
            who, join(who.member), phone_hash="hash", sign_up=used(opened, "mem_one")
        )

    assert stores.members.id_by_phone(SHOP, "hash") is None
    found = stores.sign_ups.find(SHOP, opened.sign_up_id)
    assert found is not None
    assert found.member_id == "mem_first"


def test_a_sign_up_that_never_was_registers_nobody(stores: Stores) -> None:
    who = profile()

    with pytest.raises(CommitConflict):
        stores.members.register(
            who, join(who.member), phone_hash="hash", sign_up=used(sign_up())
        )

    assert stores.members.profile(who.member) is None


def test_a_repeat_under_the_same_key_is_told_what_was_recorded(stores: Stores) -> None:
    first, second = profile("one"), profile("two")
    stores.members.register(
        first, join(first.member, key="key-1"), phone_hash=None, sign_up=None
    )

    with pytest.raises(AlreadyRecorded) as caught:
        stores.members.register(
            second, join(second.member, key="key-1"), phone_hash=None, sign_up=None
        )

    assert caught.value.recorded.entry is not None
    assert caught.value.recorded.entry.member == first.member
    assert stores.members.profile(second.member) is None


def test_a_sign_up_repeated_under_its_key_is_told_whose_the_phone_is(stores: Stores) -> None:
    opened, first, second = sign_up(), profile("one"), profile("two")
    stores.sign_ups.open(opened, sms(), [])
    stores.members.register(
        first, join(first.member, key="sup"), phone_hash="hash", sign_up=used(opened)
    )

    with pytest.raises(Taken):
        stores.members.register(
            second, join(second.member, key="sup"), phone_hash="hash", sign_up=used(opened)
        )
    with pytest.raises(CommitConflict):
        stores.members.register(
            second, join(second.member, key="sup"), phone_hash=None, sign_up=used(opened)
        )


def test_a_saved_profile_has_the_next_revision(stores: Stores) -> None:
    register(stores)
    renamed = profile(name="Anna", anniversary_due=date(2026, 7, 1))

    stores.members.save_profile(renamed)

    assert stores.members.profile(renamed.member) == replace(renamed, revision=2)


def test_of_two_edits_of_one_revision_the_second_is_refused(stores: Stores) -> None:
    register(stores)
    stores.members.save_profile(profile(name="first"))

    with pytest.raises(CommitConflict):
        stores.members.save_profile(profile(name="second"))

    found = stores.members.profile(profile().member)
    assert found is not None
    assert found.name == "first"


def test_a_profile_that_is_not_there_cannot_be_saved(stores: Stores) -> None:
    with pytest.raises(CommitConflict):
        stores.members.save_profile(profile())

    assert stores.members.profile(profile().member) is None


def test_a_bound_card_leads_to_its_member(stores: Stores) -> None:
    register(stores)
    with_card = profile(card_numbers=("4600001",))

    stores.members.add_card(with_card, "card-hash")

    assert stores.members.id_by_card(SHOP, "card-hash") == "mem_one"
    assert stores.members.profile(with_card.member) == replace(with_card, revision=2)


def test_a_card_is_bound_once(stores: Stores) -> None:
    register(stores, "one", phone="1")
    register(stores, "two", phone="2")
    stores.members.add_card(profile("one"), "card-hash")

    with pytest.raises(Taken) as caught:
        stores.members.add_card(profile("two", card_numbers=("4600001",)), "card-hash")

    assert caught.value.member_id == "mem_one"
    assert stores.members.profile(profile("two").member) == profile("two")


def test_a_card_is_not_bound_to_a_profile_that_has_moved(stores: Stores) -> None:
    register(stores)
    stores.members.save_profile(profile(name="moved"))

    with pytest.raises(CommitConflict):
        stores.members.add_card(profile(), "card-hash")

    assert stores.members.id_by_card(SHOP, "card-hash") is None


class TestAPhoneThatChangesHands:
    """A fresh member takes a phone over from who had it, in one transaction."""

    def test_leads_to_the_new_member_and_leaves_the_old_one_all_else(self, stores) -> None:
        old, new = profile("one"), profile("two")
        stores.members.register(old, join(old.member), phone_hash="p", sign_up=None)

        stores.members.register(
            new, join(new.member), phone_hash="p", sign_up=None,
            former=replace(old, phone=None),
        )  # fmt: skip

        assert stores.members.id_by_phone(SHOP, "p") == new.member.member_id
        assert stores.members.profile(old.member) == replace(old, phone=None, revision=2)
        assert stores.members.id_by_code(SHOP, old.code) == old.member.member_id

    def test_does_not_where_it_leads_to_somebody_else_by_now(self, stores) -> None:
        old, other, new = profile("one"), profile("two"), profile("three")
        stores.members.register(old, join(old.member), phone_hash=None, sign_up=None)
        stores.members.register(other, join(other.member), phone_hash="p", sign_up=None)

        with pytest.raises(CommitConflict):
            stores.members.register(
                new, join(new.member), phone_hash="p", sign_up=None, former=old
            )

        assert stores.members.id_by_phone(SHOP, "p") == other.member.member_id
        assert stores.members.profile(new.member) is None

    def test_does_not_where_the_old_profile_has_moved(self, stores) -> None:
        old, new = profile("one"), profile("two")
        stores.members.register(old, join(old.member), phone_hash="p", sign_up=None)
        stores.members.save_profile(old)

        with pytest.raises(CommitConflict):
            stores.members.register(
                new, join(new.member), phone_hash="p", sign_up=None, former=old
            )

        assert stores.members.profile(new.member) is None
