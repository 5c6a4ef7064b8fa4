"""The funnel's days as they are asked for and answered."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.shapes import Body, Day, Query
from chalicelib.domain.funnel import DAYS_MAX


class FunnelQuery(Query):
    """Which days, both included; the last 30 if it is not said."""

    first: Annotated[Day | None, Field(alias="from")] = None
    last: Annotated[Day | None, Field(alias="to")] = None


class FunnelCountsAnswer(Body):
    """What was counted; pushes are Apple's."""

    created: int
    added_to_apple: int
    added_to_google: int
    web_only: int
    removed: int
    pushes_sent: int
    pushes_delivered: int
    pushes_failed: int
    pushes_dead: int


class FunnelDayAnswer(FunnelCountsAnswer):
    """The counts of one business day."""

    day: str


class FunnelAnswer(Body):
    """Every day asked for, in order, and the sum."""

    object: Literal["funnel"]
    items: Annotated[list[FunnelDayAnswer], Field(max_length=DAYS_MAX)]
    total: FunnelCountsAnswer
