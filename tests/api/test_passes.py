"""Apple's web service and the download of a pass, as a phone calls them."""

import io
import json
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

import pytest

from chalicelib.wiring import services
from tests.api.caller import Answer, Caller
from tests.api.shop import Shop

BASE = "/wallet/apple/v1"
TYPE = "pass.app.kopilka"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that has added a member's pass."""

    caller: Caller
    member_id: str
    serial: str
    token: str
    device_id: str

    def register(self, push_token: str = "0a1b", **headers: str) -> Answer:
        return self.call("POST", self.registration, {"pushToken": push_token}, **headers)

    @property
    def registration(self) -> str:
        return f"{self.listing}/{self.serial}"

    @property
    def listing(self) -> str:
        return f"{BASE}/devices/{self.device_id}/registrations/{TYPE}"

    @property
    def latest(self) -> str:
        return f"{BASE}/passes/{TYPE}/{self.serial}"

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        sent = {"Authorization": f"ApplePass {self.token}", **headers}
        return self.caller.call(method, path, body, headers=sent)


@pytest.fixture
def phone(shop: Shop) -> Phone:
    joined = shop.join(name="Anna Petrova")
    path = joined["apple_pass_url"].removeprefix("https://cards.example")
    caller = Caller(shop.client)
    content = pass_json(caller.get(path).body)
    return Phone(
        caller,
        joined["member_id"],
        content["serialNumber"],
        content["authenticationToken"],
        f"device-of-{joined['member_id']}",
    )


