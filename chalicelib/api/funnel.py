"""The funnel: cards created, in wallets, removed; pushes and what became of them, by day."""

import csv
import io
from typing import Any

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.catalogue import CsvAnswer
from chalicelib.api.models.funnel import FunnelAnswer, FunnelQuery
from chalicelib.domain.funnel import FunnelCounts, FunnelDay, total_of
from chalicelib.domain.members import Scope
from chalicelib.usecases.funnel import show_funnel
from chalicelib.wiring import services

funnel = Blueprint(__name__)

_TAG = "Funnel"
_STAFF = scoped(Scope.PROGRAM, Scope.MANAGER)
_COLUMNS = (
    *("created", "added_to_apple", "added_to_google", "web_only", "removed"),
    *("pushes_sent", "pushes_delivered", "pushes_failed", "pushes_dead"),
)


@endpoint(
    funnel,
    "GET",
    "/v1/funnel",
    summary="Cards created, added to wallets and removed, and pushes, by business day.",
    tag=_TAG,
    access=_STAFF,
    query=FunnelQuery,
    answers={200: FunnelAnswer},
    problems=("period_refused",),
)
def get_funnel(call: Call[None]) -> Answer:
    """Return every day and the sum."""
    days = _days(call)
    items = [{"day": one.day.isoformat(), **_counts_json(one.counts)} for one in days]
    total = _counts_json(total_of(one.counts for one in days))
    return Answer(body={"object": "funnel", "items": items, "total": total})


@endpoint(
    funnel,
    "GET",
    "/v1/funnel.csv",
    summary="The funnel's days as a table.",
    tag=_TAG,
    access=_STAFF,
    query=FunnelQuery,
    answers={200: CsvAnswer},
    problems=("period_refused",),
)
def get_funnel_csv(call: Call[None]) -> Answer:
    """Return a row for every day."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("day", *_COLUMNS))
    for one in _days(call):
        table.writerow((one.day.isoformat(), *_counts_json(one.counts).values()))
    return Answer(
        body=text.getvalue().encode(),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="funnel.csv"'},
    )


def _days(call: Call[None]) -> tuple[FunnelDay, ...]:
    return show_funnel(
        call.merchant_id,
        call.query.first,
        call.query.last,
        at=call.at,
        desk=services().funnel_desk,
    )


def _counts_json(counts: FunnelCounts) -> dict[str, Any]:
    return {name: getattr(counts, name) for name in _COLUMNS}
