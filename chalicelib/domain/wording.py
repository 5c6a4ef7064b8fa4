"""The words of messages the service sends itself, in Russian and English."""

CODE_TEXTS = {
    "ru": "{merchant}: код {code}. Никому его не сообщайте.",
    "en": "{merchant}: your code is {code}. Do not share it.",
}
DEFAULT_LANGUAGE = "en"


def code_text(language: str, merchant: str, code: str) -> str:
    """Return the SMS that carries a code; names are put in, never interpreted.

    >>> code_text("en", "Bakery", "123456")
    'Bakery: your code is 123456. Do not share it.'
    """
    text = CODE_TEXTS.get(language, CODE_TEXTS[DEFAULT_LANGUAGE])
    return text.replace("{code}", code).replace("{merchant}", merchant)
