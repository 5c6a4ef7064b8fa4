"""Words of the pages that are shown where no page is, or where none could be made."""

from typing import Any, Final

from passes.wording import Language

_RUSSIAN: Final = {
    "missing_text": "Проверьте адрес: в нём опечатка или страницы больше нет.",
    "missing_to_start": "Открыть главную страницу",
    "missing_to_card": "Открыть карту",
    "missing_to_join": "Открыть страницу программы",
    "missing_to_rules": "Открыть правила программы",
    "missing_to_till": "Открыть кассу",
    "failed_page": "Страница не открылась",
    "failed_page_text": "Неполадка на нашей стороне, мы её уже видим. Баллы и покупки"
    " на месте. Обновите страницу через минуту.",
    "failed_page_go": "Обновить страницу",
    "failed_deed": "Не получилось",
    "failed_deed_text": "Неполадка на нашей стороне, мы её уже видим. Вернитесь на страницу"
    " и проверьте, сохранилось ли: если нет, отправьте ещё раз.",
    "failed_deed_go": "Вернуться на страницу",
    "failed_form": "Не получилось принять форму",
    "failed_form_text": "Ничего не изменилось. Вернитесь на страницу и отправьте ещё раз.",
    "failed_form_go": "Вернуться на страницу",
    "failed_address": "Адрес не читается",
    "failed_address_text": "Откройте ссылку ещё раз из сообщения или закладки.",
    "failed_address_go": "Открыть главную страницу",
}
_ENGLISH: Final = {
    "missing_text": "Check the address: it is mistyped, or the page is no longer there.",
    "missing_to_start": "Open the start page",
    "missing_to_card": "Open the card",
    "missing_to_join": "Open the program’s page",
    "missing_to_rules": "Open the program’s rules",
    "missing_to_till": "Open the till",
    "failed_page": "The page did not open",
    "failed_page_text": "Something broke on our side, and we can see it. Points and purchases"
    " are safe. Reload the page in a minute.",
    "failed_page_go": "Reload the page",
    "failed_deed": "This did not work",
    "failed_deed_text": "Something broke on our side, and we can see it. Go back to the page"
    " and see whether it was saved: if not, send it again.",
    "failed_deed_go": "Back to the page",
    "failed_form": "The form could not be taken",
    "failed_form_text": "Nothing was changed. Go back to the page and send it again.",
    "failed_form_go": "Back to the page",
    "failed_address": "This address cannot be read",
    "failed_address_text": "Open the link again from the message or the bookmark.",
    "failed_address_go": "Open the start page",
}
MISSING_WORDS: Final[dict[Language, dict[str, Any]]] = {"ru": _RUSSIAN, "en": _ENGLISH}
