"""The words of the page that confirms a phone, in Russian and in English; see `wording`."""

from collections.abc import Mapping
from typing import Any, Final

from passes.wording import Language

LINK_WORDS: Final[Mapping[Language, Mapping[str, Any]]] = {
    "ru": {
        "missing_link": "Ссылка уже не действует",
        "missing_link_text": "Войдите по номеру телефона на странице карты: баллы на месте.",
        "link_title": "Карта · {merchant}",
        "link_heading": "Ваша карта",
        "link_lead": "Подтверждаем номер. Это займёт секунду.",
        "link_confirmed_heading": "Номер подтверждён",
        "link_confirmed_lead": "Баллами теперь можно платить.",
        "link_open": "Открыть карту",
        "link_try_again": "Повторить",
        "link_offline": "Нет связи. Баллы на месте. Проверьте сеть и нажмите кнопку ещё раз.",
        "link_failed": "Сейчас не получилось. Баллы на месте. Нажмите кнопку ещё раз через"
        " минуту.",
        "link_gone": "Ссылка уже не действует. Войдите по номеру телефона: баллы на месте.",
        "link_sign_in": "Войти по номеру",
        "link_consent_needed": "Отметьте согласие, без него карту вести нельзя",
    },
    "en": {
        "missing_link": "The link no longer works",
        "missing_link_text": "Sign in by phone on the page of the card: your points are safe.",
        "link_title": "Card · {merchant}",
        "link_heading": "Your card",
        "link_lead": "Confirming your number. It takes a second.",
        "link_confirmed_heading": "Number confirmed",
        "link_confirmed_lead": "You can pay with points now.",
        "link_open": "Open the card",
        "link_try_again": "Try again",
        "link_offline": "No connection. Your points are safe. Check the network and press the"
        " button again.",
        "link_failed": "This did not work now. Your points are safe. Press the button again in"
        " a minute.",
        "link_gone": "The link no longer works. Sign in by phone: your points are safe.",
        "link_sign_in": "Sign in by phone",
        "link_consent_needed": "Tick the consent: the card cannot be run without it",
    },
}
