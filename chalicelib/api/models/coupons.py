"""Members' coupons: what the office, tills and members send and get."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from chalicelib.api.models.promo_codes import CouponId
from chalicelib.api.shapes import Body, Id, Request

VALID_DAYS_MAX = 3_660


class CouponBody(Request):
    """A coupon for a member: given, or in exchange for its price in points."""

    coupon: CouponId
    pay: Literal["points", "none"] = Field(
        description="`none`: a gift, which needs the scope `grants`."
    )
    notify: Literal["sms", "none"] = Field(
        "none", description="`sms`: the code is sent, if the member agreed to advertising."
    )
    valid_days: Annotated[int, Field(ge=0, le=VALID_DAYS_MAX)] | None = Field(
        None, description="Of a gift, instead of the program's: today and so many days more."
    )
    confirmation_id: Id | None = Field(
        None, description="That the member is there, where a till pays with their points."
    )

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if self.pay == "points" and self.valid_days is not None:
            raise ValueError("`valid_days` is for gifts; an exchange keeps the program's")
        return self


class MyCouponBody(Request):
    """A coupon in exchange for points."""

    coupon: CouponId


class CouponAnswer(Body):
    """A member's coupon: eight digits, for this member alone, to be used once."""

    object: Literal["coupon"]
    created_at: str
    member_id: str
    code: str
    coupon: str
    valid_through: str | None
    points: int = Field(description="What was paid for it.")


class ListedCouponAnswer(CouponAnswer):
    """A member's coupon, and whether it can be used."""

    state: Literal["usable", "used", "expired"]


class CouponsAnswer(Body):
    """A member's coupons, the latest first."""

    items: list[ListedCouponAnswer]
    next_cursor: None


class OfferAnswer(Body):
    """A coupon the member can use, or could get for points now."""

    kind: Literal["coupon", "exchange"]
    coupon: str
    text: str = Field(description="What it gives, in words.")
    code: str | None = Field(description="Of a coupon the member has.")
    valid_through: str | None = Field(description="The last day of one; null: no end.")
    points: int = Field(description="The price of one to be got; else 0.")
