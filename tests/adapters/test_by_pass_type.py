"""What is made of each certificate: once, anew when it is renewed, and not for ever."""

from dataclasses import dataclass, field
from typing import Any

import pytest

from chalicelib.adapters.apns_pushers import ApnsPushers
from chalicelib.adapters.secrets import BadSecrets
from chalicelib.domain.pass_certificates import CertificateFiles, PassCertificate
from chalicelib.ports import PushKind, PushOutcome, StoreUnavailable
from chalicelib.wiring.by_pass_type import KEPT_MAX, ByPassType
from passes.apple_certificate import known_certificate
from tests.certificate_maker import ENDS, PASS_TYPE, TEAM, Wish, make
from tests.fakes.pass_certificates import FakeCertificateRecords, FakePassCertificates
from tests.fakes.pusher import ACCEPTED, FakePusher

RENEWED = Wish(ends=ENDS.replace(year=2028))


@dataclass
class Bench:
    """A kept set of things that only remember what they were made of."""

    records: FakeCertificateRecords = field(default_factory=FakeCertificateRecords)
    secrets: FakePassCertificates = field(default_factory=FakePassCertificates)
    made: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kept: ByPassType[str] = ByPassType(
            "pass.operator",
            lambda: "the operator's",
            self._make,
            records=self.records,
            secrets=self.secrets,
            end=self.ended.append,
        )

    def bring(self, wish: Wish = Wish(), merchant: str = "bakery") -> str:  # noqa: B008
        """Store a certificate; its fingerprint."""
        made = make(wish)
        files = CertificateFiles(
            *(text.encode() for text in (made.certificate, made.key, made.wwdr))
        )
        known = known_certificate(
            files.certificate, merchant_id=merchant, pass_type=wish.pass_type, team=TEAM
        )
        self.secrets.save(merchant, files)
        self.records.save(known)
        return known.fingerprint

    def _make(self, known: PassCertificate, files: CertificateFiles) -> str:
        assert files.key
        self.made.append(known.fingerprint)
        return known.fingerprint


def test_the_operators_asks_nobody() -> None:
    bench = Bench()

    assert bench.kept.of("pass.operator") == "the operator's"
    assert bench.made == []


def test_a_type_without_a_certificate_has_nothing() -> None:
    assert Bench().kept.of(PASS_TYPE) is None


def test_each_is_made_once() -> None:
    bench = Bench()
    fingerprint = bench.bring()

    found = [bench.kept.of(PASS_TYPE) for _ in range(3)]

    assert found == [fingerprint] * 3
    assert bench.made == [fingerprint]


def test_a_renewed_one_takes_the_place_at_once_and_the_old_one_is_ended() -> None:
    bench = Bench()
    old = bench.bring()
    bench.kept.of(PASS_TYPE)

    new = bench.bring(RENEWED)

    assert bench.kept.of(PASS_TYPE) == new
    assert (bench.made, bench.ended) == ([old, new], [old])


def test_a_secret_that_lags_behind_its_record_is_noticed_by_the_next_call() -> None:
    bench = Bench()
    old = bench.bring()
    lagging = bench.secrets.kept["bakery"]
    new = bench.bring(RENEWED)
    newer, bench.secrets.kept["bakery"] = bench.secrets.kept["bakery"], lagging

    first = bench.kept.of(PASS_TYPE)
    bench.secrets.kept["bakery"] = newer

    assert (first, bench.kept.of(PASS_TYPE)) == (old, new)


def test_those_not_used_for_longest_go() -> None:
    bench = Bench()
    types = [f"pass.example.{number}" for number in range(KEPT_MAX + 1)]
    fingerprints = [bench.bring(Wish(pass_type=one), one) for one in types]

    for pass_type in [*types[:-1], types[0], types[-1]]:
        bench.kept.of(pass_type)

    assert bench.ended == [fingerprints[1]]
    assert bench.made == fingerprints


@pytest.mark.parametrize("content", [None, CertificateFiles(b"x", b"x", b"x")])
def test_a_record_without_a_good_secret_is_a_fault(content: CertificateFiles | None) -> None:
    bench = Bench()
    bench.bring()
    if content:
        bench.secrets.kept["bakery"] = content
    else:
        bench.secrets.delete("bakery")

    with pytest.raises(BadSecrets):
        bench.kept.of(PASS_TYPE)


class TestPushers:
    def pushed(self, senders: Any) -> PushOutcome:
        return ApnsPushers(senders).of(PASS_TYPE).push_many(["0a"])["0a"]

    def test_a_type_is_pushed_by_its_sender(self) -> None:
        pusher = FakePusher()

        assert self.pushed(lambda _: pusher) == ACCEPTED
        assert pusher.pushed == ["0a"]

    def test_a_type_without_a_certificate_is_nothing_to_do(self) -> None:
        assert self.pushed(lambda _: None).kind is PushKind.UNSERVED

    def test_a_store_that_is_away_means_try_later(self) -> None:
        def away(_: str) -> None:
            raise StoreUnavailable("secrets")

        assert self.pushed(away).kind is PushKind.RETRY

    def test_a_certificate_that_cannot_be_used_is_our_own_fault(self) -> None:
        def broken(_: str) -> None:
            raise BadSecrets("nothing there")

        assert self.pushed(broken).kind is PushKind.REFUSED
