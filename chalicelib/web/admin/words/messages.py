"""Words of the messages that members are sent."""

from typing import Any, Final

from passes.wording import Language

_RUSSIAN: Final[dict[str, Any]] = {
    "messages_lead": "Карта в телефоне сообщает о баллах сама и бесплатно. SMS — для тех, у"
    " кого карты в телефоне нет.",
    "messages_heading": "SMS о баллах",
    "messages_is_on": "Включены",
    "messages_is_off": "Выключены",
    "messages_text": "После покупки, списания и подарка, и до того, как баллы сгорят. Участник"
    " может отключить их в настройках карты.",
    "messages_price": "{price} за одно SMS. Длинный текст — два SMS.",
    "messages_most": "Не больше {most} в день, остальное остаётся на коды. Письма бесплатны.",
    "messages_turn_on": "Включить SMS о баллах",
    "messages_turn_off": "Выключить SMS о баллах",
    "done_messages_on": "SMS о баллах включены",
    "done_messages_off": "SMS о баллах выключены",
}
_ENGLISH: Final[dict[str, Any]] = {
    "messages_lead": "The card in the phone tells of points by itself, for free. SMS are for"
    " those without one.",
    "messages_heading": "SMS about points",
    "messages_is_on": "On",
    "messages_is_off": "Off",
    "messages_text": "After a purchase, a redemption or a gift, and before points expire."
    " Members can switch them off in the settings of their card.",
    "messages_price": "{price} for one SMS. A long text is two.",
    "messages_most": "At most {most} a day, the rest is kept for codes. E-mail is free.",
    "messages_turn_on": "Turn SMS about points on",
    "messages_turn_off": "Turn SMS about points off",
    "done_messages_on": "SMS about points are on",
    "done_messages_off": "SMS about points are off",
}
WORDS: Final[dict[Language, dict[str, Any]]] = {"ru": _RUSSIAN, "en": _ENGLISH}
