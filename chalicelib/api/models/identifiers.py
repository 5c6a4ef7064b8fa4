"""What finds a member: plastic cards, codes of a former program, the pass code anew."""

from typing import Literal

from pydantic import Field

from chalicelib.api.shapes import Body, Id, Name, Request


class IdentifierBody(Request):
    """A plastic card's number, or what the barcode of a former program says."""

    type: Literal["card", "old_code"]
    value: Name = Field(
        description="A card is found by `card_number`, an old code by `code`, in any case."
    )
    confirmation_id: Id | None = Field(
        None, description="That the member is there, where a till has found them by phone."
    )


class PassCodeAnswer(Body):
    """The member's pass code from now on."""

    member_id: str
    object: Literal["pass_code"]
    code: str
    code_text: str = Field(description="As people read it, with its check symbol.")
