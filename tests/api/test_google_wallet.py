"""Google Wallet over the whole application: the tap, what follows it, and callbacks."""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.adapters.dynamo.connection import watch
from chalicelib.adapters.dynamo.google_objects import ObjectItem
from chalicelib.adapters.dynamo.items import Item
from chalicelib.domain.account import MemberRef
from chalicelib.domain.google_objects import GoogleObject, ObjectState
from chalicelib.domain.rotating import totp
from chalicelib.jobs.outbox import relay, sweep
from chalicelib.jobs.schedule import work
from chalicelib.wiring import Services
from local.google_server import GoogleServer
from local.google_signing import ISSUER_ID, CallbackSigner
from tests.api.caller import Answer, Caller
from tests.api.shop import PROGRAM, Shop, new_phone, open_shop
from tests.api.test_leaving import erase, merge
from tests.fakes.clock import NOON
from tests.infra.test_policy_use import Context, allowed, messages, noted, stream_of

_OF_GOOGLE = ("google_signer", "google_api", "google_callbacks", "google_objects")
_OF_GOOGLE_TOO = ("google_rates", "google_api_for_shoppers", "_google_account")
_DAYS = count(1)
_SHOPS = count(1)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleServer]:
    started = GoogleServer(tmp_path_factory.mktemp("google") / "account.json").start()
    started.behaviour.rate_max = 1_000_000  # our own allowance is what is tried here
    yield started
    started.stop()


@pytest.fixture
def google(wired: Services, server: GoogleServer) -> Iterator[GoogleServer]:
    """A deployment with an issuer, on a day of its own: the allowance counts by the clock."""
    before = wired.settings
    named = {name.lower(): value for name, value in server.settings.items()}
    wired.settings = replace(before, **named)
    wired.clock.set(NOON + timedelta(days=next(_DAYS)))
    yield server
    wired.settings = before
    for name in (*_OF_GOOGLE, *_OF_GOOGLE_TOO):
        wired.__dict__.pop(name, None)
    server.requests.clear()
    server.behaviour.fails_with = 0
    server.behaviour.has_keys = True
    wired.clock.reset()


@dataclass(frozen=True, slots=True)
class Holder:
    """A shopper with an Android phone."""

    shop: Shop
    server: GoogleServer
    wired: Services
    joined: dict[str, Any]

    @property
    def member(self) -> MemberRef:
        return MemberRef(self.shop.merchant_id, self.joined["member_id"])

    @property
    def object_id(self) -> str:
        return f"{ISSUER_ID}.{self.member.merchant_id}.{self.member.member_id}"

    @property
    def shown(self) -> dict[str, Any]:
        """Return what the phone shows."""
        return self.server.resources.kept["loyaltyObject"][self.object_id]

    @property
    def points(self) -> int:
        return int(self.shown["loyaltyPoints"]["balance"]["int"])

    def tap(self) -> Answer:
        path = self.joined["google_save_url"].removeprefix("https://cards.example")
        return Caller(self.shop.client).get(path)

    def buy(self, receipt_id: str, **more: Any) -> None:
        sale = self.shop.sale(self.member.member_id, receipt_id, **more)
        assert self.shop.till.post("/v1/purchases", sale).status == 201

    def row(self) -> GoogleObject:
        found = self.wired.google_objects.find(self.member)
        assert found is not None
        return found

    def requests(self) -> list[tuple[str, int]]:
        """Return what Google was asked about this object."""
        wanted = (self.object_id, f"{self.object_id}/addMessage")
        return [
            (one.method, one.status)
            for one in self.server.requests
            if one.path.partition("loyaltyObject/")[2] in wanted
            or (one.body or {}).get("id") == self.object_id
        ]


@pytest.fixture
def holder(google: GoogleServer, wired: Services, client: Client) -> Holder:
    shop = open_shop(client, f"google-{next(_SHOPS)}", PROGRAM)
    return Holder(shop, google, wired, shop.join())


@pytest.fixture
def anyone(google: GoogleServer, client: Client) -> Caller:
    return Caller(client)


def run_sweeps(wired: Services, *, minutes: int) -> None:
    for _ in range(minutes):
        wired.clock.advance(60)
        sweep({}, Context())


def test_a_tap_makes_the_object_and_leads_to_google(holder: Holder) -> None:
    answer = holder.tap()

    assert answer.status == 302
    assert answer.headers["Location"].startswith(holder.server.save_url)
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert holder.requests() == [("POST", 200)]
    assert holder.points == 0


def test_a_tap_while_google_is_down_says_so_and_the_next_one_works(
    holder: Holder, wired: Services
) -> None:
    holder.server.behaviour.fails_with = 503
    refused = holder.tap()
    holder.server.behaviour.fails_with = 0
    wired.clock.advance(1)

    answer = holder.tap()

    assert (refused.status, answer.status) == (503, 302)
    assert refused.headers["Retry-After"] == "60"
    assert "text/html" in refused.headers["Content-Type"]


