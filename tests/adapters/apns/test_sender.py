"""The sender against a server that behaves like Apple's: real TLS, real HTTP/2, no mocks."""

import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives import serialization

from chalicelib.adapters.apns import TOKENS_MAX
from chalicelib.ports import DevicePusher, PushKind, PushOutcome
from local.apns_server import ApnsServer
from local.certificates import Certificates
from tests.adapters.apns.pushing import (
    ACCEPTED,
    GO_AWAY,
    GONE_SINCE,
    SILENT,
    TOPIC,
    UNAVAILABLE,
    Sender,
    make_certificates,
    token,
)


@pytest.fixture(scope="module")
def strangers(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make_certificates(tmp_path_factory.mktemp("tls") / "strangers")


def test_it_fits_the_port(sender: Sender) -> None:
    pusher: DevicePusher = sender()

    assert pusher.push_many([token(1)]) == {token(1): ACCEPTED}


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("ab", ACCEPTED),
        ("00000400", PushOutcome(PushKind.GONE, 400, "BadDeviceToken")),
        ("00000401", PushOutcome(PushKind.GONE, 400, "DeviceTokenNotForTopic")),
        ("00000403", PushOutcome(PushKind.REFUSED, 403, "Forbidden")),
        ("00000410", PushOutcome(PushKind.GONE, 410, "Unregistered", GONE_SINCE)),
        ("00000429", PushOutcome(PushKind.RETRY, 429, "TooManyRequests")),
        ("00000500", PushOutcome(PushKind.RETRY, 500, "InternalServerError")),
        ("00000503", PushOutcome(PushKind.RETRY, 503, "ServiceUnavailable")),
    ],
)
def test_each_answer_of_apple_has_its_outcome(
    sender: Sender, prefix: str, expected: PushOutcome
) -> None:
    outcomes = sender().push_many([token(1, prefix)])

    assert outcomes == {token(1, prefix): expected}


def test_outcomes_do_not_spill_over_to_other_tokens(sender: Sender) -> None:
    gone, good, broken = token(1, "00000410"), token(2), token(3, "00000500")

    outcomes = sender().push_many([gone, good, broken])

    assert {key: outcome.status for key, outcome in outcomes.items()} == {
        gone: 410,
        good: 200,
        broken: 500,
    }


def test_a_push_is_sent_as_apple_asks(sender: Sender, server: ApnsServer) -> None:
    before = datetime.now(UTC)

    sender().push_many([token(1)], collapse_id="card-7")

    push = dict(server.requests[0])
    expires = datetime.fromtimestamp(int(push["apns-expiration"]), UTC)
    assert timedelta(hours=23) < expires - before < timedelta(hours=25)
    assert push["payload"] == "{}"
    assert push["apns-topic"] == TOPIC
    assert push["apns-push-type"] == "background"
    assert push["apns-priority"] == "5"
    assert push["apns-collapse-id"] == "card-7"
    assert len(push["apns-id"]) == 36


def test_a_topic_the_certificate_does_not_cover_is_our_own_fault(sender: Sender) -> None:
    outcomes = sender(topic="pass.test.other").push_many([token(1)])

    assert outcomes[token(1)] == PushOutcome(PushKind.REFUSED, 400, "TopicDisallowed")


def test_five_hundred_pushes_share_one_handshake(sender: Sender, server: ApnsServer) -> None:
    tokens = [token(number) for number in range(500)]

    outcomes = sender().push_many(tokens)

    assert outcomes == dict.fromkeys(tokens, ACCEPTED)
    assert server.handshakes == 1
    assert len(server.requests) == 500
    assert server.streams_peak > 1


def test_calls_one_after_another_share_one_handshake(
    sender: Sender, server: ApnsServer
) -> None:
    one = sender()

    outcomes = [one.push_many([token(number)])[token(number)] for number in range(20)]

    assert outcomes == [ACCEPTED] * 20
    assert server.handshakes == 1


@pytest.mark.parametrize("streams_max", [1, 7])
def test_it_opens_no_more_streams_than_the_server_allows(
    sender: Sender, server: ApnsServer, streams_max: int
) -> None:
    server.streams_max = streams_max
    tokens = [token(number) for number in range(50)]

    outcomes = sender().push_many(tokens)

    assert outcomes == dict.fromkeys(tokens, ACCEPTED)
    assert server.streams_peak == streams_max
    assert server.handshakes == 1


