"""Where certificates lie: the keys in a secret store, the rest in the table."""

import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from chalicelib.adapters.dynamo.pass_certificates import DynamoCertificateRecords
from chalicelib.adapters.pass_certificates import AwsPassCertificates, FilePassCertificates
from chalicelib.adapters.secrets import BadSecrets
from chalicelib.domain.pass_certificates import OPERATOR, CertificateFiles, PassCertificate
from chalicelib.ports import CertificateRecords, PassCertificates, StoreUnavailable, Taken
from tests.fakes.pass_certificates import FakeCertificateRecords, FakePassCertificates

FILES = CertificateFiles(b"certificate", b"key", b"wwdr")
NEWER = CertificateFiles(b"newer", b"key", b"wwdr")
END = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
PREFIX = "kopilka/test/pass-of/"


def client(service: str = "secretsmanager") -> Any:
    return boto3.client(
        service,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )


@pytest.fixture
def aws() -> Iterator[Any]:
    with mock_aws():
        yield client()


@pytest.fixture(params=["fake", "file", "aws"])
def secrets(request: pytest.FixtureRequest, tmp_path: Path) -> PassCertificates:
    if request.param == "fake":
        return FakePassCertificates()
    if request.param == "file":
        return FilePassCertificates(tmp_path / "pass-certificates")
    return AwsPassCertificates(request.getfixturevalue("aws"), PREFIX)


@pytest.fixture(params=["fake", "engine"])
def records(request: pytest.FixtureRequest) -> CertificateRecords:
    if request.param == "fake":
        return FakeCertificateRecords()
    return DynamoCertificateRecords(request.getfixturevalue("connection"))


def certificate(merchant: str = "bakery", **changes: Any) -> PassCertificate:
    values: dict[str, Any] = {
        "merchant_id": merchant,
        "pass_type": f"pass.example.{merchant}",
        "team": "A1B2C3D4E5",
        "subject": "UID=pass.example.bakery",
        "fingerprint": "ab" * 32,
        "expires_at": END,
        "alarm_at": END - timedelta(days=30),
    }
    return PassCertificate(**(values | changes))


class TestSecrets:
    def test_there_is_none_until_one_is_kept(self, secrets: PassCertificates) -> None:
        before = secrets.find("bakery")
        secrets.save("bakery", FILES)

        assert (before, secrets.find("bakery")) == (None, FILES)

    def test_a_newer_one_takes_the_place(self, secrets: PassCertificates) -> None:
        secrets.save("bakery", FILES)
        secrets.save("bakery", NEWER)

        assert secrets.find("bakery") == NEWER

    def test_each_merchant_has_its_own_whatever_it_is_called(
        self, secrets: PassCertificates
    ) -> None:
        secrets.save("a/../b", FILES)
        secrets.save("a~b", NEWER)

        found = [secrets.find(name) for name in ("a/../b", "a~b", "b", "a=7Eb", "..")]

        assert found == [FILES, NEWER, None, None, None]

    def test_what_is_deleted_is_gone_and_may_be_deleted_again(
        self, secrets: PassCertificates
    ) -> None:
        secrets.save("bakery", FILES)
        secrets.delete("bakery")
        secrets.delete("bakery")

        assert secrets.find("bakery") is None

    def test_after_a_deletion_another_can_be_kept(self, secrets: PassCertificates) -> None:
        secrets.save("bakery", FILES)
        secrets.delete("bakery")
        secrets.save("bakery", NEWER)

        assert secrets.find("bakery") == NEWER


def test_a_file_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "pass-certificates"
    FilePassCertificates(folder).save("bakery", FILES)

    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.iterdir())]
    assert modes == [0o700, 0o600]
    assert [path.name for path in folder.iterdir()] == ["bakery.json"]


@pytest.mark.parametrize("text", ["", "[]", '{"certificate": 1}', '{"key": "SECRET"}'])
def test_a_secret_that_is_none_is_refused_without_being_quoted(
    tmp_path: Path, text: str
) -> None:
    (tmp_path / "bakery.json").write_text(text)

    with pytest.raises(BadSecrets) as refused:
        FilePassCertificates(tmp_path).find("bakery")

    assert "SECRET" not in str(refused.value)


