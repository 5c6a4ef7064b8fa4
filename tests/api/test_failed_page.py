"""What somebody sees when a page could not be made; programs keep their problem documents."""

from typing import Any

import pytest
from chalice import Blueprint
from chalice.test import Client

from chalicelib.api.endpoint import ENDPOINTS, endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.gateway_app import GatewayApp
from chalicelib.web.admin.pages import FORM
from chalicelib.web.failed_page import show_failure
from tests.api.caller import Answer as Answered
from tests.api.caller import Caller

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en"}
FORM_KIND = {"Content-Type": FORM.media_type}
broken = Blueprint("tests.api.test_failed_page")


def fail(call: Call[Any], **_: str) -> Answer:
    raise RuntimeError(f"{call.path}: +79990000001 was here")


for _method, _path in (
    ("GET", "/c/{token}"),
    ("GET", "/v1/things"),
    ("GET", "/static/{name}"),
    ("GET", "/admin/members"),
    ("POST", "/admin/members/{member_id}/grants"),
):
    endpoint(
        broken,
        _method,
        _path,
        summary="Fail.",
        tag="Test",
        text=FORM if _method == "POST" else None,
        answers={200: None},
        is_documented=False,
    )(fail)
    ENDPOINTS.pop()  # not one of the service's


@pytest.fixture(scope="module")
def failing(wired) -> Caller:
    """An application all of whose pages break."""
    tiny = GatewayApp("tiny")
    tiny.register_blueprint(broken)
    tiny.register_middleware(show_failure, "http")
    return Caller(Client(tiny))


def told(answer: Answered, status: int, heading: str, link: str) -> None:
    """See that it is a page with the headers of pages, which leads on."""
    html = answer.body.decode()
    assert (answer.status, answer.headers["Content-Type"]) == (
        status,
        "text/html; charset=utf-8",
    )
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Request-Id"]
    assert f"<h1>{heading}</h1>" in html
    assert f'<a class="button" href="{link}">' in html
    assert "79990000001" not in html


@pytest.mark.parametrize("path", ["/c/tok-en", "/admin/members"])
def test_a_page_with_a_bug_can_be_loaded_again(failing: Caller, path: str, logged) -> None:
    answer = failing.call("GET", path, headers=BROWSER)

    told(answer, 500, "The page did not open", path)
    assert "test_failed_page.py" in logged()


def test_after_a_form_with_a_bug_its_page_tells_what_became_of_it(failing: Caller) -> None:
    path = "/admin/members/mem_1/grants"
    answer = failing.call("POST", path, raw=b"points=1", headers=BROWSER | FORM_KIND)

    told(answer, 500, "This did not work", "/admin/members/mem_1")


def test_another_kind_of_form_is_not_taken(anybody: Caller) -> None:
    sent = BROWSER | {"Content-Type": "text/plain"}
    answer = anybody.call("POST", "/admin/stores", raw=b"name=x", headers=sent)

    told(answer, 415, "The form could not be taken", "/admin/stores")


def test_an_address_that_cannot_be_read_leads_to_the_start(anybody: Caller) -> None:
    answer = anybody.call("GET", "/c/" + "x" * 700, headers=BROWSER)

    told(answer, 404, "This address cannot be read", "/")


def test_it_speaks_the_readers_language(failing: Caller) -> None:
    russian = BROWSER | {"Accept-Language": "ru-RU,ru;q=0.9"}
    answer = failing.call("GET", "/c/tok-en", headers=russian)

    told(answer, 500, "Страница не открылась", "/c/tok-en")


def test_an_address_is_written_as_text(failing: Caller) -> None:
    answer = failing.call("GET", '/c/"><script>', headers=BROWSER)

    told(answer, 500, "The page did not open", "/c/%22%3E%3Cscript%3E")


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/v1/things", BROWSER["Accept"]),
        ("/static/x.js", BROWSER["Accept"]),
        ("/c/tok-en", "*/*"),
        ("/c/tok-en", "application/json"),
    ],
)
def test_a_program_is_told_by_a_problem_document(
    failing: Caller, path: str, accept: str
) -> None:
    answer = failing.call("GET", path, headers={"Accept": accept})

    assert (answer.status, answer.code) == (500, "internal_error")
    assert answer.headers["Content-Type"] == "application/problem+json"
