"""Trouble on the way to Apple: what is tried again, how often, over how many connections."""

import socket
import threading
from collections.abc import Callable, Iterator

import pytest

from chalicelib.adapters.apns import ATTEMPTS_MAX, CONNECTIONS_MAX, PAUSE_SECONDS
from chalicelib.ports import PushKind, PushOutcome
from local.apns_server import ApnsServer
from local.certificates import Certificates
from tests.adapters.apns.pushing import ACCEPTED, GO_AWAY, SILENT, Sender, token

FAILS, FAILS_ONCE = "00000500", "0000500b"
UNAVAILABLE, UNAVAILABLE_ONCE = "00000503", "0000503b"
SLOWED = "00000429"


@pytest.fixture
def silent_host() -> Iterator[tuple[str, int]]:
    """A host that takes connections and says nothing, not even TLS."""
    with socket.create_server(("127.0.0.1", 0), backlog=16) as listener:
        yield listener.getsockname()


@pytest.mark.parametrize("prefix", [FAILS_ONCE, UNAVAILABLE_ONCE])
def test_what_apple_could_not_take_is_tried_again_in_the_same_call(
    sender: Sender, server: ApnsServer, prefix: str
) -> None:
    tokens = [token(1, prefix), token(2)]

    outcomes = sender().push_many(tokens)

    assert outcomes == dict.fromkeys(tokens, ACCEPTED)
    pushed = [push["token"] for push in server.requests]
    assert (pushed.count(tokens[0]), pushed.count(tokens[1])) == (2, 1)


def test_the_second_try_has_the_id_of_the_first(sender: Sender, server: ApnsServer) -> None:
    sender().push_many([token(1, FAILS_ONCE)])

    first, second = server.requests
    assert (first["status"], second["status"]) == (500, 200)
    assert first["apns-id"] == second["apns-id"]


def test_what_fails_for_good_is_left_after_three_tries_on_one_connection(
    sender: Sender, server: ApnsServer
) -> None:
    pauses: list[float] = []

    outcomes = sender(pause=pauses.append).push_many([token(1, FAILS), token(2)])

    assert outcomes[token(1, FAILS)] == PushOutcome(PushKind.RETRY, 500, "InternalServerError")
    assert [push["token"] for push in server.requests].count(token(1, FAILS)) == ATTEMPTS_MAX
    assert server.handshakes == 1
    assert len(pauses) == ATTEMPTS_MAX - 1
    assert 0 <= pauses[0] <= PAUSE_SECONDS
    assert 0 <= pauses[1] <= 2 * PAUSE_SECONDS


def test_a_server_that_shuts_down_is_left_for_another_connection_and_then_for_later(
    sender: Sender, server: ApnsServer
) -> None:
    outcomes = sender().push_many([token(1, UNAVAILABLE)])

    assert outcomes == {
        token(1, UNAVAILABLE): PushOutcome(PushKind.RETRY, 503, "ServiceUnavailable")
    }
    assert [push["connection"] for push in server.requests] == [1, 2]


def test_a_phone_that_was_pushed_too_often_is_not_pushed_again_by_this_call(
    sender: Sender, server: ApnsServer
) -> None:
    outcomes = sender().push_many([token(1, SLOWED), token(2, FAILS_ONCE)])

    assert outcomes[token(1, SLOWED)] == PushOutcome(PushKind.RETRY, 429, "TooManyRequests")
    assert outcomes[token(2, FAILS_ONCE)] == ACCEPTED
    assert [push["token"] for push in server.requests].count(token(1, SLOWED)) == 1


@pytest.mark.parametrize("place", [0, 25, 50])
def test_goaway_anywhere_among_51_loses_none_and_pushes_few_twice(
    sender: Sender, server: ApnsServer, place: int
) -> None:
    tokens = [token(number, GO_AWAY if number == place else "ab") for number in range(51)]

    outcomes = sender().push_many(tokens)

    assert outcomes == dict.fromkeys(tokens, ACCEPTED)
    assert server.handshakes == 2
    accepted = [push["token"] for push in server.requests if push["status"] == 200]
    assert set(accepted) == set(tokens)


def test_goaway_on_the_kept_connection_goes_unnoticed(
    sender: Sender, server: ApnsServer
) -> None:
    one = sender()
    one.push_many([token(1)])
    tokens = [token(number, GO_AWAY if number == 20 else "ab") for number in range(10, 41)]

    outcomes = one.push_many(tokens)

    assert outcomes == dict.fromkeys(tokens, ACCEPTED)
    assert server.handshakes == 2


def test_a_connection_that_is_cut_in_the_middle_of_a_call_loses_none(
    sender: Sender, server: ApnsServer
) -> None:
    was_cut = threading.Event()

    def cut(_: object) -> None:
        if not was_cut.is_set() and len(server.requests) == 25:
            was_cut.set()
            server.cut()

    server.on_push = cut
    tokens = [token(number) for number in range(51)]

    outcomes = sender().push_many(tokens)

    assert was_cut.is_set()
    assert outcomes == dict.fromkeys(tokens, ACCEPTED)
    assert server.handshakes == 2


