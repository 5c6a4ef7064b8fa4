"""What the functions really ask of the table is what their policies allow.

The application runs a shopper's first days over the embedded engine, while every request
to the table is noted under the function that would make it.
"""

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamo.items import Item
from chalicelib.domain.account import MemberRef
from chalicelib.domain.members import DeviceRegistration
from chalicelib.jobs.operator import add_till, open_merchant
from chalicelib.jobs.outbox import relay, sweep
from chalicelib.jobs.schedule import tick, work
from chalicelib.jobs.sms import send
from chalicelib.ports import PushKind, PushOutcome
from infra.package import ROOT
from tests.api.caller import Caller
from tests.api.conftest import client, deployed, shop, wired  # noqa: F401 - fixtures
from tests.api.shop import PROGRAM, Shop, new_phone, open_shop
from tests.certificate_maker import make
from tests.fakes.pusher import FakePusher

Calls = set[tuple[str, str]]  # action, index or nothing
_TRANSACTED = {
    "ConditionCheck": "ConditionCheckItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
}


class Context:
    def get_remaining_time_in_millis(self) -> int:
        return 120_000


def allowed(function: str) -> Calls:
    """Return what the policy allows on the table and its indexes."""
    path = ROOT / ".chalice" / f"policy-{function}.json"
    found = set()
    for statement in json.loads(path.read_text())["Statement"]:
        resource = json.dumps(statement["Resource"])
        index = resource.split("/index/")[1].split('"')[0] if "/index/" in resource else ""
        found |= {(action.removeprefix("dynamodb:"), index) for action in statement["Action"]}
    return found


@contextmanager
def noted() -> Iterator[Calls]:
    """Note every request to the table."""
    calls: Calls = set()

    def note(params: dict[str, Any], model: Any, **_: Any) -> None:
        if model.name == "TransactWriteItems":
            parts = (kind for part in params["TransactItems"] for kind in part)
            calls.update((_TRANSACTED.get(kind, kind), "") for kind in parts)
        else:
            calls.add((model.name, params.get("IndexName", "")))

    events = Item._get_connection().connection.client.meta.events
    events.register("before-parameter-build.dynamodb", note)
    yield calls
    events.unregister("before-parameter-build.dynamodb", note)


def stream_of(table_client) -> dict[str, Any]:
    """Return the table's items as Lambda would hand them over when they were new."""
    items = table_client.scan(TableName=Item.Meta.table_name)["Items"]
    images = [json.loads(json.dumps(item, default=_base64)) for item in items]
    return {
        "Records": [
            {"eventName": "INSERT", "dynamodb": {"NewImage": image, "SequenceNumber": str(n)}}
            for n, image in enumerate(images)
        ]
    }


def messages(wired, queue: str) -> dict[str, Any]:  # noqa: F811
    taken = wired.queue.take(queue, 100)
    return {"Records": [{"messageId": one.message_id, "body": one.body} for one in taken]}


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


@pytest.fixture
def member(shop: Shop) -> str:  # noqa: F811
    return shop.join(name="Anna", birth_date="1990-06-03")["member_id"]


def test_the_api_asks_only_what_its_policy_allows(shop: Shop) -> None:  # noqa: F811
    phone = new_phone()

    with noted() as at_sign_up:
        asked = shop.ask_for_code(phone)
    code = shop.code_sent(phone)  # the test's own look at the outbox
    with noted() as at_till:
        joined = shop.verify(asked.json["sign_up_id"], code).json
        sale = shop.till.post("/v1/purchases", shop.sale(joined["member_id"]))
        shop.give(joined["member_id"], 10)
        for article in ("C-1,coffee,", "C-1,tea,", "C-1,milk,"):  # the third deletes pages
            shop.office.put_csv("/v1/catalogue", f"sku,category,margin\n{article}\n")
        listed = Caller(shop.client, joined["member_token"]).get("/v1/me/ledger")

    calls = at_sign_up | at_till
    assert (sale.status, listed.status) == (201, 200)
    assert {("GetItem", ""), ("PutItem", ""), ("UpdateItem", ""), ("Query", "")} <= calls
    assert calls - allowed("api") == set()


def test_relay_and_sweep_may_post_the_rewards_of_a_referral(
    wired,  # noqa: F811
    client,  # noqa: F811
) -> None:
    generous = open_shop(
        client, "generous", {**PROGRAM, "referral": {"referrer_points": 5, "friend_points": 3}}
    )
    referrer = generous.join()["member_id"]
    code = generous.till.get(f"/v1/members/{referrer}").json["referral_code"]
    calls: list[Calls] = []
    for number in range(2):  # the first is told of by the stream, the second by the sweep
        phone = new_phone()
        asked = generous.ask_for_code(phone, referral_code=code)
        friend = generous.verify(asked.json["sign_up_id"], generous.code_sent(phone)).json
        generous.till.post("/v1/purchases", generous.sale(friend["member_id"], f"r{number}"))
        records = stream_of(Item._get_connection().connection.client)
        with noted() as asked_for:
            if number:
                sweep({}, Context())
            else:
                relay(records, Context())
        calls.append(asked_for)

    by_relay, by_sweep = calls
    given = generous.office.get(f"/v1/members/{referrer}").json["balance"]["available"]
    assert given == 10
    assert by_relay - allowed("relay") == set()
    assert by_sweep - allowed("sweep") == set()
    assert ("PutItem", "") in by_relay & by_sweep


