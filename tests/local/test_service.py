"""`python -m local` as a newcomer meets it: start, the local routes, ends and errors."""

import http.client
import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.testing import ServiceProcess

PHONE = "+79161234567"


def call(base_url: str, method: str, path: str, body: object = None) -> tuple[int, bytes, dict]:
    connection = http.client.HTTPConnection(urlsplit(base_url).netloc, timeout=60)
    content = None if body is None else json.dumps(body)
    connection.request(method, path, content, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.status, response.read(), dict(response.getheaders())
    connection.close()
    return answer


def call_json(base_url: str, method: str, path: str, body: object = None) -> tuple[int, dict]:
    status, content, _ = call(base_url, method, path, body)
    return status, json.loads(content)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceProcess]:
    started = ServiceProcess(tmp_path_factory.mktemp("service") / "data").start()
    yield started
    started.stop()


@pytest.fixture
def base_url(service: ServiceProcess) -> str:
    return service.base_url


def test_the_start_names_engine_durability_data_and_pages(service):
    said = service.said()

    assert "every write is on disk (fsync) before it is acknowledged" in said
    assert str(service.folder) in said
    assert f"{service.base_url}/local/phone" in said


def test_the_demo_file_says_how_to_use_the_demo_merchant(service):
    demo = json.loads((service.folder / "demo.json").read_text())

    assert demo["base_url"] == service.base_url
    assert demo["till_key"].startswith("lk_live_")
    assert demo["integration_key"].startswith("lk_live_")
    assert "BEGIN CERTIFICATE" in Path(demo["pass_ca"]).read_text()
    assert (service.folder / "demo.json").stat().st_mode & 0o077 == 0


def test_the_service_is_healthy(base_url):
    assert call(base_url, "GET", "/healthz")[0] == 200


def test_the_clock_is_set_advanced_and_returned(base_url):
    set_to = call_json(base_url, "POST", "/local/clock", {"at": "2031-06-15T09:00:00Z"})
    advanced = call_json(base_url, "POST", "/local/clock", {"advance_seconds": 86_400})
    returned = call_json(base_url, "POST", "/local/clock", {})

    assert set_to[1]["now"].startswith("2031-06-15T09:00:0")
    assert advanced[1]["now"].startswith("2031-06-16T09:00:0")
    assert not returned[1]["now"].startswith("2031")


@pytest.mark.parametrize(
    "body",
    [
        {"at": "tomorrow"},
        {"at": "2031-06-15T09:00:00"},
        {"at": "0001-01-01T00:00:00Z"},
        {"advance_seconds": -1},
        {"advance_seconds": "1"},
        {"advance_seconds": 1e300},
        {"unknown": 1},
        [],
    ],
)
def test_a_clock_that_cannot_be_is_refused(base_url, body):
    status, problem = call_json(base_url, "POST", "/local/clock", body)

    assert (status, problem["code"]) == (400, "bad_input")


def test_a_sign_up_s_code_is_in_the_outbox_and_on_the_page(base_url):
    _, merchant = call_json(
        base_url, "POST", "/local/merchants", {"program": {"currency": "RUB"}}
    )
    sign_up = {
        "phone": PHONE,
        "language": "en",
        "consents": [{"purpose": "program", "granted": True, "text_version": "1"}],
        "client_nonce": "nonce-0123456789abcdef",
    }

    status, _ = call_json(
        base_url, "POST", f"/v1/merchants/{merchant['merchant']}/sign-ups", sign_up
    )
    _, counts = call_json(base_url, "POST", "/local/jobs/run", {})
    _, outbox = call_json(base_url, "GET", f"/local/outbox?phone=%2B{PHONE[1:]}")
    _, page, headers = call(base_url, "GET", "/local/phone")

    assert status == 202
    assert counts["still_due"] == 0
    assert [(item["kind"], item["to"]) for item in outbox["items"]] == [("sms", PHONE)]
    assert outbox["items"][0]["text"] in page.decode()
    assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.mark.parametrize("limit", ["0", "-1", "x", "1001", "9" * 30])
