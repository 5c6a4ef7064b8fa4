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
ERASURE_TEXTS = {
    "ru": "{merchant}: код {code} удалит вашу карту и баллы. Никому его не сообщайте.",
    "en": "{merchant}: code {code} erases your card and points. Do not share it.",
}
LETTER_TEXTS = {  # the subject, an empty line, the text
    "ru": "{merchant}: код для карты\n\nВаш код: {code}\n\nНикому его не сообщайте."
    " Если вы не заводили карту, письмо можно удалить.\n",
    "en": "{merchant}: the code for your card\n\nYour code: {code}\n\nDo not share it."
    " If you have not asked for a card, delete this letter.\n",
}
PASSWORD_LETTER_TEXTS = {
    "ru": "{merchant}: новый пароль кабинета\n\nКто-то попросил новый пароль кабинета"
    " «{merchant}». Если это вы, откройте ссылку в течение 30 минут:\n\n{url}\n\nЕсли это"
    " не вы, удалите письмо: пароль остался прежним.\n",
    "en": "{merchant}: a new password for the office\n\nSomebody asked for a new password for"
    " the office of {merchant}. If it was you, open this link within 30 minutes:\n\n{url}\n\n"
    "If it was not you, delete this letter: the password has not changed.\n",
}
NEW_PHONE_TEXTS = {
    "ru": "{merchant}: код {code} для нового номера карты. Никому его не сообщайте.",
    "en": "{merchant}: code {code} for the new number of your card. Do not share it.",
}
OLD_PHONE_TEXTS = {
    "ru": "{merchant}: код {code}, чтобы сменить номер карты. Если это не вы, никому его"
    " не сообщайте.",
    "en": "{merchant}: code {code} to change your card's number. If it is not you, do not"
    " share it.",
}
SUBJECTS = {  # of what a member without a phone is sent by e-mail instead
    "ru": "{merchant}: ваша карта",
    "en": "{merchant}: your card",
}
WARNING_TEXTS = {
    "ru": "{merchant}: просят сменить номер вашей карты. Если это не вы, сообщите магазину.",
    "en": "{merchant}: somebody asks to change your card's number. If not you, tell the shop.",
}
LINK_TEXTS = {
    "ru": "{merchant}: ваша карта {url}",
    "en": "{merchant}: your card {url}",
}
LINK_CHARS_MAX = 70  # one message of Cyrillic letters
MERCHANT_CHARS_MIN = 6  # of a name that has to be cut
DEFAULT_LANGUAGE = "en"


def code_text(language: str, merchant: str, code: str) -> str:
    """Return the SMS that carries a code; names are put in, never interpreted.

    >>> code_text("en", "Bakery", "123456")
    'Bakery: your code is 123456. Do not share it.'
    """
    return _filled(CODE_TEXTS, language, merchant, code)


def code_letter(language: str, merchant: str, code: str) -> str:
    """Return the letter that carries a code, its subject first.

    >>> code_letter("en", "Bakery", "123456").splitlines()[0]
    'Bakery: the code for your card'
    """
    return _filled(LETTER_TEXTS, language, merchant, code)


def password_letter(language: str, merchant: str, url: str) -> str:
    """Return the letter whose link sets another password of the office, its subject first.

    >>> password_letter("en", "Bakery", "https://k.example/x").splitlines()[0]
    'Bakery: a new password for the office'
    """
    pattern = PASSWORD_LETTER_TEXTS.get(language, PASSWORD_LETTER_TEXTS[DEFAULT_LANGUAGE])
    return pattern.replace("{url}", url).replace("{merchant}", merchant)


def confirmation_text(language: str, merchant: str, code: str) -> str:
    """Return the SMS whose code confirms a redemption at the till.

    >>> confirmation_text("en", "Bakery", "123456")
    'Bakery: code 123456. Tell it to the cashier to redeem points.'
    """
    return _filled(CONFIRMATION_TEXTS, language, merchant, code)


def erasure_text(language: str, merchant: str, code: str) -> str:
    """Return the SMS whose code lets a member erase themselves.

    >>> erasure_text("en", "Bakery", "123456")
    'Bakery: code 123456 erases your card and points. Do not share it.'
    """
    return _filled(ERASURE_TEXTS, language, merchant, code)


def new_phone_text(language: str, merchant: str, code: str) -> str:
    """Return the SMS that proves the phone a card is to have."""
    return _filled(NEW_PHONE_TEXTS, language, merchant, code)


def old_phone_text(language: str, merchant: str, code: str) -> str:
    """Return the SMS that proves the phone a card has had."""
    return _filled(OLD_PHONE_TEXTS, language, merchant, code)


def warning_text(language: str, merchant: str) -> str:
    """Return the SMS that tells an old phone of what is done without it.

    >>> warning_text("en", "Bakery")
    "Bakery: somebody asks to change your card's number. If not you, tell the shop."
    """
    return _filled(WARNING_TEXTS, language, merchant, "")


def letter_of(language: str, merchant: str, text: str) -> str:
    """Return the letter with what a phone would be sent, its subject first.

    >>> letter_of("en", "Bakery", "Bakery: code 123456.")
    'Bakery: your card\\n\\nBakery: code 123456.\\n'
    """
    return f"{_filled(SUBJECTS, language, merchant, '')}\n\n{text}\n"


def link_text(language: str, merchant: str, url: str) -> str:
    """Return the SMS whose link confirms a phone; a long name is cut to fit one message.

    >>> link_text("en", "Bakery", "https://k.example/k/0f3a")
    'Bakery: your card https://k.example/k/0f3a'
    >>> len(link_text("ru", "Б" * 99, "https://kopilka.example/k/0123456789abcdef"))
    70
    """
    pattern = LINK_TEXTS.get(language, LINK_TEXTS[DEFAULT_LANGUAGE])
    return fitted(pattern.replace("{url}", url), merchant)


def fitted(text: str, merchant: str) -> str:
    """Put a merchant's name into a text, cut if the text would not fit one message."""
    room = max(MERCHANT_CHARS_MIN, LINK_CHARS_MAX - len(text) + len("{merchant}"))
    name = merchant if len(merchant) <= room else f"{merchant[: room - 1].rstrip()}…"
    return text.replace("{merchant}", name)


def _filled(texts: Mapping[str, str], language: str, merchant: str, code: str) -> str:
    text = texts.get(language, texts[DEFAULT_LANGUAGE])
    return text.replace("{code}", code).replace("{merchant}", merchant)
