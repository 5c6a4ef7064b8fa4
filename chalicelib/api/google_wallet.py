"""Google's word that a card was saved or removed.

Google Wallet: "Use callbacks" (read 2026-11): no credential but the signature; deliveries
repeat, come late and want a fast 200.
"""

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.models.google import CallbackBody
from chalicelib.api.parsing import BadRequest
from chalicelib.domain.google_objects import ObjectState
from chalicelib.ports import CallbackForged
from chalicelib.usecases.card_tokens import member_of_serial
from chalicelib.usecases.google_wallet import note_callback
from chalicelib.wiring import services

google_wallet = Blueprint(__name__)

_METRICS = {ObjectState.SAVED: "GoogleSaved", ObjectState.REMOVED: "GoogleRemoved"}


@endpoint(
    google_wallet,
    "POST",
    "/wallet/google/callback",
    summary="A card was saved to Google Wallet, or removed.",
    tag="Phones",
    body=CallbackBody,
    answers={200: None},
    problems=("bad_input", "not_found"),
    is_documented=False,
)
def post_callback(call: Call[CallbackBody]) -> Answer:
    """Believe what Google signed, once."""
    ports = services()
    if not ports.has_google:
        raise BadRequest("not_found", "there is no such thing here")
    try:
        said = ports.google_callbacks.read(call.parsed, call.at)
    except CallbackForged as error:
        raise BadRequest("bad_input", f"not a callback of Google's: {error}") from None
    serial = said.object_id.removeprefix(f"{ports.settings.google_issuer_id}.")
    member = member_of_serial(serial)
    if member is None:  # Google's, but of an object we never made
        return Answer()
    state = note_callback(
        member,
        said,
        objects=ports.google_objects,
        holders=ports.pass_holders,
        pacer=ports.pacer,
        day=ports.funnel_desk.day(member.merchant_id, call.at),
    )
    return Answer(metric=_METRICS[state] if state else None)