def test_a_folder_that_cannot_be_used_is_trouble(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("no folder")
    secrets = FilePassCertificates(tmp_path / "taken")

    for call in (
        lambda: secrets.save("bakery", FILES),
        lambda: secrets.find("bakery"),
        lambda: secrets.delete("bakery"),
    ):
        with pytest.raises(StoreUnavailable):
            call()


def test_a_secret_store_that_refuses_is_trouble() -> None:
    aws = client()
    stub = Stubber(aws)
    for call in ("get_secret_value", "put_secret_value", "delete_secret"):
        stub.add_client_error(call, "InternalServiceError")
    secrets = AwsPassCertificates(aws, PREFIX)

    with stub:
        for step in (
            lambda: secrets.find("bakery"),
            lambda: secrets.save("bakery", FILES),
            lambda: secrets.delete("bakery"),
        ):
            with pytest.raises(StoreUnavailable):
                step()


def test_a_name_that_aws_has_not_freed_yet_is_trouble() -> None:
    aws = client()
    stub = Stubber(aws)
    stub.add_client_error("put_secret_value", "ResourceNotFoundException")
    stub.add_client_error("create_secret", "InvalidRequestException")

    with stub, pytest.raises(StoreUnavailable):
        AwsPassCertificates(aws, PREFIX).save("bakery", FILES)


class TestRecords:
    def test_a_record_is_found_by_its_owner_and_by_its_pass_type(
        self, records: CertificateRecords
    ) -> None:
        records.save(certificate())

        assert records.of_merchant("bakery") == certificate()
        assert records.of_pass_type("pass.example.bakery") == certificate()
        assert records.of_merchant("florist") is None
        assert records.of_pass_type("pass.example.florist") is None

    def test_a_renewed_certificate_takes_the_place(self, records: CertificateRecords) -> None:
        newer = certificate(fingerprint="cd" * 32, expires_at=END + timedelta(days=365))
        records.save(certificate())
        records.save(newer)

        assert records.of_merchant("bakery") == newer

    def test_a_pass_type_is_one_merchants(self, records: CertificateRecords) -> None:
        records.save(certificate())

        with pytest.raises(Taken):
            records.save(certificate("florist", pass_type="pass.example.bakery"))
        with pytest.raises(Taken):
            records.save(certificate(OPERATOR, pass_type="pass.example.bakery"))

        assert records.of_merchant("florist") is None
        assert records.of_merchant("bakery") == certificate()

    def test_a_merchant_has_one_pass_type(self, records: CertificateRecords) -> None:
        records.save(certificate())

        with pytest.raises(Taken):
            records.save(certificate(pass_type="pass.example.other"))

        assert records.of_pass_type("pass.example.other") is None

    def test_the_operators_is_nobodys_own(self, records: CertificateRecords) -> None:
        records.save(certificate(OPERATOR, pass_type="pass.operator"))
        records.save(certificate(OPERATOR, pass_type="pass.operator", fingerprint="cd" * 32))

        found = records.of_pass_type("pass.operator")
        assert found is not None
        assert (found.merchant_id, found.fingerprint) == (OPERATOR, "cd" * 32)
        assert records.of_merchant(OPERATOR) is None
        with pytest.raises(Taken):
            records.save(certificate("bakery", pass_type="pass.operator"))

    def test_a_forgotten_one_frees_owner_and_pass_type(
        self, records: CertificateRecords
    ) -> None:
        records.save(certificate())
        records.delete(certificate())
        records.delete(certificate())

        assert records.of_merchant("bakery") is None
        assert records.of_pass_type("pass.example.bakery") is None
        records.save(certificate(pass_type="pass.example.other"))

    def test_those_due_are_listed_earliest_first(self, records: CertificateRecords) -> None:
        at = END - timedelta(days=20)
        for name, days in (("late", 25), ("early", 40), ("not-yet", 19), ("now", 20)):
            records.save(certificate(name, alarm_at=END - timedelta(days=days)))
        records.save(certificate("never", alarm_at=None))

        due = [one.merchant_id for one in records.due(at)]

        assert due == ["early", "late", "now"]
        assert [one.merchant_id for one in records.due(at, 1)] == ["early"]

    def test_an_alarm_moves_once_and_goes_in_the_end(self, records: CertificateRecords) -> None:
        first = certificate()
        records.save(first)
        later = END - timedelta(days=7)

        moved = [records.move_alarm(first, later), records.move_alarm(first, later)]
        due_before, due_then = records.due(END - timedelta(days=8)), records.due(later)
        ended = records.move_alarm(due_then[0], None)

        assert (moved, ended) == ([True, False], True)
        assert (due_before, len(due_then)) == ((), 1)
        assert records.due(END + timedelta(days=1)) == ()

    def test_the_alarm_of_a_renewed_certificate_is_not_moved_by_the_old_one(
        self, records: CertificateRecords
    ) -> None:
        records.save(certificate())
        records.save(certificate(fingerprint="cd" * 32))

        assert not records.move_alarm(certificate(), None)
        assert len(records.due(END)) == 1
