"""The edge itself: health, documents, problems, bugs and what is logged."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from chalice import Blueprint
from chalice.test import Client
from openapi_spec_validator import validate

import app  # registers every endpoint
from chalicelib.api.endpoint import ENDPOINTS, Endpoint, endpoint, https_only
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.gateway_app import GatewayApp
from chalicelib.api.models.members import LookupBody
from chalicelib.api.openapi import document, problem_codes
from chalicelib.api.problems import PROBLEMS
from chalicelib.domain.errors import DomainError
from chalicelib.ports import CommitConflict, StoreUnavailable
from tests.api.caller import Caller
from tests.api.shop import Shop, new_phone
from tests.builders import NOON

ROOT = Path(app.__file__).parent
TROUBLE = {
    "bug": RuntimeError("+79990000001 was here"),
    "assertion": AssertionError("anna@example.com"),
    "conflict": CommitConflict("mem_1"),
    "silence": StoreUnavailable("timeout"),
}
broken = Blueprint("tests.api.test_service")


@endpoint(
    broken,
    "POST",
    "/broken/{kind}",
    summary="Fail.",
    tag="Test",
    body=LookupBody,
    answers={200: None},
    is_documented=False,
)
def post_broken(call: Call[LookupBody], kind: str) -> Answer:
    raise TROUBLE[kind]


ENDPOINTS.pop()  # not one of the service's


@pytest.fixture(scope="module")
def failing(wired) -> Caller:
    """An application with a view that fails in the way its path says."""
    tiny = GatewayApp("tiny")
    tiny.register_blueprint(broken)
    return Caller(Client(tiny))


def test_health_asks_the_table(anybody: Caller) -> None:
    answer = anybody.get("/healthz")

    assert (answer.status, answer.json) == (200, {"status": "ok", "table": "ok"})


def test_the_document_is_valid_and_served(anybody: Caller) -> None:
    served = anybody.get("/v1/openapi.json")

    validate(served.json)
    assert served.json == json.loads(json.dumps(document()))
    assert served.json["openapi"].startswith("3.1")


def test_the_committed_document_is_in_step() -> None:
    committed = json.loads((ROOT / "docs" / "openapi.json").read_text())

    assert committed == json.loads(json.dumps(document())), "run `make openapi`"


def test_the_command_prints_the_committed_document() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "chalicelib.api.openapi"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )

    assert printed.stdout == (ROOT / "docs" / "openapi.json").read_text()


def test_every_endpoint_is_in_the_documentation() -> None:
    text = (ROOT / "docs" / "API.md").read_text()

    missing = [
        f"{one.method} {one.path}"
        for one in _callers_endpoints()
        if f"`{one.method} {one.path}`" not in text
    ]
    assert missing == []


def test_the_documentation_names_no_endpoint_that_is_gone() -> None:
    text = (ROOT / "docs" / "API.md").read_text()
    named = set(re.findall(r"`((?:GET|HEAD|POST|PUT|PATCH|DELETE) /[^`]*)`", text))

    of_the_rest = {"GET /{proxy+}"}  # what no endpoint answers
    assert named - of_the_rest == {f"{one.method} {one.path}" for one in _callers_endpoints()}


def _callers_endpoints() -> list[Endpoint]:
    """Return all but the office's pages and forms behind the first: one row tells of them."""
    return [one for one in ENDPOINTS if not one.path.startswith("/admin/")]


def test_every_refusal_of_the_rules_has_a_status_and_a_page() -> None:
    def kinds(of: type[DomainError]) -> set[type[DomainError]]:
        return {of}.union(*(kinds(one) for one in of.__subclasses__()))

    ours = {one for one in kinds(DomainError) if one.__module__.startswith("chalicelib.")}
    codes = {one.code for one in ours - {DomainError}}

    assert codes - PROBLEMS.keys() == set()


def test_every_problem_an_endpoint_names_exists() -> None:
    named = {code for one in ENDPOINTS for code in problem_codes(one)}

    assert named - PROBLEMS.keys() == set()


@pytest.mark.parametrize("path", ["/healthz", "/v1/program", "/admin/sign-in", "/j/nobody"])
def test_every_answer_keeps_browsers_to_https(anybody: Caller, path: str) -> None:
    assert anybody.get(path).headers["Strict-Transport-Security"] == "max-age=31536000"


def test_on_one_machine_without_a_certificate_nothing_asks_for_https() -> None:
    assert https_only("http://127.0.0.1:8100") == {}


@pytest.mark.parametrize("code", sorted(PROBLEMS))
def test_every_problem_has_a_page_with_cause_and_cure(anybody: Caller, code: str) -> None:
    page = anybody.get(f"/problems/{code}")

    assert page.status == 200
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<h2>Cause</h2>" in page.body.decode()
    assert "<h2>Cure</h2>" in page.body.decode()