@pytest.mark.parametrize(
    ("window", "expected"), [(1, PushOutcome(PushKind.RETRY, 0, "NoAnswer")), (2, ACCEPTED)]
)
def test_no_body_is_sent_that_the_servers_window_does_not_admit(
    sender: Sender, server: ApnsServer, window: int, expected: PushOutcome
) -> None:
    server.stream_window = window

    outcomes = sender(deadline_seconds=1.0).push_many([token(1)])

    assert outcomes == {token(1): expected}
    assert server.handshakes == 1


def test_after_goaway_in_the_middle_all_are_still_answered(
    sender: Sender, server: ApnsServer
) -> None:
    tokens = [token(number, GO_AWAY if number == 25 else "ab") for number in range(50)]

    outcomes = sender().push_many(tokens)

    assert outcomes == dict.fromkeys(tokens, ACCEPTED)
    assert server.handshakes == 2


def test_a_push_sent_twice_keeps_its_id(sender: Sender, server: ApnsServer) -> None:
    sender().push_many([token(1, GO_AWAY)])

    first, second = server.requests
    assert (first["status"], second["status"]) == (0, 200)
    assert first["apns-id"] == second["apns-id"]


def test_a_server_that_restarted_between_pushes_goes_unnoticed(
    sender: Sender, server: ApnsServer
) -> None:
    one = sender()
    one.push_many([token(1)])
    server.stop()
    server.start()

    outcomes = one.push_many([token(2)])

    assert outcomes == {token(2): ACCEPTED}
    assert server.handshakes == 2


def test_a_connection_that_froze_is_replaced(sender: Sender, server: ApnsServer) -> None:
    one = sender()
    one.push_many([token(1)])
    server.freeze()
    one.connect_seconds = 0.3

    outcomes = one.push_many([token(2)])

    assert outcomes == {token(2): ACCEPTED}
    assert server.handshakes == 2


def test_a_server_that_is_down_means_try_later(sender: Sender, server: ApnsServer) -> None:
    one = sender()
    server.stop()

    while_down = one.push_many([token(1)])
    server.start()
    afterwards = one.push_many([token(1)])

    assert while_down == {token(1): PushOutcome(PushKind.RETRY, 0, "Unreachable")}
    assert afterwards == {token(1): ACCEPTED}


def test_silence_means_try_later_and_spoils_no_other_push(
    sender: Sender, server: ApnsServer
) -> None:
    silent, good = token(1, SILENT), token(2)

    outcomes = sender(deadline_seconds=1.0).push_many([silent, good])

    assert outcomes[good] == ACCEPTED
    assert outcomes[silent] == PushOutcome(PushKind.RETRY, 0, "NoAnswer")
    assert server.handshakes == 1


def test_a_server_that_shuts_down_is_not_asked_again_on_that_connection(
    sender: Sender, server: ApnsServer
) -> None:
    one = sender()
    one.push_many([token(1, UNAVAILABLE)])

    one.push_many([token(2)])

    assert [push["connection"] for push in server.requests] == [1, 2, 3]


def test_a_server_of_another_authority_is_refused(
    sender: Sender, server: ApnsServer, strangers: Certificates
) -> None:
    outcomes = sender(ca_pem=strangers.pass_ca.read_bytes()).push_many([token(1)])

    assert outcomes == {token(1): PushOutcome(PushKind.REFUSED, 0, "ServerNotTrusted")}
    assert server.handshakes == 0


def test_the_systems_authorities_do_not_know_the_local_server(
    sender: Sender, server: ApnsServer
) -> None:
    outcomes = sender(ca_pem=None).push_many([token(1)])

    assert outcomes == {token(1): PushOutcome(PushKind.REFUSED, 0, "ServerNotTrusted")}
    assert server.handshakes == 0


def test_a_server_that_calls_itself_otherwise_is_refused(
    sender: Sender, server: ApnsServer
) -> None:
    # `127.1` leads to 127.0.0.1 and is in no certificate.
    outcomes = sender(host="127.1").push_many([token(1)])

    assert outcomes == {token(1): PushOutcome(PushKind.REFUSED, 0, "ServerNotTrusted")}
    assert server.handshakes == 0


