"""The outbox's part for Google Wallet: what changed is marked, sent at once, else swept.

Google being down or refusing must not hold up a pass or a message: nothing here raises but
the marking, which is part of what the outbox must have done.
"""

import logging
from datetime import datetime

from chalicelib.usecases.google_wallet import OBJECTS_MAX, WantedObjects, send_objects
from chalicelib.wiring import services

log = logging.getLogger(__name__)


def wanted_objects(at: datetime) -> WantedObjects | None:
    """Return what marks objects; None without an issuer."""
    ports = services()
    return WantedObjects(ports.google_objects, at) if ports.has_google else None


def send_objects_of(wanted: WantedObjects | None) -> None:
    """Send what was marked just now."""
    if wanted is None or not wanted.members:
        return
    from chalicelib.api.google_cards import google_desk  # lazy: few shops have an issuer

    try:
        send_objects(wanted.members, desk=google_desk())
    except Exception:  # the markers stand: the sweep sends them; an alarm counts these
        log.exception("objects could not be sent now", extra={"objects": len(wanted.members)})


def send_waiting_objects() -> None:
    """Send what waits, longest first."""
    ports = services()
    if not ports.has_google:
        return
    from chalicelib.api.google_cards import google_desk  # lazy: see above

    try:
        waiting = ports.google_objects.waiting(ports.clock.now(), OBJECTS_MAX)
        if waiting:
            sent = send_objects(waiting, desk=google_desk())
            log.info("objects sent", extra={"objects": sent, "waiting": len(waiting)})
    except Exception:  # what is left of the sweep must run; next minute again
        log.exception("objects could not be sent now")
