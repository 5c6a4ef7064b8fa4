"""Merchants are opened, and change their rules by draft and publish (R16)."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import Merchant, Scope
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.usecases.merchants import (
    DraftMissing,
    DraftOutdated,
    MerchantTaken,
    OpenedMerchant,
    open_merchant,
    paint_merchant,
    publish_draft,
    save_draft,
)
from chalicelib.usecases.write_once import MerchantNotFound
from tests.builders import SHOP, document
from tests.usecases.world import World


@pytest.fixture
def world() -> World:
    return World()


def opened(world: World, name: str = "bakery", **program: object) -> OpenedMerchant:
    merchant = Merchant(name, "Bakery", "RU", ("RU",), "ru")
    return open_merchant(merchant, document(**program), at=world.at, office=world.office)


class TestOpening:
    def test_writes_version_one_and_plans_the_first_run(self, world: World) -> None:
        shop = opened(world).merchant

        program = world.merchants.program("bakery")
        assert program
        assert program.version == 1
        assert shop.next_run_at
        assert shop.next_run_at > world.at

    def test_gives_one_key_to_a_till_and_one_to_a_shop(self, world: World) -> None:
        keys = opened(world)

        till, shop = (
            world.api_keys.keys[world.keyring.fingerprint("api_key", key)]
            for key in (keys.till_key, keys.integration_key)
        )
        assert till.scopes == {Scope.TILL}
        assert shop.scopes == set(Scope)
        assert (till.merchant_id, till.till_id) == ("bakery", "till-1")

    def test_keeps_no_key_itself(self, world: World) -> None:
        keys = opened(world)

        assert keys.till_key not in repr(world.api_keys.keys)

    def test_a_program_that_cannot_be_writes_nothing(self, world: World) -> None:
        with pytest.raises(InvalidProgram):
            opened(world, mode="both")
        assert world.merchants.find("bakery") is None
        assert world.api_keys.keys == {}

    def test_a_name_in_use_is_refused(self, world: World) -> None:
        opened(world)

        with pytest.raises(MerchantTaken):
            opened(world)
        assert len(world.api_keys.keys) == 2


class TestPublishing:
    def test_a_draft_changes_nothing_until_it_is_published(self, world: World) -> None:
        draft = save_draft(SHOP, document(earn_percent=20), office=world.office)
        before = world.merchants.program(SHOP)

        published = publish_draft(SHOP, office=world.office)

        after = world.merchants.program(SHOP)
        assert before
        assert after
        assert (before.flat.earn_ppm, after.flat.earn_ppm) == (100_000, 200_000)
        assert draft.version == published.version == after.version == 2

    def test_a_new_term_never_shortens_points_given_before(self, world: World) -> None:
        ann = world.join()
        world.give(ann, 40, days=90)
        lots = world.account(ann).lots
        save_draft(SHOP, document(expiry_days=5), office=world.office)
        publish_draft(SHOP, office=world.office)

        world.give(ann, 1)

        assert world.account(ann).lots[0] == lots[0]

    def test_a_draft_that_cannot_be_is_not_kept(self, world: World) -> None:
        with pytest.raises(InvalidProgram):
            save_draft(SHOP, document(mode="both"), office=world.office)
        with pytest.raises(DraftMissing):
            publish_draft(SHOP, office=world.office)

    @pytest.mark.parametrize("text", ["a\x00", "a\nb", "\u202eevil", "\ud800", "a\ufffe"])
    def test_a_text_that_no_pass_can_show_is_not_kept(self, world: World, text: str) -> None:
        rates = {text: {"offline": {"earn": 1, "redeem": 1}}}

        with pytest.raises(InvalidProgram) as title:
            save_draft(SHOP, document(title=text), office=world.office)
        with pytest.raises(InvalidProgram) as name:
            save_draft(SHOP, document(rates=rates), office=world.office)

        words = "must be one line of 1 to 200 characters"
        assert title.value.faults == (("/title", words),)
        assert name.value.faults == (("/rates", words),)

    def test_a_repeat_finds_no_draft_and_publishes_nothing(self, world: World) -> None:
        save_draft(SHOP, document(earn_percent=20), office=world.office)
        publish_draft(SHOP, office=world.office)

        with pytest.raises(DraftMissing):
            publish_draft(SHOP, office=world.office)

        program = world.merchants.program(SHOP)
        assert program
        assert program.version == 2

    def test_somebody_elses_publication_is_not_overwritten(self, world: World) -> None:
        save_draft(SHOP, document(earn_percent=20), office=world.office)
        overtaken = _Overtaken(world)

        with pytest.raises(DraftOutdated):
            publish_draft(SHOP, office=overtaken.office)

    def test_in_another_currency_is_refused_and_not_kept(self, world: World) -> None:
        with pytest.raises(InvalidProgram) as refused:
            save_draft(SHOP, document(currency="EUR"), office=world.office)

        words = "must stay RUB: receipts, turnover and gift cards are in it"
        assert refused.value.faults == (("/currency", words),)
        assert world.merchants.draft(SHOP) is None

    def test_in_another_currency_is_not_published_either(self, world: World) -> None:
        world.merchants.save_draft(SHOP, document(currency="EUR"))

        with pytest.raises(InvalidProgram):
            publish_draft(SHOP, office=world.office)

    def test_of_no_merchant_is_refused(self, world: World) -> None:
        with pytest.raises(MerchantNotFound):
            save_draft("nobody", document(), office=world.office)


class _Overtaken:
    """An office in which another version comes between reading and publishing."""

    def __init__(self, world: World) -> None:
        inner, publish = world.merchants, world.merchants.publish

        class Merchants(type(inner)):  # type: ignore[misc]
            def publish(
                self, merchant_id: str, text: object, version: int, **when: Any
            ) -> None:
                publish(merchant_id, document(), version, **when)
                publish(merchant_id, text, version, **when)

        merchants = Merchants()
        merchants.__dict__.update(inner.__dict__)
        self.office = replace(world.office, merchants=merchants)


@pytest.mark.parametrize(
    ("asked", "shown"), [("#0B6558", "#0b6558"), ("red", "#7a3b12"), ("", "#7a3b12")]
)
def test_a_merchants_pages_take_a_colour_and_nothing_else(
    world: World, asked: str, shown: str
) -> None:
    opened(world)

    paint_merchant("bakery", asked, merchants=world.merchants)

    found = world.merchants.find("bakery")
    assert found is not None
    assert found.accent == shown


def test_a_member_of_one_shop_is_nobody_in_another(world: World) -> None:
    ann = world.join()

    assert world.ledger.account(MemberRef("elsewhere", ann.member_id)) is None
