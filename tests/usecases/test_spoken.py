"""A phone number spoken aloud finds and earns; it never redeems without a code (SECURITY 4)."""

from datetime import timedelta

import pytest

from chalicelib.domain.till_rule import SPOKEN_FOR, ConfirmationRequired
from chalicelib.ports import StoreUnavailable
from chalicelib.usecases.spoken import NOTED_AGAIN_AFTER, note_shown, note_spoken
from tests.fakes.ledger import FakeLedger
from tests.usecases.test_till_rule import NO_TILL, Counter


def say(shop: Counter) -> None:
    """Let a till find Ann by a number somebody says."""
    account = shop.account(shop.ann)
    note_spoken(account, at=shop.at, ledger=shop.ledger, pacer=shop.pacer)


def scan(shop: Counter) -> None:
    """Let a till scan what Ann shows."""
    note_shown(shop.account(shop.ann), ledger=shop.ledger)


@pytest.fixture(params=[None, 100], ids=["no rule", "rule"])
def till(request: pytest.FixtureRequest) -> Counter:
    return Counter(confirm_above=request.param)


def test_not_one_point_is_redeemed_without_a_code(till: Counter) -> None:
    say(till)

    with pytest.raises(ConfirmationRequired) as refused:
        till.sell(1)

    assert refused.value.facts == {
        "asked": 1, "allowed": 0, "used_today": 0, "reason": "missing",
        "identified_by": "phone",
    }  # fmt: skip


def test_nor_held_nor_redeemed_without_a_receipt(till: Counter) -> None:
    say(till)

    for ask in (till.hold, till.redeem):
        with pytest.raises(ConfirmationRequired):
            ask(1)


def test_a_quote_says_so_beforehand(till: Counter) -> None:
    say(till)

    need = till.quoted(1).need

    assert need is not None
    assert (need.is_required, need.allowed, need.is_spoken) == (True, 0, True)


def test_earning_is_asked_nothing(till: Counter) -> None:
    say(till)

    assert till.sell(0).value.earned > 0


def test_a_code_lets_it_through_once(till: Counter) -> None:
    say(till)
    confirmed = till.confirm()

    till.sell(50, "k1", confirmed)

    with pytest.raises(ConfirmationRequired) as refused:
        till.sell(1, "k2", confirmed)
    assert refused.value.facts["reason"] == "used"


def test_something_scanned_takes_the_note_away(till: Counter) -> None:
    say(till)
    scan(till)

    assert till.sell(1).value.redeemed == 1


def test_who_is_not_at_a_till_is_not_asked(till: Counter) -> None:
    say(till)

    assert till.sell(1, presence=NO_TILL).value.redeemed == 1


def test_a_sale_in_between_leaves_the_note(till: Counter) -> None:
    say(till)
    till.sell(0)

    with pytest.raises(ConfirmationRequired):
        till.sell(1, "k2")


def test_the_note_is_good_for_an_hour(till: Counter) -> None:
    say(till)
    till.clock.at += SPOKEN_FOR - timedelta(seconds=1)
    with pytest.raises(ConfirmationRequired):
        till.sell(1)

    till.clock.at += timedelta(seconds=1)

    assert till.sell(1, "k2").value.redeemed == 1


def test_what_was_said_a_moment_ago_is_not_written_again(till: Counter) -> None:
    say(till)
    first = till.account(till.ann).spoken_at
    till.clock.at += NOTED_AGAIN_AFTER - timedelta(seconds=1)
    say(till)
    soon = till.account(till.ann).spoken_at
    till.clock.at += timedelta(seconds=1)
    say(till)

    assert soon == first
    assert till.account(till.ann).spoken_at == till.at


class _Broken(FakeLedger):
    def note_spoken(self, *_: object) -> None:
        raise StoreUnavailable("no answer")


def test_a_note_that_cannot_be_written_stops_the_look_up(till: Counter) -> None:
    account = till.account(till.ann)

    with pytest.raises(StoreUnavailable):
        note_spoken(account, at=till.at, ledger=_Broken(), pacer=till.pacer)


def test_one_that_cannot_be_taken_away_stops_nothing(till: Counter) -> None:
    say(till)

    note_shown(till.account(till.ann), ledger=_Broken())

    with pytest.raises(ConfirmationRequired):
        till.sell(1)
