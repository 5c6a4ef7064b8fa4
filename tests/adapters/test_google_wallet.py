"""Google Wallet's REST interface, against a server that judges by Google's own document."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.google_access import AccessDenied, AccessTokens, AccessUnavailable
from chalicelib.adapters.google_wallet import GoogleWallet
from chalicelib.ports import AnswerKind
from local.google_server import GoogleServer
from local.google_signing import ISSUER_ID, new_account

CLASS: dict[str, Any] = {
    "id": f"{ISSUER_ID}.roastery",
    "issuerName": "Roastery",
    "programName": "Beans",
    "programLogo": {"sourceUri": {"uri": "https://cards.example/logo.png"}},
    "reviewStatus": "UNDER_REVIEW",
}
OBJECT: dict[str, Any] = {
    "id": f"{ISSUER_ID}.roastery.mem_1",
    "classId": f"{ISSUER_ID}.roastery",
    "state": "ACTIVE",
    "loyaltyPoints": {"label": "Points", "balance": {"int": 10}},
}
MESSAGE = {"id": "m1", "header": "A", "body": "B", "messageType": "TEXT_AND_NOTIFY"}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleServer]:
    server = GoogleServer(tmp_path_factory.mktemp("google") / "account.json").start()
    yield server
    server.stop()


@pytest.fixture
def server(started: GoogleServer) -> Iterator[GoogleServer]:
    """The server with nothing in it and nothing wrong with it."""
    started.behaviour.rate_max = 1_000_000
    yield started
    for kept in started.resources.kept.values():
        kept.clear()
    started.resources.rings.clear()
    started.requests.clear()
    started.behaviour = type(started.behaviour)()


@pytest.fixture
def google(server: GoogleServer) -> GoogleWallet:
    tokens = AccessTokens(server.account, connect_seconds=2, read_seconds=5)
    return GoogleWallet(server.wallet_url, tokens)


def asked(server: GoogleServer) -> list[tuple[str, int]]:
    return [(one.method, one.status) for one in server.requests]


def test_a_new_class_and_object_are_inserted(
    google: GoogleWallet, server: GoogleServer
) -> None:
    google.put_class(CLASS, is_new=True)

    answer = google.put_object(OBJECT, is_new=True, is_whole=False)

    assert answer.kind is AnswerKind.DONE
    assert asked(server) == [("POST", 200), ("POST", 200)]
    assert server.resources.kept["loyaltyObject"][OBJECT["id"]] == OBJECT


def test_an_object_that_exists_is_patched(google: GoogleWallet, server: GoogleServer) -> None:
    google.put_class(CLASS, is_new=True)
    google.put_object(OBJECT, is_new=True, is_whole=False)
    changed = {**OBJECT, "loyaltyPoints": {"label": "Points", "balance": {"int": 20}}}

    answers = [google.put_object(changed, is_new=new, is_whole=False) for new in (True, False)]

    assert [answer.kind for answer in answers] == [AnswerKind.DONE] * 2
    assert asked(server)[2:] == [("POST", 409), ("PATCH", 200), ("PATCH", 200)]
    assert server.resources.kept["loyaltyObject"][OBJECT["id"]] == changed


def test_an_object_google_has_lost_is_inserted(
    google: GoogleWallet, server: GoogleServer
) -> None:
    google.put_class(CLASS, is_new=True)

    answer = google.put_object(OBJECT, is_new=False, is_whole=False)

    assert answer.kind is AnswerKind.DONE
    assert asked(server)[1:] == [("PATCH", 404), ("POST", 200)]


def test_a_whole_change_leaves_nothing_of_what_was(
    google: GoogleWallet, server: GoogleServer
) -> None:
    google.put_class(CLASS, is_new=True)
    code = {"type": "QR_CODE", "value": "L1"}
    google.put_object({**OBJECT, "barcode": code}, is_new=True, is_whole=False)

    google.put_object(OBJECT, is_new=False, is_whole=True)

    assert "barcode" not in server.resources.kept["loyaltyObject"][OBJECT["id"]]


def test_a_class_that_exists_is_replaced(google: GoogleWallet, server: GoogleServer) -> None:
    hero = {"sourceUri": {"uri": "https://cards.example/hero.png"}}
    google.put_class({**CLASS, "heroImage": hero}, is_new=True)

    answer = google.put_class(CLASS, is_new=True)

    assert answer.kind is AnswerKind.DONE
    assert asked(server)[1:] == [("POST", 409), ("PUT", 200)]
    assert server.resources.kept["loyaltyClass"][CLASS["id"]] == CLASS


def test_an_object_of_an_unknown_class_misses_it(google: GoogleWallet) -> None:
    answer = google.put_object(OBJECT, is_new=True, is_whole=False)

    assert (answer.kind, answer.status) == (AnswerKind.MISSING, 404)


def test_a_body_google_does_not_know_is_refused_with_its_words(
    google: GoogleWallet, server: GoogleServer
) -> None:
    google.put_class(CLASS, is_new=True)

    answer = google.put_object({**OBJECT, "state": "GOOD"}, is_new=True, is_whole=False)

    assert (answer.kind, answer.status) == (AnswerKind.REFUSED, 400)
    assert "$.state" in answer.reason
    assert asked(server)[1:] == [("POST", 400)]


def test_a_token_that_has_died_is_replaced_once(
    google: GoogleWallet, server: GoogleServer
) -> None:
    google.put_class(CLASS, is_new=True)
    server.tokens.clear()

    answer = google.put_object(OBJECT, is_new=True, is_whole=False)

    assert answer.kind is AnswerKind.DONE
    assert asked(server)[1:] == [("POST", 401), ("POST", 200)]


def test_tokens_that_are_never_good_are_not_tried_for_ever(
    google: GoogleWallet, server: GoogleServer
) -> None:
    server.behaviour.refuses_tokens = True

    answer = google.put_class(CLASS, is_new=True)

    assert (answer.kind, answer.status) == (AnswerKind.FORBIDDEN, 401)
    assert asked(server) == [("POST", 401), ("POST", 401)]


def test_one_token_serves_many_requests(google: GoogleWallet, server: GoogleServer) -> None:
    before = len(server.tokens)

    for _ in range(5):
        google.put_class(CLASS, is_new=False)

    assert len(server.tokens) == before + 1


def test_an_account_that_is_no_user_is_forbidden(
    google: GoogleWallet, server: GoogleServer
) -> None:
    server.behaviour.is_user = False

    answer = google.put_class(CLASS, is_new=True)

    assert (answer.kind, answer.status) == (AnswerKind.FORBIDDEN, 403)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_googles_own_trouble_is_for_later(
    status: int, google: GoogleWallet, server: GoogleServer
) -> None:
    server.behaviour.fails_with = status

    answer = google.put_object(OBJECT, is_new=False, is_whole=False)

    assert (answer.kind, answer.status) == (AnswerKind.RETRY, status)
    assert asked(server) == [("PATCH", status)]


def test_more_than_twenty_requests_a_second_are_for_later(
    google: GoogleWallet, server: GoogleServer
) -> None:
    server.behaviour.rate_max = 0

    answer = google.put_class(CLASS, is_new=True)

    assert (answer.kind, answer.status) == (AnswerKind.RETRY, 429)


def test_nobody_listening_is_for_later(google: GoogleWallet, tmp_path: Path) -> None:
    gone = GoogleServer(tmp_path / "account.json")
    tokens = AccessTokens(gone.account, connect_seconds=1, read_seconds=1)
    url = gone.wallet_url
    gone._http.server_close()

    answer = GoogleWallet(url, tokens).put_class(CLASS, is_new=True)

    assert (answer.kind, answer.status) == (AnswerKind.RETRY, 0)


def test_a_fourth_ring_has_no_quota(google: GoogleWallet) -> None:
    google.put_class(CLASS, is_new=True)
    google.put_object(OBJECT, is_new=True, is_whole=False)

    rung = [google.add_message(OBJECT["id"], MESSAGE).kind for _ in range(4)]
    quiet = google.add_message(OBJECT["id"], {**MESSAGE, "messageType": "TEXT"})

    assert rung == [AnswerKind.DONE] * 3 + [AnswerKind.NO_QUOTA]
    assert quiet.kind is AnswerKind.DONE


def test_a_name_in_googles_words_is_not_repeated(
    google: GoogleWallet, server: GoogleServer
) -> None:
    server.behaviour.fails_with = 400
    server.behaviour.says = "Invalid value \"Elena K.\" at 'accountName'"

    answer = google.put_class(CLASS, is_new=True)

    assert answer.reason == "Invalid value \"…\" at 'accountName'"


def test_another_accounts_key_is_denied_a_token(server: GoogleServer) -> None:
    stranger = new_account(token_uri=server.account["token_uri"])
    tokens = AccessTokens(stranger, connect_seconds=2, read_seconds=5)

    with pytest.raises(AccessDenied, match="invalid_grant"):
        tokens.token()
    answer = GoogleWallet(server.wallet_url, tokens).put_class(CLASS, is_new=True)

    assert answer.kind is AnswerKind.FORBIDDEN


def test_a_token_that_ends_within_five_minutes_is_asked_for_again(
    server: GoogleServer,
) -> None:
    server.behaviour.token_seconds = 299
    tokens = AccessTokens(server.account, connect_seconds=2, read_seconds=5)

    first, second = tokens.token(), tokens.token()

    assert first != second


def test_no_token_endpoint_is_trouble_for_later(tmp_path: Path) -> None:
    account = new_account(token_uri="http://127.0.0.1:9/token")
    tokens = AccessTokens(account, connect_seconds=0.5, read_seconds=0.5)

    with pytest.raises(AccessUnavailable):
        tokens.token()
