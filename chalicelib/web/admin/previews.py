"""Pictures of both wallets' cards for the office, of a design that may not even be saved."""

import base64
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from chalicelib.api.pass_previews import Uploads, card_pictures
from chalicelib.api.sample_cards import sample_card
from chalicelib.domain.design_document import InvalidDesign, read_design
from chalicelib.domain.pass_designs import Colours, PassDesign
from chalicelib.usecases.write_once import program_of
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services


def cards_view(
    visit: Visit,
    document: Mapping[str, Any],
    colours: Colours,
    unsaved: Uploads = MappingProxyType({}),
) -> list[dict[str, str]]:
    """Return an address and words of a picture for each wallet."""
    words = words_of(visit.language)
    program = program_of(visit.merchant_id, services().merchants)
    card = sample_card(program, visit.shop, visit.language, visit.at)
    pictures = card_pictures(card, _design(document, colours), visit.shop, unsaved=unsaved)
    return [
        {
            "source": _address(svg),
            "caption": str(words[f"{wallet}_caption"]),
            "text": str(words["preview_of"]).format(wallet=words[f"{wallet}_caption"]),
        }
        for wallet, svg in pictures.items()
    ]


def _design(document: Mapping[str, Any], colours: Colours) -> PassDesign:
    """Return the design as far as it can be read: what is being typed may be half of a word.

    Colours that nobody can read are shown too: an owner changes one after the other.
    """
    known = {name: part for name, part in document.items() if name != "colours"}
    for left_out in ((), ("support",), ("program_name", "support")):
        try:
            design = read_design({k: v for k, v in known.items() if k not in left_out})
        except InvalidDesign:
            continue
        return replace(design, colours=colours)
    return PassDesign(colours=colours)


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}"
