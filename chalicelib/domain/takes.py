"""What a sale takes from counters, and what must be read of them before it is priced.

Takes follow from what was really given, which only the priced lines say: a discount that a
better one beat, points of a receipt that earns nothing, or a multiplier that a margin class
cut to nothing, take nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from chalicelib.domain.basket import Scene
from chalicelib.domain.limits import Counter, Take
from chalicelib.domain.program import Program
from chalicelib.domain.promo_codes import CodeUse, PromoCode
from chalicelib.domain.receipts import Receipt, ReceiptLine, Why
from chalicelib.domain.rules.coupons import Coupon
from chalicelib.domain.rules.offers import MONEY, NO_LIMITS, POINTS, USES, Offer

_COUPON_RULES = ("discount.coupon", "earn.coupon_")


def has_limits(program: Program) -> bool:
    """Return whether anything a program gives is limited."""
    return any(_limited(program))


def counters_of(
    program: Program, scene: Scene, *, has_codes: bool = False
) -> tuple[Counter, ...]:
    """Return what must be read before pricing: nothing, for nearly every sale.

    Which coupons are meant is not known before the codes are read: with codes, all count.
    """
    found: list[Counter] = []
    for offer in _limited(program):
        if isinstance(offer, Coupon) and not has_codes:
            continue
        if offer.is_open(scene):
            for _, maxima in offer.counters(scene):
                found.extend(maxima)
    return tuple(found)


def takes_of(
    program: Program, scene: Scene, lines: Sequence[ReceiptLine], uses: Sequence[CodeUse]
) -> tuple[Take, ...]:
    """Return what the priced lines take from the counters of their offers and codes."""
    found: list[Take] = []
    for offer in _limited(program):
        if scene.is_paid and offer.reward.is_discount:  # taken when it was paid
            continue
        whys = [why for line in lines for why in line.why if offer.is_why(why.rule, why.name)]
        given = _given(whys)
        if given[POINTS] or given[MONEY]:
            for kind, maxima in offer.counters(scene):
                found.extend(Take(on, given[kind], most) for on, most in maxima.items())
    if not scene.is_paid:
        found.extend(_code_takes(scene, uses))
    return tuple(take for take in found if take.units)


def code_uses_of(scene: Scene, lines: Sequence[ReceiptLine]) -> tuple[CodeUse, ...]:
    """Return what each presented code did; the first of a coupon did it."""
    if not scene.codes:
        return ()
    whys: dict[str | None, list[Why]] = {}
    for line in lines:
        for why in line.why:
            if why.rule.startswith(_COUPON_RULES):
                whys.setdefault(why.name, []).append(why)
    return tuple(_code_use(code, whys.pop(code.coupon_id, [])) for code in scene.codes)


def given_back(receipt: Receipt, on: date, *, is_moved: bool) -> tuple[Take, ...]:
    """Return what a void on a business day gives back: of other days' counters nothing.

    With `is_moved` only what the next owner takes anew, on the day it was taken: what was
    given in points. What made the receipt cheaper stays with it.
    """
    if not is_moved:
        return _backwards(take for take in receipt.takes if take.counter.day in (None, on))
    kept = kept_takes(receipt)
    return _backwards(take for take in receipt.takes if take not in kept)


def kept_takes(receipt: Receipt) -> tuple[Take, ...]:
    """Return what a receipt took for its price and its codes: that stays when it moves."""
    cheaper = {
        f"{why.rule.removeprefix('discount.')}:{why.name}"
        for line in receipt.lines
        for why in line.why
        if why.rule.startswith("discount.")
    }
    return tuple(
        take
        for take in receipt.takes
        if take.counter.name.startswith(("code:", "own:"))
        or take.counter.name.rpartition(":")[0] in cheaper
    )


def _backwards(takes: Iterable[Take]) -> tuple[Take, ...]:
    """Return what undoes takes; a counter moves once in a transaction."""
    units: dict[Counter, int] = {}
    for take in takes:
        units[take.counter] = units.get(take.counter, 0) - take.units
    return tuple(Take(counter, back) for counter, back in units.items())


def _limited(program: Program) -> Iterator[Offer]:
    return (
        rule
        for rule in program.rules
        if isinstance(rule, Offer) and rule.limits is not NO_LIMITS
    )


def _given(whys: Sequence[Why]) -> dict[str, int]:
    return {
        USES: 1,
        POINTS: sum(why.points or 0 for why in whys),
        MONEY: sum(why.amount_minor or 0 for why in whys),
    }


def _code_use(code: PromoCode, whys: Sequence[Why]) -> CodeUse:
    given = _given(whys)
    is_applied = bool(given[POINTS] or given[MONEY])
    return CodeUse(code.code, code.coupon_id, is_applied, given[MONEY], given[POINTS])


def _code_takes(scene: Scene, uses: Sequence[CodeUse]) -> Iterator[Take]:
    member_id = scene.buyer.member_id
    for code, use in zip(scene.codes, uses, strict=True):
        if not use.is_applied:
            continue
        yield Take(code.counter, 1, code.max_uses)
        if code.max_uses_per_member is not None and member_id is not None:
            yield Take(code.counter_of(member_id), 1, code.max_uses_per_member)
