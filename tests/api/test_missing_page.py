"""Addresses where nothing is: a page to browsers, a problem document to programs."""

import json
from typing import Any

import pytest
from chalice.local import LambdaContext

from app import app
from local.gateway_event import ANYWHERE

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"


def ask(path: str, *, accept: str = BROWSER, language: str = "en") -> dict[str, Any]:
    """Send what API Gateway sends for a path that fits no route."""
    event = {
        "resource": ANYWHERE,
        "path": path,
        "httpMethod": "GET",
        "headers": {"accept": accept, "accept-language": language},
        "multiValueHeaders": {},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": {"proxy": path.removeprefix("/")},
        "stageVariables": None,
        "requestContext": {
            "resourcePath": ANYWHERE,
            "httpMethod": "GET",
            "requestId": "r-1",
            "identity": {"sourceIp": "203.0.113.9"},
        },
        "body": None,
        "isBase64Encoded": False,
    }
    return app(event, LambdaContext("api", 128, max_runtime_ms=9_000))


def text_of(answer: dict[str, Any]) -> str:
    body = answer["body"]
    if answer.get("isBase64Encoded"):
        from base64 import b64decode

        return b64decode(body).decode()
    return str(body)


@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/unknown", "/"),
        ("/till/unknown", "/till"),
        ("/j/bakery/unknown", "/j/bakery"),
        ("/r/bakery/x/y", "/r/bakery"),
        ("/c/tok-en/cupons", "/c/tok-en"),
        ('/c/"><script>/x', "/"),
        ("/j", "/"),
        ("/admin/unknown", "/admin"),
    ],
)
def test_a_browser_is_shown_a_page_that_leads_on(wired, path, link):
    answer = ask(path)

    html = text_of(answer)
    assert answer["statusCode"] == 404
    assert answer["headers"]["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in answer["headers"]["Content-Security-Policy"]
    assert "<h1>Page not found</h1>" in html
    assert f'<a class="button" href="{link}">' in html
    assert "<script>" not in html


@pytest.mark.parametrize("path", ["/unknown", "/admin/unknown"])
def test_the_page_speaks_the_readers_language(wired, path):
    answer = ask(path, language="ru-RU,ru;q=0.9")

    assert "<h1>Страница не найдена</h1>" in text_of(answer)
    assert '<html lang="ru">' in text_of(answer)


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/unknown", "application/json"),
        ("/unknown", "*/*"),
        ("/v1/unknown", BROWSER),
        ("/static/a/b.js", BROWSER),
        ("/admin/unknown", "*/*"),
    ],
)
def test_a_program_is_told_by_a_problem_document(wired, path, accept):
    answer = ask(path, accept=accept)

    assert answer["statusCode"] == 404
    assert answer["headers"]["Content-Type"] == "application/problem+json"
    assert json.loads(text_of(answer))["code"] == "not_found"
