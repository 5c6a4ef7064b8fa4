"""Tills that people sign in at: activation codes, sessions, approvals, PINs."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.shapes import Body, Id, Request

RoleName = Literal["owner", "manager", "cashier"]
PinText = Annotated[str, Field(min_length=1, max_length=12)]


class ActivationBody(Request):
    """The code that the office made for this till."""

    code: Annotated[str, Field(min_length=1, max_length=40)]


class PinBody(Request):
    """Who it is, and their PIN."""

    staff_id: Id
    pin: PinText


class ApprovalBody(PinBody):
    """Who allows it, their PIN, and the call they allow."""

    method: Literal["POST", "PUT", "PATCH", "DELETE"]
    path: Annotated[str, Field(min_length=1, max_length=2048)] = Field(
        description="As it will be sent: `/v1/purchases/{purchase_id}/void`, filled in"
    )
    target: Id | None = Field(
        default=None, description="Whose PIN: the `staff_id` of POST /v1/till/pin-resets"
    )


class StaffShown(Body):
    """Somebody who can sign in."""

    staff_id: str
    name: str
    role: RoleName


class MerchantShown(Body):
    """Whose till it is."""

    merchant_id: str
    name: str
    language: str
    accent: str
    currency: str


class StoreShown(Body):
    """Where the till stands."""

    store_id: str
    name: str


class TillShown(Body):
    """Which till it is."""

    till_id: str
    name: str


class TillProgram(Body):
    """What a till's screen must know of the program."""

    gives_points: bool
    has_stamps: bool
    stamp_category: str | None = Field(description="Each unit of it is stamped.")
    has_gift_cards: bool
    offline_redeem_limit: int
    redeem_ppm: dict[str, int] = Field(
        description='By tier (`""`: whatever the tier), how many millionths of any receipt'
        " points may pay, whatever was bought."
    )
    min_receipt_for_redeem_minor: int
    min_money_minor: int = Field(description="Of a receipt, never payable in points.")
    confirm_above: int | None
    categories: list[str]
    asks_for_categories: bool = Field(
        description="Whether a total earns nothing, because only categories do."
    )
    point_value: list[int] = Field(
        description="Minor units per point: [numerator, denominator]"
    )


class TillSessionAnswer(Body):
    """A till's session: where it is bound, who may sign in, and who is."""

    object: Literal["till_session"]
    merchant: MerchantShown
    store: StoreShown
    till: TillShown
    staff: list[StaffShown]
    signed_in: StaffShown | None
    csrf_token: str
    lock_after_seconds: int
    program: TillProgram
    now: str


class UnboundAnswer(Body):
    """This device is no till any more."""

    till_id: str
    object: Literal["till_session"]
    is_bound: Literal[False]


class ApprovalAnswer(Body):
    """What the approved call sends as `Approval-Id`."""

    approval_id: str
    object: Literal["approval"]
    expires_at: str


class PinResetAnswer(Body):
    """Whose PIN is another now."""

    staff_id: str
    object: Literal["pin_reset"]