def test_relay_sweep_and_send_ask_only_what_their_policies_allow(
    wired,  # noqa: F811
    shop: Shop,  # noqa: F811
    member: str,
) -> None:
    shop.ask_for_code(new_phone())  # a message that has not left
    records = stream_of(Item._get_connection().connection.client)

    with noted() as by_relay:
        relayed = relay(records, Context())
    with noted() as by_sweep:
        sweep({}, Context())
    with noted() as by_send:
        sent = send(messages(wired, "sms"), Context())

    assert relayed == sent == {"batchItemFailures": []}
    assert {("GetItem", ""), ("UpdateItem", "")} <= by_relay & by_send
    assert ("Query", "dirty") in by_sweep
    assert by_relay - allowed("relay") == set()
    assert by_sweep - allowed("sweep") == set()
    assert by_send - allowed("send") == set()


def test_what_an_operator_does_by_hand_asks_only_what_the_policies_allow(
    wired,  # noqa: F811
) -> None:
    with noted() as by_opening:
        opened = open_merchant({"template": "bakery"}, Context())
    wish = {"merchant": opened["merchant"], "till": "till-2", "store": "north"}
    with noted() as by_adding:
        added = add_till(wish, Context())

    assert opened["status"] == added["status"] == 201
    assert ("PutItem", "") in by_opening & by_adding
    assert by_opening - allowed("open-merchant") == set()
    assert by_adding - allowed("add-till") == set()


def test_the_schedule_asks_only_what_its_policies_allow(
    wired,  # noqa: F811
    shop: Shop,  # noqa: F811
    member: str,
) -> None:
    shop.give(member, 10, expires_in_days=365)
    wired.clock.set(wired.clock.now() + timedelta(days=400))  # points expire

    with noted() as by_tick:
        tick({}, Context())
    queued = messages(wired, "schedule")
    with noted() as by_work:
        worked = work(queued, Context())

    assert queued["Records"]
    assert worked == {"batchItemFailures": []}
    assert {("Query", "due"), ("UpdateItem", "")} <= by_tick
    assert {("Query", "due"), ("PutItem", ""), ("UpdateItem", "")} <= by_work
    assert by_tick - allowed("tick") == set()
    assert by_work - allowed("work") == set()


def test_a_dry_run_asks_only_what_the_policies_allow(
    wired,  # noqa: F811
    shop: Shop,  # noqa: F811
    member: str,
) -> None:
    shop.till.post("/v1/purchases", shop.sale(member))
    with noted() as by_api:
        begun = shop.office.post("/v1/program/dry-runs", {"draft": PROGRAM})
        shop.office.get(f"/v1/jobs/{begun.json['id']}")
    messages(wired, "schedule")  # lost
    wired.clock.set(wired.clock.now() + timedelta(minutes=20))

    with noted() as by_sweep:
        sweep({}, Context())
    queued = messages(wired, "schedule")
    with noted() as by_work:
        work(queued, Context())
    with noted() as by_reader:
        done = shop.office.get(f"/v1/program/dry-runs/{begun.json['id']}")

    assert done.json["receipts"] == 1
    assert (by_api | by_reader) - allowed("api") == set()
    assert by_sweep - allowed("sweep") == set()
    assert by_work - allowed("work") == set()
    assert ("BatchWriteItem", "") in by_sweep
    assert {("Query", ""), ("BatchGetItem", ""), ("PutItem", "")} <= by_work


def test_telling_all_phones_asks_only_what_the_policies_allow(
    wired,  # noqa: F811
    shop: Shop,  # noqa: F811
    member: str,
) -> None:
    who, at = MemberRef(shop.merchant_id, member), wired.clock.now()
    for name, outcome in (("good", 200), ("gone", 410), ("slow", 429)):
        wired.devices.register(
            who, DeviceRegistration(name, "pass.app.kopilka", name, f"{outcome}", at)
        )
    begun = shop.office.post("/v1/pass-pushes")
    queued = messages(wired, "schedule")
    pusher = FakePusher()
    pusher.outcomes = {
        "410": PushOutcome(PushKind.GONE, 410),
        "429": PushOutcome(PushKind.RETRY, 429),
    }
    wired.pusher = pusher

    with noted() as by_work:
        worked = work(queued, Context())
    with noted() as by_sweep:
        sweep({}, Context())
    del wired.pusher

    done = shop.office.get(f"/v1/jobs/{begun.json['id']}").json
    assert worked == {"batchItemFailures": []}
    assert (done["state"], done["kind"], done["result"]) == ("done", "repush", None)
    assert done["progress"] == {"done": 3, "total": 3}
    assert pusher.pushed == ["410", "200", "429", "200"]  # the sweep leaves 429 alone
    assert {("DeleteItem", ""), ("UpdateItem", ""), ("Query", "")} <= by_work
    assert by_work - allowed("work") == set()
    assert by_sweep - allowed("sweep") == set()


