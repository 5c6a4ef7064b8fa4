"""The local push server, met by a client that shares no code with the product's sender."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import h2.connection
import h2.events
import pytest

from local.apns_server import REQUESTS_KEPT_MAX, ApnsServer
from local.certificates import Certificates, ensure_certificates

TOPIC = "pass.test.kopilka"
TOKEN = "ab" * 32
GOOD = {
    ":method": "POST",
    ":scheme": "https",
    ":authority": "localhost",
    ":path": f"/3/device/{TOKEN}",
    "apns-topic": TOPIC,
    "apns-push-type": "background",
    "apns-priority": "5",
}


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    folder = tmp_path_factory.mktemp("tls") / "certificates"
    return ensure_certificates(folder, pass_type_identifier=TOPIC, team_identifier="TEAM000001")


@pytest.fixture
def server(certificates: Certificates) -> Iterator[ApnsServer]:
    running = ApnsServer(certificates).start()
    yield running
    running.stop()


def tls(
    certificates: Certificates, port: int, *, alpn: str = "h2", has_certificate: bool = True
) -> ssl.SSLSocket:
    context = ssl.create_default_context(cafile=str(certificates.pass_ca))
    context.set_alpn_protocols([alpn])
    if has_certificate:
        context.load_cert_chain(certificates.pass_certificate, certificates.pass_key)
    plain = socket.create_connection(("127.0.0.1", port), timeout=10)
    return context.wrap_socket(plain, server_hostname="localhost")


def ask(
    certificates: Certificates,
    server: ApnsServer,
    headers: list[tuple[str, str]],
    body: bytes = b"{}",
) -> tuple[int, dict[str, Any]]:
    """Send one request on a connection of its own; status and parsed answer."""
    http, status, answer = h2.connection.H2Connection(), 0, b""
    with tls(certificates, server.port) as secure:
        http.initiate_connection()
        http.send_headers(1, headers)
        http.send_data(1, body, end_stream=True)
        while True:
            secure.sendall(http.data_to_send())
            received = secure.recv(65_536)
            assert received, "closed without an answer"
            for event in http.receive_data(received):
                if isinstance(event, h2.events.ResponseReceived):
                    status = int(dict(event.headers)[b":status"])
                if isinstance(event, h2.events.DataReceived):
                    answer += event.data
                if isinstance(event, h2.events.StreamEnded):
                    return status, json.loads(answer or b"{}")
                assert not isinstance(event, h2.events.ConnectionTerminated)


def changed(**changes: str | None) -> list[tuple[str, str]]:
    """The good headers with some replaced, `None` leaving one out; `_` for `:` and `-`."""
    names = {name.lstrip(":").replace("-", "_"): name for name in GOOD}
    given = {names.get(key, key.replace("_", "-")): text for key, text in changes.items()}
    return [(name, text) for name, text in (GOOD | given).items() if text is not None]


def test_a_proper_push_is_accepted_and_remembered(
    certificates: Certificates, server: ApnsServer
) -> None:
    answer = ask(certificates, server, changed(apns_collapse_id="card"))

    assert answer == (200, {})
    remembered = dict(server.requests[0])
    assert datetime.fromisoformat(remembered.pop("at")).tzinfo == UTC
    assert remembered == {
        "token": TOKEN,
        "status": 200,
        "reason": "",
        "connection": 1,
        "payload": "{}",
        "apns-topic": TOPIC,
        "apns-push-type": "background",
        "apns-priority": "5",
        "apns-collapse-id": "card",
    }


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"method": "GET"}, (405, "MethodNotAllowed")),
        ({"path": "/2/device/" + TOKEN}, (404, "BadPath")),
        ({"path": "/3/device/a/" + TOKEN}, (404, "BadPath")),
        ({"path": "/3/device/"}, (400, "MissingDeviceToken")),
        ({"path": "/3/device/no-hex"}, (400, "BadDeviceToken")),
        ({"path": "/3/device/abc"}, (400, "BadDeviceToken")),
        ({"apns_topic": None}, (400, "MissingTopic")),
        ({"apns_topic": "pass test"}, (400, "BadTopic")),
        ({"apns_topic": "pass.test.other"}, (400, "TopicDisallowed")),
        ({"apns_push_type": None}, (400, "InvalidPushType")),
        ({"apns_push_type": "alert"}, (400, "InvalidPushType")),
        ({"apns_priority": None}, (400, "BadPriority")),
        ({"apns_priority": "10"}, (400, "BadPriority")),
        ({"apns_expiration": "tomorrow"}, (400, "BadExpirationDate")),
        ({"apns_collapse_id": "x" * 65}, (400, "BadCollapseId")),
        ({"apns_id": "1"}, (400, "BadMessageId")),
    ],
)
def test_a_faulty_request_gets_the_reason_apple_gives(
    certificates: Certificates,
    server: ApnsServer,
    changes: dict[str, str | None],
    expected: tuple[int, str],
) -> None:
    status, answer = ask(certificates, server, changed(**changes))

    assert (status, answer["reason"]) == expected


def test_a_header_sent_twice_is_refused(certificates: Certificates, server: ApnsServer) -> None:
    headers = [*GOOD.items(), ("apns-topic", TOPIC)]

    assert ask(certificates, server, headers) == (400, {"reason": "DuplicateHeaders"})


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", (400, "PayloadEmpty")),
        (b"[]", (400, "PayloadEmpty")),
        (b"{", (400, "PayloadEmpty")),
        (json.dumps({"x": "y" * 4096}).encode(), (413, "PayloadTooLarge")),
    ],
)
def test_a_faulty_payload_gets_the_reason_apple_gives(
    certificates: Certificates, server: ApnsServer, body: bytes, expected: tuple[int, str]
) -> None:
    status, answer = ask(certificates, server, changed(), body)

    assert (status, answer["reason"]) == expected


@pytest.mark.parametrize("body", [b"{}", b'{"aps": {}}'])
def test_both_empty_payloads_are_good(
    certificates: Certificates, server: ApnsServer, body: bytes
) -> None:
    assert ask(certificates, server, changed(), body) == (200, {})


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("00000400", (400, "BadDeviceToken")),
        ("00000401", (400, "DeviceTokenNotForTopic")),
        ("00000403", (403, "Forbidden")),
        ("00000429", (429, "TooManyRequests")),
        ("00000500", (500, "InternalServerError")),
        ("00000503", (503, "ServiceUnavailable")),
    ],
)
def test_the_first_eight_digits_of_a_token_choose_the_answer(
    certificates: Certificates, server: ApnsServer, prefix: str, expected: tuple[int, str]
) -> None:
    path = f"/3/device/{prefix}{'cd' * 28}"

    status, answer = ask(certificates, server, changed(path=path))

    assert (status, answer) == (expected[0], {"reason": expected[1]})


def test_an_unregistered_token_comes_with_its_moment_in_milliseconds(
    certificates: Certificates,
) -> None:
    gone = datetime(2026, 11, 1, 12, tzinfo=UTC)
    server = ApnsServer(certificates, gone_since=gone).start()
    try:
        answer = ask(certificates, server, changed(path=f"/3/device/00000410{'cd' * 28}"))
    finally:
        server.stop()

    expected = {"reason": "Unregistered", "timestamp": int(gone.timestamp()) * 1000}
    assert answer == (410, expected)


def test_a_client_without_a_certificate_is_turned_away(
    certificates: Certificates, server: ApnsServer
) -> None:
    with pytest.raises(ssl.SSLError, match=r"(?i)certificate.required|handshake"):
        # With TLS 1.3 the client believes in the handshake until it reads.
        tls(certificates, server.port, has_certificate=False).recv(1)

    assert server.handshakes == 0


def test_a_certificate_of_another_authority_is_turned_away(
    certificates: Certificates, server: ApnsServer, tmp_path: Path
) -> None:
    strange = ensure_certificates(
        tmp_path / "strange", pass_type_identifier=TOPIC, team_identifier="TEAM000001"
    )
    context = ssl.create_default_context(cafile=str(certificates.pass_ca))
    context.load_cert_chain(strange.pass_certificate, strange.pass_key)

    with (
        socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain,
        pytest.raises(ssl.SSLError, match=r"(?i)unknown.ca|decrypt.error"),
    ):
        context.wrap_socket(plain, server_hostname="localhost").recv(1)

    assert server.handshakes == 0


def test_the_oldest_tls_is_turned_away(certificates: Certificates, server: ApnsServer) -> None:
    done = subprocess.run(
        [
            "openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_1",
            "-cipher", "ALL:@SECLEVEL=0",
            "-cert", str(certificates.pass_certificate), "-key", str(certificates.pass_key),
        ],
        check=False, stdin=subprocess.DEVNULL, capture_output=True, timeout=30,
    )  # fmt: skip

    assert done.returncode != 0
    assert server.handshakes == 0


def test_it_speaks_http2_when_asked(certificates: Certificates, server: ApnsServer) -> None:
    with tls(certificates, server.port) as secure:
        assert secure.selected_alpn_protocol() == "h2"


def test_what_is_no_http2_ends_the_connection(
    certificates: Certificates, server: ApnsServer
) -> None:
    received = b""

    with tls(certificates, server.port) as secure:
        secure.sendall(b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n")
        while part := secure.recv(65_536):
            received += part

    assert b"200" not in received
    assert not server.requests


def test_the_callback_and_the_log_file_hear_of_each_request(
    certificates: Certificates, tmp_path: Path
) -> None:
    heard: list[Any] = []
    log = tmp_path / "pushes.jsonl"
    server = ApnsServer(certificates, on_push=heard.append, log_path=log).start()
    try:
        ask(certificates, server, changed())
        ask(certificates, server, changed(apns_topic="pass.test.other"))
    finally:
        server.stop()

    logged = [json.loads(line) for line in log.read_text().splitlines()]
    assert logged == heard == list(server.requests)
    assert [push["reason"] for push in logged] == ["", "TopicDisallowed"]


def test_a_callback_that_fails_does_not_stop_the_server(certificates: Certificates) -> None:
    def fail(_: Any) -> None:
        raise RuntimeError("listener is ill")

    server = ApnsServer(certificates, on_push=fail).start()
    try:
        answers = [ask(certificates, server, changed()) for _ in range(2)]
    finally:
        server.stop()

    assert answers == [(200, {}), (200, {})]


def test_it_remembers_only_the_latest_requests(server: ApnsServer) -> None:
    for number in range(REQUESTS_KEPT_MAX + 1):
        server.record({"number": number})

    assert len(server.requests) == REQUESTS_KEPT_MAX
    assert server.requests[0] == {"number": 1}


def test_a_taken_port_is_an_error(certificates: Certificates, server: ApnsServer) -> None:
    with pytest.raises(OSError, match="in use"):
        ApnsServer(certificates, port=server.port).start()


def test_it_runs_as_a_program_and_ends_when_told(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [
            sys.executable, "-m", "local.apns_server", "--port", "0",
            "--certificates", str(tmp_path / "certificates"), "--log", str(tmp_path / "log"),
            "--pass-type-identifier", TOPIC, "--team-identifier", "TEAM000001",
        ],
        stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    try:
        assert program.stdout
        said = program.stdout.readline()
        made = ensure_certificates(
            tmp_path / "certificates", pass_type_identifier=TOPIC, team_identifier="TEAM000001"
        )
        with tls(made, int(said.rpartition(":")[2])) as secure:
            assert secure.selected_alpn_protocol() == "h2"
        program.send_signal(signal.SIGTERM)
        code = program.wait(timeout=30)
    finally:
        program.kill()

    assert code == 0
