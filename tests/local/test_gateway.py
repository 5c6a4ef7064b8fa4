"""The gateway in front of a small application: what comes in, what goes out."""

import gzip
import io
import json
import threading
from urllib.parse import urlsplit

import pytest
from chalice.app import Chalice, Response

from local.gateway import BODY_BYTES_MAX, Gateway

LONG = "Лён и мёд. " * 400
PIXEL = b"\x89PNG\x00\xff"


def small_app() -> Chalice:
    app = Chalice("small")
    app.log.disabled = True

    @app.route("/things/{name}")
    def one(name):
        return {"name": name, "event": app.current_request.to_original_event()}

    @app.route("/things/special")
    def special():
        return {"special": True}

    @app.route("/things", methods=["POST"])
    def add():
        return {
            "length": len(app.current_request.raw_body),
            "json": app.current_request.json_body,
        }

    @app.route("/bytes", methods=["POST"], content_types=["application/octet-stream"])
    def echo():
        return Response(
            app.current_request.raw_body, {"Content-Type": "application/octet-stream"}
        )

    @app.route("/pixel")
    def pixel():
        cookies = ["a=1", "b=2"]
        return Response(PIXEL, {"Content-Type": "image/png", "Set-Cookie": cookies})

    @app.route("/long")
    def long():
        headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
        return Response(LONG, headers)

    @app.route("/broken")
    def broken():
        return Response("text", {"Content-Type": "image/png"})

    return app


@pytest.fixture(scope="module")
def gateway() -> Gateway:
    return Gateway(small_app())


class Answered:
    """A WSGI call and its answer."""

    def __init__(self, gateway, method, target, body=b"", headers=None) -> None:
        parts = urlsplit(target)
        environ = {
            "REQUEST_METHOD": method,
            "REQUEST_URI": target,
            "PATH_INFO": parts.path,
            "QUERY_STRING": parts.query,
            "CONTENT_LENGTH": str(len(body)),
            "REMOTE_ADDR": "203.0.113.9",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.input": io.BytesIO(body),
        }
        for name, value in (headers or {}).items():
            variable = name.upper().replace("-", "_")
            environ[variable if variable == "CONTENT_TYPE" else f"HTTP_{variable}"] = value
        self.body = b"".join(gateway(environ, self._start))

    def _start(self, status, headers) -> None:
        self.status = int(status.split()[0])
        self.headers = headers

    @property
    def json(self):
        return json.loads(self.body)

    def header(self, name) -> list[str]:
        return [value for found, value in self.headers if found.lower() == name.lower()]


def test_path_parameters_are_decoded_after_the_match(gateway):
    answer = Answered(gateway, "GET", "/things/a%2Fb%20%D1%8F")

    assert answer.json["name"] == "a/b я"


def test_a_literal_segment_wins_over_a_parameter(gateway):
    answer = Answered(gateway, "GET", "/things/special")

    assert answer.json == {"special": True}


def test_a_slash_at_the_end_changes_nothing(gateway):
    answer = Answered(gateway, "GET", "/things/special/")

    assert answer.status == 200


def test_the_event_is_a_rest_api_proxy_event(gateway):
    headers = {"X-Thing": "7", "User-Agent": "till"}

    event = Answered(gateway, "GET", "/things/x?a=1&a=2&b=", headers=headers).json["event"]

    assert event["resource"] == "/things/{name}"
    assert event["path"] == "/things/x"
    assert event["headers"]["x-thing"] == "7"
    assert event["multiValueHeaders"]["x-thing"] == ["7"]
    assert event["multiValueQueryStringParameters"] == {"a": ["1", "2"], "b": [""]}
    assert event["queryStringParameters"] == {"a": "2", "b": ""}
    assert event["pathParameters"] == {"name": "x"}
    assert event["requestContext"]["resourcePath"] == "/things/{name}"
    assert event["requestContext"]["httpMethod"] == "GET"
    assert event["requestContext"]["identity"]["sourceIp"] == "203.0.113.9"