def test_partial_failure_keeps_what_was_answered_before_the_silence(
    sender: Sender, server: ApnsServer
) -> None:
    tokens = [token(1), token(2, "00000410"), token(3, FAILS), token(4, SILENT)]

    outcomes = sender(deadline_seconds=4.0).push_many(tokens)

    kinds = [outcomes[one].kind for one in tokens]
    assert kinds == [PushKind.ACCEPTED, PushKind.GONE, PushKind.RETRY, PushKind.RETRY]
    assert outcomes[token(4, SILENT)] == PushOutcome(PushKind.RETRY, 0, "NoAnswer")
    assert server.handshakes == 1


def test_a_host_that_never_speaks_means_try_later_after_one_connection(
    sender: Sender, silent_host: tuple[str, int]
) -> None:
    one = sender(port=silent_host[1], connect_seconds=0.2, deadline_seconds=1.0)

    outcomes = one.push_many([token(1), token(2)])

    assert outcomes == dict.fromkeys(
        [token(1), token(2)], PushOutcome(PushKind.RETRY, 0, "NoAnswer")
    )


def freeze(server: ApnsServer) -> None:
    server.freeze()


def restart(server: ApnsServer) -> None:
    server.stop()
    server.start()


@pytest.mark.parametrize("trouble", [freeze, restart, ApnsServer.cut])
@pytest.mark.parametrize("prefix", [GO_AWAY, UNAVAILABLE, UNAVAILABLE_ONCE, FAILS, "ab"])
def test_a_call_never_opens_more_than_two_connections_whatever_happens(
    sender: Sender, server: ApnsServer, trouble: Callable[[ApnsServer], None], prefix: str
) -> None:
    one = sender()
    one.push_many([token(1)])
    before = server.handshakes
    trouble(server)
    one.connect_seconds = 0.3
    # Two that bring GOAWAY: the connection that takes the first's place meets the second.
    tokens = [token(number, prefix if number in {5, 6} else "ab") for number in range(10)]

    outcomes = one.push_many(tokens)

    assert set(outcomes) == set(tokens)
    assert server.handshakes - before <= CONNECTIONS_MAX


def test_an_outage_opens_no_storm_of_connections(sender: Sender, server: ApnsServer) -> None:
    moment = [1000.0]  # a clock the test turns; each rest is the longest it may be
    one = sender(rest_seconds_max=60, now=lambda: moment[0], jitter=lambda most: most)
    server.stop()
    knocked = []

    for second in range(300):
        moment[0] = 1000.0 + second
        (outcome,) = one.push_many([token(1)]).values()
        assert outcome.kind is PushKind.RETRY
        if outcome.reason == "Unreachable":
            knocked.append(second)
    server.start()
    moment[0] += 60

    assert knocked == [0, 2, 6, 14, 30, 62, 122, 182, 242]
    assert one.push_many([token(1)]) == {token(1): ACCEPTED}


def test_after_an_outage_the_first_rest_is_short_again(
    sender: Sender, server: ApnsServer
) -> None:
    rests: list[float] = []
    one = sender(rest_seconds_max=60, jitter=lambda most: rests.append(most) or 0.0)
    for _ in range(2):
        server.stop()
        for _ in range(4):
            one.push_many([token(1)])
        server.start()
        one.push_many([token(1)])

    assert rests == [2.0, 4.0, 8.0, 16.0] * 2


def test_one_silent_phone_gives_the_others_no_rest(sender: Sender, server: ApnsServer) -> None:
    one = sender(rest_seconds_max=60, deadline_seconds=4.0, jitter=lambda most: most)

    one.push_many([token(1, SILENT), token(2)])

    assert one.push_many([token(3)]) == {token(3): ACCEPTED}


def test_a_kept_connection_needs_no_rest(sender: Sender, server: ApnsServer) -> None:
    one = sender(rest_seconds_max=60)

    outcomes = [one.push_many([token(1, SLOWED)])[token(1, SLOWED)].status for _ in range(3)]

    assert outcomes == [429] * 3
    assert server.handshakes == 1


def test_a_validated_key_opens_the_same_connection(
    sender: Sender, server: ApnsServer, certificates: Certificates
) -> None:
    outcomes = sender(key_is_validated=True).push_many([token(1)])

    assert outcomes == {token(1): ACCEPTED}


def test_the_key_is_on_no_disk_where_the_system_keeps_files_in_memory(
    sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    def on_disk(*_: object, **__: object) -> None:
        raise AssertionError("a key was written to a disk")

    monkeypatch.setattr("tempfile.NamedTemporaryFile", on_disk)

    assert sender().push_many([token(1)]) == {token(1): ACCEPTED}
