"""What went wrong while joining, in words: what happened, and what to do now.

By the API's problem code; `join.js` fills in the braces. `{when}` is a span of time as the
browser's language says it ("in 5 minutes"), `{left}` a number of guesses, `{countries}` a
list of names. Two codes are the browser's own: `offline` (no answer) and `unexpected`.
"""

from collections.abc import Mapping
from typing import Final

from passes.wording import Language

_RUSSIAN: Final = {
    "phone_missing": "Введите номер телефона.",
    "phone_invalid": "Это не номер мобильного телефона. Проверьте цифры и код страны.",
    "phone_not_allowed": "На номера этой страны коды не отправляем. Подойдёт номер:"
    " {countries}. Или попросите карту на кассе, телефон для неё не нужен.",
    "consent_missing": "Без этого согласия карту завести нельзя. Отметьте его.",
    "merchant_not_found": "Такой программы больше нет. Проверьте ссылку.",
    "too_many_codes": "Кодов запрошено слишком много. Новый можно получить {when}.",
    "resend_early": "Код уже отправлен. Новый можно получить {when}.",
    "code_missing": "Введите 6 цифр из SMS.",
    "code_wrong": "Код не подошёл. Осталось попыток: {left}. Проверьте цифры.",
    "code_wrong_last": "Код не подошёл, попытки закончились. Отправьте код ещё раз.",
    "code_expired": "Время кода вышло. Отправьте код ещё раз.",
    "code_used": "Этот код уже использован. Отправьте код ещё раз.",
    "code_locked": "Слишком много неверных кодов. Отправьте новый код {when}.",
    "sign_up_not_found": "Время кода вышло. Отправьте код ещё раз.",
    "date_refused": "Такой даты рождения быть не может. Проверьте год.",
    "birth_date_fixed": "Дата рождения уже указана. Исправить её помогут на кассе.",
    "anniversary_refused": "Эта дата уже указана. Исправить её помогут на кассе.",
    "name_invalid": "Это имя не подходит. Сократите его до 64 знаков.",
    "profile_unsaved": "Карта готова, но данные не сохранились. Попробуйте ещё раз"
    " или пропустите этот шаг.",
    "busy": "Сейчас много запросов. Подождите немного и нажмите кнопку ещё раз.",
    "offline": "Нет связи. Проверьте интернет и нажмите кнопку ещё раз: введённое сохранено.",
    "unexpected": "На нашей стороне ошибка. Нажмите кнопку ещё раз через минуту.",
    "sending": "Отправляем…",
    "resend_in": "Отправить ещё раз {when}",
}
_ENGLISH: Final = {
    "phone_missing": "Enter your phone number.",
    "phone_invalid": "This is not a mobile number. Check the digits and the country code.",
    "phone_not_allowed": "We do not text codes to that country. Use a number of:"
    " {countries}. Or ask at the till for a card: it needs no phone.",
    "consent_missing": "The card cannot be opened without this consent. Tick it.",
    "merchant_not_found": "This program no longer exists. Check the link.",
    "too_many_codes": "Too many codes were asked for. You can get a new one {when}.",
    "resend_early": "A code was sent already. You can get a new one {when}.",
    "code_missing": "Enter the 6 digits of the message.",
    "code_wrong": "The code did not match. Attempts left: {left}. Check the digits.",
    "code_wrong_last": "The code did not match and no attempts are left. Send a new code.",
    "code_expired": "The code’s time is over. Send a new code.",
    "code_used": "This code was used already. Send a new code.",
    "code_locked": "Too many wrong codes. Send a new code {when}.",
    "sign_up_not_found": "The code’s time is over. Send a new code.",
    "date_refused": "That cannot be a birth date. Check the year.",
    "birth_date_fixed": "The birth date is set already. The staff can correct it.",
    "anniversary_refused": "This date is set already. The staff can correct it.",
    "name_invalid": "This name does not fit. Shorten it to 64 characters.",
    "profile_unsaved": "Your card is ready, but the details were not saved. Try again"
    " or skip this step.",
    "busy": "Many people are here right now. Wait a little and press the button again.",
    "offline": "No connection. Check the internet and press the button again:"
    " what you typed is kept.",
    "unexpected": "Something is wrong on our side. Press the button again in a minute.",
    "sending": "Sending…",
    "resend_in": "Send again {when}",
}
PROBLEM_WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "ru": _RUSSIAN,
    "en": _ENGLISH,
}
