"""Codes by which members confirm what they do themselves."""

from typing import Literal

from chalicelib.api.shapes import Body, Request


class MyConfirmationBody(Request):
    """What is to be confirmed."""

    purpose: Literal["erase"]


class MyConfirmationAnswer(Body):
    """How far it has come."""

    id: str
    object: Literal["confirmation"]
    created_at: str
    purpose: Literal["erase"]
    state: Literal["pending", "verified", "used", "expired"]
    expires_at: str
