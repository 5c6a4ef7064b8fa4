"""The seam between the local runtime and the service: every name of ours it relies on.

Import it late: the service reads its settings from the environment when it is wired.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from chalice.app import Chalice

from chalicelib.adapters.clock import MovableClock
from chalicelib.adapters.memory_queue import MemoryQueue
from chalicelib.adapters.sms_console import LocalOutbox
from local.streams import Handler
from local.till_codes import invite_till
from local.workers import Handlers

# Made on first use, and without a lock: two threads would make two, each with half the work.
_SHARED = (
    "vault",
    "members",
    "sign_ups",
    "prefixes",
    "sms_outbox",
    "due_work",
    "devices",
    "queue",
    "events",
    "pusher",
    "pushers",
    "apple_signer",
    "apple_signers",
    "certificate_desk",
    "google_signer",
    "google_api",
    "google_api_for_shoppers",
    "google_callbacks",
    "google_objects",
    "google_rates",
    "local_outbox",
    "sms_sender",
    "sms_policy",
    "staff_sessions",
    "staff_room",
    "guesses",
    "till_desk",
    "owner_desk",
    "shop_desk",
)


@dataclass(frozen=True, slots=True)
class OpenedMerchant:
    """A new merchant and its first two keys: shown once, stored as hashes."""

    merchant: str
    till_key: str
    integration_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The wired service, as one process needs it."""

    app: Chalice
    clock: MovableClock
    queue: MemoryQueue
    outbox: LocalOutbox
    relay: Handler
    handlers: Handlers
    open_merchant: Callable[..., OpenedMerchant]  # program, id, name, template of the design
    open_by_wish: Handler  # what an operator's call says
    add_till: Handler
    invite_till: Callable[[Mapping[str, Any]], Mapping[str, Any]]


def load_product() -> Product:
    """Wire the service, once, before any thread asks for it."""
    from app import app
    from chalicelib.jobs import operator, outbox, schedule, sms
    from chalicelib.wiring import services

    wired = services()
    for name in _SHARED:
        getattr(wired, name)
    assert isinstance(wired.clock, MovableClock), "CLOCK=movable"
    assert isinstance(wired.queue, MemoryQueue), "TASK_QUEUE=memory"
    return Product(
        app=app,
        clock=wired.clock,
        queue=wired.queue,
        outbox=wired.local_outbox,
        relay=outbox.relay,
        handlers=Handlers(
            tick=schedule.tick,
            sweep=outbox.sweep,
            queues={"sms": sms.send, "schedule": schedule.work},
        ),
        open_merchant=partial(_open, wired),
        open_by_wish=operator.open_merchant,
        add_till=operator.add_till,
        invite_till=partial(invite_till, wired),
    )


def _open(
    ports: Any, program: Mapping[str, Any], merchant_id: str, name: str, design: str = ""
) -> OpenedMerchant:
    """Open a merchant; empty id and name: a random one, and the program's title.

    Its passes have the design of that template, without one the default artwork.
    """
    from chalicelib.usecases.first_designs import publish_first_design
    from chalicelib.usecases.merchants import merchant_of_program, open_merchant
    from passes.templates import template_design

    new_id, at = merchant_id or ports.keyring.new_id("mer"), ports.clock.now()
    merchant = merchant_of_program(program, merchant_id=new_id, name=name)
    made = open_merchant(merchant, program, at=at, office=ports.office)
    found = template_design(design)
    if found:
        publish_first_design(
            new_id, found.document, found.artworks, at=at, desk=ports.design_desk
        )
    return OpenedMerchant(made.merchant.merchant_id, made.till_key, made.integration_key)
