"""Changing a member's phone."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.shapes import Body, PhoneText, Reason, Request

Code = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


class PhoneChangeBody(Request):
    """The new phone; and whether the old one cannot be asked any more."""

    phone: PhoneText
    without_old: bool = False


class ChangeCodesBody(Request):
    """What arrived at the phones."""

    new_code: Code
    old_code: Code | None = None


class OfficeChangeBody(Request):
    """The new phone of a member who stands at the counter."""

    phone: PhoneText


class ApprovalBody(Request):
    """What the manager has seen; the code, if nobody has sent it in yet."""

    evidence: Reason
    new_code: Code | None = None


class PhoneChangeAnswer(Body):
    """How far a change has come."""

    id: str
    object: Literal["phone_change"]
    created_at: str
    member_id: str
    phone_masked: str
    state: Literal["codes_sent", "awaiting_approval", "merge_offered", "done", "expired"]
    needs_old_code: bool
    expires_at: str = Field(description="Of the codes.")
    redemption_paused_until: str | None = Field(description="Once a manager has approved.")


class PhoneChangesAnswer(Body):
    """The changes of the last days, the latest first."""

    items: list[PhoneChangeAnswer]
    next_cursor: None
