"""Pushes signed by a key: provider tokens, as Apple's like judges them."""

from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from chalicelib.adapters.apns_token import (
    EXPIRED_AGAIN_SECONDS,
    KEPT_SECONDS,
    ProviderToken,
)
from chalicelib.ports import PushKind, PushOutcome
from local.apns_provider import TOKEN_SECONDS_MAX, Provider
from local.apns_server import ApnsServer
from local.certificates import Certificates
from tests.adapters.apns.pushing import ACCEPTED, GO_AWAY, TOPIC, Sender, token

KEY_ID, TEAM_ID = "KEYID00001", "TEAM000001"
KEY = ec.generate_private_key(ec.SECP256R1())
NOON = 1_800_000_000.0


class Watch:
    """A clock a test turns."""

    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> float:
        return self.at


def pem(key: PrivateKeyTypes, password: bytes = b"") -> bytes:
    sealing: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if password:
        sealing = serialization.BestAvailableEncryption(password)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, sealing)


def public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


@pytest.fixture
def ours() -> Watch:
    return Watch()


@pytest.fixture
def theirs() -> Watch:
    return Watch()


@pytest.fixture
def server(certificates: Certificates, theirs: Watch) -> Iterator[ApnsServer]:
    """Apple's like, which takes tokens."""
    provider = Provider(
        key_id=KEY_ID,
        team_id=TEAM_ID,
        public_key_pem=public_pem(KEY),
        topic=TOPIC,
        now=theirs.now,
    )
    running = ApnsServer(certificates, provider=provider).start()
    yield running
    running.stop()


@pytest.fixture
def signing(ours: Watch) -> Callable[..., ProviderToken]:
    def make(key: bytes = pem(KEY), key_id: str = KEY_ID, team: str = TEAM_ID) -> ProviderToken:
        return ProviderToken(key, key_id, team, now=ours.now)

    return make


def pushed(sender: Any, number: int = 1) -> PushOutcome:
    return sender.push_many([token(number)])[token(number)]


def test_a_token_says_who_and_when_and_by_which_key(
    signing: Callable[..., ProviderToken],
) -> None:
    text = signing().text()

    header = jwt.get_unverified_header(text)
    claims = jwt.decode(text, KEY.public_key(), ["ES256"], options={"verify_iat": False})
    assert (header["alg"], header["kid"]) == ("ES256", KEY_ID)
    assert claims == {"iss": TEAM_ID, "iat": int(NOON)}


def test_a_token_serves_for_forty_minutes_and_then_another(
    signing: Callable[..., ProviderToken], ours: Watch
) -> None:
    tokens = signing()
    first = tokens.text()
    ours.at = NOON + KEPT_SECONDS - 1
    kept = tokens.text()
    ours.at = NOON + KEPT_SECONDS
    fresh = tokens.text()
    ours.at = NOON - 60  # the clock was set back: an iat of the future is refused
    earlier = tokens.text()

    assert kept == first
    assert len({first, fresh, earlier}) == 3
    assert 20 * 60 <= KEPT_SECONDS < 60 * 60


def test_a_token_called_expired_is_replaced_once_in_twenty_minutes(
    signing: Callable[..., ProviderToken], ours: Watch
) -> None:
    tokens = signing()
    tokens.text()

    replaced = [tokens.expire(), tokens.expire()]
    ours.at += EXPIRED_AGAIN_SECONDS
    later = tokens.expire()

    assert (replaced, later) == ([True, False], True)


@pytest.mark.parametrize(
    "key",
    [
        b"no pem",
        b"",
        pem(KEY, b"secret"),
        pem(ec.generate_private_key(ec.SECP384R1())),
        pem(rsa.generate_private_key(65537, 2048)),
    ],
    ids=["no-pem", "empty", "password", "another-curve", "rsa"],
)
def test_a_key_that_cannot_sign_tokens_is_refused(
    signing: Callable[..., ProviderToken], key: bytes
) -> None:
    with pytest.raises(ValueError, match=r"."):
        signing(key)


