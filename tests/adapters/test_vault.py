"""Sealed records: they open in their own context, and only unharmed."""

import base64
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
from botocore.config import Config
from hypothesis import given
from hypothesis import strategies as st
from moto import mock_aws

from chalicelib.adapters.vault import (
    KEPT_SECONDS,
    KmsVault,
    LocalVault,
    SealBroken,
    Vault,
)
from chalicelib.ports import StoreUnavailable
from tests.fakes.clock import FakeClock

PLAIN = '{"name": "Анна"}'.encode()


class _Secrets:
    def __init__(self, key: bytes = bytes(32)) -> None:
        self._key = base64.b64encode(key).decode()

    def read(self) -> Mapping[str, Any]:
        return {"master_key": self._key}


@pytest.fixture
def kms() -> Iterator[Any]:
    with mock_aws():
        yield boto3.client(
            "kms",
            region_name="eu-central-1",
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )


@pytest.fixture
def calls(kms: Any) -> list[str]:
    """The KMS operations asked for, in order."""
    seen: list[str] = []

    def note(model: Any, **_: Any) -> None:
        seen.append(model.name)

    kms.meta.events.register("before-call.kms", note)
    return seen


@pytest.fixture(params=["local", "kms"])
def vault(request: pytest.FixtureRequest) -> Vault:
    if request.param == "local":
        return LocalVault(_Secrets())
    client = request.getfixturevalue("kms")
    return KmsVault(client, _key_of(client))


def _key_of(client: Any) -> str:
    return str(client.create_key()["KeyMetadata"]["KeyId"])


def test_what_is_sealed_opens_again(vault: Vault) -> None:
    sealed = vault.seal("shop#mem_1", PLAIN)

    assert vault.open("shop#mem_1", sealed) == PLAIN
    assert PLAIN not in sealed


def test_the_same_record_never_looks_the_same(vault: Vault) -> None:
    assert vault.seal("shop#mem_1", PLAIN) != vault.seal("shop#mem_1", PLAIN)


def test_another_context_does_not_open_it(vault: Vault) -> None:
    sealed = vault.seal("shop#mem_1", PLAIN)

    with pytest.raises(SealBroken):
        vault.open("shop#mem_2", sealed)


def test_no_byte_of_it_may_change(vault: Vault) -> None:
    sealed = vault.seal("shop#mem_1", PLAIN)

    # Stubbed KMS names its key in the clear at the front, and looks that up first.
    for at in (0, 1, 2, *range(39, len(sealed), 7)):
        with pytest.raises(SealBroken):
            vault.open("shop#mem_1", sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :])


@pytest.mark.parametrize("kept", [0, 1, 3, 20, -1])
def test_a_torn_record_is_refused(vault: Vault, kept: int) -> None:
    sealed = vault.seal("shop#mem_1", PLAIN)

    with pytest.raises(SealBroken):
        vault.open("shop#mem_1", sealed[:kept])


@given(plain=st.binary(max_size=2000), context=st.text(max_size=40))
def test_any_bytes_and_any_context_come_back(plain: bytes, context: str) -> None:
    vault = LocalVault(_Secrets())

    assert vault.open(context, vault.seal(context, plain)) == plain


@given(garbage=st.binary(max_size=200))
def test_garbage_is_refused_as_broken(garbage: bytes) -> None:
    with pytest.raises(SealBroken):
        LocalVault(_Secrets()).open("x", garbage)


def test_another_master_key_does_not_open_it() -> None:
    sealed = LocalVault(_Secrets()).seal("x", PLAIN)

    with pytest.raises(SealBroken):
        LocalVault(_Secrets(b"other".ljust(32))).open("x", sealed)


def test_a_members_data_key_is_fetched_once_while_it_is_kept(
    kms: Any, calls: list[str]
) -> None:
    clock = FakeClock()
    vault = KmsVault(kms, _key_of(kms), monotonic=clock.monotonic)
    calls.clear()

    sealed = vault.seal("mem_1", PLAIN)
    vault.open("mem_1", vault.seal("mem_1", PLAIN))
    clock.advance(seconds=KEPT_SECONDS)
    vault.open("mem_1", sealed)
    vault.open("mem_1", sealed)

    assert calls == ["GenerateDataKey", "Decrypt"]


def test_a_kept_key_is_no_way_around_the_context(kms: Any) -> None:
    vault = KmsVault(kms, _key_of(kms))
    mine, theirs = vault.seal("mem_1", PLAIN), vault.seal("mem_2", PLAIN)

    vault.open("mem_1", mine)

    with pytest.raises(SealBroken):
        vault.open("mem_1", theirs)


def test_members_do_not_share_a_data_key(kms: Any, calls: list[str]) -> None:
    vault = KmsVault(kms, _key_of(kms))
    calls.clear()

    vault.seal("mem_1", PLAIN)
    vault.seal("mem_2", PLAIN)

    assert calls == ["GenerateDataKey", "GenerateDataKey"]


def test_a_key_store_that_is_away_is_trouble() -> None:
    client = boto3.client(
        "kms",
        region_name="eu-central-1",
        endpoint_url="http://127.0.0.1:1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1),
    )

    with pytest.raises(StoreUnavailable):
        KmsVault(client, "key").seal("x", PLAIN)


def test_a_key_that_is_not_there_is_trouble(kms: Any) -> None:
    with pytest.raises(StoreUnavailable):
        KmsVault(kms, "5a4f6a0b-0000-4000-8000-000000000000").seal("x", PLAIN)
