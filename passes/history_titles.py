"""Why points came or went, in the words of a card's back.

An entry of any other kind moves points only by expiring them.
"""

from collections.abc import Mapping
from typing import Final

from chalicelib.domain.entries import EntryKind
from passes.wording import Language

HISTORY_TITLES: Final[Mapping[Language, Mapping[EntryKind, str]]] = {
    "ru": {
        EntryKind.PURCHASE: "Покупка",
        EntryKind.RETURN: "Возврат покупки",
        EntryKind.VOID: "Отмена покупки",
        EntryKind.GRANT: "Начисление",
        EntryKind.ANNIVERSARY: "Памятная дата",
        EntryKind.REDEEM: "Списание",
        EntryKind.EXPIRE: "Баллы сгорели",
        EntryKind.REVERSE: "Исправление",
        EntryKind.JOIN: "Новая карта",
    },
    "en": {
        EntryKind.PURCHASE: "Purchase",
        EntryKind.RETURN: "Return of a purchase",
        EntryKind.VOID: "Purchase cancelled",
        EntryKind.GRANT: "Points added",
        EntryKind.ANNIVERSARY: "Anniversary",
        EntryKind.REDEEM: "Points redeemed",
        EntryKind.EXPIRE: "Points expired",
        EntryKind.REVERSE: "Correction",
        EntryKind.JOIN: "New card",
    },
}
