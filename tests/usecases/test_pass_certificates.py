"""Pass certificates: whose type is whose, and when their end is told of."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.pass_certificates import (
    OPERATOR,
    CertificateFiles,
    CertificateTypeFixed,
    PassCertificate,
    PassTypeTaken,
)
from chalicelib.ports import StoreUnavailable, Taken
from chalicelib.usecases.pass_certificates import (
    CertificateDesk,
    announce_expiring,
    drop_certificate,
    keep_certificate,
    note_operators,
)
from tests.fakes.events import FakeEvents
from tests.fakes.pass_certificates import FakeCertificateRecords, FakePassCertificates

END = datetime(2026, 12, 31, 12, tzinfo=UTC)
FILES = CertificateFiles(b"certificate", b"key", b"wwdr")
OPERATORS = "pass.operator"


class Overtaken(FakeCertificateRecords):
    """Another merchant takes the pass type between our look and our write."""

    def save(self, certificate: PassCertificate) -> None:
        raise Taken(certificate.merchant_id)


def desk(records: FakeCertificateRecords | None = None) -> CertificateDesk:
    return CertificateDesk(
        records=records or FakeCertificateRecords(),
        secrets=FakePassCertificates(),
        operators_type=OPERATORS,
    )


def certificate(merchant: str = "bakery", **changes: Any) -> PassCertificate:
    values: dict[str, Any] = {
        "merchant_id": merchant,
        "pass_type": f"pass.{merchant}",
        "team": "A1B2C3D4E5",
        "subject": f"UID=pass.{merchant}",
        "fingerprint": "ab" * 32,
        "expires_at": END,
        "alarm_at": END - timedelta(days=30),
    }
    return PassCertificate(**(values | changes))


def days_before(days: int, hours: int = 0) -> datetime:
    return END - timedelta(days=days, hours=hours)


class TestWhose:
    def test_without_one_of_its_own_a_merchant_has_the_operators_type(self) -> None:
        its = desk()

        assert its.pass_type_of("bakery") == OPERATORS
        assert its.serves("bakery", OPERATORS)
        assert not its.serves("bakery", "pass.bakery")

    def test_with_its_own_new_passes_are_of_that_type_and_old_ones_are_served(self) -> None:
        its = desk()
        keep_certificate(certificate(), FILES, desk=its)

        assert its.pass_type_of("bakery") == "pass.bakery"
        assert its.serves("bakery", "pass.bakery")
        assert its.serves("bakery", OPERATORS)
        assert not its.serves("florist", "pass.bakery")

    def test_a_type_of_somebody_elses_is_refused_before_the_key_is_kept(self) -> None:
        its = desk()
        keep_certificate(certificate(), FILES, desk=its)

        for taken in ("pass.bakery", OPERATORS):
            with pytest.raises(PassTypeTaken):
                keep_certificate(certificate("florist", pass_type=taken), FILES, desk=its)

        assert its.secrets.find("florist") is None

    def test_a_type_that_is_taken_at_this_moment_is_refused_too(self) -> None:
        with pytest.raises(PassTypeTaken):
            keep_certificate(certificate(), FILES, desk=desk(Overtaken()))

    def test_another_type_of_ones_own_comes_after_the_first_is_dropped(self) -> None:
        its, other = desk(), certificate(pass_type="pass.other")
        keep_certificate(certificate(), FILES, desk=its)

        with pytest.raises(CertificateTypeFixed):
            keep_certificate(other, FILES, desk=its)
        drop_certificate("bakery", desk=its)
        keep_certificate(other, FILES, desk=its)

        assert its.pass_type_of("bakery") == "pass.other"

    def test_a_key_whose_record_a_crash_has_dropped_is_dropped_by_a_repeat(self) -> None:
        its = desk()
        its.secrets.save("bakery", FILES)

        drop_certificate("bakery", desk=its)

        assert its.secrets.find("bakery") is None


class TestAlarms:
    def told(self, records: FakeCertificateRecords, *moments: datetime) -> list[Any]:
        """Return the days left that were told of at each moment."""
        found = []
        for at in moments:
            events = FakeEvents()
            announce_expiring(at, records=records, events=events)
            found.append([event.facts["days_left"] for event in events.published])
        return found

    def test_the_end_is_told_of_thirty_and_seven_days_before_once_each(self) -> None:
        records = FakeCertificateRecords()
        records.save(certificate())
        hours = [days_before(31), days_before(30, 1), days_before(30), days_before(29, 23)]
        hours += [days_before(7, 1), days_before(7), days_before(6, 23), days_before(0), END]

        told = self.told(records, *hours)

        assert told == [[], [], [30], [], [], [7], [], [], []]

    def test_what_comes_late_is_told_of_once_with_the_days_that_are_left(self) -> None:
        records = FakeCertificateRecords()
        records.save(certificate())

        assert self.told(records, days_before(3), days_before(2), END) == [[3], [], []]

    def test_a_renewed_one_is_told_of_anew_and_the_old_one_no_more(self) -> None:
        records = FakeCertificateRecords()
        records.save(certificate())
        later = END + timedelta(days=365)
        renewed = certificate(
            fingerprint="cd" * 32, expires_at=later, alarm_at=later - timedelta(days=30)
        )
        first = self.told(records, days_before(30))

        records.save(renewed)

        assert (first, self.told(records, days_before(7), days_before(30 - 365))) == (
            [[30]],
            [[], [30]],
        )

    def test_the_event_names_the_merchant_and_no_member(self) -> None:
        records, events = FakeCertificateRecords(), FakeEvents()
        records.save(certificate())

        announce_expiring(days_before(30), records=records, events=events)

        (event,) = events.published
        assert event.name == "certificate.expiring"
        assert (event.member.merchant_id, event.member.member_id) == ("bakery", "")
        assert event.facts == {
            "pass_type_identifier": "pass.bakery",
            "expires_on": "2026-12-31",
            "days_left": 30,
        }

    def test_what_listeners_did_not_take_is_told_of_again_with_the_same_id(self) -> None:
        records, events = FakeCertificateRecords(), FakeEvents()
        records.save(certificate())
        events.is_down = True
        with pytest.raises(StoreUnavailable):
            announce_expiring(days_before(30), records=records, events=events)
        events.is_down = False

        announce_expiring(days_before(29), records=records, events=events)
        records.save(certificate())  # as if it had not been noted
        announce_expiring(days_before(28), records=records, events=events)

        assert len(events.published) == 2
        assert len({event.event_id for event in events.published}) == 1

    def test_the_operators_is_an_alarm_and_nobodys_event(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        records, events = FakeCertificateRecords(), FakeEvents()
        operators = certificate(OPERATOR, pass_type=OPERATORS)
        caplog.set_level(logging.ERROR)

        for _ in range(3):  # every hour
            note_operators(operators, records=records)
            announce_expiring(days_before(7), records=records, events=events)

        said = [record for record in caplog.records if record.message.endswith("expires")]
        assert events.published == []
        assert [vars(one)["merchant"] for one in said] == ["operator"]
        assert [vars(one)["days_left"] for one in said] == [7]

    def test_the_operators_renewed_one_takes_the_place(self) -> None:
        records = FakeCertificateRecords()
        note_operators(certificate(OPERATOR, pass_type=OPERATORS), records=records)
        newer = certificate(OPERATOR, pass_type=OPERATORS, fingerprint="cd" * 32)

        note_operators(newer, records=records)

        assert records.of_pass_type(OPERATORS) == newer
