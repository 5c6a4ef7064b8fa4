"""Rewards for what members do beside buying."""

from typing import Annotated

from pydantic import Field

from chalicelib.api.shapes import Request


class ActionBody(Request):
    """Something the member did, by its name in the program's `actions`."""

    action: Annotated[str, Field(min_length=1, max_length=32, pattern=r"^[^\x00-\x1f\x7f]+$")]
