"""Whether members are told of their points by SMS, and what that costs the shop."""

from typing import Any, Final

from chalicelib.api.exchange import Answer
from chalicelib.domain.shared_limits import notice_charge, policy_of
from chalicelib.usecases.notice_switch import switch_notices
from chalicelib.usecases.write_once import program_of
from chalicelib.web import formats
from chalicelib.web.admin.drawing import page
from chalicelib.web.admin.frame import done
from chalicelib.web.admin.shop import desk, doer
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services

PATH: Final = "/admin/messages"


def show(visit: Visit) -> Answer:
    """Show the switch beside what a message costs and how many may leave in a day."""
    view = {"is_on": visit.shop.tells_points, **_costs(visit)}
    return page(visit, "messages", view, at="messages")


def post(visit: Visit) -> Answer:
    """Switch it on or off."""
    is_on = visit.form["switch"] == "on"
    switch_notices(is_on=is_on, doer=doer(visit), merchants=services().merchants, desk=desk())
    return done(visit, PATH, "messages_on" if is_on else "messages_off")


def _costs(visit: Visit) -> dict[str, Any]:
    words, ports = words_of(visit.language), services()
    policy = policy_of(visit.shop, ports.sms_policy)
    charge = notice_charge(visit.at, policy)
    currency = program_of(visit.merchant_id, ports.merchants).currency
    price, most = (
        formats.money(minor, currency, visit.language)
        for minor in (policy.price_minor, charge.maximum)
    )
    return {
        "price": str(words["messages_price"]).format(price=price),
        "most": str(words["messages_most"]).format(most=most),
    }
