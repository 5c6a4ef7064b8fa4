"""Where a member's card is."""

from typing import Literal

from pydantic import Field

from chalicelib.api.shapes import Body


class DeviceAnswer(Body):
    """A browser that is signed in, a phone with the pass, or Google's wallet."""

    id: str
    object: Literal["device"]
    kind: Literal["browser", "apple_wallet", "google_wallet"]
    label: str = Field(description="Browser and machine, as it names itself; may be empty.")
    browser_id: str | None = Field(description="Of a pass: the browser it was added from.")
    created_at: str | None
    last_seen_on: str | None = Field(description="Of a browser: its last day, in UTC.")
    is_this: bool = Field(description="It is the one that asks.")
    is_removable: bool


class DevicesAnswer(Body):
    """Every place where the card is."""

    items: list[DeviceAnswer]
    next_cursor: None
