"""`POST /local/till-activations`: a till for tests and benchmarks, without an office."""

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from local.testing import ServiceProcess


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    started = ServiceProcess(tmp_path_factory.mktemp("service") / "data").start()
    yield started
    started.stop()


def ask(service: ServiceProcess, method: str, path: str, body: object = None, **headers: str):
    connection = http.client.HTTPConnection(urlsplit(service.base_url).netloc, timeout=60)
    content = None if body is None else json.dumps(body)
    sent = {"Content-Type": "application/json", "Sec-Fetch-Site": "same-origin"}
    sent |= {name.replace("_", "-"): text for name, text in headers.items()}
    connection.request(method, path, content, sent)
    response = connection.getresponse()
    answer = response.status, json.loads(response.read()), response.headers
    connection.close()
    return answer


def test_a_code_binds_a_till_by_a_cookie_of_plain_http(service: ServiceProcess) -> None:
    wish = {"merchant": "demo", "store": "north", "till": "till-9"}

    status, made, _ = ask(service, "POST", "/local/till-activations", wish)
    _, _, headers = ask(service, "POST", "/v1/till/activations", {"code": made["code"]})

    cookie = headers["Set-Cookie"]
    assert status == 201
    assert cookie.startswith("kopilka-till=demo.")
    assert "Secure" not in cookie
    _, session, _ = ask(service, "GET", "/v1/till/session", Cookie=cookie.partition(";")[0])
    assert (session["store"]["store_id"], session["till"]["till_id"]) == ("north", "till-9")


def test_the_same_till_is_invited_again(service: ServiceProcess) -> None:
    wish = {"merchant": "demo"}

    codes = [ask(service, "POST", "/local/till-activations", wish)[1]["code"] for _ in "ab"]

    assert len(set(codes)) == 2


def test_an_unknown_merchant_is_refused(service: ServiceProcess) -> None:
    status, problem, _ = ask(service, "POST", "/local/till-activations", {"merchant": "nobody"})

    assert (status, problem["code"]) == (422, "merchant_not_found")
