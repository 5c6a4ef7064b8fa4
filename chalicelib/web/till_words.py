"""The till's words in Russian and in English: the frame, signing in, finding a member.

A dict under a word holds its plural forms by CLDR category; `{n}` is the count. Both
languages go with the page: the till changes them without a network.
"""

from collections.abc import Mapping
from typing import Any, Final

from chalicelib.api.category_names import CATEGORY_NAMES
from chalicelib.web.till_desk_words import TILL_DESK_WORDS
from chalicelib.web.till_problem_words import TILL_PROBLEM_WORDS
from chalicelib.web.till_proof_words import TILL_PROOF_WORDS
from chalicelib.web.till_sale_words import TILL_SALE_WORDS
from chalicelib.web.till_shift_words import TILL_SHIFT_WORDS
from passes.wording import Language

Words = Mapping[str, Any]

_RUSSIAN: Final[dict[str, Any]] = {
    "till": "Касса",
    "boot": "Открываем кассу",
    "boot_failed": "Касса не открылась",
    "boot_failed_text": "Нет связи с сервисом. Баллы и покупки на месте. Проверьте сеть.",
    "unsaved": "Чек не сохранён",
    "unsaved_text": "Нет связи, а этот браузер чеков не хранит. Повторите, когда она вернётся:"
    " дважды чек не запишется.",
    "no_script": "Кассе нужен JavaScript. Включите его в настройках браузера.",
    "again": "Повторить",
    "back": "Назад",
    "close": "Закрыть",
    "menu": "Меню",
    "lock": "Сменить кассира",
    "erase": "Стереть",
    "keypad": "Цифры",
    "online": "На связи",
    "offline": "Нет связи",
    "queued": {
        "one": "{n} в очереди",
        "few": "{n} в очереди",
        "many": "{n} в очереди",
        "other": "{n} в очереди",
    },
    "conflicts": {
        "one": "{n} не принята",
        "few": "{n} не приняты",
        "many": "{n} не приняты",
        "other": "{n} не приняты",
    },
    "offline_retry": "Нет связи. Проверьте сеть и повторите.",
    "activation_title": "Подключите кассу",
    "activation_lead": "Введите код из раздела «Магазины и кассы» в кабинете.",
    "activation_expired": "Это устройство отключили от кассы. Введите новый код.",
    "activation_code": "Код кассы",
    "activation_hint": "Код действует 10 минут и подходит один раз.",
    "activation_wrong": "Код не подошёл. Проверьте его или создайте новый в кабинете.",
    "activation_go": "Подключить",
    "sign_in_title": "Кто на кассе",
    "sign_in_nobody": "Кассиров пока нет. Добавьте их в кабинете, в разделе «Сотрудники».",
    "sign_in_go": "Войти",
    "role_cashier": "Кассир",
    "role_manager": "Управляющий",
    "role_owner": "Владелец",
    "pin_title": "Здравствуйте, {name}",
    "pin": "PIN",
    "pin_forgot": "Забыли PIN",
    "pin_wrong": {
        "one": "PIN не подошёл. Осталась {n} попытка.",
        "few": "PIN не подошёл. Осталось {n} попытки.",
        "many": "PIN не подошёл. Осталось {n} попыток.",
        "other": "PIN не подошёл. Осталось {n} попытки.",
    },
    "pin_wrong_last": "PIN не подошёл. Попросите управляющего сбросить его.",
    "pin_locked": {
        "one": "Слишком много попыток. Подождите {n} секунду.",
        "few": "Слишком много попыток. Подождите {n} секунды.",
        "many": "Слишком много попыток. Подождите {n} секунд.",
        "other": "Слишком много попыток. Подождите {n} секунды.",
    },
    "pin_again": "Введите PIN ещё раз.",
    "home_title": "Отсканируйте карту",
    "home_ways": "Другие способы",
    "looking": "Ищем карту",
    "home_scanner": "USB-сканер настраивать не нужно: просто отсканируйте карту.",
    "finder": "Камера",
    "finder_hint": "Наведите на код карты",
    "finder_off": "Отсканируйте карту покупателя",
    "finder_on": "Включить камеру",
    "torch": "Подсветка",
    "camera_denied": "Камера запрещена. Разрешите её в настройках браузера.",
    "camera_missing": "Камеры нет. Подойдёт USB-сканер, телефон или код карты.",
    "camera_busy": "Камера занята другой программой.",
    "code_unknown": "Это не код карты. Попросите открыть карту магазина.",
    "coupon_needs_member": "Это купон. Сначала найдите карту покупателя.",
    "as_of": "Без связи · как было в {time}",
    "stamps_of": {
        "one": "штамп из {every}",
        "few": "штампа из {every}",
        "many": "штампов из {every}",
        "other": "штампа из {every}",
    },
    "by_phone": "По телефону",
    "by_code": "По коду",
    "without_card": "Без карты",
    "without_card_hint": "Баллы можно начислить позже, по номеру чека",
    "new_member": "Новый участник",
    "find_title": "Найти карту",
    "find_go": "Найти",
    "phone": "Телефон",
    "card_code": "Код под штрихкодом",
    "go_without_card": "Продолжить без карты",
    "new_member_with_phone": "Завести карту на этот номер",
    "new_member_lead": "Баллы начислятся сразу. По ссылке из SMS покупатель подтвердит карту"
    " и сможет их списывать.",
    "new_member_consent": "Скажите покупателю: правила программы придут вместе с SMS.",
    "new_member_go": "Завести карту",
    "new_member_sent": "Карта заведена. Ссылка для подтверждения отправлена по SMS.",
    "new_member_not_sent": "Карта заведена. SMS со ссылкой уйдёт позже: предел сообщений.",
    "name_optional": "Имя, если назовут",
    "phone_missing": "Введите номер телефона.",
    "offline_lookup": "Нет связи, и эту карту касса ещё не видела. Проведите покупку без карты:"
    " баллы можно начислить по номеру чека в течение 14 дней.",
    "offline_new_member": "Нет связи. Карту можно завести, когда она вернётся.",
    "queue": "Очередь",
    "queue_empty": "Всё отправлено. Здесь появятся покупки, сделанные без связи.",
    "queue_send": "Отправить сейчас",
    "waiting_title": "Ждут связи",
    "waiting_why": "Отправится сама",
    "conflicts_title": "Не приняты",
    "conflict_seen": "Понятно",
    "conflict_kept": "Владелец видит их в кабинете и решит, что делать.",
    "receipt_named": "Чек {number}",
}
_ENGLISH: Final[dict[str, Any]] = {
    "till": "Till",
    "boot": "Opening the till",
    "boot_failed": "The till did not open",
    "boot_failed_text": "There is no connection. Points and sales are safe. Check the network.",
    "unsaved": "Receipt not saved",
    "unsaved_text": "No connection, and this browser keeps no receipts. Try again once it is"
    " back: never recorded twice.",
    "no_script": "The till needs JavaScript. Turn it on in the browser's settings.",
    "again": "Try again",
    "back": "Back",
    "close": "Close",
    "menu": "Menu",
    "lock": "Change cashier",
    "erase": "Erase",
    "keypad": "Digits",
    "online": "Online",
    "offline": "Offline",
    "queued": {"one": "{n} queued", "other": "{n} queued"},
    "conflicts": {"one": "{n} not taken", "other": "{n} not taken"},
    "offline_retry": "No connection. Check the network and try again.",
    "activation_title": "Connect this till",
    "activation_lead": "Enter the code from Stores and tills in the office.",
    "activation_expired": "This device was disconnected. Enter a new code.",
    "activation_code": "Till code",
    "activation_hint": "The code is good for 10 minutes, once.",
    "activation_wrong": "That code did not work. Check it, or make a new one in the office.",
    "activation_go": "Connect",
    "sign_in_title": "Who is at the till",
    "sign_in_nobody": "There are no cashiers yet. Add them under Staff in the office.",
    "sign_in_go": "Sign in",
    "role_cashier": "Cashier",
    "role_manager": "Manager",
    "role_owner": "Owner",
    "pin_title": "Hello, {name}",
    "pin": "PIN",
    "pin_forgot": "Forgot PIN",
    "pin_wrong": {
        "one": "Wrong PIN. {n} try left.",
        "other": "Wrong PIN. {n} tries left.",
    },
    "pin_wrong_last": "Wrong PIN. Ask a manager to reset it.",
    "pin_locked": {
        "one": "Too many tries. Wait {n} second.",
        "other": "Too many tries. Wait {n} seconds.",
    },
    "pin_again": "Enter the PIN again.",
    "home_title": "Scan the card",
    "home_ways": "Other ways",
    "looking": "Finding the card",
    "home_scanner": "A USB scanner needs no set-up: just scan the card.",
    "finder": "Camera",
    "finder_hint": "Point at the card's code",
    "finder_off": "Scan the shopper's card",
    "finder_on": "Turn the camera on",
    "torch": "Light",
    "camera_denied": "The camera is not allowed. Allow it in the browser's settings.",
    "camera_missing": "No camera here. Use a USB scanner, a phone number or the card's code.",
    "camera_busy": "Another program uses the camera.",
    "code_unknown": "That is not a card's code. Ask for the shop's card.",
    "coupon_needs_member": "That is a coupon. Find the shopper's card first.",
    "as_of": "Offline · as of {time}",
    "stamps_of": {"one": "stamp of {every}", "other": "stamps of {every}"},
    "by_phone": "By phone",
    "by_code": "By code",
    "without_card": "Without card",
    "without_card_hint": "Points can be added later by the receipt number",
    "new_member": "New member",
    "find_title": "Find a card",
    "find_go": "Find",
    "phone": "Phone",
    "card_code": "Code under the barcode",
    "go_without_card": "Go on without a card",
    "new_member_with_phone": "Open a card for this number",
    "new_member_lead": "Points are earned at once. A link in a message confirms the card;"
    " then they can be redeemed.",
    "new_member_consent": "Tell the shopper: the rules come with the message.",
    "new_member_go": "Open a card",
    "new_member_sent": "The card is open. A link to confirm it is on its way.",
    "new_member_not_sent": "The card is open. Its link will follow: a limit of messages.",
    "name_optional": "Name, if they give it",
    "phone_missing": "Enter the phone number.",
    "offline_lookup": "No connection, and this till has not seen the card before. Record the"
    " sale without a card: points can be added by its receipt number within 14 days.",
    "offline_new_member": "No connection. A card can be opened once it is back.",
    "queue": "Queue",
    "queue_empty": "Everything is sent. Sales made offline will appear here.",
    "queue_send": "Send now",
    "waiting_title": "Waiting for the network",
    "waiting_why": "Will be sent by itself",
    "conflicts_title": "Not taken",
    "conflict_seen": "Got it",
    "conflict_kept": "The owner sees them in the office and decides what to do.",
    "receipt_named": "Receipt {number}",
}
_PAGES: Final = (
    *(TILL_PROBLEM_WORDS, TILL_SALE_WORDS, TILL_PROOF_WORDS),
    *(TILL_DESK_WORDS, TILL_SHIFT_WORDS),
)


def _words(language: Language, own: Words) -> Words:
    categories = {f"category_{code}": name for code, name in CATEGORY_NAMES[language].items()}
    said = {name: word for page in _PAGES for name, word in page[language].items()}
    return {**own, **said, **categories}


TILL_WORDS: Final[Mapping[Language, Words]] = {
    "ru": _words("ru", _RUSSIAN),
    "en": _words("en", _ENGLISH),
}