def test_a_request_without_a_query_has_none(gateway):
    event = Answered(gateway, "GET", "/things/x").json["event"]

    assert event["multiValueQueryStringParameters"] is None


def test_a_missing_accept_accepts_everything(gateway):
    event = Answered(gateway, "GET", "/things/x").json["event"]
    answer = Answered(gateway, "GET", "/pixel", headers={"Accept": ""})

    assert event["headers"]["accept"] == "*/*"
    assert (answer.status, answer.body) == (200, PIXEL)


def test_bytes_come_out_as_they_were(gateway):
    answer = Answered(gateway, "GET", "/pixel", headers={"Accept": "image/png"})

    assert answer.body == PIXEL
    assert answer.header("Content-Type") == ["image/png"]
    assert answer.header("Set-Cookie") == ["a=1", "b=2"]
    assert answer.header("Content-Length") == [str(len(PIXEL))]


def test_a_long_text_comes_compressed_to_who_takes_it(gateway):
    plain = Answered(gateway, "GET", "/long")

    answer = Answered(gateway, "GET", "/long", headers={"Accept-Encoding": "br, gzip"})
    head = Answered(gateway, "HEAD", "/long", headers={"Accept-Encoding": "gzip"})

    assert plain.body.decode() == gzip.decompress(answer.body).decode() == LONG
    assert len(answer.body) < len(plain.body) // 10
    assert answer.header("Content-Encoding") == head.header("Content-Encoding") == ["gzip"]
    assert answer.header("Content-Length") == [str(len(answer.body))]
    assert head.header("Content-Length") == answer.header("Content-Length")
    assert plain.header("Content-Encoding") == []
    assert plain.header("Vary") == answer.header("Vary") == ["Accept-Encoding"]


def test_bytes_go_in_as_they_were(gateway):
    kind = "application/octet-stream"

    answer = Answered(gateway, "POST", "/bytes", PIXEL, {"Content-Type": kind, "Accept": kind})

    assert answer.body == PIXEL


def test_json_that_is_no_utf_8_reaches_the_application_as_it_was(gateway):
    body = b'{"a": "\xff"}'

    answer = Answered(gateway, "POST", "/things", body, {"Content-Type": "application/json"})

    assert (answer.status, answer.json["Code"]) == (400, "BadRequestError")


def test_json_without_a_content_type_is_json(gateway):
    answer = Answered(gateway, "POST", "/things", b'{"a": 1}')

    assert answer.json == {"length": 8, "json": {"a": 1}}


def test_head_is_a_get_without_its_body(gateway):
    got = Answered(gateway, "GET", "/things/special")

    answer = Answered(gateway, "HEAD", "/things/special")

    assert (answer.status, answer.body) == (200, b"")
    assert answer.header("Content-Length") == got.header("Content-Length")


@pytest.mark.parametrize(
    ("method", "target", "status", "code"),
    [
        ("GET", "/nothing", 404, "not_found"),
        ("GET", "/things//", 404, "not_found"),
        ("GET", "/things/a/b", 404, "not_found"),
        ("DELETE", "/things/x", 405, "method_not_allowed"),
        ("HEAD", "/things", 405, "method_not_allowed"),
        ("GET", "/things/%ff", 400, "path_invalid"),
        ("GET", "/things/x?a=%ff", 400, "query_invalid"),
        ("GET", "/things/x?" + "a=1&" * 200, 400, "query_invalid"),
        ("GET", "/things/" + "x" * 5000, 414, "path_too_long"),
    ],
)
def test_what_the_gateway_refuses_is_problem_json(gateway, method, target, status, code):
    answer = Answered(gateway, method, target)

    assert answer.status == status
    assert answer.header("Content-Type") == ["application/problem+json"]
    if method != "HEAD":
        assert answer.json["code"] == code
        assert answer.json["status"] == status


@pytest.mark.parametrize("target", ["/nothing", "/things/a/b%20c"])
def test_what_fits_no_route_goes_to_the_route_of_all_the_rest(target):
    answer = Answered(Gateway(app_with_the_rest()), "GET", target)

    assert answer.json == {"proxy": target.removeprefix("/").replace("%20", " ")}