def test_an_outbox_limit_that_cannot_be_is_refused(base_url, limit):
    status, problem = call_json(base_url, "GET", f"/local/outbox?limit={limit}")

    assert (status, problem["code"]) == (400, "bad_input")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"program": 7},
        {"program": {"rates": 7}},
        {"template": "../bakery"},
        {"template": 7},
        {"template": "bakery", "program": {}},
    ],
)
def test_a_merchant_without_a_program_is_refused(base_url, body):
    status, problem = call_json(base_url, "POST", "/local/merchants", body)

    assert 400 <= status < 500
    assert problem["code"] in ("bad_input", "program_invalid")


def test_a_program_that_cannot_be_opens_no_merchant_and_says_where_it_is_wrong(base_url):
    program = {"earn_percent": 101, "timezone": "Europe/Atlantis"}

    status, problem = call_json(base_url, "POST", "/local/merchants", {"program": program})

    assert (status, problem["code"]) == (422, "program_invalid")
    found = {one["pointer"]: one["detail"] for one in problem["errors"]}
    assert found == {
        "/earn_percent": "must be a percentage from 0 to 100 with up to four decimals",
        "/timezone": "there is no time zone 'Europe/Atlantis'",
    }


def test_a_program_that_opens_a_merchant_gives_its_keys(base_url):
    program = {"currency": "USD", "timezone": "America/New_York", "earn_percent": 5}

    status, opened = call_json(base_url, "POST", "/local/merchants", {"program": program})

    assert status == 201
    assert set(opened) == {"merchant", "till_key", "integration_key"}


def test_a_template_opens_a_merchant_with_its_program(base_url):
    status, opened = call_json(base_url, "POST", "/local/merchants", {"template": "phone_shop"})

    page_status, page, _ = call(base_url, "GET", f"/r/{opened['merchant']}?lang=en")

    assert (status, page_status) == (201, 200)
    assert b"glass and cases" in page


def test_a_body_over_the_limit_is_413_whatever_its_size(base_url):
    statuses = [
        call(base_url, "POST", "/local/clock", "x" * size)[0] for size in (4_500_001, 9_000_000)
    ]

    assert statuses == [413, 413]


def test_a_second_process_on_the_same_data_is_told_so(service):
    said = failed_start(service.folder)

    assert "is in use by process" in said


def test_a_killed_service_starts_again_with_all_it_had(tmp_path):
    service = ServiceProcess(tmp_path / "data").start()
    before = json.loads((service.folder / "demo.json").read_text())
    secrets = (service.folder / "secrets.json").read_text()

    service.kill()
    service.start()

    after = json.loads((service.folder / "demo.json").read_text())
    assert {**before, "base_url": service.base_url} == after
    assert (service.folder / "secrets.json").read_text() == secrets
    assert service.stop() == 0


def test_a_taken_port_is_one_sentence(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        said = failed_start(tmp_path, PORT=str(taken.getsockname()[1]))

    assert "is taken" in said
    assert "PORT=8001" in said


@pytest.mark.parametrize("port", ["x", "-1", "70000", "8000.5"])
def test_a_port_that_is_none_is_one_sentence(tmp_path, port):
    assert "is not a port" in failed_start(tmp_path, PORT=port)


def test_data_without_their_secrets_are_not_started_on(tmp_path):
    (tmp_path / "kopilka.db").write_bytes(b"")

    said = failed_start(tmp_path)

    assert "secrets.json is missing" in said
    assert not (tmp_path / "secrets.json").exists()


def test_a_folder_that_cannot_be_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    assert "DATA_DIR" in failed_start(tmp_path / "file" / "data")


def failed_start(folder: Path, **environ: str) -> str:
    """Start on a folder, expect that it fails with one sentence, and return that."""
    done = subprocess.run(
        [sys.executable, "-m", "local"],
        env={**os.environ, "PORT": "0", "DATA_DIR": str(folder), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("kopilka: ")
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    return done.stderr
