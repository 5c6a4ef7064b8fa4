"""The words of messages the service sends itself, in Russian and English."""

from collections.abc import Mapping

CODE_TEXTS = {
    "ru": "{merchant}: код {code}. Никому его не сообщайте.",
    "en": "{merchant}: your code is {code}. Do not share it.",
}
CONFIRMATION_TEXTS = {
    "ru": "{merchant}: код {code}. Назовите его кассиру, чтобы списать баллы.",
    "en": "{merchant}: code {code}. Tell it to the cashier to redeem points.",
}
DEFAULT_LANGUAGE = "en"


def code_text(language: str, merchant: str, code: str) -> str:
    """Return the SMS that carries a code; names are put in, never interpreted.

    >>> code_text("en", "Bakery", "123456")
    'Bakery: your code is 123456. Do not share it.'
    """
    return _filled(CODE_TEXTS, language, merchant, code)


def confirmation_text(language: str, merchant: str, code: str) -> str:
    """Return the SMS whose code confirms a redemption at the till.

    >>> confirmation_text("en", "Bakery", "123456")
    'Bakery: code 123456. Tell it to the cashier to redeem points.'
    """
    return _filled(CONFIRMATION_TEXTS, language, merchant, code)


def _filled(texts: Mapping[str, str], language: str, merchant: str, code: str) -> str:
    text = texts.get(language, texts[DEFAULT_LANGUAGE])
    return text.replace("{code}", code).replace("{merchant}", merchant)
