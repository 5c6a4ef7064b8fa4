"""Prize draws: announced, closed, drawn; their lists as files; a member's own.

No key is asked for but to announce: a draw is closed once and drawn once, whoever repeats
it. What takes longer than an answer may becomes a job; the draw tells how far it is.
"""

import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from chalice import Blueprint

from chalicelib.api.draw_shapes import (
    CSV,
    draw_json,
    my_draw_json,
    winner_json,
    winners_file,
)
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import MEMBER, Answer, Call, scoped
from chalicelib.api.models.draws import (
    DrawAnswer,
    DrawBody,
    DrawFileAnswer,
    DrawingBody,
    DrawnAnswer,
    DrawsAnswer,
    EntriesBody,
    MyDrawsAnswer,
    PartQuery,
)
from chalicelib.api.parsing import BadRequest
from chalicelib.domain.draws import Draw, DrawRefused, EntryRule, Per, Prize
from chalicelib.domain.ledger import present
from chalicelib.domain.members import Scope
from chalicelib.usecases.draw_desk import find_draw
from chalicelib.usecases.draw_jobs import start_draw_job
from chalicelib.usecases.draw_prizes import grant_prizes, make_draw
from chalicelib.usecases.draws import announce_draw, close_draw, draws_of_member, list_draws
from chalicelib.usecases.write_once import program_of
from chalicelib.wiring import services

draws = Blueprint(__name__)

WORK_SECONDS_MAX = 2.0  # of one request; the rest is queued
WINNERS_SHOWN_MAX = 1_000
MY_DRAWS_MAX = 12
_TAG = "Draws"
_STAFF = scoped(Scope.PROGRAM)


@endpoint(
    draws,
    "POST",
    "/v1/draws",
    summary="Announce a prize draw: the hash of its seed is published at once.",
    tag=_TAG,
    access=_STAFF,
    body=DrawBody,
    answers={201: DrawAnswer, 200: DrawAnswer},
    problems=("draw_refused",),
    is_keyed=True,
)
def post_draw(call: Call[DrawBody]) -> Answer:
    """Announce a draw."""
    done = announce_draw(
        _announced(call), call.operation, at=call.at, desk=services().draw_desk
    )
    return Answer(
        body=_json(done.value),
        status=200 if done.is_replay else 201,
        is_replay=done.is_replay,
        metric="DrawAnnounced",
    )


@endpoint(
    draws,
    "GET",
    "/v1/draws",
    summary="List the draws, the latest first.",
    tag=_TAG,
    access=_STAFF,
    answers={200: DrawsAnswer},
)
def get_draws(call: Call[None]) -> Answer:
    """List all of the merchant's."""
    found = list_draws(call.merchant_id, draws=services().draws)
    return Answer(body={"items": [_json(draw) for draw in found], "next_cursor": None})


@endpoint(
    draws,
    "GET",
    "/v1/draws/{draw_id}",
    summary="Show a draw and its winners.",
    tag=_TAG,
    access=_STAFF,
    answers={200: DrawnAnswer},
    problems=("draw_not_found",),
)
def get_draw(call: Call[None], draw_id: str) -> Answer:
    """Return one draw."""
    return Answer(body=_drawn_json(_found(call, draw_id)))


@endpoint(
    draws,
    "POST",
    "/v1/draws/{draw_id}/close",
    summary="List the entries of a draw that is over and publish their hash; once for ever.",
    tag=_TAG,
    access=_STAFF,
    answers={200: DrawAnswer, 202: DrawAnswer},
    problems=("draw_not_found", "draw_refused"),
)
def post_draw_close(call: Call[None], draw_id: str) -> Answer:
    """Close a draw: 200; 202 while the list is still being made."""
    draw = close_draw(
        call.merchant_id, draw_id, at=call.at, desk=services().draw_desk, has_time=_has_time()
    )
    if draw.is_listed:
        return Answer(body=_json(draw), metric="DrawClosed")
    _go_on_later(draw, call.at)
    return Answer(body=_json(draw), status=202)


