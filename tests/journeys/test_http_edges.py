"""What comes over the wire and is no call of ours: other methods, no HTTP at all (P17)."""

import socket
from urllib.parse import urlsplit

import pytest

from tests.journeys.calling import Service
from tests.journeys.shop import Shop


@pytest.mark.parametrize("method", ["DELETE", "PUT", "TRACE", "PATCH"])
def test_another_method_is_refused_with_those_allowed(shop: Shop, method: str) -> None:
    answer = shop.office(method, "/v1/purchases")

    assert (answer.status, answer.code) == (405, "method_not_allowed")
    assert answer.headers["Allow"]


def test_what_is_no_http_does_not_harm_the_next_request(service: Service) -> None:
    address = urlsplit(service.base_url)
    for nonsense in (b"\x16\x03\x01\x02\x00", b"GET\r\n\r\n", b"POST / HTTP/9.9\r\n\r\n"):
        with socket.create_connection((address.hostname, address.port), timeout=10) as plain:
            plain.sendall(nonsense)

    assert service.call("GET", "/healthz").json["status"] == "ok"