def test_a_restart_asks_only_what_its_policy_allows(
    wired,  # noqa: F811
    shop: Shop,  # noqa: F811
) -> None:
    shop.office.post("/v1/program/dry-runs", {"draft": PROGRAM})
    wired.clock.set(wired.clock.now() + timedelta(seconds=1))

    with noted() as by_tick:
        tick({"is_restart": True}, Context())

    assert {("Query", "dirty"), ("PutItem", "")} <= by_tick
    assert by_tick - allowed("tick") == set()


def test_a_draw_asks_only_what_the_policies_allow(
    wired,  # noqa: F811
    shop: Shop,  # noqa: F811
    member: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop.till.post("/v1/purchases", shop.sale(member))
    body = {
        "title": "June",
        "opens": "2026-06-01",
        "closes": "2026-06-01",
        "prizes": [{"name": "Points", "count": 1, "points": 5}],
        "entries": {"per": "member"},
    }
    monkeypatch.setattr("chalicelib.api.draws.WORK_SECONDS_MAX", -1.0)  # all of it is a job
    with noted() as by_api:
        path = f"/v1/draws/{shop.office.post('/v1/draws', body).json['id']}"
    calls: list[Calls] = [by_api - allowed("api")]
    wired.clock.set(wired.clock.now() + timedelta(days=1))
    for step, asked in (("close", None), ("draw", {})):
        with noted() as by_api:
            shop.office.post(f"{path}/{step}", asked)
        queued = messages(wired, "schedule")
        with noted() as by_work:
            work(queued, Context())
        calls += [by_api - allowed("api"), by_work - allowed("work")]

    with noted() as by_reader:
        found = shop.office.get(path).json
    assert (found["state"], found["winners_count"], found["grants_left"]) == ("drawn", 1, 0)
    assert calls == [set()] * 5
    assert by_reader - allowed("api") == set()


def test_a_birthday_asks_only_what_the_policy_allows(wired, client) -> None:  # noqa: F811
    gift = {"birthday": {"points": 5, "expires_in_days": 10}}
    generous = open_shop(client, "birthdays", {**PROGRAM, "anniversaries": gift})
    generous.join(name="Anna", birth_date="1990-06-03")
    wired.clock.set(wired.clock.now() + timedelta(days=3))
    tick({}, Context())
    queued = messages(wired, "schedule")

    with noted() as by_work:
        work(queued, Context())

    assert ("Query", "") in by_work  # its entries, for a grant the profile was not told of
    assert by_work - allowed("work") == set()


def test_a_design_with_images_asks_only_what_the_policy_allows(
    wired,  # noqa: F811
    shop: Shop,  # noqa: F811
    member: str,
) -> None:
    icon = (ROOT / "passes" / "artwork" / "icon@3x.png").read_bytes()
    path, kind = "/v1/pass-images?use=icon", {"Content-Type": "image/png"}
    with noted() as by_api:
        image_id = shop.office.call("POST", path, raw=icon, headers=kind).json["id"]
        for design in ({"icon": image_id}, {}):
            shop.office.call("PUT", "/v1/pass-design/draft", design)
            published = shop.office.post("/v1/pass-design/draft/publish")
        shop.office.call("PUT", "/v1/program/draft", PROGRAM)
        shop.office.post("/v1/program/draft/publish")
        deleted = shop.office.call("DELETE", f"/v1/pass-images/{image_id}")

    assert (published.status, deleted.status) == (201, 200)
    assert {("ConditionCheckItem", ""), ("UpdateItem", ""), ("DeleteItem", "")} <= by_api
    assert by_api - allowed("api") == set()


def test_a_merchants_certificate_asks_only_what_the_policies_allow(
    wired,  # noqa: F811
    shop: Shop,  # noqa: F811
) -> None:
    path = "/v1/wallet/apple-certificate"
    with noted() as by_api:
        kept = shop.office.call("PUT", path, make().body())
    wired.clock.set(wired.clock.now() + timedelta(days=240))  # it ends within a week

    with noted() as by_tick:
        tick({}, Context())
    with noted() as by_the_end:
        ended = shop.office.call("DELETE", path)

    assert (kept.status, ended.status) == (200, 200)
    assert {("PutItem", ""), ("DeleteItem", "")} <= by_api | by_the_end
    assert (by_api | by_the_end) - allowed("api") == set()
    assert {("Query", "due"), ("UpdateItem", ""), ("GetItem", "")} <= by_tick
    assert by_tick - allowed("tick") == set()
