"""The till's words of a redemption's second factor."""

from collections.abc import Mapping
from typing import Any, Final

from passes.wording import Language

_RUSSIAN: Final[Mapping[str, Any]] = {
    "proof_title": "Подтвердите списание",
    "proof_why": "Без кода сегодня можно списать: {points}.",
    "proof_gift_card": "Для оплаты подарочной картой покупателя нужен код с его телефона.",
    "proof_spoken": "Карту нашли по номеру телефона: чтобы списать баллы, нужен код.",
    "proof_spoken_scan": "Отсканируйте карту покупателя или введите шесть цифр под её кодом.",
    "proof_other": "Это другая карта. Нужна карта того, чьи баллы списывают.",
    "proof_scan": "Отсканируйте код с телефона ещё раз или введите шесть цифр под ним.",
    "proof_digits": "Шесть цифр с карты",
    "proof_sms": "Шесть цифр из SMS",
    "proof_go": "Подтвердить",
    "proof_send": "Отправить код по SMS",
    "proof_sent": "Код отправлен по SMS.",
    "proof_static": "Этот код не меняется. Нужен код, который карта показывает сейчас.",
}

_ENGLISH: Final[Mapping[str, Any]] = {
    "proof_title": "Confirm the redemption",
    "proof_why": "Without a code today: {points}.",
    "proof_gift_card": "Paying by the shopper's gift card needs a code from their phone.",
    "proof_spoken": "The card was found by a phone number: redeeming needs a code.",
    "proof_spoken_scan": "Scan the shopper's card, or enter the six digits under its code.",
    "proof_other": "That is another card. The one whose points are redeemed is needed.",
    "proof_scan": "Scan the phone's code once more, or enter the six digits under it.",
    "proof_digits": "Six digits of the card",
    "proof_sms": "Six digits of the message",
    "proof_go": "Confirm",
    "proof_send": "Send a code by SMS",
    "proof_sent": "The code is on its way.",
    "proof_static": "That code never changes. The one the card shows now is needed.",
}

TILL_PROOF_WORDS: Final[Mapping[Language, Mapping[str, Any]]] = {"ru": _RUSSIAN, "en": _ENGLISH}