def test_a_certificate_the_server_rejects_is_our_own_fault(
    sender: Sender, strangers: Certificates
) -> None:
    outcomes = sender(
        certificate_pem=strangers.pass_certificate.read_bytes(),
        key_pem=strangers.pass_key.read_bytes(),
    ).push_many([token(1)])

    assert outcomes == {token(1): PushOutcome(PushKind.REFUSED, 0, "CertificateRejected")}


@pytest.mark.parametrize("part", ["certificate_pem", "key_pem"])
@pytest.mark.parametrize("text", [b"", b"no pem"])
def test_a_certificate_that_is_none_is_our_own_fault(
    sender: Sender, part: str, text: bytes
) -> None:
    outcomes = sender(**{part: text}).push_many([token(1)])

    assert outcomes == {token(1): PushOutcome(PushKind.REFUSED, 0, "CertificateUnusable")}


def test_a_key_of_another_certificate_is_our_own_fault(
    sender: Sender, strangers: Certificates
) -> None:
    outcomes = sender(key_pem=strangers.pass_key.read_bytes()).push_many([token(1)])

    assert outcomes == {token(1): PushOutcome(PushKind.REFUSED, 0, "CertificateUnusable")}


def test_an_encrypted_key_is_our_own_fault(sender: Sender, certificates: Certificates) -> None:
    key = serialization.load_pem_private_key(certificates.pass_key.read_bytes(), None)
    encrypted = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"secret"),
    )

    outcomes = sender(key_pem=encrypted).push_many([token(1)])

    assert outcomes == {token(1): PushOutcome(PushKind.REFUSED, 0, "CertificateUnusable")}


@pytest.mark.parametrize("bad", ["", "a/../b", "a b", "a\r\nb", "ф", "a" * 201])
def test_what_cannot_be_a_token_never_leaves(
    sender: Sender, server: ApnsServer, bad: str
) -> None:
    outcomes = sender().push_many([bad, token(1)])

    assert outcomes == {
        bad: PushOutcome(PushKind.GONE, 400, "BadDeviceToken"),
        token(1): ACCEPTED,
    }
    assert [push["token"] for push in server.requests] == [token(1)]


def test_no_tokens_open_no_connection(sender: Sender, server: ApnsServer) -> None:
    assert sender().push_many([]) == {}
    assert server.handshakes == 0


def test_a_token_named_twice_is_pushed_once(sender: Sender, server: ApnsServer) -> None:
    assert sender().push_many([token(1), token(1)]) == {token(1): ACCEPTED}
    assert len(server.requests) == 1


def test_a_call_beyond_its_limits_is_refused_before_anything_is_sent(
    sender: Sender, server: ApnsServer
) -> None:
    with pytest.raises(ValueError, match="1001 tokens"):
        sender().push_many([token(number) for number in range(TOKENS_MAX + 1)])
    with pytest.raises(ValueError, match="64 bytes"):
        sender().push_many([token(1)], collapse_id="ф" * 33)

    assert server.handshakes == 0


def test_eight_threads_share_one_sender_and_one_connection(
    sender: Sender, server: ApnsServer
) -> None:
    one, start = sender(deadline_seconds=20.0), threading.Barrier(8)

    def push(thread: int) -> bool:
        start.wait()
        tokens = [token(thread * 1000 + number) for number in range(50)]
        return all(
            one.push_many(tokens[index::10]) == dict.fromkeys(tokens[index::10], ACCEPTED)
            for index in range(10)
        )

    with ThreadPoolExecutor(8) as threads:
        all_accepted = list(threads.map(push, range(8)))

    assert all_accepted == [True] * 8
    assert len(server.requests) == 400
    assert server.handshakes == 1


def test_a_thread_that_waits_too_long_for_another_is_told_to_try_later(
    sender: Sender, server: ApnsServer
) -> None:
    one = sender()
    with ThreadPoolExecutor(1) as threads:
        reached = threading.Event()
        server.on_push = lambda _: reached.set()
        slow = threads.submit(one.push_many, [token(1, SILENT)])
        assert reached.wait(30)
        one.deadline_seconds = 0.1
        outcomes = one.push_many([token(2)])
        server.stop()  # ends the silence: both connections the slow call may make are gone

    assert outcomes == {token(2): PushOutcome(PushKind.RETRY, 0, "Busy")}
    assert slow.result()[token(1, SILENT)].kind is PushKind.RETRY


def test_the_connection_refuses_tls_older_than_1_2(sender: Sender) -> None:
    assert sender()._tls.minimum_version == ssl.TLSVersion.TLSv1_2
