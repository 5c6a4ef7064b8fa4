"""A member takes away everything that is known (P21)."""

from typing import Any

from chalice import Blueprint

from chalicelib.api.coupons import coupon_json
from chalicelib.api.devices import device_desk, devices_json
from chalicelib.api.draw_shapes import my_draw_json
from chalicelib.api.endpoint import endpoint
from chalicelib.api.entries import staff_entry_json
from chalicelib.api.exchange import MEMBER, Answer, Call
from chalicelib.api.kept_gift_cards import held_json, held_of
from chalicelib.api.members import version_of
from chalicelib.api.models.exports import ExportAnswer, ExportQuery
from chalicelib.api.people import member_json
from chalicelib.api.receipts import purchase_json
from chalicelib.api.shapes import write_moment
from chalicelib.api.speaking import language_of
from chalicelib.usecases.exports import Export, ExportDesk, Person, export_of
from chalicelib.wiring import services

exports = Blueprint(__name__)

FILE_NAME = "kopilka-export.json"


@endpoint(
    exports,
    "GET",
    "/v1/me/export",
    summary="Everything that is known of the member, by pages of the ledger.",
    tag="Member",
    access=MEMBER,
    query=ExportQuery,
    answers={200: ExportAnswer},
    problems=("member_not_found",),
)
def get_my_export(call: Call[None]) -> Answer:
    """Return a page."""
    cursor = call.query.cursor
    found = export_of(
        call.member,
        call.caller.browser_id,
        before=version_of(cursor) if cursor else None,
        at=call.at,
        desk=export_desk(),
    )
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return Answer(body=_export_json(found, call), headers=headers, metric="MemberExported")


def export_desk() -> ExportDesk:
    """Return the ports that know members."""
    ports = services()
    return ExportDesk(devices=device_desk(), codes=ports.promo_codes, draws=ports.draws)


def _export_json(found: Export, call: Call[None]) -> dict[str, Any]:
    language, before = language_of(call), found.next_before
    return {
        "object": "export",
        "at": write_moment(call.at),
        "person": _person_json(found.person) if found.person else None,
        "ledger": [staff_entry_json(entry) for entry in found.entries],
        "receipts": [purchase_json(receipt, language) for receipt in found.receipts],
        "next_cursor": None if before is None else f"v{before}",
    }


def _person_json(person: Person) -> dict[str, Any]:
    profile, base_url = person.view.profile, services().settings.public_url
    return {
        "member": member_json(person.view, is_full=True),
        "other_phones": list(profile.merged_phones),
        "was_invited": profile.referred_by is not None,
        "devices": devices_json(person.devices),
        "gift_cards": [held_json(one) for one in held_of(profile)],
        "coupons": [coupon_json(person.view.member, one) for one in person.coupons],
        "draws": [my_draw_json(mine, base_url=base_url) for mine in person.draws],
    }