def test_an_address_that_is_nobodys_opens_no_card(holder: Holder, anyone: Caller) -> None:
    answer = anyone.get(f"/wallet/google/{holder.shop.merchant_id}.mem_x.secret")

    assert answer.status == 404
    assert holder.requests() == []


def test_without_an_issuer_there_is_no_button_and_no_way_in(
    shop: Shop, anybody: Caller
) -> None:
    joined = shop.join()
    token = joined["card_url"].rpartition("/")[2]

    tapped = anybody.get(f"/wallet/google/{token}")
    called = anybody.post(
        "/wallet/google/callback", CallbackSigner().callback("a", "save", "n")
    )

    assert joined["google_save_url"] is None
    assert (tapped.status, called.status) == (404, 404)


def test_the_relay_brings_a_purchase_to_the_object(holder: Holder) -> None:
    holder.tap()
    holder.buy("r1")

    relay(stream_of(Item._get_connection().connection.client), Context())

    assert holder.points == 5
    assert holder.requests() == [("POST", 200), ("PATCH", 200)]
    assert not holder.row().is_waiting


def test_the_relay_and_the_sweep_ask_only_what_their_policies_allow(
    holder: Holder, wired: Services
) -> None:
    holder.tap()
    holder.buy("r1")
    records = stream_of(Item._get_connection().connection.client)
    with noted() as by_relay:
        relay(records, Context())
    holder.buy("r2")
    with noted() as by_sweep:
        sweep({}, Context())

    assert holder.points == 10
    assert by_relay - allowed("relay") == set()
    assert by_sweep - allowed("sweep") == set()


def test_an_hour_without_google_slows_no_purchase_and_ends_at_the_newest_version(
    holder: Holder, wired: Services
) -> None:
    holder.buy("before")
    holder.tap()
    holder.server.behaviour.fails_with = 503
    calls: list[str] = []
    for minute in range(60):
        if minute % 5 == 0:
            stop = watch(wired.connection, lambda name, _: calls.append(name))
            holder.buy(f"r{minute}")
            stop()
        run_sweeps(wired, minutes=1)
    before = holder.points
    holder.server.behaviour.fails_with = 0

    run_sweeps(wired, minutes=16)  # tried again after a quarter of an hour at the latest

    accepted = [one.body for one in holder.server.requests if one.body and one.status == 200]
    points = [
        int(b["loyaltyPoints"]["balance"]["int"]) for b in accepted if "loyaltyPoints" in b
    ]
    assert calls == ["GetItem", "TransactWriteItems"] * 12
    assert (before, holder.points) == (5, 65)
    assert points == sorted(points)
    assert not holder.row().is_waiting


def test_a_purchase_asks_the_table_nothing_more_for_a_phone_with_google(
    holder: Holder, google: GoogleServer
) -> None:
    counts = []
    for receipt_id in ("r1", "r2"):
        with noted() as calls:
            holder.buy(receipt_id)
        counts.append(sorted(calls))
        holder.tap()

    assert counts[0] == counts[1]


def test_google_being_down_for_an_hour_loses_nothing(holder: Holder, wired: Services) -> None:
    holder.tap()
    holder.server.behaviour.fails_with = 503
    for number in range(3):
        holder.buy(f"r{number}")
        run_sweeps(wired, minutes=20)
    behind = holder.points
    holder.server.behaviour.fails_with = 0

    run_sweeps(wired, minutes=16)

    assert (behind, holder.points) == (0, 15)
    assert not holder.row().is_waiting
    assert 5 < len(holder.requests()) < 20  # it was not pestered


def test_a_rise_to_a_tier_rings(holder: Holder) -> None:
    holder.tap()
    holder.buy("r1", lines=[{"quantity": "1", "unit_price_minor": 2_000_000}])

    sweep({}, Context())

    (message,) = holder.shown["messages"]
    assert message["messageType"] == "TEXT_AND_NOTIFY"
    assert message["body"] == "Ваш уровень: Gold"
    assert holder.shown["secondaryLoyaltyPoints"]["balance"] == {"string": "Gold"}
    assert len(holder.row().notices) == 1


def test_a_phone_that_was_changed_rings(holder: Holder) -> None:
    holder.tap()
    shop, new = holder.shop, new_phone()
    path = f"/v1/members/{holder.member.member_id}/phone-changes"
    change_id = shop.office.post(path, {"phone": new}).json["id"]
    seen = {"evidence": "passport", "new_code": shop.code_sent(new)}
    shop.office.post(f"/v1/phone-changes/{change_id}/approve", seen)

    sweep({}, Context())

    (message,) = holder.shown["messages"]
    assert message["messageType"] == "TEXT_AND_NOTIFY"
    assert message["header"] == "Номер телефона изменён"