@endpoint(
    draws,
    "POST",
    "/v1/draws/{draw_id}/draw",
    summary="Pick the winners, reveal the seed and grant the points; once for ever.",
    tag=_TAG,
    access=_STAFF,
    body=DrawingBody,
    answers={200: DrawnAnswer},
    problems=("draw_not_found", "draw_refused"),
)
def post_draw_draw(call: Call[DrawingBody], draw_id: str) -> Answer:
    """Draw: a repeat answers the same winners."""
    desk = services().draw_desk
    done = make_draw(call.merchant_id, draw_id, call.body.public_text, at=call.at, desk=desk)
    draw = done.value
    if not draw.is_granted:
        draw = grant_prizes(draw, at=call.at, desk=desk, has_time=_has_time())
    if not draw.is_granted:
        _go_on_later(draw, call.at)
    return Answer(body=_drawn_json(draw), is_replay=done.is_replay, metric="DrawMade")


@endpoint(
    draws,
    "GET",
    "/v1/draws/{draw_id}/entries.csv",
    summary="A part of the list of entries, as its hash was made of it: number, pseudonym.",
    tag=_TAG,
    access=_STAFF,
    query=PartQuery,
    answers={200: DrawFileAnswer},
    problems=("draw_not_found", "draw_refused"),
    is_fresh=True,
)
def get_draw_entries(call: Call[None], draw_id: str) -> Answer:
    """Return the lines of one part."""
    draw = _found(call, draw_id)
    if not draw.is_listed:
        raise DrawRefused("not_closed", "the entries of the draw are not listed yet")
    part = services().draws.part(draw, call.query.part - 1)
    if part is None:
        raise BadRequest("not_found", "the list has no such part")
    return _file(part.text.encode(), f"{draw.draw_id}-{call.query.part}")


@endpoint(
    draws,
    "GET",
    "/v1/draws/{draw_id}/winners.csv",
    summary="The winners with their member ids; for staff alone.",
    tag=_TAG,
    access=_STAFF,
    answers={200: DrawFileAnswer},
    problems=("draw_not_found",),
    is_fresh=True,
)
def get_draw_winners(call: Call[None], draw_id: str) -> Answer:
    """Return every winner."""
    draw = _found(call, draw_id)
    winners = services().draws.winners(draw) if draw.winners else ()
    return _file(winners_file(draw, winners), f"{draw.draw_id}-winners")


@endpoint(
    draws,
    "GET",
    "/v1/me/draws",
    summary="The latest draws: the member's entries, pseudonym and prize.",
    tag="Member",
    access=MEMBER,
    answers={200: MyDrawsAnswer},
    problems=("member_not_found",),
)
def get_my_draws(call: Call[None]) -> Answer:
    """List what the member takes part in."""
    ports = services()
    present(ports.ledger.account(call.member))
    found = draws_of_member(
        call.member, limit=MY_DRAWS_MAX, draws=ports.draws, keyring=ports.keyring
    )
    base_url = ports.settings.public_url
    items = [my_draw_json(mine, base_url=base_url) for mine in found]
    return Answer(body={"items": items, "next_cursor": None})


def _found(call: Call[Any], draw_id: str) -> Draw:
    return find_draw(call.merchant_id, draw_id, draws=services().draws)


def _json(draw: Draw) -> dict[str, Any]:
    ports = services()
    currency = program_of(draw.merchant_id, ports.merchants).currency
    return draw_json(draw, currency=currency, base_url=ports.settings.public_url)


def _drawn_json(draw: Draw) -> dict[str, Any]:
    winners = services().draws.winners(draw) if draw.winners else ()
    shown = [winner_json(draw, winner) for winner in winners[:WINNERS_SHOWN_MAX]]
    return {**_json(draw), "winners": shown}


def _file(content: bytes, name: str) -> Answer:
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Answer(body=content, content_type=CSV, headers=headers)


def _has_time() -> Callable[[], bool]:
    until = time.monotonic() + WORK_SECONDS_MAX
    return lambda: time.monotonic() < until


def _go_on_later(draw: Draw, at: datetime) -> None:
    ports = services()
    start_draw_job(draw, at=at, desk=ports.draw_desk, jobs=ports.jobs, queue=ports.queue)


def _announced(call: Call[DrawBody]) -> Draw:
    body = call.body
    return Draw(
        merchant_id=call.merchant_id,
        draw_id="",
        title=body.title,
        opens=body.opens,
        closes=body.closes,
        prizes=tuple(
            Prize(prize.name, prize.count, prize.points, prize.expires_in_days)
            for prize in body.prizes
        ),
        rule=_rule(body.entries),
        created_at=call.at,
        commitment="",
    )


def _rule(body: EntriesBody) -> EntryRule:
    return EntryRule(
        per=Per(body.per),
        step=body.amount_minor or body.points or 1,
        min_total_minor=body.min_total_minor,
        member_max=body.max_per_member,
    )
