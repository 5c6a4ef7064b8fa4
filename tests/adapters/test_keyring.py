"""The real keyring: rotation of peppers, checksums, and the randomness of codes."""

import base64
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.adapters.keyring import PASS_CODE_BYTES, PepperKeyring
from passes.codes import new_code


class _Secrets:
    """Secrets that a test can rotate."""

    def __init__(self, index: str, *tokens: str) -> None:
        self.index = index
        self.tokens = tokens

    def read(self) -> Mapping[str, Any]:
        return {
            "pepper_index": _key(self.index),
            "pepper_tokens": [_key(name) for name in self.tokens],
        }


def _key(name: str) -> str:
    return base64.b64encode(name.encode().ljust(32, b".")).decode()


def test_after_a_rotation_old_tokens_still_count_and_new_ones_are_of_the_new_pepper() -> None:
    secrets = _Secrets("index", "old")
    keyring = PepperKeyring(secrets, new_code)
    old = keyring.token("card", "mem_1")

    secrets.tokens = ("new", "old")
    new = keyring.token("card", "mem_1")

    assert new != old
    assert keyring.is_token("card", "mem_1", old)
    assert keyring.is_token("card", "mem_1", new)


def test_a_dropped_pepper_ends_its_tokens() -> None:
    secrets = _Secrets("index", "old")
    keyring = PepperKeyring(secrets, new_code)
    old = keyring.token("card", "mem_1")

    secrets.tokens = ("new",)

    assert not keyring.is_token("card", "mem_1", old)


def test_a_rotation_of_token_peppers_leaves_fingerprints_alone() -> None:
    secrets = _Secrets("index", "old")
    keyring = PepperKeyring(secrets, new_code)
    before = keyring.fingerprint("phone", "+79161234567")

    secrets.tokens = ("new", "old")

    assert keyring.fingerprint("phone", "+79161234567") == before


def test_another_index_pepper_gives_another_fingerprint() -> None:
    one = PepperKeyring(_Secrets("one", "t"), new_code)
    other = PepperKeyring(_Secrets("other", "t"), new_code)

    assert one.fingerprint("phone", "x") != other.fingerprint("phone", "x")


@pytest.mark.parametrize("position", [0, 8, 20, 50, 52, 57])
def test_one_wrong_symbol_in_an_api_key_is_seen_without_a_look_up(position: int) -> None:
    keyring = PepperKeyring(_Secrets("index", "t"), new_code)
    api_key, _ = keyring.new_api_key()
    wrong = "0" if api_key[position] != "0" else "1"

    mistyped = api_key[:position] + wrong + api_key[position + 1 :]

    assert keyring.api_key_hash(mistyped) is None


def test_a_pass_code_is_spelled_by_the_function_it_was_given() -> None:
    given: list[int] = []

    def spell(random_bytes: bytes) -> str:
        given.append(len(random_bytes))
        return "L1SPELLED"

    keyring = PepperKeyring(_Secrets("index", "t"), spell)

    assert keyring.new_pass_code() == "L1SPELLED"
    assert given == [PASS_CODE_BYTES]
