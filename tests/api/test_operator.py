"""What an operator does by hand: a merchant with one call, and a key for each till."""

from typing import Any

import pytest

from chalicelib.domain.members import Scope
from chalicelib.domain.templates import NAMES
from chalicelib.jobs.operator import add_till, open_merchant
from chalicelib.wiring import services


def opened(wish: dict[str, Any] | None = None) -> dict[str, Any]:
    """Open a merchant that must open."""
    answer = open_merchant(wish or {"template": "bakery"}, None)
    assert answer["status"] == 201, answer
    return answer


def key_of(api_key: str) -> Any:
    """Return what a key opens."""
    ports = services()
    key_hash = ports.keyring.api_key_hash(api_key)
    assert key_hash
    return ports.api_keys.find(key_hash)


@pytest.mark.parametrize("name", NAMES)
def test_one_call_opens_a_merchant_with_a_template(wired, name: str) -> None:
    answer = opened({"template": name})

    merchant = services().merchants.find(answer["merchant"])
    assert merchant is not None
    assert services().merchants.program(answer["merchant"]) is not None
    assert key_of(answer["till_key"]).scopes == {Scope.TILL}
    assert key_of(answer["integration_key"]).scopes == set(Scope)


def test_a_program_an_id_and_a_name_are_taken_as_given(wired) -> None:
    wish = {"program": {"currency": "UAH"}, "merchant": "lviv-by-hand", "name": "Львів"}

    answer = opened(wish)

    merchant = services().merchants.find("lviv-by-hand")
    assert answer["merchant"] == "lviv-by-hand"
    assert merchant is not None
    assert (merchant.name, merchant.country) == ("Львів", "UA")


def test_a_templates_merchant_has_its_design_and_another_has_none(wired) -> None:
    designs = services().pass_designs

    begun = opened({"template": "cafe_stamps"})["merchant"]
    own = opened({"program": {"currency": "UAH"}})["merchant"]

    design = designs.look(begun).design
    assert design.version == 1
    assert services().pass_images.files(begun, design.strip)
    assert designs.document(own) is None


def test_an_id_is_given_once(wired) -> None:
    opened({"template": "bakery", "merchant": "once-by-hand"})

    again = open_merchant({"template": "bakery", "merchant": "once-by-hand"}, None)

    assert (again["status"], again["code"]) == (422, "merchant_taken")


@pytest.mark.parametrize(
    ("wish", "code", "words"),
    [
        ({}, "bad_input", "name a program"),
        ({"template": "nobody's"}, "bad_input", "template: one of sport_nutrition"),
        ({"template": "bakery", "program": {}}, "bad_input", "name a program"),
        ({"template": "bakery", "naem": "X"}, "bad_input", "naem is not known"),
        ({"template": "bakery", "name": ""}, "bad_input", "name: a text"),
        ({"program": {"earn_percent": 101}}, "program_invalid", "/earn_percent"),
    ],
)
def test_what_cannot_be_meant_opens_nothing(
    wired, wish: dict[str, Any], code: str, words: str
) -> None:
    answer = open_merchant({**wish, "merchant": "never-by-hand"}, None)

    assert answer["code"] == code
    assert words in answer["detail"]
    assert services().merchants.find("never-by-hand") is None


def test_a_till_of_another_store_gets_its_own_key(wired) -> None:
    merchant = opened()["merchant"]

    answer = add_till({"merchant": merchant, "till": "till-2", "store": "north"}, None)

    found = key_of(answer["key"])
    assert (found.merchant_id, found.till_id, found.store_id) == (merchant, "till-2", "north")
    assert found.scopes == {Scope.TILL}
    assert answer["status"] == 201


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"merchant": "nobody", "till": "t", "store": "s"}, "merchant_not_found"),
        ({"till": "t", "store": "s"}, "bad_input"),
        ({"merchant": "m", "till": " t", "store": "s"}, "bad_input"),
        ({"merchant": "m", "till": "t", "store": "s", "scopes": []}, "bad_input"),
        ({"merchant": "m", "till": "t", "store": "s", "scopes": ["all"]}, "bad_input"),
        ({"merchant": "m", "till": "t", "store": "s", "key": "k"}, "bad_input"),
    ],
)
def test_a_key_that_cannot_be_meant_is_not_made(wired, wish: dict[str, Any], code: str) -> None:
    answer = add_till(wish, None)

    assert answer["code"] == code
    assert "key" not in answer
