"""A merchant's own certificate: brought, shown, renewed, taken away, and what signs what."""

import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import pkcs7

from chalicelib.usecases.pass_certificates import drop_certificate
from chalicelib.wiring import Services, services
from tests.api.caller import Answer, Caller
from tests.api.shop import Shop
from tests.certificate_maker import ENDS, PASS_TYPE, TEAM, Made, Wish, make
from tests.fakes.clock import NOON

PATH = "/v1/wallet/apple-certificate"
OPERATORS = "pass.app.kopilka"
RENEWED = Wish(ends=ENDS + timedelta(days=365))
OTHERS = "pass.example.other"


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone that has added a pass."""

    caller: Caller
    content: dict[str, Any]
    signature: bytes

    @property
    def pass_type(self) -> str:
        return self.content["passTypeIdentifier"]

    @property
    def serial(self) -> str:
        return self.content["serialNumber"]

    def ask(self, method: str, pass_type: str, body: Any = None) -> Answer:
        path = f"/wallet/apple/v1/passes/{pass_type}/{self.serial}"
        if method == "POST":
            path = f"/wallet/apple/v1/devices/d1/registrations/{pass_type}/{self.serial}"
        sent = {"Authorization": f"ApplePass {self.content['authenticationToken']}"}
        return self.caller.call(method, path, body, headers=sent)


@pytest.fixture(autouse=True)
def _taken_away_in_the_end(shop: Shop, wired: Services) -> Iterator[None]:
    """A pass type is one merchant's: the next test's merchant brings it again."""
    yield
    known = wired.certificate_records.of_pass_type(PASS_TYPE)
    if known is not None:
        drop_certificate(known.merchant_id, desk=wired.certificate_desk)


def put(shop: Shop, made: Made | None = None, **changes: str | None) -> Answer:
    return shop.office.call("PUT", PATH, (made or make()).body(**changes))


def download(shop: Shop, joined: dict[str, Any]) -> Phone:
    path = joined["apple_pass_url"].removeprefix("https://cards.example")
    caller = Caller(shop.client)
    return opened(caller, caller.get(path))


def opened(caller: Caller, answer: Answer) -> Phone:
    assert answer.status == 200
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        return Phone(caller, json.loads(archive.read("pass.json")), archive.read("signature"))


def is_signed_by(phone: Phone, made: Made) -> bool:
    signer = x509.load_pem_x509_certificate(made.certificate.encode())
    return signer in pkcs7.load_der_pkcs7_certificates(phone.signature)


def test_without_one_of_its_own_a_merchant_sees_the_operators(shop: Shop) -> None:
    answer = shop.office.get(PATH)

    assert answer.status == 200
    assert answer.json["owner"] == "operator"
    assert answer.json["pass_type_identifier"] == OPERATORS
    assert answer.json["team_identifier"] == "KOPILKA000"


def test_one_that_is_brought_is_shown_without_its_key(
    shop: Shop, logged: Callable[[], str]
) -> None:
    kept = put(shop)
    shown = shop.office.get(PATH)

    assert (kept.status, shown.status) == (200, 200)
    assert kept.json == shown.json
    assert shown.json == {
        "object": "apple_certificate",
        "owner": "merchant",
        "pass_type_identifier": PASS_TYPE,
        "team_identifier": TEAM,
        "subject": shown.json["subject"],
        "expires_at": "2027-01-31T12:00:00Z",
        "days_left": (ENDS - NOON).days,
    }
    assert f"UID={PASS_TYPE}" in shown.json["subject"]
    secret = make().key.splitlines()[5]
    assert secret not in str((kept.body, shown.body)) + logged()


def test_the_key_lies_in_the_secret_store_alone(shop: Shop, wired: Services) -> None:
    put(shop)

    folder = Path(wired.settings.secrets_file).parent / "pass-certificates"
    (path,) = folder.iterdir()
    secret = make().key.splitlines()[5]
    assert path.name == f"{shop.merchant_id}.json"
    assert path.stat().st_mode & 0o077 == 0
    assert secret in path.read_text()
    records = wired.connection.client.scan(TableName=wired.settings.table_name)["Items"]
    assert secret not in str(records)


def test_new_passes_are_made_with_it_and_those_on_phones_go_on(shop: Shop) -> None:
    before, after = shop.join(), shop.join()
    old = download(shop, before)
    put(shop)

    new = download(shop, after)
    updated = opened(old.caller, old.ask("GET", OPERATORS))
    renewed = opened(new.caller, new.ask("GET", PASS_TYPE))

    assert (old.pass_type, new.pass_type) == (OPERATORS, PASS_TYPE)
    assert (updated.pass_type, renewed.pass_type) == (OPERATORS, PASS_TYPE)
    assert new.content["teamIdentifier"] == TEAM
    assert is_signed_by(new, make())
    assert is_signed_by(renewed, make())
    assert not is_signed_by(updated, make())
    assert [old.ask("POST", OPERATORS, {"pushToken": "0a"}).status] == [201]
    assert [new.ask("POST", PASS_TYPE, {"pushToken": "0b"}).status] == [201]


def test_a_renewed_one_signs_from_the_next_pass_on(shop: Shop) -> None:
    phone = None
    joined = shop.join()
    put(shop)
    phone = download(shop, joined)

    put(shop, make(RENEWED))
    again = opened(phone.caller, phone.ask("GET", PASS_TYPE))

    assert shop.office.get(PATH).json["days_left"] == (ENDS - NOON).days + 365
    assert is_signed_by(again, make(RENEWED))
    assert not is_signed_by(again, make())


def test_a_pass_type_of_nobody_or_of_another_merchant_opens_nothing(
    shop: Shop, other_shop: Shop
) -> None:
    phone = download(shop, shop.join())
    other = make(Wish(pass_type=OTHERS))
    put(other_shop, other, pass_type_identifier=OTHERS)

    answers = [phone.ask("GET", one) for one in (OTHERS, "pass.example.none", "")]
    registered = phone.ask("POST", OTHERS, {"pushToken": "0a"})
    other_shop.office.call("DELETE", PATH)

    assert [answer.status for answer in answers[:2]] == [401, 401]
    assert (registered.status, registered.code) == (401, "pass_unknown")


def test_taken_away_the_operators_serves_again_and_the_key_is_gone(
    shop: Shop, wired: Services
) -> None:
    joined = shop.join()
    put(shop)
    phone = download(shop, joined)

    answers = [shop.office.call("DELETE", PATH) for _ in range(2)]

    assert [answer.json["owner"] for answer in answers] == ["operator", "operator"]
    assert wired.pass_certificates.find(shop.merchant_id) is None
    assert download(shop, joined).pass_type == OPERATORS
    assert phone.ask("GET", PASS_TYPE).status == 401


def test_brought_again_the_passes_it_made_are_served_again(shop: Shop) -> None:
    joined = shop.join()
    put(shop)
    phone = download(shop, joined)
    shop.office.call("DELETE", PATH)

    put(shop, make(RENEWED))

    assert is_signed_by(opened(phone.caller, phone.ask("GET", PASS_TYPE)), make(RENEWED))


@pytest.mark.parametrize(
    ("wish", "pointer"),
    [
        (Wish(key="small"), "/key_pem"),
        (Wish(ends=NOON), "/certificate_pem"),
        (Wish(is_wwdr_authority=False), "/wwdr_pem"),
        (Wish(team="ZZZZZZZZZZ"), "/team_identifier"),
        (Wish(pass_type="pass.example.other"), "/pass_type_identifier"),
    ],
)
def test_a_faulty_one_is_refused_with_its_field_and_nothing_is_kept(
    shop: Shop, wired: Services, wish: Wish, pointer: str
) -> None:
    answer = put(shop, make(wish))

    assert (answer.status, answer.code) == (400, "certificate_invalid")
    assert [one["pointer"] for one in answer.json["errors"]] == [pointer]
    assert shop.office.get(PATH).json["owner"] == "operator"
    assert wired.pass_certificates.find(shop.merchant_id) is None


def test_without_an_intermediate_the_operators_is_meant(
    shop: Shop, wired: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_another = put(shop, wwdr_pem=None)
    pem = {**wired.pass_pem, "wwdr": make().wwdr.encode()}
    monkeypatch.setattr(wired, "pass_pem", pem)

    of_the_same = put(shop, wwdr_pem=None)

    assert of_another.code == "certificate_invalid"
    assert of_the_same.status == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"team_identifier": "short"},
        {"pass_type_identifier": "com.example"},
        {"key_pem": None},
        {"key_pem": ""},
        {"certificate_pem": "x" * 16_001},
        {"certificate_pem": "сертификат"},
        {"password": "secret"},
    ],
)
def test_a_field_that_cannot_be_right_is_bad_input(
    shop: Shop, changes: dict[str, str | None]
) -> None:
    answer = put(shop, **changes)

    assert answer.status == 400
    assert answer.code in {"bad_input", "unknown_field"}


def test_a_body_over_64_kb_is_too_large(shop: Shop) -> None:
    answer = put(shop, certificate_pem="x" * 70_000)

    assert (answer.status, answer.code) == (413, "body_too_large")


def test_the_operators_pass_type_cannot_be_brought(shop: Shop) -> None:
    made = make(Wish(pass_type=OPERATORS))

    answer = put(shop, made, pass_type_identifier=OPERATORS)

    assert (answer.status, answer.code) == (409, "pass_type_taken")


def test_another_merchants_pass_type_cannot_be_brought(shop: Shop, other_shop: Shop) -> None:
    put(shop)

    answer = put(other_shop)

    assert (answer.status, answer.code) == (409, "pass_type_taken")
    assert other_shop.office.get(PATH).json["owner"] == "operator"
    assert shop.office.get(PATH).json["owner"] == "merchant"
    assert services().pass_certificates.find(other_shop.merchant_id) is None


def test_another_pass_type_comes_after_the_first_was_taken_away(shop: Shop) -> None:
    other = make(Wish(pass_type=OTHERS))
    put(shop)

    refused = put(shop, other, pass_type_identifier=OTHERS)
    shop.office.call("DELETE", PATH)
    kept = put(shop, other, pass_type_identifier=OTHERS)
    shop.office.call("DELETE", PATH)

    assert (refused.status, refused.code) == (409, "certificate_type_fixed")
    assert (kept.status, kept.json["pass_type_identifier"]) == (200, OTHERS)


def test_the_fingerprint_on_record_is_the_certificates(shop: Shop, wired: Services) -> None:
    put(shop)

    found = wired.certificate_records.of_merchant(shop.merchant_id)
    certificate = x509.load_pem_x509_certificate(make().certificate.encode())

    assert found is not None
    assert found.fingerprint == certificate.fingerprint(hashes.SHA256()).hex()
