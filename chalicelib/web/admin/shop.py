"""What the pages of stores, tills and staff have in common."""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from chalicelib.domain.staff import Store
from chalicelib.usecases.pins import TillDesk
from chalicelib.usecases.staff import Doer
from chalicelib.usecases.write_once import program_of
from chalicelib.web import formats
from chalicelib.web.admin.faults import Errors, is_line, missing
from chalicelib.web.admin.visit import Visit
from chalicelib.web.admin.words import words_of
from chalicelib.wiring import services

NAME_CHARS_MAX: Final = 60
ADDRESS_CHARS_MAX: Final = 120
PLACE_DIGITS: Final = 6
STORES_SHOWN: Final = 20  # at once; a chain has hundreds


def desk() -> TillDesk:
    """Return the ports of stores, tills and people."""
    found: TillDesk = services().till_desk
    return found


def doer(visit: Visit) -> Doer:
    """Return the owner as the audit log names them."""
    return Doer(visit.merchant_id, visit.who.staff_id, visit.at)


def name_errors(visit: Visit, name: str, maximum: int = NAME_CHARS_MAX) -> Errors:
    """Return what is wrong with a typed name, if anything."""
    errors = missing(visit.form, name, language=visit.language)
    if len(visit.form[name]) > maximum or not is_line(visit.form[name]):
        text = str(words_of(visit.language)["error_long"]).format(maximum=maximum)
        errors.setdefault(name, text)
    return errors


def chosen_stores(
    visit: Visit, stores: tuple[Store, ...], opened: str = ""
) -> tuple[list[Store], dict[str, Any]]:
    """Return the stores to show, and what the search for stores says of them.

    The store whose form was refused comes first, wherever it stands.
    """
    typed = visit.asked("find").strip()[:NAME_CHARS_MAX]
    wanted = typed.casefold()
    found = [one for one in stores if wanted in f"{one.name} {one.address}".casefold()]
    place = visit.asked("from")[:PLACE_DIGITS]
    begin = int(place) if place.isdecimal() else 0
    shown = found[begin : begin + STORES_SHOWN]
    mine = [one for one in stores if opened in {one.store_id, f"{one.store_id}-till"}]
    rest = begin + STORES_SHOWN
    more = urlencode({"find": typed, "from": rest}) if rest < len(found) else ""
    view = {
        "find": typed,
        "has_many": len(stores) > STORES_SHOWN,
        "is_found": bool(shown),
        "more": more,
    }
    return [*mine, *(one for one in shown if one not in mine)], view


def moment_text(visit: Visit, at: datetime) -> str:
    """Write a moment in the merchant's time zone: «Сегодня, 14:07»."""
    program = program_of(visit.merchant_id, services().merchants)
    local = at.astimezone(program.zone)
    return formats.moment(local, program.local_date(visit.at), visit.language)


def clock_text(visit: Visit, at: datetime) -> str:
    """Write the time of day in the merchant's time zone."""
    program = program_of(visit.merchant_id, services().merchants)
    return f"{at.astimezone(program.zone):%H:%M}"


def is_recent(visit: Visit, at: datetime, within: timedelta = timedelta(minutes=10)) -> bool:
    """Return whether something was seen just now."""
    return visit.at - at < within
