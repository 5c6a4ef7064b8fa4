"""Callbacks of Google Wallet: only what Google has signed, for us, now, is believed."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters.google_callbacks import SignedCallbacks
from chalicelib.ports import CallbackForged, StoreUnavailable
from local.google_server import GoogleServer
from local.google_signing import ISSUER_ID, CallbackSigner

OBJECT_ID = f"{ISSUER_ID}.roastery.mem_1"
HOUR = 3600


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoogleServer]:
    started = GoogleServer(tmp_path_factory.mktemp("google") / "account.json").start()
    yield started
    started.stop()


@pytest.fixture
def signer(server: GoogleServer) -> CallbackSigner:
    return server.signer


@pytest.fixture
def callbacks(server: GoogleServer) -> SignedCallbacks:
    return SignedCallbacks(
        issuer_id=ISSUER_ID, sender="GooglePayPasses", keys_url=server.keys_url
    )


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.parametrize(("event", "is_saved"), [("save", True), ("del", False)])
def test_what_google_signed_is_read(
    event: str, is_saved: bool, callbacks: SignedCallbacks, signer: CallbackSigner
) -> None:
    said = callbacks.read(signer.callback(OBJECT_ID, event, "n1"), now())

    assert (said.object_id, said.is_saved, said.nonce) == (OBJECT_ID, is_saved, "n1")
    assert said.expires_at > now()


def test_lengths_are_of_bytes_not_of_letters(
    callbacks: SignedCallbacks, signer: CallbackSigner
) -> None:
    said = callbacks.read(signer.callback(OBJECT_ID, "save", "одноразовый"), now())

    assert said.nonce == "одноразовый"


def changed(callback: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """Return the callback with another message, signed as before."""
    message = {**json.loads(callback["signedMessage"]), **fields}
    return {**callback, "signedMessage": json.dumps(message)}


def test_a_message_that_was_changed_is_forged(
    callbacks: SignedCallbacks, signer: CallbackSigner
) -> None:
    callback = changed(signer.callback(OBJECT_ID, "save", "n1"), eventType="del")

    with pytest.raises(CallbackForged, match="not signed by the intermediate"):
        callbacks.read(callback, now())


def test_an_intermediate_key_of_somebody_else_is_forged(callbacks: SignedCallbacks) -> None:
    stranger = CallbackSigner()

    with pytest.raises(CallbackForged, match="not signed by Google"):
        callbacks.read(stranger.callback(OBJECT_ID, "save", "n1"), now())


def test_a_message_of_another_key_under_googles_intermediate_is_forged(
    callbacks: SignedCallbacks, signer: CallbackSigner
) -> None:
    good = signer.callback(OBJECT_ID, "save", "n1")
    bad = replace(signer, middle=CallbackSigner().middle).callback(OBJECT_ID, "save", "n1")

    with pytest.raises(CallbackForged):
        callbacks.read({**bad, "intermediateSigningKey": good["intermediateSigningKey"]}, now())


def test_a_callback_for_another_issuer_is_forged(
    callbacks: SignedCallbacks, signer: CallbackSigner
) -> None:
    other = replace(signer, issuer_id="3388000000000000001")

    with pytest.raises(CallbackForged):
        callbacks.read(other.callback(OBJECT_ID, "save", "n1"), now())


def test_another_sender_is_forged_until_the_setting_says_so(
    server: GoogleServer, callbacks: SignedCallbacks, signer: CallbackSigner
) -> None:
    callback = replace(signer, sender="GoogleWalletPasses").callback(OBJECT_ID, "save", "n1")
    renamed = SignedCallbacks(
        issuer_id=ISSUER_ID, sender="GoogleWalletPasses", keys_url=server.keys_url
    )

    said = renamed.read(callback, now())

    assert said.nonce == "n1"
    with pytest.raises(CallbackForged):
        callbacks.read(callback, now())


def test_another_protocol_is_forged(callbacks: SignedCallbacks, signer: CallbackSigner) -> None:
    callback = {**signer.callback(OBJECT_ID, "save", "n1"), "protocolVersion": "ECv1"}

    with pytest.raises(CallbackForged, match="protocol"):
        callbacks.read(callback, now())


def test_an_intermediate_key_that_has_ended_is_refused(
    callbacks: SignedCallbacks, signer: CallbackSigner
) -> None:
    callback = signer.callback(OBJECT_ID, "save", "n1", middle_ends_in_seconds=-1)

    with pytest.raises(CallbackForged, match="has ended"):
        callbacks.read(callback, now())


def test_an_old_message_is_refused(callbacks: SignedCallbacks, signer: CallbackSigner) -> None:
    callback = signer.callback(OBJECT_ID, "save", "n1", ends_in_seconds=-1)

    with pytest.raises(CallbackForged, match="too old"):
        callbacks.read(callback, now())


@pytest.mark.parametrize(
    ("object_id", "event"), [("99.roastery.mem_1", "save"), (OBJECT_ID, "burn")]
)
def test_what_is_about_nothing_of_ours_is_refused(
    object_id: str, event: str, callbacks: SignedCallbacks, signer: CallbackSigner
) -> None:
    with pytest.raises(CallbackForged, match="nothing of ours"):
        callbacks.read(signer.callback(object_id, event, "n1"), now())


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"signature": "!"},
        {"intermediateSigningKey": None},
        {"intermediateSigningKey": {"signedKey": "{}", "signatures": ["AAAA"]}},
        {"signedMessage": "[]"},
        {"signature": 7, "signedMessage": None},
    ],
)
def test_what_cannot_be_read_is_forged(
    broken: dict[str, Any], callbacks: SignedCallbacks, signer: CallbackSigner
) -> None:
    callback = {**signer.callback(OBJECT_ID, "save", "n1"), **broken} if broken else {}

    with pytest.raises(CallbackForged):
        callbacks.read(callback, now())


def test_keys_are_asked_for_again_when_they_end(server: GoogleServer) -> None:
    callbacks = SignedCallbacks(
        issuer_id=ISSUER_ID, sender="GooglePayPasses", keys_url=server.keys_url
    )
    before = server.keys_asked
    for number in range(3):
        callbacks.read(server.signer.callback(OBJECT_ID, "save", f"n{number}"), now())
    in_between = server.keys_asked
    later = server.signer.callback(
        OBJECT_ID,
        "save",
        "n9",
        ends_in_seconds=48 * HOUR,
        middle_ends_in_seconds=48 * HOUR,
    )

    callbacks.read(later, now() + timedelta(days=1, minutes=1))

    assert (in_between - before, server.keys_asked - before) == (1, 2)


def test_without_keys_nothing_is_believed_and_google_is_not_pestered(
    server: GoogleServer, callbacks: SignedCallbacks, signer: CallbackSigner
) -> None:
    at, before = now(), server.keys_asked
    callback = signer.callback(OBJECT_ID, "save", "n1")
    server.behaviour.has_keys = False
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            callbacks.read(callback, at)
    server.behaviour.has_keys = True

    asked = server.keys_asked - before
    said = callbacks.read(callback, at + timedelta(minutes=1))

    assert asked == 1
    assert said.nonce == "n1"
