"""What every keyring promises."""

import base64
import re
from collections.abc import Mapping
from typing import Any

import pytest

from chalicelib.adapters.keyring import PepperKeyring
from chalicelib.ports import Keyring
from passes.codes import new_code, parse_code
from tests.fakes.keyring import FakeKeyring


class _Secrets:
    def read(self) -> Mapping[str, Any]:
        pepper = base64.b64encode(bytes(32)).decode()
        return {"pepper_index": pepper, "pepper_tokens": [pepper]}


@pytest.fixture(params=["fake", "real"])
def keyring(request: pytest.FixtureRequest) -> Keyring:
    return FakeKeyring() if request.param == "fake" else PepperKeyring(_Secrets(), new_code)


def test_an_id_is_its_prefix_and_22_symbols(keyring: Keyring) -> None:
    found = keyring.new_id("mem")

    assert re.fullmatch(r"mem_[0-9A-Za-z]{22}", found)


def test_ids_and_codes_and_keys_differ_each_time(keyring: Keyring) -> None:
    ids = {keyring.new_id("mem") for _ in range(50)}
    codes = {keyring.new_pass_code() for _ in range(50)}
    keys = {keyring.new_api_key() for _ in range(50)}

    assert (len(ids), len(codes), len(keys)) == (50, 50, 50)


def test_the_digits_of_an_sms_are_six(keyring: Keyring) -> None:
    assert re.fullmatch(r"[0-9]{6}", keyring.new_digits())


def test_a_pass_code_is_one_the_passes_can_read(keyring: Keyring) -> None:
    code = keyring.new_pass_code()

    assert parse_code(code) == code


def test_a_referral_code_leads_back_to_its_pass_code_and_does_not_show_it(
    keyring: Keyring,
) -> None:
    code = keyring.new_pass_code()

    referral_code = keyring.referral_code(code)

    assert re.fullmatch(r"R1[0-9A-Z]{12}", referral_code)
    assert code.removeprefix("L1") not in referral_code
    assert keyring.pass_code_of(f"{referral_code[:6]}-{referral_code[6:].lower()}") == code


@pytest.mark.parametrize("text", ["", "R1", "L1000000000001", "R1жжжжжжжжжжжж", "R1" * 40])
def test_what_is_no_referral_code_leads_nowhere(keyring: Keyring, text: str) -> None:
    assert keyring.pass_code_of(text) is None


def test_an_api_key_is_found_by_the_hash_it_was_stored_under(keyring: Keyring) -> None:
    api_key, key_hash = keyring.new_api_key()

    assert re.fullmatch(r"lk_live_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}", api_key)
    assert keyring.api_key_hash(api_key) == key_hash
    assert api_key not in key_hash


@pytest.mark.parametrize(
    "text",
    ["", "lk_live_", "sk_live_x_000000", "Bearer", "lk_live_aa_bb", "lk_live_ключ_000001"],
)
def test_what_is_no_api_key_has_no_hash(keyring: Keyring, text: str) -> None:
    assert keyring.api_key_hash(text) is None


def test_a_fingerprint_is_the_same_each_time(keyring: Keyring) -> None:
    first = keyring.fingerprint("phone", "shop", "+79161234567")
    second = keyring.fingerprint("phone", "shop", "+79161234567")

    assert first == second
    assert re.fullmatch(r"[0-9a-f]{64}", first)


def test_a_fingerprint_differs_by_purpose_part_and_boundary(keyring: Keyring) -> None:
    found = {
        keyring.fingerprint("phone", "ab", "c"),
        keyring.fingerprint("phone", "a", "bc"),
        keyring.fingerprint("phone", "abc"),
        keyring.fingerprint("code", "ab", "c"),
        keyring.fingerprint("phone", "ab", "c", ""),
    }

    assert len(found) == 5


def test_a_token_is_its_subjects_alone(keyring: Keyring) -> None:
    token = keyring.token("card", "shop.mem_1")

    assert keyring.is_token("card", "shop.mem_1", token)
    assert not keyring.is_token("card", "shop.mem_2", token)
    assert not keyring.is_token("apple", "shop.mem_1", token)
    assert not keyring.is_token("card", "shop.mem_1", token[:-1])
    assert not keyring.is_token("card", "shop.mem_1", "")
    assert not keyring.is_token("card", "shop.mem_1", "жетон\ud800")


def test_a_token_is_never_a_fingerprint(keyring: Keyring) -> None:
    assert keyring.token("card", "x") != keyring.fingerprint("card", "x")[:43]
