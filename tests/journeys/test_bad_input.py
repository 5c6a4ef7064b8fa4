"""Whatever is said, the answer is a problem with a code, and nothing is written (P17).

Requests generated from the API document are in tests/api/test_fuzz.py; these are the ones
that people and broken tills really send, over a real connection.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.journeys.bad_values import (
    BAD_LINES,
    BAD_PROGRAMS,
    BAD_PURCHASES,
    NOT_JSON,
    WRONG_SHAPES,
)
from tests.journeys.calling import Answer, Service, new_key
from tests.journeys.shop import Shop, open_shop, sale

ROOT = Path(__file__).parents[2]
PATHS = json.loads((ROOT / "docs" / "openapi.json").read_text())["paths"]
POSTS = [
    (method.upper(), path)
    for path, methods in PATHS.items()
    for method, operation in methods.items()
    if "application/json" in operation.get("requestBody", {}).get("content", ())
    and operation.get("security") != [{"session": []}]  # asked by no key: test_till_sessions.py
]


@dataclass(frozen=True, slots=True)
class Till:
    """A merchant, a member with 100 points, and what the account looks like."""

    shop: Shop
    member_id: str

    def state(self) -> tuple[Any, ...]:
        """Return all that a bad request could have changed."""
        program = self.shop.till("GET", "/v1/program").json
        return self.shop.member(self.member_id), self.shop.ledger(self.member_id), program


@pytest.fixture(scope="module")
def till(service: Service) -> Till:
    shop = open_shop(service)
    member_id = shop.join().member_id
    assert shop.grant(member_id, 100).status == 201
    return Till(shop, member_id)


@pytest.fixture
def unchanged(till: Till) -> Iterator[None]:
    """Check that the test has left the account as it was."""
    before = till.state()
    yield
    assert till.state() == before


def is_refused(answer: Answer) -> bool:
    """Return whether it is a problem document about the request."""
    document = answer.json
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert document["status"] == answer.status
    assert document["code"]
    assert document["type"].endswith(document["code"])
    assert answer.headers["Request-Id"]
    assert b"Traceback" not in answer.body
    return 400 <= answer.status < 500


def raw(till: Till, method: str, path: str, content: bytes, **headers: str) -> Answer:
    filled = path
    for name in ("member_id", "purchase_id", "hold_id", "sign_up_id", "version"):
        filled = filled.replace(f"{{{name}}}", till.member_id if name == "member_id" else "x")
    filled = filled.replace("{merchant_id}", till.shop.merchant)
    is_members = path.startswith("/v1/me/") or path == "/v1/me"
    credential = till.shop.join().token if is_members else till.shop.integration_key
    return till.shop.service.call(
        method, filled, raw=content, credential=credential, key=new_key(), **headers
    )


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("method", "path"), POSTS)
def test_a_body_that_is_no_json_is_refused_everywhere(
    till: Till, method: str, path: str
) -> None:
    answers = {name: raw(till, method, path, body) for name, body in NOT_JSON.items()}

    for name, answer in answers.items():
        assert is_refused(answer), name
        assert (answer.status, answer.code) == (400, "malformed_json"), name


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("method", "path"), POSTS)
def test_json_of_another_shape_is_refused_everywhere(
    till: Till, method: str, path: str
) -> None:
    answers = {name: raw(till, method, path, body) for name, body in WRONG_SHAPES.items()}

    for name, answer in answers.items():
        assert is_refused(answer), (name, answer.body)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(("method", "path"), POSTS)
def test_a_body_over_64_kb_or_of_another_type_is_refused_everywhere(
    till: Till, method: str, path: str
) -> None:
    large = raw(till, method, path, b'{"name": "' + b"x" * 65 * 1024 + b'"}')
    form = raw(till, method, path, b"{}", Content_Type="application/x-www-form-urlencoded")

    assert (large.status, large.code) == (413, "body_too_large")
    assert (form.status, form.code) == (415, "unsupported_media_type")


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", BAD_PURCHASES)
def test_a_purchase_of_impossible_values_is_refused(till: Till, name: str) -> None:
    whole = sale(till.member_id, 1_000, new_key()) | BAD_PURCHASES[name]
    body = {field: value for field, value in whole.items() if value is not None}

    purchase = till.shop.till("POST", "/v1/purchases", body)

    assert is_refused(purchase)
    assert purchase.status == 400, purchase.body


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("path", ["/v1/purchases", "/v1/quotes"])
@pytest.mark.parametrize("name", BAD_LINES)
def test_a_basket_line_of_impossible_values_is_refused(
    till: Till, name: str, path: str
) -> None:
    body = {"member_id": till.member_id, "channel": "offline", "lines": [BAD_LINES[name]]}

    answer = till.shop.till("POST", path, body | {"receipt_id": new_key()})

    assert is_refused(answer)
    assert answer.status == 400


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize("name", BAD_PROGRAMS)
def test_a_program_of_impossible_values_is_refused(till: Till, name: str) -> None:
    answer = till.shop.office("PUT", "/v1/program/draft", BAD_PROGRAMS[name])

    assert is_refused(answer)
    assert answer.status == 400


@pytest.mark.usefixtures("unchanged")
def test_more_points_than_there_are_cannot_be_redeemed(till: Till) -> None:
    exact = {"redeem": {"mode": "exact", "points": 101}}
    answers = [
        till.shop.buy(till.member_id, 100_000, **exact),
        till.shop.till(
            "POST",
            "/v1/redemptions",
            {"member_id": till.member_id, "points": 101, "reason": "a mug"},
        ),
        till.shop.till("POST", "/v1/holds", {"member_id": till.member_id, "points": 101}),
    ]

    for answer in answers:
        assert (answer.status, answer.code) == (409, "insufficient_points")
        assert (answer.json["asked"], answer.json["available"]) == (101, 100)


@pytest.mark.usefixtures("unchanged")
def test_points_cannot_be_redeemed_without_a_member(till: Till) -> None:
    answer = till.shop.buy(None, 1_000, redeem={"mode": "max"})

    assert (answer.status, answer.code) == (400, "member_required")


@pytest.mark.usefixtures("unchanged")
def test_a_write_without_a_key_is_refused(till: Till) -> None:
    body = sale(till.member_id, 1_000, "r1")
    keys = [None, "", " ", "k" * 256, "ключ".encode().decode("latin-1")]

    answers = [
        till.shop.service.call(
            "POST", "/v1/purchases", body, credential=till.shop.till_key, key=key
        )
        for key in keys
    ]

    assert [is_refused(answer) for answer in answers] == [True] * len(keys)
    assert {answer.status for answer in answers} == {400}


def test_a_used_key_with_another_body_member_or_path_is_refused(till: Till) -> None:
    shop, key = till.shop, new_key()
    other = shop.join().member_id
    first = shop.buy(till.member_id, 1_000, key=key)
    before = till.state()

    reused = [
        shop.till("POST", "/v1/purchases", sale(till.member_id, 2_000, key), key=key),
        shop.till("POST", "/v1/purchases", sale(other, 1_000, key), key=key),
        shop.till(
            "POST",
            "/v1/redemptions",
            {"member_id": till.member_id, "points": 1, "reason": "x"},
            key=key,
        ),
    ]
    again = shop.buy(till.member_id, 1_000, key=key)

    assert {(answer.status, answer.code) for answer in reused} == {
        (422, "idempotency_key_reused")
    }
    assert (again.status, again.is_replay, again.json) == (200, True, first.json)
    assert till.state() == before


def test_a_receipt_number_earns_once_under_any_key(till: Till) -> None:
    shop, body = till.shop, sale(till.member_id, 1_000, new_key())
    first = shop.till("POST", "/v1/purchases", body)
    before = till.state()

    second = shop.till("POST", "/v1/purchases", body)

    assert (second.status, second.code) == (409, "receipt_exists")
    assert second.json["purchase_id"] == first.json["id"]
    assert till.state() == before


@pytest.mark.usefixtures("unchanged")
def test_unknown_things_are_not_found(till: Till) -> None:
    paths = [
        "/v1/members/mem_unknown",
        "/v1/members/mem_unknown/ledger",
        "/v1/purchases/pur_unknown",
        "/v1/program/versions/99",
        "/v1/nothing",
        "/passes/x.y.pkpass?token=z",
        "/v1/members/%00",
        "/v1/members/" + "x" * 2_000,
        "/v1/members/..%2F..%2Fetc",
    ]

    answers = [till.shop.office("GET", path) for path in paths]

    assert [answer.status for answer in answers] == [404] * len(paths)
    assert all(is_refused(answer) for answer in answers)


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=x", "limit=1&limit=2", "cursor=v", "cursor=ы", "page=2", "%ff=1"],
)
def test_a_query_that_makes_no_sense_is_refused(till: Till, query: str) -> None:
    answer = till.shop.office("GET", f"/v1/members/{till.member_id}/ledger?{query}")

    assert is_refused(answer)