def pass_json(content: bytes) -> dict[str, Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return json.loads(archive.read("pass.json"))


def test_a_pass_is_downloaded_by_the_cards_address(shop: Shop) -> None:
    joined = shop.join()
    path = joined["apple_pass_url"].removeprefix("https://cards.example")

    answer = Caller(shop.client).get(path)

    content = pass_json(answer.body)
    assert answer.headers["Content-Type"] == "application/vnd.apple.pkpass"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="card.pkpass"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert content["webServiceURL"] == "https://cards.example/wallet/apple"
    assert content["serialNumber"] == f"{shop.merchant_id}.{joined['member_id']}"
    assert content["authenticationToken"] not in path


@pytest.mark.parametrize("path", ["x.pkpass", "x.y.pkpass?token=z", "x.y", ".pkpass?token="])
def test_a_wrong_address_downloads_nothing(shop: Shop, path: str) -> None:
    answer = Caller(shop.client).get(f"/passes/{path}")

    assert (answer.status, answer.code) == (404, "not_found")


def test_a_phone_registers_once_and_may_change_its_token(phone: Phone) -> None:
    statuses = [phone.register(token).status for token in ("0a", "0A", "0b")]

    assert statuses == [201, 200, 200]


def test_the_road_of_an_update(shop: Shop, phone: Phone) -> None:
    phone.register()
    first = phone.caller.get(phone.listing).json
    unchanged = phone.caller.get(f"{phone.listing}?passesUpdatedSince={first['lastUpdated']}")
    services().clock.advance(5)
    shop.give(phone.member_id, 70)

    changed = phone.caller.get(f"{phone.listing}?passesUpdatedSince={first['lastUpdated']}")
    latest = phone.call("GET", phone.latest)

    assert (unchanged.status, unchanged.body) == (204, b"")
    assert changed.json["serialNumbers"] == [phone.serial]
    assert isinstance(changed.json["lastUpdated"], str)
    assert changed.json["lastUpdated"] != first["lastUpdated"]
    assert latest.status == 200
    assert pass_json(latest.body)["storeCard"]["primaryFields"][0]["value"] == 70


def test_the_pass_says_of_when_it_is_the_same_however_often_it_is_made(
    shop: Shop, phone: Phone
) -> None:
    bought_at = services().clock.now()
    shop.till.post("/v1/purchases", shop.sale(phone.member_id))

    made = []
    for _ in range(2):
        services().clock.set(services().clock.now() + timedelta(minutes=7))
        made.append(pass_json(phone.call("GET", phone.latest).body))

    fields = {one["key"]: one["value"] for one in made[0]["storeCard"]["backFields"]}
    shown = datetime.fromisoformat(fields["as_of"])
    assert shown == bought_at.replace(second=0, microsecond=0)
    assert made[0] == made[1]


def test_two_changes_within_a_second_are_two_versions(shop: Shop, phone: Phone) -> None:
    shop.give(phone.member_id, 1)
    first = phone.call("GET", phone.latest)
    shop.give(phone.member_id, 1)

    answer = phone.call(
        "GET", phone.latest, **{"If-Modified-Since": first.headers["Last-Modified"]}
    )

    assert answer.status == 200
    assert parsedate_to_datetime(answer.headers["Last-Modified"]) > parsedate_to_datetime(
        first.headers["Last-Modified"]
    )


def test_a_phone_that_has_the_latest_pass_gets_304(phone: Phone) -> None:
    modified = phone.call("GET", phone.latest).headers["Last-Modified"]
    later = format_datetime(datetime(2030, 1, 1, tzinfo=UTC), usegmt=True)

    answers = [
        phone.call("GET", phone.latest, **{"If-Modified-Since": since})
        for since in (modified, later)
    ]

    assert [(answer.status, answer.body) for answer in answers] == [(304, b""), (304, b"")]


@pytest.mark.parametrize("since", ["", "yesterday", "0", "Mon, 99 Foo 2026 25:00:00 GMT"])
def test_an_unreadable_date_gets_the_pass(phone: Phone, since: str) -> None:
    answer = phone.call("GET", phone.latest, **{"If-Modified-Since": since})

    assert answer.status == 200


def test_head_is_answered_like_get_without_a_body(phone: Phone) -> None:
    get, head = (phone.call(method, phone.latest) for method in ("GET", "HEAD"))

    assert (head.status, head.body) == (200, b"")
    assert head.headers["Last-Modified"] == get.headers["Last-Modified"]
    assert head.headers["Content-Type"] == get.headers["Content-Type"]


@pytest.mark.parametrize("tag", ["", "never", "-1", "9" * 13, "٣", "7" * 3_000, "1.2", "."])
def test_an_unreadable_tag_means_everything(phone: Phone, tag: str) -> None:
    phone.register()

    answer = phone.caller.get(f"{phone.listing}?passesUpdatedSince={tag}")

    assert answer.json["serialNumbers"] == [phone.serial]


def test_an_unknown_phone_has_no_passes(phone: Phone) -> None:
    answer = phone.caller.get(f"{BASE}/devices/nobody/registrations/{TYPE}")

    assert (answer.status, answer.body) == (204, b"")


def test_every_changed_pass_of_a_phone_is_listed(shop: Shop, other_shop: Shop) -> None:
    serials = []
    for one in (shop, other_shop):
        joined = one.join()
        caller = Caller(one.client)
        path = joined["apple_pass_url"].removeprefix("https://cards.example")
        content = pass_json(caller.get(path).body)
        device_id = f"device-{shop.merchant_id}"
        phone = Phone(
            caller,
            joined["member_id"],
            content["serialNumber"],
            content["authenticationToken"],
            device_id,
        )
        phone.register()
        services().clock.advance(timedelta(seconds=3).total_seconds())
        serials.append(phone.serial)

    answer = phone.caller.get(f"{phone.listing}?passesUpdatedSince=1")

    assert sorted(answer.json["serialNumbers"]) == sorted(serials)


def test_an_unregistered_phone_is_told_nothing(phone: Phone) -> None:
    phone.register()

    first = phone.call("DELETE", phone.registration)
    second = phone.call("DELETE", phone.registration)

    assert (first.status, second.status) == (200, 200)
    assert phone.caller.get(phone.listing).status == 204


@pytest.mark.parametrize(
    "authorization",
    [
        "",
        "ApplePass",
        "ApplePass ",
        "ApplePass x",
        "Bearer {}",
        "ApplePass  {}",
        "applepass {}",
    ],
)
def test_a_wrong_token_is_401_before_anything_else(phone: Phone, authorization: str) -> None:
    sent = {"Authorization": authorization.format(phone.token)}
    fresh = {"If-Modified-Since": format_datetime(datetime(2030, 1, 1, tzinfo=UTC))}

    answers = [
        phone.caller.call("POST", phone.registration, {"pushToken": "0a"}, headers=sent),
        phone.caller.call("DELETE", phone.registration, headers=sent),
        phone.caller.call("GET", phone.latest, headers={**sent, **fresh}),
        phone.caller.call("HEAD", phone.latest, headers=sent),
    ]

    assert [answer.status for answer in answers] == [401] * 4


def test_unknown_serial_and_wrong_token_look_the_same(phone: Phone) -> None:
    wrong = phone.caller.call(
        "GET", phone.latest, headers={"Authorization": "ApplePass nothing"}
    )
    unknown = phone.call("GET", f"{BASE}/passes/{TYPE}/shop.mem_nobody")
    other_type = phone.call("GET", f"{BASE}/passes/pass.other/{phone.serial}")

    assert wrong.status == unknown.status == other_type.status == 401
    assert wrong.json == unknown.json == other_type.json


@pytest.mark.parametrize(
    "body", [None, {}, [], {"pushToken": 7}, {"pushToken": ""}, {"pushToken": "not hex"}]
)
def test_a_bad_registration_is_400(phone: Phone, body: Any) -> None:
    assert phone.call("POST", phone.registration, body).status == 400


def test_fields_that_apple_may_add_are_left_aside(phone: Phone) -> None:
    body = {"pushToken": "0a", "somethingNew": {"a": 1}}

    assert phone.call("POST", phone.registration, body).status == 201


def test_a_phones_log_is_kept_without_its_secrets(phone: Phone, logged) -> None:
    line = f"Get pass task (serial {phone.serial}; token {phone.token}) failed: timeout"

    answer = phone.caller.call("POST", f"{BASE}/log", {"logs": [line, 7, *["x"] * 100]})

    text = logged()
    assert answer.status == 200
    assert "failed: timeout" in text
    assert phone.serial not in text
    assert phone.token not in text
