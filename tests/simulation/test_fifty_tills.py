"""A promo code in fifty hands at once: used as often as it may be, whatever goes wrong.

The programs of these schedules have the code's coupon, before and after the one is
published in the middle.
"""

from collections import Counter as Tally
from dataclasses import replace
from random import Random

import pytest

from chalicelib.domain.limits import Counter
from chalicelib.domain.receipts import ReceiptKey, ReceiptStatus
from tests.simulation import deeds
from tests.simulation.checking import check
from tests.simulation.deeds import MEMBERS, SHOP, Deed
from tests.simulation.rules import EDITIONS
from tests.simulation.running import Schedule, run

TILLS = 50
USES = 3  # of the code
SEEDS = [seed for seed in range(80) if all(rules.coupons for rules in EDITIONS[seed % 4])]
COUNTER = Counter("code:THREE")
_GOODS = ((3_000, 1_000, ""), (4_000, 1_000, "tea"))


def buying(rng: Random, number: int, code: str) -> Deed:
    return Deed(
        kind=deeds.CODE_PURCHASE,
        key=f"k{number}",
        member=rng.choice(("", *MEMBERS)),
        receipt=f"F{number}",
        lines=_GOODS,
        codes=(code,),
    )


def everybody_buys(rng: Random) -> list[list[Deed]]:
    """Let each till sell something by the code; every fifth asks twice."""
    work = [[buying(rng, number, "THREE")] for number in range(TILLS)]
    return [one * 2 if number % 5 == 0 else one for number, one in enumerate(work)]


def members_buy(rng: Random) -> list[list[Deed]]:
    """Let each till sell something to a member, who may use the code once."""
    work = [buying(rng, number, "THREE EACH") for number in range(TILLS)]
    return [[replace(one, member=rng.choice(MEMBERS))] for one in work]


def some_void(rng: Random) -> list[list[Deed]]:
    """Let each till sell something by the code, and every second take it back."""
    tills = []
    for number in range(TILLS):
        sale = buying(rng, number, "THREE")
        void = Deed(
            kind=deeds.CODE_RETURN, key=f"v{number}", receipt=sale.receipt, return_id="v",
            is_void=True,
        )  # fmt: skip
        tills.append([sale, void] if number % 2 else [sale])
    return tills


def uses_of(schedule: Schedule, code: str) -> list[ReceiptKey]:
    """Return by which receipts that stand the code was used."""
    return [
        key
        for key, receipt in schedule.ledger.receipts.items()
        if receipt.status is ReceiptStatus.COMPLETED
        for use in receipt.promo_codes
        if use.code == code and use.is_applied
    ]


def refusals(schedule: Schedule) -> Tally[str | None]:
    """Return how often each till was refused, and why; a repeat counts once."""
    by_deed = {call.deed.key: call.refusal for call in schedule.calls}
    return Tally(by_deed.values())


@pytest.mark.parametrize("seed", SEEDS)
def test_a_code_with_three_uses_is_used_three_times_by_fifty_tills(seed: int) -> None:
    schedule = run(seed, plan_of=everybody_buys)

    check(schedule)
    assert len(uses_of(schedule, "THREE")) == USES
    assert refusals(schedule) == {
        None: USES, "promo_code_refused: used_up": TILLS - USES,
    }  # fmt: skip


@pytest.mark.parametrize("seed", SEEDS)
def test_a_code_for_each_member_once_is_used_by_three_of_them(seed: int) -> None:
    schedule = run(seed, plan_of=members_buy)

    check(schedule)
    used = uses_of(schedule, "THREE EACH")
    members = {schedule.ledger.receipts[name].member_id for name in used}
    assert len(used) == len(members) == USES
    assert sum(refusals(schedule).values()) == TILLS


@pytest.mark.parametrize("seed", SEEDS)
def test_a_use_that_is_given_back_can_be_made_again(seed: int) -> None:
    schedule = run(seed, plan_of=some_void)

    check(schedule)
    used = uses_of(schedule, "THREE")
    assert len(used) <= USES
    assert schedule.ledger.counters[SHOP, COUNTER] == len(used)
