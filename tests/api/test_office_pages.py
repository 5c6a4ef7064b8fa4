"""Pages of the office as a browser asks for them: an owner's session, forms, odd addresses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from chalice.test import Client

from chalicelib.api.cookies import cookie_name, set_cookie
from chalicelib.domain.day_book import DayKind, DayRow, name_of
from chalicelib.domain.receipts import ReceiptKey
from chalicelib.domain.sessions import Face
from chalicelib.domain.templates import template
from chalicelib.usecases.shops import NewShop, OpenedShop, open_shop
from chalicelib.usecases.till_sessions import csrf_token
from chalicelib.wiring import Services
from tests.api.caller import Answer, Caller
from tests.api.shop import new_phone
from tests.fakes.clock import NOON

_NUMBERS = count(1)
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Desk:
    """An owner's browser."""

    caller: Caller
    shop: OpenedShop
    cookie: str
    token: str

    def get(self, path: str) -> Answer:
        return self.caller.get(path, Cookie=self.cookie)

    def post(self, path: str, **fields: Any) -> Answer:
        sent = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin", "Content-Type": FORM}
        form = {"csrf_token": self.token, "key": f"{next(_NUMBERS):032x}", **fields}
        return self.caller.call("POST", path, raw=urlencode(form).encode(), headers=sent)

    def api(self, method: str, path: str, body: Any = None) -> Answer:
        sent = {
            "Cookie": self.cookie,
            "Sec-Fetch-Site": "same-origin",
            "X-CSRF-Token": self.token,
            "Idempotency-Key": f"key-{next(_NUMBERS)}",
        }
        return self.caller.call(method, path, body, headers=sent)


@pytest.fixture
def desk(wired: Services, client: Client) -> Iterator[Desk]:
    """The desk of an owner who has just signed in."""
    wired.clock.set(NOON)
    found = template("bakery")
    assert found is not None
    number = next(_NUMBERS)
    wish = NewShop(
        email=f"olga{number}@example.org",
        password="seven small spoons",
        merchant_name="Пекарня «Колос»",
        owner_name="Olga",
        template="bakery",
        document=found.document,
    )
    shop = open_shop(
        wish, network=f"10.4.0.{number % 250}", device="", at=NOON, desk=wired.shop_desk
    )
    merchant_id, secret = shop.merchant.merchant_id, shop.opened.secret
    line = set_cookie(Face.OFFICE, merchant_id, secret, wired.settings.public_url)
    assert line.startswith(cookie_name(Face.OFFICE, wired.settings.public_url))
    token = csrf_token(merchant_id, secret, wired.keyring)
    yield Desk(Caller(client), shop, line.partition(";")[0], token)
    wired.clock.reset()


@pytest.mark.parametrize(
    "query",
    [
        "on=0001-01-01",
        "on=9999-12-31",
        "on=yesterday",
        "before=0001-01-01T00:00:00~x",
        "before=0001-01-01T00:00:00%2B14:00~x",
        "before=9999-12-31T23:59:59-14:00~x",
        "before=" + quote("2026-06-01T12:00:00~é"),
    ],
)
def test_no_day_and_no_place_that_is_typed_breaks_the_operations(
    desk: Desk, query: str
) -> None:
    answer = desk.get(f"/admin/operations?{query}")

    assert answer.status == 200


@pytest.mark.parametrize("begin", ["x", "-1", "1e3", "9" * 5_000, "²"])
def test_no_place_that_is_typed_breaks_the_list_of_stores(desk: Desk, begin: str) -> None:
    answer = desk.get(f"/admin/stores?from={quote(begin)}")

    assert answer.status == 200


@pytest.mark.parametrize(
    ("there", "location"),
    [
        ("/admin/stores/Юг", "/admin/stores/%D0%AE%D0%B3"),
        ("/admin/members?q=a b&x=é#grant", "/admin/members?q=a%20b&x=%C3%A9#grant"),
        ("/admin/stores/%D0%AE", "/admin/stores/%D0%AE"),
    ],
)
def test_a_move_is_written_as_a_header_can_carry_it(
    desk: Desk, there: str, location: str
) -> None:
    answer = desk.get(f"/admin/sign-in?{urlencode({'next': there})}")

    assert (answer.status, answer.headers["Location"]) == (303, location)


