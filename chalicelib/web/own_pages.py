"""The pages behind a card that are its member's own, for browsers that signed in.

A link on a pass may be passed on: whoever comes by it is asked to sign in. What these pages
change goes through the JSON API (`/v1/me…`), with the browser's own token in the page.
"""

from collections.abc import Callable
from typing import Any

from chalice import Blueprint

from chalicelib.api.book import number_desk
from chalicelib.api.devices import device_desk
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.kept_gift_cards import held_of
from chalicelib.usecases.card_tokens import member_token
from chalicelib.usecases.own_devices import own_devices
from chalicelib.usecases.phone_changes import open_change
from chalicelib.web.card_frame import Frame, card_page
from chalicelib.wiring import services

own_pages = Blueprint(__name__)

# What draws them is imported on first use: a till's call should not wait for Babel.


@endpoint(
    own_pages,
    "GET",
    "/c/{token}/settings",
    summary="A member's profile, language and notices.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_card_settings(call: Call[None], token: str) -> Answer:
    """Show what a member may change."""

    def fill(frame: Frame) -> dict[str, Any]:
        from chalicelib.web.own_views import settings_view

        return settings_view(frame)

    return _own_page(call, token, "settings", fill)


@endpoint(
    own_pages,
    "GET",
    "/c/{token}/devices",
    summary="Where a member's card is.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_card_devices(call: Call[None], token: str) -> Answer:
    """Show browsers and phones, each to be removed."""

    def fill(frame: Frame) -> dict[str, Any]:
        from chalicelib.web.own_views import devices_view

        visit = frame.visit
        found = own_devices(visit.member, visit.browser_id, device_desk())
        return devices_view(frame, found)

    return _own_page(call, token, "devices", fill)


@endpoint(
    own_pages,
    "GET",
    "/c/{token}/my-data",
    summary="What is known of a member, to read, take away or erase.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_card_data(call: Call[None], token: str) -> Answer:
    """Show everything but the history, which has a page of its own."""

    def fill(frame: Frame) -> dict[str, Any]:
        from chalicelib.web.own_views import data_view

        merchant_id = frame.view.merchant.merchant_id
        return data_view(frame, services().till_desk.room.stores(merchant_id))

    return _own_page(call, token, "my_data", fill)


@endpoint(
    own_pages,
    "GET",
    "/c/{token}/phone",
    summary="Another phone number for a member.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_card_phone(call: Call[None], token: str) -> Answer:
    """Ask for the new number and for the codes of both."""

    def fill(frame: Frame) -> dict[str, Any]:
        from chalicelib.web.own_views import phone_view

        waiting = open_change(frame.visit.member, at=call.at, desk=number_desk())
        return phone_view(frame, waiting)

    return _own_page(call, token, "phone_change", fill)


@endpoint(
    own_pages,
    "GET",
    "/c/{token}/receipts",
    summary="A purchase made without the card.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_card_receipts(call: Call[None], token: str) -> Answer:
    """Ask for the number and the total of a receipt."""

    def fill(frame: Frame) -> dict[str, Any]:
        from chalicelib.web.own_views import receipt_view

        return receipt_view(frame)

    return _own_page(call, token, "forgot", fill)


@endpoint(
    own_pages,
    "GET",
    "/c/{token}/gift-cards",
    summary="The gift cards a member keeps.",
    tag="Pages",
    answers={200: None, 404: None},
    is_documented=False,
)
def get_card_gift_cards(call: Call[None], token: str) -> Answer:
    """Show what is left on each; ask for the code of another."""

    def fill(frame: Frame) -> dict[str, Any]:
        from chalicelib.web.card_gift_cards import gift_cards_view

        held = held_of(frame.view.profile)
        return {"gift_cards": gift_cards_view(frame.view, held, frame.language)}

    return _own_page(call, token, "gift_cards", fill)


def _own_page(
    call: Call[None], token: str, name: str, fill: Callable[[Frame], dict[str, Any]]
) -> Answer:
    def filled(frame: Frame) -> dict[str, Any]:
        from chalicelib.web.own_views import own_view

        visit = frame.visit
        if not visit.is_signed_in:
            return {**own_view(frame, "sign_in_title", ""), "is_signed_in": False}
        bearer = member_token(visit.member, visit.browser_id, keyring=services().keyring)
        return {**own_view(frame, name, bearer), "is_signed_in": True, **fill(frame)}

    return card_page(call, token, f"{name}.html", filled)
