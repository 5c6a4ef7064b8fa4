"""What the lines of a history are called, in Russian and in English."""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.entries import EntryKind
from passes.wording import Language

# What an entry is called in the history; None: it is not shown.
ENTRY_TITLES: Final[Mapping[Language, Mapping[EntryKind, str | None]]] = {
    "ru": {
        EntryKind.JOIN: "Карта открыта",
        EntryKind.PURCHASE: "Покупка",
        EntryKind.RETURN: "Возврат покупки",
        EntryKind.VOID: "Отмена покупки",
        EntryKind.GRANT: "Начисление баллов",
        EntryKind.ANNIVERSARY: "Подарок к памятной дате",
        EntryKind.REDEEM: "Списание баллов",
        EntryKind.HOLD: "Отложено для заказа",
        EntryKind.RELEASE: "Возврат отложенных баллов",
        EntryKind.EXPIRE: "Баллы сгорели",
        EntryKind.REMIND: None,  # the card itself says what expires when
        EntryKind.HISTORY: "Прошлая покупка",
        EntryKind.ACTIVATE: "Баллы стали доступны",
        EntryKind.TIER: "Изменение уровня",
        EntryKind.REVERSE: "Исправление",
        EntryKind.SEGMENTS: None,  # the shop's own matter
        EntryKind.COUPON: "Купон в подарок",
        EntryKind.CODE: "Новый код карты",
        EntryKind.VERIFY: "Номер телефона подтверждён",
        EntryKind.PHONE: "Новый номер телефона",
        EntryKind.ERASE: None,  # nobody is left to read it
        EntryKind.MERGED: None,
        EntryKind.TAKEOVER: "Карты объединены",
    },
    "en": {
        EntryKind.JOIN: "Card opened",
        EntryKind.PURCHASE: "Purchase",
        EntryKind.RETURN: "Return of a purchase",
        EntryKind.VOID: "Purchase cancelled",
        EntryKind.GRANT: "Points added",
        EntryKind.ANNIVERSARY: "Anniversary gift",
        EntryKind.REDEEM: "Points redeemed",
        EntryKind.HOLD: "Set aside for an order",
        EntryKind.RELEASE: "Set-aside points returned",
        EntryKind.EXPIRE: "Points expired",
        EntryKind.REMIND: None,
        EntryKind.HISTORY: "Earlier purchase",
        EntryKind.ACTIVATE: "Points became available",
        EntryKind.TIER: "Tier change",
        EntryKind.REVERSE: "Correction",
        EntryKind.SEGMENTS: None,
        EntryKind.COUPON: "A coupon for you",
        EntryKind.CODE: "New card code",
        EntryKind.VERIFY: "Phone number confirmed",
        EntryKind.PHONE: "New phone number",
        EntryKind.ERASE: None,
        EntryKind.MERGED: None,
        EntryKind.TAKEOVER: "Cards joined into one",
    },
}
BIRTHDAY_TITLES: Final[Mapping[Language, str]] = {
    "ru": "Подарок на день рождения",
    "en": "Birthday gift",
}
EXCHANGE_TITLES: Final[Mapping[Language, str]] = {
    "ru": "Обмен баллов на купон",
    "en": "Points exchanged for a coupon",
}
AMOUNT_LABELS: Final[Mapping[Language, Mapping[str, str]]] = {
    "ru": {
        "earned": "начислено",
        "redeemed": "списано",
        "held": "отложено",
        "debt": "в долг",
    },
    "en": {"earned": "added", "redeemed": "taken", "held": "set aside", "debt": "owed"},
}
