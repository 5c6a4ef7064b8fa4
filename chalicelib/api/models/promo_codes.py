"""Promo codes and batches of them: what the office sends and gets."""

from typing import Annotated, ClassVar, Literal, Self
from unicodedata import category

from pydantic import AfterValidator, ConfigDict, Field, RootModel, model_validator

from chalicelib.api.shapes import Body, Day, Query, Request
from chalicelib.domain.code_batches import CODES_MAX
from chalicelib.domain.coupons import CODE_DIGITS
from chalicelib.domain.promo_codes import CODE_LENGTH_MAX, fold
from chalicelib.usecases.promo_codes import CODES_LISTED_MAX, PAGE_MAX

TYPED_MAX = 80  # a code with its spaces and hyphens
CODE_LENGTH_MIN = 3
PREFIX_MAX = 20
USES_MAX = 10**9


def _folded(text: str) -> str:
    """Return a code as it is stored. Raises ValueError."""
    code = fold(text)
    if not all(category(sign)[0] in "LM" or category(sign) == "Nd" for sign in code):
        raise ValueError("letters and digits, with spaces and hyphens between them")
    return code


def _code(text: str) -> str:
    code = _folded(text)
    if not CODE_LENGTH_MIN <= len(code) <= CODE_LENGTH_MAX:
        raise ValueError(f"{CODE_LENGTH_MIN} to {CODE_LENGTH_MAX} letters and digits")
    if code.isdecimal() and len(code) == CODE_DIGITS:
        raise ValueError(f"{CODE_DIGITS} digits are the codes of members' coupons")
    return code


def _prefix(text: str) -> str:
    prefix = _folded(text)
    if len(prefix) > PREFIX_MAX:
        raise ValueError(f"at most {PREFIX_MAX} letters and digits")
    return prefix


CouponId = Annotated[str, Field(min_length=1, max_length=200)]
CodeText = Annotated[str, Field(min_length=1, max_length=TYPED_MAX), AfterValidator(_code)]
Prefix = Annotated[str, Field(max_length=TYPED_MAX), AfterValidator(_prefix)]
Uses = Annotated[int, Field(ge=1, le=USES_MAX)]


class _Window(Request):
    """Business days, both inclusive."""

    from_: Day | None = Field(None, alias="from")
    to: Day | None = None

    @model_validator(mode="after")
    def _is_forward(self) -> Self:
        if self.from_ and self.to and self.to < self.from_:
            raise ValueError("`to` is before `from`")
        return self


class PromoCodeBody(_Window):
    """A code that names a coupon of the program."""

    code: CodeText = Field(description="Case, spaces and hyphens do not matter.")
    coupon: CouponId
    max_uses: Uses | None = Field(None, description="In all; null: any number.")
    max_uses_per_member: Uses | None = None


class CodeBatchBody(_Window):
    """Codes to be made at once."""

    coupon: CouponId
    count: Annotated[int, Field(ge=1, le=CODES_MAX)]
    prefix: Prefix = Field("", description="Before the twelve symbols of each code.")
    max_uses: Uses | None = Field(1, description="Of each code; null: any number.")


class CodesQuery(Query):
    """A page of codes or batches."""

    cursor: Annotated[str, Field(max_length=64)] | None = None
    limit: Annotated[int, Field(ge=1, le=PAGE_MAX)] = 50


class CodesOfBatchQuery(Query):
    """Which codes of a batch, by their numbers, which count from 0."""

    from_index: Annotated[int, Field(ge=0, le=CODES_MAX)] = 0
    limit: Annotated[int, Field(ge=1, le=CODES_LISTED_MAX)] = CODES_LISTED_MAX


class _Stored(Body):
    coupon: str
    max_uses: int | None
    from_: str | None = Field(alias="from")
    to: str | None
    is_stopped: bool


class PromoCodeAnswer(_Stored):
    """A promo code."""

    object: Literal["promo_code"]
    code: str
    max_uses_per_member: int | None


class CountedPromoCodeAnswer(PromoCodeAnswer):
    """A promo code and how often it was used."""

    uses: int


class PromoCodesAnswer(Body):
    """A page of named codes, in the order of their text."""

    items: list[CountedPromoCodeAnswer]
    next_cursor: str | None


class CodeBatchAnswer(_Stored):
    """A batch of promo codes."""

    id: str
    object: Literal["promo_code_batch"]
    created_at: str
    count: int
    prefix: str


class CodeBatchesAnswer(Body):
    """A page of batches, in the order of their ids."""

    items: list[CodeBatchAnswer]
    next_cursor: str | None


class CodesCsvAnswer(RootModel[str]):
    """`code,coupon,from,to` in UTF-8, a row for each code."""

    MEDIA_TYPE: ClassVar = "text/csv"
    model_config = ConfigDict(defer_build=True)