def test_a_pause_after_a_number_was_changed_rings_and_goes_when_it_is_over(
    holder: Holder, wired: Services
) -> None:
    holder.tap()
    shop, new = holder.shop, new_phone()
    path = f"/v1/members/{holder.member.member_id}/phone-changes"
    change_id = shop.office.post(path, {"phone": new}).json["id"]
    seen = {"evidence": "passport", "new_code": shop.code_sent(new)}
    shop.office.post(f"/v1/phone-changes/{change_id}/approve", seen)

    sweep({}, Context())

    (message,) = holder.shown["messages"]
    modules = {one["id"]: one["body"] for one in holder.shown["textModulesData"]}
    assert message["body"] == f"Списание баллов {modules['redeeming']}"
    assert modules["redeeming"].startswith("закрыто до ")


def test_news_the_member_switched_off_stand_there_in_silence(holder: Holder) -> None:
    me = Caller(holder.shop.client, holder.joined["member_token"])
    me.call("PATCH", "/v1/me", {"notices": {"points": {"wallet": False}}})
    holder.tap()
    holder.buy("r1", lines=[{"quantity": "1", "unit_price_minor": 2_000_000}])

    sweep({}, Context())

    (message,) = holder.shown["messages"]
    assert message["messageType"] == "TEXT"
    assert message["body"] == "Ваш уровень: Gold"
    assert holder.row().notices == ()


def test_a_coffee_does_not_ring(holder: Holder) -> None:
    holder.tap()
    holder.buy("r1")

    sweep({}, Context())

    assert "messages" not in holder.shown


def test_a_new_look_reaches_the_class_with_the_next_change(
    holder: Holder, wired: Services
) -> None:
    holder.tap()
    merchant_id = holder.shop.merchant_id
    wired.pass_designs.renew(merchant_id)
    holder.buy("r1")

    sweep({}, Context())

    sent = wired.google_objects.sent_class(merchant_id)
    assert sent is not None
    assert sent.revision == 1


def test_a_job_for_all_passes_reaches_the_objects(holder: Holder, wired: Services) -> None:
    holder.tap()
    wired.pass_designs.renew(holder.shop.merchant_id)

    begun = holder.shop.office.post("/v1/pass-pushes")
    work(messages(wired, "schedule"), Context())
    sweep({}, Context())

    assert begun.status in (200, 201, 202)
    assert holder.requests() == [("POST", 200), ("PATCH", 200)]


def test_no_key_of_a_rotating_code_is_stored(holder: Holder) -> None:
    holder.tap()

    item = ObjectItem.get(
        f"T#{holder.member.merchant_id}#M#{holder.member.member_id}", "GOOGLE"
    )

    assert set(item.attribute_values) <= {
        "pk", "sk", "kind", "asked", "sent", "shape", "told", "notices", "attempts", "lease",
    }  # fmt: skip


def callback(holder: Holder, event: str, nonce: str, **more: Any) -> dict[str, Any]:
    return holder.server.signer.callback(holder.object_id, event, nonce, **more)


def test_a_save_and_a_removal_are_recorded(holder: Holder, anyone: Caller) -> None:
    holder.tap()

    saved = anyone.post("/wallet/google/callback", callback(holder, "save", "n1"))
    after_save = holder.row().state
    removed = anyone.post(
        "/wallet/google/callback", callback(holder, "del", "n2", ends_in_seconds=3_700)
    )

    assert (saved.status, removed.status) == (200, 200)
    assert (after_save, holder.row().state) == (ObjectState.SAVED, ObjectState.REMOVED)


def test_a_repeated_callback_is_taken_and_changes_nothing(
    holder: Holder, anyone: Caller, capsys: pytest.CaptureFixture[str]
) -> None:
    holder.tap()
    said = callback(holder, "save", "n1")

    answers = [anyone.post("/wallet/google/callback", said).status for _ in range(3)]

    counted = capsys.readouterr().out.count('"GoogleSaved":[1.0]')
    assert answers == [200, 200, 200]
    assert counted == 1


@pytest.mark.parametrize("forgery", ["message", "root", "issuer", "old"])
def test_a_forged_callback_is_refused(forgery: str, holder: Holder, anyone: Caller) -> None:
    holder.tap()
    signer = holder.server.signer
    said = {
        "message": {**callback(holder, "del", "n1"), "signedMessage": json.dumps({})},
        "root": CallbackSigner().callback(holder.object_id, "save", "n1"),
        "issuer": replace(signer, issuer_id="1").callback(holder.object_id, "save", "n1"),
        "old": callback(holder, "save", "n1", ends_in_seconds=-10 * 365 * 86_400),
    }[forgery]

    answer = anyone.post("/wallet/google/callback", said)

    assert (answer.status, answer.code) == (400, "bad_input")
    assert holder.row().state is ObjectState.MADE


