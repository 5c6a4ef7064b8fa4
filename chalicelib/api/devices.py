"""Where a member's card is, and how it is taken from a phone that was lost."""

from chalice import Blueprint

from chalicelib.api.book import book, directory, phone_desk
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import MEMBER, Answer, Call
from chalicelib.api.models.devices import DevicesAnswer
from chalicelib.api.shapes import write_moment
from chalicelib.usecases.own_devices import (
    DeviceDesk,
    DeviceKind,
    OwnDevice,
    own_devices,
    remove_device,
    sign_out_others,
)
from chalicelib.wiring import services

devices = Blueprint(__name__)


@endpoint(
    devices,
    "GET",
    "/v1/me/devices",
    summary="Where the card is: browsers that are signed in, phones, Google Wallet.",
    tag="Member",
    access=MEMBER,
    answers={200: DevicesAnswer},
    problems=("member_not_found",),
)
def get_my_devices(call: Call[None]) -> Answer:
    """List the devices."""
    return _listed(call)


@endpoint(
    devices,
    "DELETE",
    "/v1/me/devices/{device_id}",
    summary="Take the card from a browser or phone: its sessions, pass and code die at once.",
    tag="Member",
    access=MEMBER,
    answers={200: DevicesAnswer},
    problems=("member_not_found", "device_not_found", "device_not_removable"),
)
def delete_my_device(call: Call[None], device_id: str) -> Answer:
    """Remove one device, and answer what is left."""
    remove_device(call.member, device_id, at=call.at, desk=device_desk())
    return _listed(call, metric="DeviceRemoved")


@endpoint(
    devices,
    "POST",
    "/v1/me/sign-out-others",
    summary="Take the card from every browser and phone but the one that asks.",
    tag="Member",
    access=MEMBER,
    answers={200: DevicesAnswer},
    problems=("member_not_found",),
)
def post_sign_out_others(call: Call[None]) -> Answer:
    """Remove all other devices, and answer what is left."""
    sign_out_others(call.member, call.caller.browser_id, at=call.at, desk=device_desk())
    return _listed(call, metric="DeviceRemoved")


def device_desk() -> DeviceDesk:
    """Return the ports that devices are listed and removed with."""
    ports = services()
    return DeviceDesk(
        book=book(),
        directory=directory(),
        phones=phone_desk(),
        google=ports.google_objects.find,
    )


def devices_json(found: tuple[OwnDevice, ...]) -> list[dict[str, object]]:
    """Return the devices as they are answered."""
    return [
        {
            "id": one.device_id,
            "object": "device",
            "kind": one.kind.value,
            "label": one.label,
            "browser_id": one.browser_id or None,
            "created_at": write_moment(one.created_at) if one.created_at else None,
            "last_seen_on": one.seen_on.isoformat() if one.seen_on else None,
            "is_this": one.is_this,
            "is_removable": one.kind is not DeviceKind.GOOGLE,
        }
        for one in found
    ]


def _listed(call: Call[None], metric: str | None = None) -> Answer:
    found = own_devices(call.member, call.caller.browser_id, device_desk())
    return Answer(body={"items": devices_json(found), "next_cursor": None}, metric=metric)
