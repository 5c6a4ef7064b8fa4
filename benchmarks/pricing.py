"""What the engine costs: CPU of `price` for receipts of 1, 10 and 100 lines.

Under the largest template, and under a program that has every rule at once. The best of
several rounds, as neighbours only ever add. A slower machine makes `calibration_us` larger,
a fixed loop of the same kind of work; `to_calibration` is what it says nothing about.
"""

import json
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from time import process_time
from timeit import Timer
from typing import Any, Final

from chalicelib.domain.account import Turnover
from chalicelib.domain.basket import BasketLine, Buyer, Scene
from chalicelib.domain.money import share_out
from chalicelib.domain.pricing import Redeem, RedeemMode, price
from chalicelib.domain.program import Program
from chalicelib.domain.program_document import read_program
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.rules.coupons import coupons_of
from chalicelib.domain.templates import templates

ROUNDS: Final = 15
CALLS: Final = 2_000  # lines priced in a round, at least
LINES: Final = (1, 10, 100)
TEN_LINES_US_MAX: Final = 150
GROWTH_MAX: Final = 1.3  # of the cost of a line, from 10 lines to 100
TODAY: Final = date(2026, 6, 1)
_CATEGORIES = ("protein", "bars", "coffee", "drinks", "clothes")
_MARGINS = (None, "medium", "low")
_EVERY_RULE = Path(__file__).with_name("every_rule.json")


def measure() -> dict[str, Any]:
    """Price receipts of each size under both programs."""
    calibration_us = _cpu_us(_calibrate, 1)
    found: dict[str, Any] = {
        "calibration_us": calibration_us,
        "ten_lines_us_max": TEN_LINES_US_MAX,
        "growth_max": GROWTH_MAX,
    }
    for name, program in programs().items():
        found[name] = _measured(program, calibration_us)
    return found


def missed(found: dict[str, Any]) -> list[str]:
    """Return the marks that were missed, in words."""
    words = [
        f"pricing, {name}: a line of 100 costs more than {GROWTH_MAX} × one of 10"
        for name in programs()
        if found[name]["growth"] > GROWTH_MAX
    ]
    if found["largest_template"]["10_lines_us"] > TEN_LINES_US_MAX:
        words.append(f"pricing: 10 lines over {TEN_LINES_US_MAX} µs")
    return words


def programs() -> dict[str, Program]:
    """Return what is priced by."""
    largest = max((one.document for one in templates()), key=lambda one: len(json.dumps(one)))
    every = json.loads(_EVERY_RULE.read_text(encoding="utf-8"))
    return {"largest_template": read_program(largest, 1), "every_rule": read_program(every, 1)}


def basket(count: int) -> tuple[BasketLine, ...]:
    """Return so many different lines, some of them weighed."""
    return tuple(
        BasketLine(
            quantity_milli=350 if n % 4 == 3 else (1 + n % 3) * 1000,  # noqa: PLR2004
            unit_price_minor=9_900 + 1_350 * n,
            sku=f"sku-{n}",
            category=_CATEGORIES[n % len(_CATEGORIES)],
            margin=_MARGINS[n % len(_MARGINS)],
        )
        for n in range(count)
    )


def scene(program: Program) -> Scene:
    """Return a sale to a good customer, on a Monday."""
    tier = program.tiers.levels[-1].name if program.tiers else None
    turnover = Turnover(tuple((date(2026, 5, day), 250_000) for day in range(1, 31)), 7_500_000)
    buyer = Buyer(
        tier=tier,
        turnover=turnover,
        stamps=4,
        segments=frozenset({"fans"}),
        is_member=True,
        member_id="mem_1",
    )
    codes = tuple(
        PromoCode(code=f"CODE{n}", coupon_id=coupon_id)
        for n, coupon_id in enumerate(coupons_of(program))
    )
    return Scene(on=TODAY, channel="offline", buyer=buyer, store="north", codes=codes)


def _measured(program: Program, calibration_us: float) -> dict[str, Any]:
    found: dict[str, Any] = {"rules": len(program.rules)}
    for count in LINES:
        call = partial(
            price,
            basket(count),
            program=program,
            scene=scene(program),
            available=500,
            redeem=Redeem(RedeemMode.MAX),
        )
        found[f"{count}_lines_us"] = _cpu_us(call, count)
    ten, hundred = found["10_lines_us"], found["100_lines_us"]
    found["growth"] = round(hundred / (10 * ten), 3)
    found["to_calibration"] = round(ten / calibration_us, 2)
    return found


def _cpu_us(call: Callable[[], object], lines: int) -> float:
    """Return the CPU of one call in microseconds, the best of the rounds."""
    number = max(CALLS // lines, 20)
    best = min(Timer(call, timer=process_time).repeat(ROUNDS, number))
    return round(best / number * 1_000_000, 1)


def _calibrate() -> None:
    """Do a fixed piece of what the engine does: integers, a list, a dictionary, sorting."""
    weights = {n: (n * 7919) % 1009 for n in range(50)}
    share_out(12_345, [weight * 1_000_003 for weight in weights.values()])


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