def test_an_unknown_problem_is_not_found(anybody: Caller) -> None:
    assert anybody.get("/problems/nothing").status == 404


@pytest.mark.parametrize("accept", [None, "*/*", "text/html", "application/json"])
def test_every_accept_header_is_good(anybody: Caller, accept: str | None) -> None:
    headers = {"Accept": accept} if accept else {}

    assert anybody.call("GET", "/healthz", headers=headers).status == 200


@pytest.mark.parametrize("kind", ["bug", "assertion"])
def test_a_bug_is_500_and_logged_by_its_place(failing: Caller, kind: str, logged) -> None:
    answer = failing.post(f"/broken/{kind}", {"phone": "+79990000001"})

    text = logged()
    assert (answer.status, answer.code) == (500, "internal_error")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "post_broken" in text
    assert "79990000001" not in text + answer.body.decode()
    assert "anna@example.com" not in text + answer.body.decode()


@pytest.mark.parametrize(("kind", "code"), [("conflict", "busy"), ("silence", "unavailable")])
def test_trouble_outside_is_503_and_may_be_asked_again(
    failing: Caller, kind: str, code: str
) -> None:
    answer = failing.post(f"/broken/{kind}", {"phone": "+79990000001"})

    assert (answer.status, answer.code) == (503, code)
    assert answer.json["retryable"] is True
    assert answer.headers["Retry-After"] == "1"


def test_no_log_line_says_who_it_was(shop: Shop, logged) -> None:
    phone = new_phone()
    joined = shop.join(phone, name="Anna Petrova", email="anna@example.com")
    shop.till.post("/v1/lookups", {"phone": phone})
    shop.till.post("/v1/lookups", {"phone": "+79991234567"})
    shop.till.post("/v1/purchases", shop.sale(joined["member_id"]))
    path = joined["apple_pass_url"].removeprefix("https://cards.example")
    Caller(shop.client).get(path)
    Caller(shop.client).get(path[:-1])

    text = logged()
    secrets = [
        phone[1:],
        "Anna",
        "anna@",
        "9991234567",
        shop.till.credential,
        joined["member_token"],
        joined["member_id"],
        path.split("token=")[1],
    ]
    assert [secret for secret in secrets if secret in text] == []
    lines = [json.loads(line) for line in text.splitlines()]
    requests = [line for line in lines if line.get("message") == "request"]
    assert {line["route"] for line in requests} >= {"/v1/lookups", "/passes/{file_name}"}
    assert any(line.get("PurchaseRecorded") for line in lines)


def test_a_request_has_an_id_that_the_log_has_too(shop: Shop, logged) -> None:
    answer = shop.till.get("/v1/program")

    assert answer.headers["Request-Id"] in logged()


def test_limits_count_a_64_of_ipv6_as_one_client() -> None:
    def network(address: str) -> str:
        return Call(at=NOON, body=None, headers={}, source_ip=address).network

    assert network("2001:db8:0:6::1") == "2001:db8:0:6::"
    assert network("2001:db8:0:6:ffff:ffff:ffff:ffff") == "2001:db8:0:6::"
    assert network("2001:db8:0:7::1") == "2001:db8:0:7::"
    assert network("::ffff:10.0.0.1") == network("10.0.0.1") == "10.0.0.1"
    assert network("nonsense") == "unknown"


def test_a_program_is_drafted_and_published(shop: Shop) -> None:
    current = shop.till.get("/v1/program").json
    wanted = {**current, "expiry_days": 30}

    drafted = shop.office.call("PUT", "/v1/program/draft", wanted)
    kept = shop.office.get("/v1/program/draft")
    published = shop.office.post("/v1/program/draft/publish", {})
    again = shop.office.post("/v1/program/draft/publish", {})

    assert drafted.json == kept.json == wanted
    assert (again.status, again.json["code"]) == (409, "draft_missing")
    assert published.json == {"object": "program_version", "version": 2}
    assert shop.till.get("/v1/program").json == wanted
    assert shop.till.get("/v1/program/versions/1").json == current


def test_a_program_with_faults_is_refused_by_pointer(shop: Shop) -> None:
    current = shop.till.get("/v1/program").json

    answer = shop.office.call(
        "PUT", "/v1/program/draft", {**current, "expiry_days": -1, "x": 1}
    )

    assert (answer.status, answer.code) == (400, "program_invalid")
    assert {error["pointer"] for error in answer.json["errors"]} == {"/expiry_days", "/x"}


@pytest.mark.parametrize("version", ["0", "9", "x", "-1", "1" * 7])
def test_a_version_that_never_was_is_not_found(shop: Shop, version: str) -> None:
    assert shop.till.get(f"/v1/program/versions/{version}").status == 404


def test_publishing_without_a_draft_is_refused(shop: Shop) -> None:
    answer = shop.office.post("/v1/program/draft/publish")

    assert (answer.status, answer.code) == (409, "draft_missing")
