"""Short words for baskets and what they cost."""

from dataclasses import replace
from typing import Any

from chalicelib.domain.basket import BasketLine, Scene
from chalicelib.domain.pricing import NO_REDEMPTION, Priced, Redeem, price
from chalicelib.domain.program import Program
from chalicelib.domain.promo_codes import PromoCode
from tests.builders import ANN, line, program, scene

SPRING = PromoCode(code="SPRING", coupon_id="c", max_uses=None)


def good(
    price_minor: int, units: int = 1, *, sku: str | None = None, **more: Any
) -> BasketLine:
    """Return a line of whole units."""
    return replace(line(price_minor, units * 1000, **more), sku=sku)


def bought(
    *lines: BasketLine,
    rules: Program | None = None,
    at: Scene | None = None,
    available: int = 0,
    redeem: Redeem = NO_REDEMPTION,
    **document: Any,
) -> Priced:
    """Price lines for a member under a program of such a document."""
    return price(
        lines,
        program=rules or program(**document),
        scene=at or scene(),
        available=available,
        redeem=redeem,
    )


def to_pay(priced: Priced) -> int:
    """Return what is left to pay in minor units."""
    return sum(one.net_minor for one in priced.lines)


def discounts(priced: Priced) -> list[int]:
    """Return the discount of each line."""
    return [one.discount_minor for one in priced.lines]


def earned(priced: Priced) -> list[int]:
    """Return the points of each line."""
    return [one.earned for one in priced.lines]


def codes(priced: Priced, number: int = 0) -> list[str]:
    """Return the codes of a line's reasons."""
    return [why.rule for why in priced.lines[number].why]


def shown(*presented: PromoCode, **more: Any) -> Scene:
    """Return a sale to Ann with those codes; with `SPRING` if none are named."""
    buyer = {"member_id": ANN.member_id, **more.pop("buyer", {})}
    return scene(codes=presented or (SPRING,), buyer=buyer, **more)


def coupon(**fields: Any) -> dict[str, Any]:
    """Return the document of a program with one coupon."""
    return {"coupons": [{"id": "c"} | fields]}
