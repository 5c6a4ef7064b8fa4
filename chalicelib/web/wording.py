"""The words of the pages in Russian and in English; those of one page in a file of their own.

Verb first, no exclamation marks; curly braces are filled in by the page. A dict under a
word holds its plural forms by CLDR category.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.web.card_words import CARD_WORDS
from chalicelib.web.join_words import JOIN_WORDS
from chalicelib.web.link_words import LINK_WORDS
from chalicelib.web.missing_words import MISSING_WORDS
from chalicelib.web.own_words import OWN_WORDS
from passes.wording import Language

Words = Mapping[str, Any]

LANGUAGE_NAMES: Final[Mapping[Language, str]] = {"ru": "Русский", "en": "English"}

_RUSSIAN: Final = {
    "service": "Копилка",
    "language": "Язык",
    "missing_title": "Страница не найдена",
    "missing_card": "Такой карты нет",
    "missing_card_text": "Ссылка неполная или устарела. Откройте её из SMS или закладки"
    " ещё раз или назовите номер телефона на кассе: баллы на месте.",
    "closed_card": "Здесь карта закрыта",
    "closed_card_text": "Её убрали с этого устройства, объединили с другой или удалили."
    " Войдите по номеру телефона: если карта есть, она откроется вместе с баллами.",
    "missing_draw": "Такого розыгрыша нет",
    "missing_draw_text": "Проверьте ссылку.",
    "missing_merchant": "Такой программы нет",
    "missing_merchant_text": "Проверьте ссылку или отсканируйте код на наклейке ещё раз.",
    "trouble_title": "Страница временно недоступна",
    "trouble_text": "Баллы на месте. Обновите страницу через минуту.",
    "trouble_go": "Обновить страницу",
    "index_lead": "Карта лояльности в телефоне: без приложения и пароля.",
    "index_join": "Завести карту: {merchant}",
    "index_till": "Касса",
    "index_office": "Кабинет магазина",
    "index_phone": "SMS и уведомления этого компьютера",
    "index_api": "Описание API",
}
_ENGLISH: Final = {
    "service": "Kopilka",
    "language": "Language",
    "missing_title": "Page not found",
    "missing_card": "There is no such card",
    "missing_card_text": "The link is incomplete or out of date. Open it again from the"
    " message or bookmark, or give your phone number at the till: the points are safe.",
    "closed_card": "The card is closed here",
    "closed_card_text": "It was removed from this device, merged with another card or erased."
    " Sign in by phone number: if there is a card, it opens with its points.",
    "missing_draw": "There is no such draw",
    "missing_draw_text": "Check the link.",
    "missing_merchant": "There is no such program",
    "missing_merchant_text": "Check the link, or scan the code on the sticker again.",
    "trouble_title": "This page is not available right now",
    "trouble_text": "Your points are safe. Reload the page in a minute.",
    "trouble_go": "Reload the page",
    "index_lead": "The loyalty card in the phone: no app and no password.",
    "index_join": "Get a card: {merchant}",
    "index_till": "Till",
    "index_office": "The shop’s office",
    "index_phone": "Messages and pushes of this computer",
    "index_api": "API description",
}
_PAGES: Final = (CARD_WORDS, JOIN_WORDS, LINK_WORDS, MISSING_WORDS, OWN_WORDS)
WORDS: Final[Mapping[Language, Words]] = {
    "ru": _RUSSIAN | {name: word for page in _PAGES for name, word in page["ru"].items()},
    "en": _ENGLISH | {name: word for page in _PAGES for name, word in page["en"].items()},
}