def test_no_certificate_is_shown_and_one_connection_and_one_token_serve_all(
    sender: Sender, server: ApnsServer, signing: Callable[..., ProviderToken]
) -> None:
    one = sender(token=signing(), certificate_pem=b"", key_pem=b"")
    tokens = [token(number) for number in range(100)]

    outcomes = one.push_many(tokens)

    assert outcomes == dict.fromkeys(tokens, ACCEPTED)
    assert server.handshakes == 1


def test_without_certificate_and_token_apple_takes_nothing(
    sender: Sender, server: ApnsServer, signing: Callable[..., ProviderToken]
) -> None:
    tokens = signing()
    tokens.text = lambda: ""  # type: ignore[method-assign]

    assert pushed(sender(token=tokens)).reason == "MissingProviderToken"


def test_a_certificate_serves_beside_tokens(sender: Sender, server: ApnsServer) -> None:
    assert pushed(sender()) == ACCEPTED


@pytest.mark.parametrize(
    "changes",
    [
        {"key_id": "OTHERKEY01"},
        {"team": "OTHERTEAM1"},
        {"key": pem(ec.generate_private_key(ec.SECP256R1()))},
    ],
    ids=["key id", "team", "key"],
)
def test_a_token_of_another_key_or_team_is_our_own_fault(
    sender: Sender,
    server: ApnsServer,
    signing: Callable[..., ProviderToken],
    changes: dict[str, Any],
) -> None:
    outcome = pushed(sender(token=signing(**changes)))

    assert outcome == PushOutcome(PushKind.REFUSED, 403, "InvalidProviderToken")
    assert len(server.requests) == 1


def test_a_topic_the_key_does_not_cover_is_our_own_fault(
    sender: Sender, server: ApnsServer, signing: Callable[..., ProviderToken]
) -> None:
    outcome = pushed(sender(token=signing(), topic="pass.test.other"))

    assert outcome == PushOutcome(PushKind.REFUSED, 400, "TopicDisallowed")


def test_a_token_that_apple_calls_expired_is_replaced_and_all_are_pushed_once_more(
    sender: Sender,
    server: ApnsServer,
    signing: Callable[..., ProviderToken],
    ours: Watch,
    theirs: Watch,
) -> None:
    one = sender(token=signing())
    pushed(one)
    theirs.at += TOKEN_SECONDS_MAX  # our sandbox was frozen: its clock catches up in a moment
    again = [token(number) for number in range(10, 20)]
    original = one.token.expire

    def catch_up() -> bool:
        ours.at = theirs.at
        return bool(original())

    one.token.expire = catch_up
    outcomes = one.push_many(again)

    assert outcomes == dict.fromkeys(again, ACCEPTED)
    reasons = [push["reason"] for push in server.requests]
    assert reasons == ["", *["ExpiredProviderToken"] * 10, *[""] * 10]
    assert server.handshakes == 1


def test_a_clock_that_stays_wrong_is_our_own_fault_and_asks_apple_twice_at_most(
    sender: Sender,
    server: ApnsServer,
    signing: Callable[..., ProviderToken],
    theirs: Watch,
) -> None:
    one = sender(token=signing())
    theirs.at += TOKEN_SECONDS_MAX

    outcomes = [pushed(one, number) for number in range(3)]

    assert outcomes == [PushOutcome(PushKind.REFUSED, 403, "ExpiredProviderToken")] * 3
    assert len(server.requests) == 4


def test_after_goaway_the_token_goes_with_every_push(
    sender: Sender, server: ApnsServer, signing: Callable[..., ProviderToken]
) -> None:
    tokens = [token(number, GO_AWAY if number == 5 else "ab") for number in range(10)]

    outcomes = sender(token=signing()).push_many(tokens)

    assert outcomes == dict.fromkeys(tokens, ACCEPTED)
    assert server.handshakes == 2


def test_a_token_is_in_no_log_of_pushes(
    sender: Sender, server: ApnsServer, signing: Callable[..., ProviderToken]
) -> None:
    tokens = signing()
    one = sender(token=tokens)

    pushed(one)

    assert tokens.text() not in str(list(server.requests)) + repr(one)
