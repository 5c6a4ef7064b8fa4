"""A draw's public page (`/d/…`), and the files by which anybody can check it.

| file            | what                                                              |
|-----------------|-------------------------------------------------------------------|
| `draw.json`     | the draw, as the API shows it, but for what is left to be granted |
| `entries-1.csv` | a part of the list of entries, in the bytes its hash was made of  |
| `winners.csv`   | place, entry and pseudonym                                        |
| `check.py`      | a program that checks it all, that of docs/DRAWS.md               |
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Final

from chalice import Blueprint

from chalicelib.api.draw_shapes import CSV, draw_json, public_winners_file
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.parsing import BadRequest
from chalicelib.domain.draws import Draw, DrawNotFound, DrawState
from chalicelib.ports import Trouble
from chalicelib.usecases.draw_desk import find_draw
from chalicelib.usecases.write_once import MerchantNotFound, merchant_of, program_of
from chalicelib.web.reading import missing, page_language, unavailable
from chalicelib.web.rendering import page, render
from chalicelib.wiring import services

draw_pages = Blueprint(__name__)

SCRIPT: Final = Path(__file__).with_name("check_draw.txt")
_ENTRIES: Final = re.compile(r"entries-([1-9][0-9]{0,4})\.csv")


@endpoint(
    draw_pages,
    "GET",
    "/d/{merchant_id}/{draw_id}",
    summary="A prize draw: prizes, hashes, winners by pseudonym.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_draw_page(call: Call[None], merchant_id: str, draw_id: str) -> Answer:
    """Show a draw to anybody."""
    ports = services()
    try:
        merchant = merchant_of(merchant_id, ports.merchants)
        program = program_of(merchant_id, ports.merchants)
        draw = find_draw(merchant_id, draw_id, draws=ports.draws)
        winners = ports.draws.winners(draw) if draw.winners else ()
    except (DrawNotFound, MerchantNotFound):
        return missing(call, "missing_draw")
    except Trouble:
        return unavailable(call)
    from chalicelib.web.draw_page import ShownDraw, draw_view  # lazy: Babel, see pages.py

    language = page_language(call, fallback=merchant.language)
    shown = ShownDraw(
        draw=draw,
        winners=winners,
        merchant=merchant,
        program=program,
        on=program.local_date(call.at),
        language=language,
    )
    return page(render("draw.html", draw_view(shown), language, accent=merchant.accent))


@endpoint(
    draw_pages,
    "GET",
    "/d/{merchant_id}/{draw_id}/{file_name}",
    summary="A file to check a draw by: `draw.json`, `entries-1.csv`, `winners.csv`.",
    tag="Pages",
    answers={200: None},
    problems=("draw_not_found", "not_found"),
    is_documented=False,
)
def get_draw_file(call: Call[None], merchant_id: str, draw_id: str, file_name: str) -> Answer:  # noqa: ARG001  views take a call
    """Answer a file; 404 while there is nothing to be in it."""
    ports = services()
    draw = find_draw(merchant_id, draw_id, draws=ports.draws)
    if file_name == "draw.json":
        return _facts(draw)
    if file_name == "check.py":
        return Answer(body=_script(), content_type="text/x-python; charset=utf-8")
    if file_name == "winners.csv" and draw.state is DrawState.DRAWN:
        content = public_winners_file(ports.draws.winners(draw))
        return Answer(body=content, content_type=CSV)
    found = _ENTRIES.fullmatch(file_name)
    part = ports.draws.part(draw, int(found[1]) - 1) if found and draw.is_listed else None
    if part is None:
        raise BadRequest("not_found", "the draw has no such file")
    return Answer(body=part.text.encode(), content_type=CSV)


def _facts(draw: Draw) -> Answer:
    ports = services()
    currency = program_of(draw.merchant_id, ports.merchants).currency
    facts = draw_json(draw, currency=currency, base_url=ports.settings.public_url)
    del facts["grants_left"]
    return Answer(body=json.dumps(facts, ensure_ascii=False, indent=1).encode() + b"\n")


@cache
def _script() -> bytes:
    return SCRIPT.read_bytes()
