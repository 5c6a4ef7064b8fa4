"""The till's page over HTTP: its policy, its list of files, its manifest and its worker."""

import json
from typing import Any

from chalicelib.web.assets import asset_file
from chalicelib.web.till_page import modules
from tests.api.shop import Shop


def get(shop: Shop, path: str, **headers: str) -> Any:
    return shop.client.http.get(path, headers=headers)


def test_every_file_on_the_list_is_there(shop: Shop) -> None:
    answer = get(shop, "/till/files.json")

    listed = json.loads(answer.body)
    found = [asset_file(path.removeprefix("/static/")) for path in listed["files"]]
    assert listed["version"]
    assert None not in found
    assert len(found) > len(modules())


def test_the_page_has_the_tills_policy_and_speaks_its_readers_language(shop: Shop) -> None:
    answer = get(shop, "/till", **{"Accept-Language": "ru"})

    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "unsafe-inline" not in policy
    assert "<title>Касса" in answer.body.decode()


def test_the_worker_may_rule_the_whole_till_and_is_asked_for_anew(shop: Shop) -> None:
    answer = get(shop, "/till/worker.js")

    assert answer.headers["Service-Worker-Allowed"] == "/till"
    assert answer.headers["Cache-Control"] == "no-cache"


def test_the_manifest_starts_the_till(shop: Shop) -> None:
    answer = get(shop, "/till/manifest.webmanifest", **{"Accept-Language": "en"})

    found = json.loads(answer.body)
    assert (found["start_url"], found["scope"], found["name"]) == ("/till", "/till", "Till")