def test_a_route_of_its_own_comes_before_the_route_of_all_the_rest():
    answer = Answered(Gateway(app_with_the_rest()), "GET", "/things/special")

    assert answer.json == {"special": True}


def test_a_method_that_the_route_of_all_the_rest_does_not_take_finds_nothing():
    answer = Answered(Gateway(app_with_the_rest()), "POST", "/nothing", b"{}")

    assert (answer.status, answer.json["code"]) == (404, "not_found")


def app_with_the_rest() -> Chalice:
    app = small_app()

    @app.route("/{proxy+}")
    def rest():
        return app.current_request.uri_params

    return app


def test_a_wrong_method_names_the_right_ones(gateway):
    answer = Answered(gateway, "DELETE", "/things/x")

    assert answer.header("Allow") == ["GET"]


def test_a_body_at_the_limit_is_taken_and_one_byte_more_is_not(gateway):
    kind = {"Content-Type": "application/octet-stream", "Accept": "application/octet-stream"}

    taken = Answered(gateway, "POST", "/bytes", b"x" * BODY_BYTES_MAX, kind)
    refused = Answered(gateway, "POST", "/bytes", b"x" * (BODY_BYTES_MAX + 1), kind)

    assert (taken.status, len(taken.body)) == (200, BODY_BYTES_MAX)
    assert (refused.status, refused.json["code"]) == (413, "body_too_large")


def test_what_the_application_raises_is_500_without_a_trace(gateway):
    answer = Answered(gateway, "GET", "/broken", headers={"Accept": "image/png"})

    assert (answer.status, answer.json["code"]) == (500, "internal_error")
    assert b"Traceback" not in answer.body


class Blocking(Chalice):
    """An application whose one view waits until it is let go."""

    def __init__(self) -> None:
        super().__init__("blocking")
        self.entered = threading.Semaphore(0)
        self.gate = threading.Event()

        @self.route("/names/{name}")
        def wait(name):
            mine = self.current_request.uri_params["name"]
            self.entered.release()
            self.gate.wait(30)
            return {"before": mine, "after": self.current_request.uri_params["name"]}


def test_threads_do_not_see_each_other_s_request():
    app = Blocking()
    gateway = Gateway(app)
    answers: dict = {}

    def ask(name: str) -> None:
        answers[name] = Answered(gateway, "GET", f"/names/{name}").json

    threads = [threading.Thread(target=ask, args=(name,)) for name in ("a", "b", "c")]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert app.entered.acquire(timeout=30)
    app.gate.set()
    for thread in threads:
        thread.join(timeout=30)

    assert answers == {name: {"before": name, "after": name} for name in ("a", "b", "c")}


def test_more_requests_than_may_wait_are_told_to_come_back():
    app = Blocking()
    gateway = Gateway(app, working_max=1, waiting_max=1, wait_seconds_max=0.01)
    first = threading.Thread(target=Answered, args=(gateway, "GET", "/names/a"))
    first.start()
    assert app.entered.acquire(timeout=30)

    answer = Answered(gateway, "GET", "/names/b")
    app.gate.set()
    first.join(timeout=30)

    assert (answer.status, answer.json["code"]) == (503, "overloaded")
    assert answer.json["retryable"] is True
    assert answer.header("Retry-After") == ["1"]


def test_a_place_is_free_again_after_an_answer():
    gateway = Gateway(small_app(), working_max=1, waiting_max=1, wait_seconds_max=0.01)

    statuses = [Answered(gateway, "GET", "/nothing").status for _ in range(5)]

    assert statuses == [404] * 5


def test_binary_types_of_everything_make_every_body_base64():
    app = small_app()
    app.api.binary_types = ["*/*"]

    answer = Answered(
        Gateway(app), "POST", "/things", b'{"a": 1}', {"Content-Type": "application/json"}
    )

    assert answer.json == {"length": 8, "json": {"a": 1}}
