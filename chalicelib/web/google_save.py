"""The "Add to Google Wallet" button: see that the object is there, then go to Google.

The object is made when the shopper taps, so that a sign-up costs no request and waits for
nobody. If Google does not answer, the shopper reads so here, not on a broken page of theirs.
"""

import re

from chalice import Blueprint

from chalicelib.api.book import directory
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.google_cards import LOGO_PATH, google_desk
from chalicelib.api.parsing import BadRequest
from chalicelib.ports import Trouble
from chalicelib.usecases.card_tokens import open_card, serial_of
from chalicelib.usecases.google_wallet import offer_object
from chalicelib.usecases.members import view_member
from chalicelib.web.card_frame import GONE, card_gone
from chalicelib.web.reading import missing, unavailable
from chalicelib.wiring import services

google_save = Blueprint(__name__)

_LOGO = re.compile(r"([0-9a-f]{6})-([0-9a-f]{6})\.png", re.ASCII)
_LOGO_IMAGE = "icon@3x.png"


@endpoint(
    google_save,
    "GET",
    "/wallet/google/{token}",
    summary="Save a card to Google Wallet.",
    tag="Phones",
    answers={302: None, 404: None, 503: None},
    is_documented=False,
)
def get_google_link(call: Call[None], token: str) -> Answer:
    """Make the member's object, if Google has none yet, and lead to Google."""
    ports = services()
    if not ports.has_google:
        return missing(call, "missing_card")
    try:
        visit = open_card(token, at=call.at, members=ports.members, keyring=ports.keyring)
        member = visit.member
        view = view_member(member, at=call.at, directory=directory(), profile=visit.profile)
        offer_object(member, view.account.version, desk=google_desk(is_attended=True))
    except GONE:
        return card_gone(call, token)
    except Trouble:
        return unavailable(call)
    link = ports.google_signer.save_link(
        serial_of(member), class_name=member.merchant_id, issued_at=call.at
    )
    headers = {"Location": link, "Referrer-Policy": "no-referrer"}
    return Answer(status=302, headers=headers, metric="GoogleLinkOpened")


@endpoint(
    google_save,
    "GET",
    LOGO_PATH + "/{file_name}",
    summary="The default logo in two colours, for Google to fetch.",
    tag="Phones",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_default_logo(_call: Call[None], file_name: str) -> Answer:
    """Draw the logo; the address says everything, so it may be kept for ever."""
    found = _LOGO.fullmatch(file_name)
    if found is None:
        raise BadRequest("not_found", "there is no such image")
    from passes import artwork  # lazy: no till draws images

    images = artwork.coloured(background=f"#{found[1]}", foreground=f"#{found[2]}")
    return Answer(
        body=images[_LOGO_IMAGE],
        content_type="image/png",
        headers={"Cache-Control": "public, max-age=31536000, immutable"},
    )
