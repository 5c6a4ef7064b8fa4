"""What holds for any program with any rules, and any basket."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.account import Turnover
from chalicelib.domain.basket import BasketLine, Scene
from chalicelib.domain.pricing import Priced, price
from chalicelib.domain.program_document import read_program
from chalicelib.domain.promo_codes import PromoCode
from tests.builders import TODAY, scene, up_to
from tests.domain.rules.baskets import to_pay

CATEGORIES = ("coffee", "tea")
SKUS = ("a", "b", "c")


def objects(**fields: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Return objects with all of these fields."""
    return st.fixed_dictionaries(fields)


PERCENTS = st.integers(0, 100)
REWARDS = st.one_of(
    objects(multiplier=st.sampled_from([1.5, 2, 3.333333])),
    objects(extra_percent=st.integers(1, 20)),
    objects(points=st.integers(1, 500)),
    objects(points=st.integers(1, 50), limits=st.just({"points": {"total": 60}})),
    objects(discount_percent=st.integers(1, 100)),
)
FITS = st.one_of(
    st.just({}),
    objects(categories=st.just(["coffee"])),
    objects(skus=st.just(["a", "b"])),
    objects(weekdays=st.just(["mon"]), min_receipt=st.just("50.00")),
    objects(weekdays=st.just(["sun"])),
)
PROMOTIONS = st.lists(st.builds(lambda fit, gift: fit | gift, FITS, REWARDS), max_size=3).map(
    lambda found: [one | {"id": f"p{i}"} for i, one in enumerate(found)] or None
)
COUPONS = st.lists(
    st.builds(
        lambda fit, gift: fit | gift,
        FITS,
        st.one_of(
            REWARDS,
            objects(discount=st.sampled_from(["0.01", "7.77", "900"])),
            objects(discount_percent=st.just(30), limits=st.just({"money": {"total": "10"}})),
        ),
    ),
    max_size=3,
).map(lambda found: [one | {"id": f"c{i}"} for i, one in enumerate(found)] or None)
BUNDLES = st.sampled_from(
    [
        None,
        [{"id": "set", "skus": {"a": 1, "b": 2}, "discount_percent": 15}],
        [{"id": "set", "skus": {"a": 1, "b": 1}, "points": 7}],
        [
            {"id": "set", "skus": {"b": 1, "c": 1}, "points": 7},
            {"id": "other", "skus": {"b": 2}, "discount_percent": 33},
        ],
    ]
)
LEVELS = [{"over": "100", "percent": 3}, {"over": "1000", "percent": 7.5}]
RATES = st.one_of(
    objects(earn_percent=PERCENTS, redeem_percent=PERCENTS),
    objects(
        category_rates=objects(
            coffee=objects(earn=PERCENTS, redeem=PERCENTS),
            default=objects(earn=PERCENTS, redeem=PERCENTS),
        )
    ),
    objects(step_accrual=st.just({"per": "30", "points": 11}), redeem_percent=PERCENTS),
)
RULES = objects(
    mode=st.sampled_from(["earn_or_redeem", "earn_and_redeem"]),
    earn_base=st.sampled_from(["net_paid", "gross"]),
    point_value=st.sampled_from(["0.01", "1.00", "7.50"]),
    min_money=st.sampled_from(["0", "1.50"]),
    margin_caps=st.just({"medium": 5, "low": 0}),
    stamps=st.sampled_from([None, {"category": "coffee", "every": 3}]),
    discount_percent=st.sampled_from([0, 5, 100]),
    category_discounts=st.sampled_from([{}, {"tea": 12.5}]),
    discount_by_turnover=st.sampled_from([None, {"compare": "gte", "levels": LEVELS}]),
    stacking=st.sampled_from(
        [None, {"discounts": "sum"}, {"codes": "best"}, {"discounts": "sum", "codes": "best"}]
    ),
    coupons=COUPONS,
    promotions=PROMOTIONS,
    bundles=BUNDLES,
)
DOCUMENTS = st.builds(lambda rules, rates: rules | rates, RULES, RATES)
LINES = st.lists(
    st.builds(
        BasketLine,
        quantity_milli=st.one_of(
            st.integers(1, 8).map(lambda n: n * 1000), st.integers(1, 5000)
        ),
        unit_price_minor=st.sampled_from([0, 1, 99, 100, 3_333, 15_000]),
        sku=st.sampled_from([None, *SKUS]),
        category=st.sampled_from([None, *CATEGORIES]),
        margin=st.sampled_from([None, "low", "medium", "high"]),
    ),
    min_size=1,
    max_size=6,
)
CODES = tuple(PromoCode(code=name, coupon_id=name.lower()) for name in ("C0", "C1", "C2"))
SCENES = st.builds(
    lambda stamps, spent, codes: scene(
        buyer={"stamps": stamps, "turnover": Turnover(((TODAY, spent),), spent)},
        codes=tuple(codes),
    ),
    st.integers(0, 7),
    st.sampled_from([0, 10_000, 200_000]),
    st.lists(st.sampled_from(CODES), max_size=3, unique=True),
)
POINTS = st.integers(0, 2_000)
OFF: tuple[dict[str, Any], ...] = (
    {"promotions": [{"id": "over", "multiplier": 9, "to": "2026-05-31"}]},
    {"promotions": [{"id": "over", "discount_percent": 99, "from": "2026-06-02"}]},
    {"promotions": [{"id": "spent", "points": 90, "stores": ["elsewhere"]}]},
    {"bundles": [{"id": "other", "skus": {"x": 1, "a": 1}, "discount_percent": 90}]},
    {"coupons": [{"id": "unasked", "discount_percent": 90}]},
    {"coupons": [{"id": "c0", "points": 90, "to": "2026-05-31"}]},
    {"category_discounts": {"wine": 90}},
    {"discount_by_turnover": {"levels": [{"over": "9000000", "percent": 90}]}},
    {"discount_percent": 0},
)


