"""Worked examples of a program, priced by the engine from the configuration (R52).

Which examples a program gets follows from its rules: every tier, category, margin class,
level of a discount, stamp card, bundle, promotion and coupon appears, as far as there is
room. The words are the edge's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice

from chalicelib.domain.account import Turnover
from chalicelib.domain.basket import CHANNELS, BasketLine, Buyer, Scene
from chalicelib.domain.money import MILLI, currency_exponent
from chalicelib.domain.pricing import NO_REDEMPTION, Priced, Redeem, RedeemMode, price
from chalicelib.domain.program import Program
from chalicelib.domain.promo_codes import PromoCode
from chalicelib.domain.rates import DEFAULT_CATEGORY
from chalicelib.domain.rules.bundles import Bundle
from chalicelib.domain.rules.coupons import Coupon
from chalicelib.domain.rules.discounts import CategoryDiscounts, TurnoverDiscount
from chalicelib.domain.rules.excluded import Excluded
from chalicelib.domain.rules.offers import Offer
from chalicelib.domain.rules.promotions import Promotion
from chalicelib.domain.rules.stamps import Stamps

EXAMPLES_MIN, EXAMPLES_MAX = 6, 14
OF_A_KIND_MAX = 4  # tiers, categories, bundles, …
OF_A_RULE_MAX = 8
DAYS_AHEAD_MAX = 7  # a promotion's day of the week comes within a week
WEIGHED_MILLI = 350
_TYPICAL_MAJOR = {"RUB": 1000, "UAH": 1000, "KZT": 10_000, "JPY": 5000, "KRW": 50_000}
_TYPICAL_OTHER = 100
_PLAIN = Redeem(RedeemMode.MAX)


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A purchase and what comes of it."""

    kind: str  # what it shows: "tier", "category", "redeem", …
    name: str | None = None  # of the tier, category, promotion it is about
    scene: Scene
    lines: tuple[BasketLine, ...]
    available: int = 0  # points before
    redeem: Redeem = NO_REDEMPTION
    priced: Priced


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """An example before it is priced."""

    kind: str
    lines: tuple[BasketLine, ...]
    name: str | None = None
    tier: str | None = None
    channel: str = "offline"
    available: int = 0
    spent_minor: int = 0
    stamps: int = 0
    on: date | None = None
    offer: Offer | None = None  # whom, where and when it is for is who buys, where and when


def worked_examples(program: Program, on: date) -> tuple[Example, ...]:
    """Return at least six examples, as if bought on that day."""
    by_rule = (
        _by_tier(program),
        _by_category(program),
        _paid_with_points(program, on),
        _by_margin(program),
        _by_turnover(program),
        _stamped(program),
        _in_sets(program),
        _offered(program, Promotion, on),
        _offered(program, Coupon, on),
        _not_rewarded(program),
    )
    found = _evenly([list(islice(cases, OF_A_RULE_MAX)) for cases in by_rule])
    missing = max(0, EXAMPLES_MIN - len(found))
    found += islice(_of_any_program(program), missing)
    return tuple(_worked(case, program, on) for case in found)


def _evenly(groups: list[list[_Case]]) -> list[_Case]:
    """Return as many cases as there is room for: the first of every group, the second, …"""
    in_turn = sorted(
        (turn, place) for place, cases in enumerate(groups) for turn in range(len(cases))
    )
    chosen = sorted((place, turn) for turn, place in in_turn[:EXAMPLES_MAX])
    return [groups[place][turn] for place, turn in chosen]


def typical_minor(program: Program) -> int:
    """Return what a usual purchase costs: enough for the program's thresholds."""
    major = _TYPICAL_MAJOR.get(program.currency, _TYPICAL_OTHER)
    amount = major * int(10 ** currency_exponent(program.currency))
    step = program.step.per_minor * 3 if program.step else 0
    return max(amount, step, program.min_receipt_for_redeem_minor)


def _worked(case: _Case, program: Program, today: date) -> Example:
    on = case.on or today
    fit = case.offer.fit if case.offer else None
    tiers = program.tiers
    buyer = Buyer(
        tier=case.tier or (tiers.levels[0].name if tiers else None),
        turnover=Turnover(((on, case.spent_minor),), case.spent_minor),
        stamps=case.stamps,
        segments=fit.segments if fit else frozenset(),
        is_member=True,
    )
    store = min(fit.stores) if fit and fit.stores else None
    codes: tuple[PromoCode, ...] = ()
    if isinstance(case.offer, Coupon):
        codes = (PromoCode(code=case.offer.offer_id, coupon_id=case.offer.offer_id),)
    scene = Scene(on=on, channel=case.channel, buyer=buyer, store=store, codes=codes)
    redeem = _PLAIN if case.available else NO_REDEMPTION
    priced = price(
        case.lines, program=program, scene=scene, available=case.available, redeem=redeem
    )
    return Example(
        kind=case.kind,
        name=case.name,
        scene=scene,
        lines=case.lines,
        available=case.available,
        redeem=redeem,
        priced=priced,
    )


def _line(
    price_minor: int,
    units: int = 1,
    *,
    category: str | None = None,
    margin: str | None = None,
    sku: str | None = None,
) -> BasketLine:
    return BasketLine(
        quantity_milli=units * MILLI,
        unit_price_minor=price_minor,
        category=category,
        margin=margin,
        sku=sku,
    )


def _by_tier(program: Program) -> Iterator[_Case]:
    line = (_line(typical_minor(program)),)
    for tier in islice(program.rates, OF_A_KIND_MAX):
        by_channel = program.rates[tier]
        are_same = by_channel[CHANNELS[0]] == by_channel[CHANNELS[1]]
        for channel in CHANNELS[: 1 if are_same else None]:
            yield _Case(kind="tier", name=tier, tier=tier, channel=channel, lines=line)


