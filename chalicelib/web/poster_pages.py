"""Posters and stickers of a store, to be printed: nothing on them is secret.

`/p/<merchant>/<store>-<a4 or a6>.<pdf or svg>`; the store `shop` is none in particular.
"""

import re
from typing import Any

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.parsing import BadRequest
from chalicelib.domain.members import Merchant
from chalicelib.domain.program import Program
from chalicelib.domain.staff import Store
from chalicelib.usecases.write_once import MerchantNotFound, merchant_of, program_of
from chalicelib.web.reading import page_language
from chalicelib.web.theme import pass_colours
from chalicelib.wiring import services

posters = Blueprint(__name__)

NO_STORE = "shop"
KEPT_SECONDS = 300  # a published program changes what is promised
OTHERS_MAX = 2  # of what is given beside the first
_NAME = re.compile(r"(.{1,64})-(a4|a6)\.(pdf|svg)")
_TYPES = {"pdf": "application/pdf", "svg": "image/svg+xml"}


@endpoint(
    posters,
    "GET",
    "/p/{merchant_id}/{file_name}",
    summary="A store's poster or sticker, to be printed.",
    tag="Pages",
    answers={200: None, 404: None},
    problems=("not_found",),
    is_documented=False,
)
def get_poster(call: Call[None], merchant_id: str, file_name: str) -> Answer:
    """Draw a poster that leads to the page to join on, and says which store it hangs in."""
    found = _NAME.fullmatch(file_name)
    if found is None:
        raise BadRequest("not_found", "there is no such poster")
    store_id, sheet, kind = found.groups()
    try:
        merchant = merchant_of(merchant_id, services().merchants)
        program = program_of(merchant_id, services().merchants)
    except MerchantNotFound as error:
        raise BadRequest("not_found", "there is no such merchant") from error
    shapes = _shapes(call, merchant, program, _store(merchant_id, store_id))
    from chalicelib.web import poster_files  # lazy: no till draws posters

    write = poster_files.pdf if kind == "pdf" else poster_files.svg
    content = write(shapes, sheet, merchant.name)
    headers = {
        "Cache-Control": f"public, max-age={KEPT_SECONDS}",
        "Content-Disposition": f'attachment; filename="poster-{sheet}.{kind}"',
    }
    return Answer(body=content, content_type=_TYPES[kind], headers=headers)


def _store(merchant_id: str, store_id: str) -> Store | None:
    if store_id == NO_STORE:
        return None
    for store in services().till_desk.room.stores(merchant_id):
        if store.store_id == store_id:
            return store
    raise BadRequest("not_found", "there is no such store")


def _shapes(
    call: Call[Any], merchant: Merchant, program: Program, store: Store | None
) -> list[Any]:
    from chalicelib.web.benefit import benefits  # lazy: see above
    from chalicelib.web.poster_layout import PosterText, poster
    from chalicelib.web.qr import symbol
    from chalicelib.web.wording import WORDS

    language = page_language(call, fallback=merchant.language)
    words = WORDS[language]
    given = [text for _, text in benefits(program, program.local_date(call.at), language)]
    address = f"{services().settings.public_url}/j/{merchant.merchant_id}"
    text = PosterText(
        merchant=merchant.name,
        benefit=given[0] if given else program.title,
        others=tuple(given[1 : 1 + OTHERS_MAX]),
        call=words["poster_call"],
        steps=words["poster_steps"],
        address=re.sub(r"^https?://", "", address),
        store=store.name if store else "",
    )
    link = f"{address}?s={store.store_id}" if store else address
    return list(poster(text, symbol(link), pass_colours(merchant.accent)))
