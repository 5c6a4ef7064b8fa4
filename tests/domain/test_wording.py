"""What a message of the service says, in the languages there are."""

import pytest

from chalicelib.domain.wording import code_text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Пекарня: код 123456. Никому его не сообщайте."),
        ("en", "Пекарня: your code is 123456. Do not share it."),
        ("de", "Пекарня: your code is 123456. Do not share it."),
    ],
)
def test_a_code_comes_in_the_language_asked_for_or_in_english(language: str, text: str) -> None:
    assert code_text(language, "Пекарня", "123456") == text


def test_a_name_is_put_in_and_never_interpreted() -> None:
    text = code_text("en", "{code} {merchant}", "123456")

    assert text == "{code} {merchant}: your code is 123456. Do not share it."
