"""Secrets from a file and from (stubbed) Secrets Manager."""

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from chalicelib.adapters.secrets import (
    KEPT_SECONDS,
    AwsSecrets,
    BadSecrets,
    FileSecrets,
    key_bytes,
    key_list,
)
from chalicelib.ports import StoreUnavailable
from tests.fakes.clock import FakeClock

KEY = base64.b64encode(bytes(32)).decode()


@pytest.fixture
def aws() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client(
            "secretsmanager",
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


def test_a_file_is_read_as_json(tmp_path: Path) -> None:
    path = tmp_path / "secrets.json"
    path.write_text('{"pepper_index": "x"}')

    assert FileSecrets(path).read() == {"pepper_index": "x"}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadSecrets, match=r"nowhere\.json"):
        FileSecrets(tmp_path / "nowhere.json").read()


@pytest.mark.parametrize("text", ["{", "[1]", '"x"'])
def test_a_file_that_is_no_object_is_refused_without_being_quoted(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(text)

    with pytest.raises(BadSecrets) as caught:
        FileSecrets(path).read()

    assert text not in str(caught.value)


def test_a_secret_is_fetched_once_while_it_is_fresh(aws: Any) -> None:
    aws.create_secret(Name="kopilka", SecretString=json.dumps({"a": 1}))
    clock = FakeClock()
    secrets = AwsSecrets(aws, "kopilka", monotonic=clock.monotonic)
    secrets.read()
    aws.put_secret_value(SecretId="kopilka", SecretString=json.dumps({"a": 2}))

    clock.advance(seconds=KEPT_SECONDS - 1)
    kept = secrets.read()
    clock.advance(seconds=1)
    fresh = secrets.read()

    assert (kept, fresh) == ({"a": 1}, {"a": 2})


def test_a_secret_that_is_not_there_is_trouble(aws: Any) -> None:
    with pytest.raises(StoreUnavailable):
        AwsSecrets(aws, "nothing").read()


def test_what_was_read_last_serves_while_the_store_is_away(aws: Any) -> None:
    aws.create_secret(Name="kopilka", SecretString=json.dumps({"a": 1}))
    clock = FakeClock()
    secrets = AwsSecrets(aws, "kopilka", monotonic=clock.monotonic)
    secrets.read()
    aws.delete_secret(SecretId="kopilka", ForceDeleteWithoutRecovery=True)

    clock.advance(seconds=KEPT_SECONDS)

    assert secrets.read() == {"a": 1}


def test_keys_are_read_from_base64() -> None:
    assert key_bytes({"k": KEY}, "k") == bytes(32)
    assert key_list({"k": [KEY, KEY]}, "k") == (bytes(32), bytes(32))


@pytest.mark.parametrize("value", [None, 1, "not base64!", "c2hvcnQ=", [], {}])
def test_a_key_that_is_none_is_refused_by_name(value: object) -> None:
    with pytest.raises(BadSecrets, match=r"^k "):
        key_bytes({"k": value}, "k")
    with pytest.raises(BadSecrets, match=r"^k "):
        key_list({"k": value}, "k")
