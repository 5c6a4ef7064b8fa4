"""The texts of notices by SMS and letter; numbers stand alone, so that no noun must agree.

A message that no merchant's name makes longer than one SMS: 70 characters of Russian.
"""

from dataclasses import dataclass
from datetime import date
from typing import Final

from chalicelib.domain.notices import Notice
from chalicelib.domain.wording import DEFAULT_LANGUAGE, fitted

_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


@dataclass(frozen=True, slots=True)
class _Texts:
    earned: str
    redeemed: str
    both: str
    gift: str
    expiring: str


_TEXTS: Final = {
    "ru": _Texts(
        earned="{merchant}: начислено баллов {earned}. На карте {balance}.",
        redeemed="{merchant}: списано баллов {redeemed}. На карте {balance}.",
        both="{merchant}: баллы +{earned}, −{redeemed}. На карте {balance}.",
        gift="{merchant}: подарок, баллов {earned}. На карте {balance}.",
        expiring="{merchant}: после {day} сгорят баллы: {expiring}.",
    ),
    "en": _Texts(
        earned="{merchant}: points earned {earned}. On your card {balance}.",
        redeemed="{merchant}: points redeemed {redeemed}. On your card {balance}.",
        both="{merchant}: points +{earned}, -{redeemed}. On your card {balance}.",
        gift="{merchant}: a gift, points {earned}. On your card {balance}.",
        expiring="{merchant}: points that expire after {day}: {expiring}.",
    ),
}


def notice_text(language: str, merchant: str, notice: Notice, balance: int) -> str:
    """Return what is sent of a notice; `balance` is what can be redeemed now.

    >>> from datetime import datetime
    >>> from chalicelib.domain.notices import Topic
    >>> at = datetime(2026, 11, 22)
    >>> told = Notice(version=2, at=at, topic=Topic.POINTS, earned=44, redeemed=375)
    >>> notice_text("en", "Bakery", told, 909)
    'Bakery: points +44, -375. On your card 909.'
    """
    texts = _TEXTS.get(language, _TEXTS[DEFAULT_LANGUAGE])
    pattern = _pattern(texts, notice)
    day = _day(notice.expires_on, language) if notice.expires_on else ""
    for name, value in (
        ("earned", notice.earned),
        ("redeemed", notice.redeemed),
        ("expiring", notice.expiring),
        ("balance", balance),
        ("day", day),
    ):
        pattern = pattern.replace(f"{{{name}}}", str(value))
    return fitted(pattern, merchant)


def _pattern(texts: _Texts, notice: Notice) -> str:
    if notice.expires_on:
        return texts.expiring
    if notice.is_gift:
        return texts.gift
    if notice.earned and notice.redeemed:
        return texts.both
    return texts.earned if notice.earned else texts.redeemed


def _day(day: date, language: str) -> str:
    if language == "ru":
        return f"{day:%d.%m.%Y}"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
