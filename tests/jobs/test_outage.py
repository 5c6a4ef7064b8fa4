"""Apple's push service, or whoever keeps passes elsewhere, away for an hour and back.

Over the engine, with a push server that speaks TLS and HTTP/2 and phones that keep to the
rules; the clock stands and is moved. `OUTAGES` names who is away.
"""

import random
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.apns import ApnsSender
from chalicelib.adapters.dynamo.connection import watch
from chalicelib.domain.account import MemberRef
from chalicelib.jobs.outbox import relay, sweep
from chalicelib.jobs.schedule import work
from chalicelib.ports import StoreUnavailable
from local.apns_server import ApnsServer
from local.certificates import ensure_certificates
from passes.apple import ApplePassSigner
from tests.api.caller import Caller
from tests.api.iphone import TYPE, Iphone
from tests.jobs.conftest import Context, Deployment

OUTAGES = [{"apple"}, {"objects"}]
MEMBERS = 3
MINUTES = 60
PURCHASE = ("GetItem", "TransactWriteItems")  # whatever is away


@dataclass
class KeptElsewhere:
    """The rows of Google's objects in a place that can be away; remembers what it was told."""

    versions: dict[MemberRef, int] = field(default_factory=dict)
    is_away: bool = False

    def want(self, member: MemberRef, version: int, _at: datetime) -> bool:
        """Take a version, which is never older than the one before; there is no object."""
        if self.is_away:
            raise StoreUnavailable("no answer")
        assert version >= self.versions.get(member, 0), "an object went backward"
        self.versions[member] = version
        return False

    def waiting(self, _at: datetime, _limit: int) -> tuple[MemberRef, ...]:
        """Return whom to send: sending is tried elsewhere (`tests/usecases`)."""
        return ()


@dataclass
class Town:
    """A shop, its shoppers' phones, and what is outside."""

    deployment: Deployment
    server: ApnsServer
    objects: KeptElsewhere
    phones: dict[MemberRef, Iphone]
    chance: random.Random
    receipts: int = 0
    costs: list[list[str]] = field(default_factory=list)  # calls of each purchase

    def buy(self, member: MemberRef) -> None:
        """Sell something to a member, and note what the purchase asked of the table."""
        self.receipts += 1
        shop, calls = self.deployment.shop, []
        body = shop.sale(member.member_id, f"r-{self.receipts}")
        stop = watch(self.deployment.ports.connection, lambda name, _: calls.append(name))
        answer = shop.till.post("/v1/purchases", body)
        stop()
        assert answer.status == 201
        self.costs.append(calls)

    def pass_a_minute(self) -> None:
        """Let one go by: sales, perhaps a changed name or a new look, and the sweep."""
        ports, shop = self.deployment.ports, self.deployment.shop
        ports.clock.advance(60)
        for _ in range(self.chance.randrange(3)):
            self.buy(self.chance.choice(list(self.phones)))
        if self.chance.random() < 0.1:
            who = self.chance.choice(list(self.phones)).member_id
            name = f"Anna {self.receipts}"
            assert shop.office.call("PATCH", f"/v1/members/{who}", {"name": name}).status == 200
        if self.chance.random() < 0.05:
            ports.pass_designs.renew(shop.merchant_id)
            assert shop.office.post("/v1/pass-pushes").status == 202
            work({"Records": self.deployment.queued("schedule")}, Context())
        sweep({}, Context())
        self.deliver()

    def deliver(self) -> None:
        """Wake every phone that was pushed."""
        pushed, self.server.requests = self.server.requests, deque()
        for token in {push["token"] for push in pushed if push["status"] == 200}:
            for phone in self.phones.values():
                if phone.push_token == token:
                    phone.woken()

    def shown(self) -> dict[MemberRef, int]:
        """Return the version of the pass on each phone."""
        return {
            member: held.content["userInfo"]["version"]
            for member, phone in self.phones.items()
            for held in phone.held.values()
        }

    def newest(self) -> dict[MemberRef, int]:
        """Return the version each pass has."""
        states = self.deployment.ports.pass_states.states_of(list(self.phones))
        return {member: state.version for member, state in states.items()}


@pytest.fixture
def town(deployment: Deployment, tmp_path: Path) -> Iterator[Town]:
    made = ensure_certificates(
        tmp_path / "certificates", pass_type_identifier=TYPE, team_identifier="KOPILKA000"
    )
    pem = {name: getattr(made, name).read_bytes() for name in ("pass_certificate", "pass_key")}
    server = ApnsServer(made).start()
    ports, objects = deployment.ports, KeptElsewhere()
    ports.pusher = ApnsSender(
        host="127.0.0.1",
        port=server.port,
        topic=TYPE,
        certificate_pem=pem["pass_certificate"],
        key_pem=pem["pass_key"],
        ca_pem=made.pass_ca.read_bytes(),
        connect_seconds=10.0,
        deadline_seconds=20.0,
    )
    ports.apple_signer = ApplePassSigner(
        pem["pass_certificate"], pem["pass_key"], made.wwdr.read_bytes(), TYPE, "KOPILKA000"
    )
    ports.google_objects = objects
    ports.settings = replace(ports.settings, google_issuer_id="3388000000000000001")
    yield Town(deployment, server, objects, phones_of(deployment), random.Random(4))
    ports.pusher.close()
    server.stop()


def phones_of(deployment: Deployment) -> dict[MemberRef, Iphone]:
    """Let shoppers join and add their passes."""
    found = {}
    for number in range(MEMBERS):
        joined: dict[str, Any] = deployment.shop.join(name="Anna")
        phone = Iphone(Caller(deployment.shop.client), f"phone-{number}", f"a{number:x}" * 32)
        phone.add(joined["apple_pass_url"])
        member = MemberRef(deployment.shop.merchant_id, joined["member_id"])
        deployment.shop.till.post(
            "/v1/purchases", deployment.shop.sale(member.member_id, f"first-{number}")
        )
        found[member] = phone
    return found


@pytest.mark.parametrize("away", OUTAGES, ids=lambda names: "+".join(sorted(names)))
def test_after_an_hour_away_every_pass_ends_at_its_newest_version(
    town: Town, away: set[str]
) -> None:
    relay({"Records": town.deployment.records()}, Context())
    town.deliver()
    for _ in range(3):
        town.pass_a_minute()
    assert town.shown() == town.newest()
    costs_before = town.costs.copy()
    if "apple" in away:
        town.server.stop()
    town.objects.is_away = "objects" in away

    for _ in range(MINUTES):
        town.pass_a_minute()
    behind = {member for member, shown in town.shown().items() if shown < town.newest()[member]}
    if "apple" in away:
        town.server.start()
    town.objects.is_away = False
    for _ in range(3):
        town.deployment.ports.clock.advance(60)
        sweep({}, Context())
        town.deliver()

    assert bool(behind) == ("apple" in away)
    assert town.shown() == town.newest()
    assert town.deployment.ports.devices.dirty() == ()
    assert all(town.objects.versions[member] > 0 for member in town.phones)
    costs = {tuple(calls) for calls in town.costs}
    assert costs == {tuple(calls) for calls in costs_before} == {PURCHASE}


def test_a_phone_that_asks_itself_is_up_to_date_while_pushes_do_not_come(town: Town) -> None:
    town.server.stop()
    member, phone = next(iter(town.phones.items()))

    town.buy(member)
    (serial,) = phone.held

    assert phone.refresh(serial) == 200
    assert town.shown()[member] == town.newest()[member]
