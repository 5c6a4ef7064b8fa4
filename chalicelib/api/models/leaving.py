"""Erasing members, and making two of them one."""

from typing import Literal

from chalicelib.api.shapes import Body, Id, Query, Reason, Request


class ErasureQuery(Query):
    """Why, in the shop's own words."""

    reason: Reason


class ConfirmedQuery(Query):
    """What keeps a stray call, or a stolen browser, from erasing anybody."""

    confirm: Literal["erase"]
    confirmation_id: Id | None = None


class MergeBody(Request):
    """Who becomes one with the member of the path."""

    other_member_id: Id
    reason: Reason


class ErasureAnswer(Body):
    """What is left of a member: an id, and a ledger that ends."""

    member_id: str
    object: Literal["erasure"]
    points_forfeited: int
    reason: str
    ledger_version: int
    at: str


class MergeAnswer(Body):
    """What went over; `points` are less what the other owed."""

    member_id: str
    object: Literal["merge"]
    merged_member_id: str
    points: int
    stamps: int
    reason: str
    ledger_version: int
    at: str
