"""Random programs, and what a program may say without any effect.

A new kind of rule is a new line in `RULES`, and one in `OFF` of a form that does nothing to
the baskets and members of `generated.py`.
"""

from typing import Any

from hypothesis import strategies as st

from chalicelib.domain.limits import Counter
from tests.builders import TODAY, document, rates, tiers

SKUS = ("a", "b", "c")
PERCENTS = st.one_of(st.integers(0, 100), st.sampled_from([0.5, 3.3333, 12.5]))
Fields = dict[str, Any]


def objects(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Fields]:
    """Return objects with all of these fields."""
    return st.fixed_dictionaries(fields)


def some(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Fields]:
    """Return objects with any of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def numbered(
    ones: st.SearchStrategy[Fields], prefix: str, at_most: int
) -> st.SearchStrategy[list[Fields]]:
    """Return lists of such objects, each with an id of its own."""
    return st.lists(ones, min_size=1, max_size=at_most).map(
        lambda found: [{"id": f"{prefix}{i}"} | one for i, one in enumerate(found)]
    )


REWARDS = st.one_of(
    objects(multiplier=st.sampled_from([1.5, 2, 3.333333])),
    objects(extra_percent=st.integers(1, 20)),
    objects(points=st.integers(1, 500)),
    objects(discount_percent=st.integers(1, 100)),
)
FITS = some(
    categories=st.sampled_from([["coffee"], ["tea", "none"]]),
    skus=st.just(["a", "b"]),
    weekdays=st.sampled_from([["mon"], ["sun"]]),  # the sale is on a Monday
    stores=st.just(["north"]),
    channels=st.sampled_from([["online"], ["offline"]]),
    segments=st.sampled_from([["vip"], ["staff", "fans"]]),
    min_receipt=st.sampled_from(["50.00", "1000.00"]),
    to=st.sampled_from(["2026-05-31", "2026-06-01"]),
)
USES = some(total=st.integers(1, 3), per_day=st.integers(1, 3), per_member=st.integers(1, 3))
LIMITED = st.one_of(
    objects(
        discount_percent=st.integers(1, 100),
        limits=objects(money=objects(total=st.sampled_from(["0.01", "25.00", "9999.00"]))),
    ),
    objects(
        points=st.integers(1, 50),
        limits=objects(points=objects(per_day=st.integers(50, 99))),
    ),
    st.builds(
        lambda reward, uses: reward | {"limits": {"uses": uses}}, REWARDS, USES.filter(bool)
    ),
)
PROMOTIONS = st.builds(
    lambda fit, reward: fit | reward, FITS, st.one_of(REWARDS, REWARDS, LIMITED)
)
COUPONS = st.builds(
    lambda fit, reward: fit | reward,
    FITS,
    st.one_of(
        REWARDS, objects(discount=st.sampled_from(["0.07", "100.00", "5000.00"])), LIMITED
    ),
)
BUNDLES = st.one_of(
    objects(skus=st.just({"a": 1, "b": 2}), discount_percent=st.integers(1, 100)),
    objects(skus=st.just({"b": 1, "c": 1}), points=st.integers(1, 60)),
    objects(skus=st.just({"b": 2}), points=st.integers(1, 60)),
)


def _include(bundles: list[Fields], is_last_of_all: bool) -> list[Fields]:
    """Return the bundles, the last including the others if asked to."""
    *others, last = bundles
    if not others or not is_last_of_all:
        return bundles
    return [*others, last | {"includes": [one["id"] for one in others]}]


LEVELS = [{"over": "100", "percent": 3}, {"over": "1000", "percent": 7.5}]
RULES: dict[str, st.SearchStrategy[Any]] = {
    "stamps": objects(category=st.just("coffee"), every=st.integers(2, 4)),
    "discount_percent": st.sampled_from([5, 12.5, 100]),
    "category_discounts": objects(tea=PERCENTS),
    "discount_by_turnover": objects(compare=st.just("gte"), levels=st.just(LEVELS)),
    "bundles": st.builds(_include, numbered(BUNDLES, "set", 3), st.booleans()),
    "promotions": numbered(PROMOTIONS, "p", 4),
    "coupons": numbered(COUPONS, "c", 3),
    "stacking": some(
        discounts=st.sampled_from(["best", "sum"]), codes=st.sampled_from(["add", "best"])
    ),
    "excluded": st.sampled_from(
        [{"categories": ["tea"]}, {"skus": ["b"], "margins": ["high"]}, {"margins": ["low"]}]
    ),
    "gift_card": objects(remainder=st.sampled_from(["keep", "forfeit"])),
    "margin_caps": st.just({"medium": 5, "low": 0}),
    "min_receipt_for_redeem": st.sampled_from(["20.00", "300.00"]),
    "min_money": st.sampled_from(["0.01", "1.50", "500.00"]),
}
PAIRS = st.tuples(PERCENTS, PERCENTS)
RATES: st.SearchStrategy[Fields] = st.one_of(
    objects(earn_percent=PERCENTS, redeem_percent=PERCENTS),
    objects(
        category_rates=some(
            coffee=objects(earn=PERCENTS, redeem=PERCENTS),
            default=objects(earn=PERCENTS, redeem=PERCENTS),
        )
    ),
    objects(
        tiers=st.just(tiers()),
        rates=st.builds(lambda b, s, g: rates(base=b, silver=s, gold=g), PAIRS, PAIRS, PAIRS),
    ),
    objects(step_accrual=st.just({"per": "30", "points": 11}), redeem_percent=PERCENTS),
)
DOCUMENTS: st.SearchStrategy[Fields] = st.builds(
    lambda base, rules, rating: document(**base, **rules, **rating),
    objects(
        mode=st.sampled_from(["earn_or_redeem", "earn_and_redeem"]),
        earn_base=st.sampled_from(["net_paid", "gross"]),
        point_value=st.sampled_from(["0.01", "0.10", "1.00", "7.50"]),
    ),
    some(**RULES),
    RATES,
)
_BIG = {"discount_percent": 99}
# Counters of `OFF`: what they count has been given as often as it may be.
FULL = {Counter("promotion:used up:uses"): 3, Counter("promotion:spent:points", TODAY): 2}
OFF: Fields = {
    "promotions": [
        {"id": "over", "to": "2026-05-31"} | _BIG,
        {"id": "to come", "from": "2026-06-02", "multiplier": 9},
        {"id": "of Sundays", "weekdays": ["sun"], "points": 9},
        {"id": "of another store", "stores": ["west"], "extra_percent": 9},
        {"id": "for others", "segments": ["press"]} | _BIG,
        {"id": "of other goods", "skus": ["x"], "points": 9},
        {"id": "of another category", "categories": ["wine"]} | _BIG,
        {"id": "of large receipts", "min_receipt": "900000.00"} | _BIG,
        {"id": "used up", "limits": {"uses": {"total": 3}}} | _BIG,
        {"id": "spent", "points": 9, "limits": {"points": {"per_day": 10}}},
    ],
    "coupons": [{"id": "nobody has a code of"} | _BIG],
    "bundles": [{"id": "nobody buys", "skus": {"a": 1, "x": 1}} | _BIG],
    "category_discounts": {"wine": 90},
    "discount_percent": 0,
    "discount_by_turnover": {"levels": [{"over": "9000000", "percent": 90}]},
    "margin_caps": {"none": 0},
    "min_receipt_for_redeem": "0",
    "min_money": "0",
    "excluded": {"categories": ["tobacco"], "skus": ["x"], "margins": ["none"]},
    "gift_card": {"category": "certificate"},
    "welcome_points": {"points": 9},
    "actions": {"review": {"points": 9}},
}


def without_own(document_: Fields, keys: set[str]) -> Fields:
    """Return the document without its own word on these keys; its lists stand."""
    return {
        key: value
        for key, value in document_.items()
        if key not in keys or isinstance(value, list)
    }


def with_off(document_: Fields, keys: set[str]) -> Fields:
    """Return the document with what is off beside its own."""
    found = dict(document_)
    for key in sorted(keys):
        off = OFF[key]
        found[key] = [*found.get(key, []), *off] if isinstance(off, list) else off
    return found
