"""Posters and stickers of every store, and the link behind their code."""

from typing import Any, Final

from chalicelib.api.exchange import Answer
from chalicelib.domain.staff import Store
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.shop import chosen_stores, desk
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services

SHEETS: Final = ("a4", "a6")
FORMATS: Final = ("pdf", "svg")


def show(visit: Visit) -> Answer:
    """Show what can be printed, store by store."""
    stores, search = chosen_stores(visit, desk().room.stores(visit.merchant_id))
    view = {**search, "stores": [_store_view(visit, store) for store in stores]}
    return page(visit, "posters", view, at="posters")


def _store_view(visit: Visit, store: Store) -> dict[str, Any]:
    words, merchant_id = words_of(visit.language), visit.merchant_id
    link = f"{services().settings.public_url}/j/{merchant_id}?s={store.store_id}"
    printed = f"/p/{merchant_id}/{store.store_id}"
    spoken = f"lang={visit.shop.language}"  # of those who read it, whatever the owner speaks
    return {
        "id": store.store_id,
        "name": store.name,
        "address": store.address,
        "link": link,
        "picture": f"{printed}-a6.svg?{spoken}",
        "text": str(words["poster_picture"]).format(store=store.name),
        "files": [
            {
                "path": f"{printed}-{sheet}.{kind}?{spoken}",
                "sheet": str(words[f"poster_{sheet}"]),
                "kind": str(words[f"poster_{kind}"]),
                "label": str(words["poster_for"]).format(
                    kind=words[f"poster_{sheet}"], format=kind.upper(), store=store.name
                ),
            }
            for sheet in SHEETS
            for kind in FORMATS
        ],
    }
