"""What telling phones costs: `python -m benchmarks.pushes` pushes all passes of a merchant.

Over the engine in memory, to a push server of its own process that speaks TLS and HTTP/2 as
Apple's does. Marks: at most 1 ms of this process's CPU for each push; a thousand passes with
one read and one call; a list costs by the passes on the phone, not by the merchant's.
`counts` takes the latter, for few and many passes.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import Any, Final

from benchmarks.purchases import BATCH, new_member
from benchmarks.shop import Shop, open_shop
from chalicelib.adapters.apns import ApnsSender
from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.device_items import HolderItem, RegistrationItem
from chalicelib.adapters.dynamo.holder_keys import holder_key
from chalicelib.adapters.dynamo.items import Item
from chalicelib.adapters.dynamo.raw_items import RawFormat
from chalicelib.domain.account import MemberRef
from chalicelib.domain.jobs import Job, JobState
from chalicelib.domain.members import DeviceRegistration
from chalicelib.ports import DevicePusher, PushOutcome
from chalicelib.usecases.card_tokens import serial_of
from chalicelib.usecases.passes import changed_passes
from chalicelib.usecases.repush import RepushDesk, repush_slice, start_repush
from local.certificates import ensure_certificates

PASSES: Final = 10_000
CPU_MS_MAX: Final = 1.0
SLICES_MAX: Final = 1_000
TOPIC, TEAM = "pass.bench.kopilka", "TEAM000001"
DEVICE = "phone-of-one"
_NUMBERS = count(8_000_000)  # phones of the members whose lists are counted


def counts(shop: Shop) -> dict[str, Any]:
    """Return what a phone with two passes costs: list, nothing new, an unchanged pass."""
    ports = shop.services
    serials = []
    for number in (1, 2):
        member = new_member(shop, next(_NUMBERS))
        one = _registration(member, number, device_id=DEVICE)
        ports.devices.register(member, one)
        serials.append(one.serial)
    found: dict[str, Any] = {}
    tag = ""
    for name in ("list", "nothing_new"):
        with shop.counted() as counter:
            changed = changed_passes(
                DEVICE, TOPIC, tag, devices=ports.devices, states=ports.pass_states
            )
        tag = changed.tag if changed else tag
        found[name] = {"round_trips": len(counter.calls), "rcu": counter.rcu}
    with shop.counted() as counter:
        ports.pass_states.states_of([member])
    found["unchanged_pass"] = {"round_trips": len(counter.calls), "rcu": counter.rcu}
    for serial in serials:
        ports.devices.unregister(MemberRef(*serial.split(".")), DEVICE, TOPIC, serial)
    return found


def add_passes(shop: Shop, number: int) -> None:
    """Put so many passes of the merchant into wallets, written in batches."""
    holders, registrations = RawFormat(HolderItem), RawFormat(RegistrationItem)
    items = []
    for place in range(number):
        member = MemberRef(shop.merchant_id, f"mem_holder{place:013d}")
        one = _registration(member, place)
        values = {
            "device_id": one.device_id, "pass_type": one.pass_type, "serial": one.serial,
            "push_token": one.push_token, "registered_at": one.registered_at,
        }  # fmt: skip
        key = keys.registration_key(member, one.device_id)
        items.append(registrations.write(key, values))
        named = {**values, "member_id": member.member_id}
        items.append(holders.write(holder_key(member, one.device_id), named))
    for first in range(0, len(items), BATCH):
        batch = [{"PutRequest": {"Item": item}} for item in items[first : first + BATCH]]
        shop.client.batch_write_item(RequestItems={Item.Meta.table_name: batch})


def measure() -> dict[str, Any]:
    """Push ten thousand passes of one merchant by the job, slice after slice."""
    nowhere = open(os.devnull, "w")  # noqa: SIM115 - closed with the process
    with redirect_stdout(nowhere), open_shop() as shop, _sender() as sender:
        add_passes(shop, PASSES)
        timed = _Timed(sender)
        ports = shop.services
        desk = RepushDesk(
            devices=ports.devices, pushers=timed, holders=ports.pass_holders,
            states=ports.pass_states,
        )  # fmt: skip
        begun = perf_counter(), process_time()
        with shop.counted() as counter:
            job, progress = _run(shop, desk)
        seconds, cpu = perf_counter() - begun[0], process_time() - begun[1]
        few = counts(shop)
    assert job.state is JobState.DONE, "all slices were done"
    assert job.work["pushed"] == PASSES, "the server took every push"
    return {
        "passes": PASSES,
        "round_trips": len(counter.calls),
        "table_wcu": counter.table_wcu,
        "pusher_calls": timed.calls,
        "progress": progress,
        "seconds": round(seconds, 1),
        "push_cpu_ms": round(timed.cpu_seconds * 1000 / PASSES, 3),
        "all_cpu_ms": round(cpu * 1000 / PASSES, 3),
        "cpu_ms_max": CPU_MS_MAX,
        "phone": few,
    }


def missed(found: Mapping[str, Any], few: Any, many: Any) -> list[str]:
    """Return the marks that were missed, in words."""
    said = []
    if found["all_cpu_ms"] > CPU_MS_MAX:
        said.append("pushes: more than 1 ms of CPU each")
    if few != many:
        said.append("list: costs more with more passes of the merchant")
    return said


class _Timed:
    """A pusher whose CPU is summed up."""

    def __init__(self, pusher: DevicePusher) -> None:
        self._pusher = pusher
        self.calls = 0
        self.cpu_seconds = 0.0

    def of(self, pass_type: str) -> DevicePusher:
        """Push passes of the one type there is."""
        assert pass_type
        return self

    def push_many(self, tokens: Sequence[str]) -> Mapping[str, PushOutcome]:
        """Push, and take the time."""
        begun = process_time()
        outcomes = self._pusher.push_many(tokens)
        self.cpu_seconds += process_time() - begun
        self.calls += 1
        return outcomes


def _run(shop: Shop, desk: RepushDesk) -> tuple[Job, list[int]]:
    """Do the job as the worker does; the passes told after each slice."""
    ports, at = shop.services, shop.services.clock.now()
    job = start_repush(
        shop.merchant_id, at=at, jobs=ports.jobs, queue=ports.queue, keyring=ports.keyring
    )
    progress = []
    for _ in range(SLICES_MAX):
        if job.is_over:
            break
        job = ports.jobs.save(repush_slice(job, at=at, desk=desk))
        progress.append(job.done)
    return job, progress


def _registration(member: MemberRef, number: int, *, device_id: str = "") -> DeviceRegistration:
    return DeviceRegistration(
        device_id or f"device-{number}",
        TOPIC,
        serial_of(member),
        f"ab{number:062x}",
        datetime(2026, 11, 1, tzinfo=UTC),
    )


@contextmanager
def _sender() -> Iterator[ApnsSender]:
    """Start the push server in a process of its own; a sender to it."""
    with TemporaryDirectory() as folder:
        certificates = ensure_certificates(
            Path(folder) / "certificates", pass_type_identifier=TOPIC, team_identifier=TEAM
        )
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "local.apns_server", "--port", "0"),
                *("--certificates", str(Path(folder) / "certificates")),
                *("--pass-type-identifier", TOPIC, "--team-identifier", TEAM),
            ],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert server.stdout, "it is piped"
        port = int(server.stdout.readline().rpartition(":")[2])
        sender = ApnsSender(
            host="127.0.0.1",
            port=port,
            topic=TOPIC,
            certificate_pem=certificates.pass_certificate.read_bytes(),
            key_pem=certificates.pass_key.read_bytes(),
            ca_pem=certificates.pass_ca.read_bytes(),
            connect_seconds=30.0,
            deadline_seconds=60.0,
        )
        try:
            yield sender
        finally:
            sender.close()
            server.terminate()
            server.wait()


if __name__ == "__main__":
    print(json.dumps(measure(), indent=2))