def _categories(program: Program) -> tuple[str, ...]:
    """Return the categories that have rates or discounts of their own."""
    named: dict[str, None] = dict.fromkeys(program.category_rates)
    for rule in program.rules:
        if isinstance(rule, CategoryDiscounts):
            named |= dict.fromkeys(rule.ppm_by_category)
    return tuple(name for name in named if name != DEFAULT_CATEGORY)


def _by_category(program: Program) -> Iterator[_Case]:
    amount, named = typical_minor(program), _categories(program)
    each = [_line(amount, category=name) for name in named[:OF_A_KIND_MAX]]
    for line in each:
        yield _Case(kind="category", name=line.category, lines=(line,))
    if len(each) > 1:
        yield _Case(kind="basket", lines=tuple(each))


def _by_margin(program: Program) -> Iterator[_Case]:
    for name in islice(program.margin_caps, OF_A_KIND_MAX):
        line = _line(typical_minor(program), margin=name)
        yield _Case(kind="margin", name=name, lines=(line,))


def _by_turnover(program: Program) -> Iterator[_Case]:
    line = (_line(typical_minor(program)),)
    for rule in program.rules:
        if isinstance(rule, TurnoverDiscount):
            for over_minor, _ in islice(rule.levels, OF_A_KIND_MAX):
                reached = over_minor + rule.is_strict
                if rule.is_strict:
                    yield _Case(kind="turnover", spent_minor=over_minor, lines=line)
                yield _Case(kind="turnover", spent_minor=reached, lines=line)


def _stamped(program: Program) -> Iterator[_Case]:
    unit = typical_minor(program) // 5
    for rule in program.rules:
        if isinstance(rule, Stamps):
            every, category = rule.every, rule.category
            for before, units in (
                (0, every - 1),
                (0, every),
                (every - 1, 1),
                (1, 2 * every),
                (every - 1, 2),
            ):
                line = _line(unit, units, category=category)
                yield _Case(kind="stamps", name=category, stamps=before, lines=(line,))
            cheap = _line(unit // 2, category=category)
            lines = (_line(unit, category=category), cheap)
            yield _Case(kind="stamps", name=category, stamps=every - 2, lines=lines)


def _in_sets(program: Program) -> Iterator[_Case]:
    bundles = (rule for rule in program.rules if isinstance(rule, Bundle))
    for bundle in islice(bundles, OF_A_KIND_MAX):
        unit = typical_minor(program) // sum(bundle.units.values())
        lines = tuple(_line(unit, units, sku=sku) for sku, units in bundle.units.items())
        yield _Case(kind="bundle", name=bundle.bundle_id, lines=lines)


def _offered(program: Program, kind: type[Offer], today: date) -> Iterator[_Case]:
    offers = (rule for rule in program.rules if isinstance(rule, kind))
    days = ((offer, _day_of(offer, today)) for offer in offers)
    not_over = ((offer, on) for offer, on in days if on is not None)
    for offer, on in islice(not_over, OF_A_KIND_MAX):
        fit = offer.fit
        price_minor = max(typical_minor(program), fit.min_receipt_minor)
        yield _Case(
            kind=offer.kind,
            name=offer.offer_id,
            lines=(
                _line(
                    price_minor,
                    category=min(fit.categories) if fit.categories else None,
                    sku=min(fit.skus) if fit.skus and not fit.categories else None,
                ),
            ),
            tier=min(fit.tiers) if fit.tiers else None,
            channel=min(fit.channels) if fit.channels else "offline",
            on=on,
            offer=offer,
        )


def _not_rewarded(program: Program) -> Iterator[_Case]:
    amount = typical_minor(program)
    for rule in program.rules:
        if isinstance(rule, Excluded):
            lines = [_line(amount, category=name) for name in sorted(rule.categories)]
            lines += [_line(amount, margin=name) for name in sorted(rule.margins)]
            lines += [_line(amount, sku=name) for name in sorted(rule.skus)]
            yield _Case(kind="excluded", lines=(lines[0], _line(amount)))


def _day_of(offer: Offer, today: date) -> date | None:
    """Return the next day the offer is on, if there is one."""
    fit = offer.fit
    first = max(today, fit.first or today)
    for ahead in range(DAYS_AHEAD_MAX):
        on = first + timedelta(days=ahead)
        if fit.last and on > fit.last:
            return None
        if not fit.weekdays or on.weekday() in fit.weekdays:
            return on
    return None


def _paid_with_points(program: Program, today: date) -> Iterator[_Case]:
    """Yield a receipt paid with few points and one with more than it takes, if any may."""
    amount = typical_minor(program)
    line = _line(amount, category=next(iter(_categories(program)), None))
    numerator, denominator = program.point_value
    worth = amount * denominator // numerator
    for available in (worth // 50, 2 * worth):
        case = _Case(kind="redeem", lines=(line,), available=available)
        if available and _worked(case, program, today).priced.redeemed:
            yield case


def _of_any_program(program: Program) -> Iterator[_Case]:
    """Yield purchases of several sizes; one is weighed."""
    amount, category = typical_minor(program), next(iter(_categories(program)), None)
    weighed = BasketLine(
        quantity_milli=WEIGHED_MILLI, unit_price_minor=amount, unit="kg", category=category
    )
    yield _Case(kind="plain", lines=(weighed,))
    for price_minor in (amount * 3 // 2, amount // 3, amount * 5, amount, amount // 7):
        yield _Case(kind="plain", lines=(_line(price_minor, category=category),))
