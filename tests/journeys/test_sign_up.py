"""Who may sign up, and what is kept of what they agreed to."""

import pytest

from tests.journeys.shop import Shop


@pytest.mark.parametrize(
    "phone",
    [
        "",
        "0",
        "112",
        "+7",
        "+79991234567890123",
        "+74951234567",
        "abc",
        "+7999123456x",
        "+" * 40,
    ],
)
def test_a_phone_that_is_none_gets_no_code(shop: Shop, phone: str) -> None:
    answer = shop.ask_for_code(phone)

    assert (answer.status, answer.code in ("phone_invalid", "bad_input")) == (400, True)


def test_a_phone_of_another_country_is_told_the_alternatives(shop: Shop) -> None:
    answer = shop.ask_for_code("+447400123456")

    assert (answer.status, answer.code) == (403, "phone_not_allowed")
    assert "RU" in answer.json["countries"]


def test_the_consents_are_kept_apart_with_their_circumstances(shop: Shop) -> None:
    member = shop.join()

    shop.service.call(
        "POST",
        "/v1/me/consents",
        {"consents": [{"purpose": "advertising", "granted": True, "text_version": "2"}]},
        credential=member.token,
    )

    found = shop.service.call("GET", "/v1/me/consents", credential=member.token).json["items"]
    assert [(one["purpose"], one["text_version"], one["source"]) for one in found] == [
        ("program", "1", "sign_up"),
        ("advertising", "2", "me"),
    ]
    assert all(one["language"] == "ru" and one["at"].endswith("Z") for one in found)