def test_a_callback_for_no_object_of_ours_is_taken_and_forgotten(
    holder: Holder, anyone: Caller
) -> None:
    signer = holder.server.signer
    stray = f"{ISSUER_ID}.nobody.mem_1"

    answer = anyone.post("/wallet/google/callback", signer.callback(stray, "save", "n1"))

    assert answer.status == 200
    assert holder.wired.google_objects.find(MemberRef("nobody", "mem_1")) is None


def test_without_googles_keys_a_callback_is_asked_for_again(
    holder: Holder, anyone: Caller
) -> None:
    holder.server.behaviour.has_keys = False

    answer = anyone.post("/wallet/google/callback", callback(holder, "save", "n1"))

    assert answer.status == 503


def test_a_refusal_raises_the_alarm_with_googles_words_and_no_name(
    holder: Holder, caplog: pytest.LogCaptureFixture
) -> None:
    holder.tap()
    holder.buy("r1")
    holder.server.behaviour.fails_with = 400
    holder.server.behaviour.says = 'bad "Elena K." there'

    with caplog.at_level(logging.ERROR):
        sweep({}, Context())

    holder.server.behaviour.says = ""
    (line,) = [record for record in caplog.records if record.message == "google refused"]
    assert (vars(line)["status"], vars(line)["reason"]) == (400, 'bad "…" there')
    assert not holder.row().is_waiting


def test_the_code_an_android_phone_shows_is_good_once_at_the_till(
    google: GoogleServer, wired: Services, client: Client
) -> None:
    guarded = {**PROGRAM, "confirm_above": 0}
    shop = open_shop(client, f"google-{next(_SHOPS)}", guarded)
    holder = Holder(shop, google, wired, shop.join())
    holder.tap()
    rotating = holder.shown["rotatingBarcode"]
    (parameter,) = rotating["totpDetails"]["parameters"]
    step = int(wired.clock.now().timestamp()) // 30
    digits = totp(bytes.fromhex(parameter["key"]), step)
    shown = rotating["valuePattern"].replace("{totp_value_0}", digits)

    first = shop.till.post("/v1/lookups", {"code": shown})
    again = shop.till.post("/v1/lookups", {"code": shown})

    assert "barcode" not in holder.shown
    assert (first.status, first.json["verified"]) == (200, True)
    assert (again.status, again.json["verified"]) == (200, False)


@pytest.mark.parametrize("way", ["erased", "merged"])
def test_the_object_of_a_member_who_goes_expires_without_a_name(
    way: str, holder: Holder, wired: Services
) -> None:
    shop, member_id = holder.shop, holder.member.member_id
    holder.buy("r1")
    holder.tap()
    code = holder.shown["barcode"]["value"]

    gone = erase(shop, member_id) if way == "erased" else merge_into_another(shop, member_id)
    sweep({}, Context())

    assert gone.status in (200, 201)
    assert holder.shown["state"] == "EXPIRED"
    assert not {"accountName", "accountId", "barcode", "loyaltyPoints"} & set(holder.shown)
    assert code not in str(holder.shown)
    assert not holder.row().is_waiting


def test_of_a_member_who_went_google_is_told_once(holder: Holder, wired: Services) -> None:
    holder.tap()
    erase(holder.shop, holder.member.member_id)
    sweep({}, Context())
    before = len(holder.requests())
    wired.pass_designs.renew(holder.shop.merchant_id)

    holder.shop.office.post("/v1/pass-pushes")
    work(messages(wired, "schedule"), Context())
    run_sweeps(wired, minutes=3)

    shards = range(wired.pass_holders.shards)
    pages = [wired.pass_holders.page(holder.shop.merchant_id, one)[0] for one in shards]
    assert len(holder.requests()) == before
    assert [one for page in pages for one in page] == []


def test_a_member_who_goes_while_google_is_down_is_forgotten_after_it_was_told(
    holder: Holder, wired: Services
) -> None:
    holder.tap()
    holder.server.behaviour.fails_with = 503
    erase(holder.shop, holder.member.member_id)
    run_sweeps(wired, minutes=3)
    state = holder.shown["state"]
    holder.server.behaviour.fails_with = 0

    run_sweeps(wired, minutes=20)

    assert (state, holder.shown["state"]) == ("ACTIVE", "EXPIRED")


def merge_into_another(shop: Shop, member_id: str) -> Answer:
    return merge(shop, shop.join()["member_id"], member_id)