def test_points_are_given_by_whoever_has_just_typed_the_password(
    desk: Desk, wired: Services
) -> None:
    body = {"phone": new_phone(), "language": "ru", "is_verified": True}
    member_id = desk.api("POST", "/v1/members", body).json["id"]
    path, form = f"/admin/members/{member_id}", {"points": "70", "reason": "gift"}

    given = desk.post(f"{path}/grants", **form)
    before = desk.get(path)
    wired.clock.set(NOON + timedelta(minutes=10))
    refused = desk.post(f"{path}/grants", **form)
    after = desk.get(path)

    assert given.headers["Location"] == f"{path}?done=granted"
    assert (
        refused.headers["Location"] == f"/admin/confirm?{urlencode({'next': path, 'lost': 1})}"
    )
    shown = desk.api("GET", f"/v1/members/{member_id}").json
    assert shown["balance"]["available"] == 70
    assert (b"/grants" in before.body, b"/grants" in after.body) == (True, False)
    assert f"/admin/confirm?next={path}%23grant".encode() in after.body


def sold(desk: Desk, number: int, **more: Any) -> DayRow:
    row = {
        "merchant_id": desk.shop.merchant.merchant_id,
        "on": NOON.date(),
        "at": NOON,
        "kind": DayKind.PURCHASE,
        "name": name_of(DayKind.PURCHASE, number),
        "till_id": f"till-{number % 3}",
        "receipt": ReceiptKey(desk.shop.merchant.merchant_id, "till-1", f"r{number}"),
        "amount_minor": 10_000,
        **more,
    }
    return DayRow(**row)


def figures(desk: Desk) -> list[str]:
    """Return the figures of the overview, each with what is said of it."""
    page = desk.get("/admin?lang=en").body.decode()
    return re.findall(r'<div class="figure">(.*?)</div>', page, re.DOTALL)


def test_a_day_of_many_sales_is_counted_to_its_end(desk: Desk, wired: Services) -> None:
    wired.day_book.note([sold(desk, number) for number in range(1_234)])

    shown = figures(desk)

    assert "1,234" in shown[2]
    assert "RUB\u00a0123,400<" in shown[3]


def test_what_was_taken_today_is_what_the_shifts_of_the_tills_add_up_to(
    desk: Desk, wired: Services
) -> None:
    card = {"kind": DayKind.GIFT_CARD_SALE, "receipt": None, "amount_minor": 50_000}
    back = {"kind": DayKind.RETURN, "amount_minor": 4_000}
    rows = [
        sold(desk, 1, member_id="mem_1"),
        sold(desk, 2, name="card", **card),
        sold(desk, 3, name="back", **back),
    ]
    wired.day_book.note(rows)

    shown = figures(desk)

    assert "RUB\u00a0560<" in shown[3]


def test_more_than_all_that_was_taken_is_from_nobody(desk: Desk, wired: Services) -> None:
    back = {"kind": DayKind.RETURN, "amount_minor": 9_000}
    rows = [sold(desk, 1, member_id="mem_1"), sold(desk, 2, name="back", **back)]
    wired.day_book.note(rows)

    shown = figures(desk)

    assert "100% from members" in shown[3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"title": }', b"line 1, column 11"),
        ('{"title": "a", "title": "b"}', b"a field is named twice"),
        ('{"title": "\\ud800"}', b"One line of at most 200 characters"),
        ("[" * 3_000, b"nested too deep"),
        ('{"a":' * 30 + "1" + "}" * 30, b"nested too deep"),
        ('{"\\ud800": {"a": "\\ud800"}}', b"One line of at most 200 characters"),
        ("1" * 5_000, b"a number is too large"),
        ('{"expiry_days": NaN}', b"a number is too large"),
        ('{"title": "' + "ж" * 32_768 + '"}', b"over 64 KB"),
    ],
)
def test_a_document_that_is_no_program_is_told_so(desk: Desk, text: str, said: bytes) -> None:
    answer = desk.post("/admin/program/document?lang=en", document=text)

    assert answer.status == 422
    assert said in answer.body


@pytest.mark.parametrize("name", ["x" * 61, "\u202eevil", "a\x00"])
@pytest.mark.parametrize("field", ["shop_name", "owner_name"])
def test_who_signs_up_has_a_name_of_one_line(anybody: Caller, field: str, name: str) -> None:
    form = {
        "shop_name": "Kolos",
        "owner_name": "Olga",
        "email": "long@example.org",
        "password": "seven small spoons",
        "template": "bakery",
        "currency": "RUB",
        field: name,
    }
    sent = {"Sec-Fetch-Site": "same-origin", "Content-Type": FORM}

    answer = anybody.call(
        "POST", "/admin/sign-up?lang=en", raw=urlencode(form).encode(), headers=sent
    )

    assert answer.status == 422
    assert f'<p class="error" id="{field}-said">'.encode() in answer.body


def test_the_address_of_a_store_is_one_line(desk: Desk) -> None:
    refused = desk.post("/admin/stores", name="North", address="Lane 1\n\u202eeert")
    taken = desk.post("/admin/stores", name="👨\u200d🍳", address="Lane\u00a01")

    assert (refused.status, taken.status) == (422, 303)