def priced_by(
    document: dict[str, Any], lines: list[BasketLine], at: Scene, points: int
) -> Priced:
    return price(
        lines,
        program=read_program(document, 1),
        scene=at,
        available=points,
        redeem=up_to(),
    )


@given(DOCUMENTS, LINES, SCENES, POINTS)
def test_money_adds_up_and_nothing_is_negative(
    document: dict[str, Any], lines: list[BasketLine], at: Scene, points: int
) -> None:
    priced = priced_by(document, lines, at, points)

    gross = sum(one.gross_minor for one in priced.lines)
    redeemed = sum(one.redeemed_minor for one in priced.lines)
    assert to_pay(priced) + redeemed + sum(one.discount_minor for one in priced.lines) == gross
    assert sum(one.earned for one in priced.lines) == priced.earned
    for one in priced.lines:
        assert min(one.net_minor, one.discount_minor, one.earned, one.redeemed) >= 0
        assert 0 <= one.free_milli <= one.quantity_milli


@given(DOCUMENTS, LINES, SCENES, POINTS, st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_total(
    document: dict[str, Any], lines: list[BasketLine], at: Scene, points: int, random: Any
) -> None:
    mixed = list(lines)
    random.shuffle(mixed)

    one, other = (priced_by(document, these, at, points) for these in (lines, mixed))

    assert _totals(one) == _totals(other)


@given(DOCUMENTS, LINES, SCENES, POINTS)
def test_the_reasons_add_up_to_the_line(
    document: dict[str, Any], lines: list[BasketLine], at: Scene, points: int
) -> None:
    priced = priced_by(document, lines, at, points)

    for one in priced.lines:
        for kinds, whole in (
            (("discount", "free"), one.discount_minor),
            (("earn",), one.earned),
            (("redeem",), one.redeemed),
        ):
            whys = [why for why in one.why if why.rule.split(".")[0] in kinds]
            is_money = "discount" in kinds
            parts = [(why.amount_minor if is_money else why.points) or 0 for why in whys]
            assert sum(parts) == whole
            assert min(parts, default=0) >= 0


@pytest.mark.parametrize("off", OFF, ids=str)
@given(RATES, LINES, SCENES, POINTS)
def test_a_rule_that_is_off_changes_nothing(
    off: dict[str, Any],
    rates: dict[str, Any],
    lines: list[BasketLine],
    at: Scene,
    points: int,
) -> None:
    plain = {"discount_percent": 5, "margin_caps": {"low": 0}} | rates
    if "discount_percent" in off:
        plain.pop("discount_percent")

    without, with_it = (priced_by(plain | more, lines, at, points) for more in ({}, off))

    assert without == with_it


@given(DOCUMENTS, LINES, SCENES)
def test_nothing_is_cheaper_for_somebody_who_has_paid_already(
    document: dict[str, Any], lines: list[BasketLine], at: Scene
) -> None:
    paid = Scene(on=at.on, channel=at.channel, buyer=at.buyer, is_paid=True)

    priced = priced_by(document, lines, paid, 0)

    assert to_pay(priced) == sum(one.gross_minor for one in lines)


def _totals(priced: Priced) -> tuple[object, ...]:
    return (
        to_pay(priced),
        sum(one.discount_minor for one in priced.lines),
        sum(one.free_milli for one in priced.lines),
        priced.redeem_max,
        priced.redeemed,
        priced.earned,
        priced.stamps_after,
        priced.takes,
        priced.promo_codes,
    )
