"""The words of a card, in Russian and in English.

The plural forms follow Unicode's CLDR plural rules for whole numbers (read 2026-11): Russian
one, few and many; English one and other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final, Literal

Language = Literal["ru", "en"]

DAYS_CACHED_MAX: Final = 2_000  # all cards share them: the last year and the next

_NO_BREAK_SPACE: Final = "\u00a0"
_THOUSAND: Final = 1_000
_FEW, _TEENS = range(2, 5), range(11, 15)
# By a number's last two digits, as each pass asks for several: one, few or many.
_RUSSIAN_FORMS: Final = tuple(
    2 if n in _TEENS else 0 if n % 10 in {1} else 1 if n % 10 in _FEW else 2 for n in range(100)
)


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's labels and patterns; a tuple holds plural forms."""

    points: tuple[str, ...]
    points_label: str
    points_changed: tuple[str, ...]  # Apple puts the new value in place of %@
    tier: str
    tier_changed: str
    tier_until: str
    tier_until_text: str
    next_tier: str
    next_tier_text: str
    next_tier_label: str
    member: str
    expire_on: tuple[str, ...]
    expiry: str
    expiry_text: tuple[str, ...]
    stamps: str
    stamps_text: str
    stamps_changed: str
    discount: str
    discount_changed: str
    code: str
    program: str
    card_page: str
    rules: str
    open_page: str
    history: str
    support: str
    card: str
    closed: str
    balance_as_of: str
    card_as_of: str  # of a program without points
    redeeming: str
    redeeming_open: str
    redeeming_paused: str
    redeeming_changed: str
    description: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    thousands: str


_RUSSIAN: Final = Wording(
    points=("балл", "балла", "баллов"),
    points_label="Баллы",
    points_changed=("На карте %@ балл", "На карте %@ балла", "На карте %@ баллов"),
    tier="Уровень",
    tier_changed="Ваш уровень: %@",
    tier_until="Уровень действует",
    tier_until_text="по {day}",
    next_tier="Следующий уровень",
    next_tier_text="До уровня «{name}»: {to_spend}",
    next_tier_label="До уровня «{name}»",
    member="Участник",
    expire_on=("Сгорит {day}", "Сгорят {day}", "Сгорят {day}"),
    expiry="Сгорание баллов",
    expiry_text=(
        "{points} сгорит после {day}",
        "{points} сгорят после {day}",
        "{points} сгорят после {day}",
    ),
    stamps="Штампы",
    stamps_text="{collected} из {needed}",
    stamps_changed="Штампов на карте: %@",
    discount="Скидка",
    discount_changed="Ваша скидка: %@",
    code="Номер карты",
    program="Программа",
    card_page="Карта в браузере",
    rules="Правила программы",
    open_page="Открыть",
    history="Последние операции",
    support="Поддержка",
    card="Карта",
    closed="закрыта",
    balance_as_of="Баланс на",
    card_as_of="Данные на",
    redeeming="Списание баллов",
    redeeming_open="баллы можно списывать",
    redeeming_paused="закрыто до {moment}: у карты другой номер телефона."
    " Если это были не вы, сообщите магазину",
    redeeming_changed="Списание баллов %@",
    description="Карта «{program}»",
    months=(
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    months_short=(
        "янв.",
        "февр.",
        "мар.",
        "апр.",
        "мая",
        "июн.",
        "июл.",
        "авг.",
        "сент.",
        "окт.",
        "нояб.",
        "дек.",
    ),
    thousands=_NO_BREAK_SPACE,
)

_ENGLISH: Final = Wording(
    points=("point", "points"),
    points_label="Points",
    points_changed=("You now have %@ point", "You now have %@ points"),
    tier="Tier",
    tier_changed="Your tier is now %@",
    tier_until="Tier valid",
    tier_until_text="through {day}",
    next_tier="Next tier",
    next_tier_text="{to_spend} to go until {name}",
    next_tier_label="To go until {name}",
    member="Member",
    expire_on=("Expires {day}", "Expire {day}"),
    expiry="Expiring points",
    expiry_text=("{points} expires after {day}", "{points} expire after {day}"),
    stamps="Stamps",
    stamps_text="{collected} of {needed}",
    stamps_changed="Stamps on your card: %@",
    discount="Discount",
    discount_changed="Your discount is now %@",
    code="Card number",
    program="Program",
    card_page="Card in the browser",
    rules="Rules of the program",
    open_page="Open",
    history="Latest activity",
    support="Help",
    card="Card",
    closed="closed",
    balance_as_of="Balance as of",
    card_as_of="Card as of",
    redeeming="Redeeming points",
    redeeming_open="points can be redeemed",
    redeeming_paused="closed until {moment}: the card has another phone number."
    " If it was not you, tell the shop",
    redeeming_changed="Redeeming points is %@",
    description="{program} card",
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    months_short=(
        "Jan",
        "Feb",
        "Mar",
        "Apr",
        "May",
        "Jun",
        "Jul",
        "Aug",
        "Sep",
        "Oct",
        "Nov",
        "Dec",
    ),
    thousands=",",
)

WORDINGS: Final[Mapping[Language, Wording]] = {"ru": _RUSSIAN, "en": _ENGLISH}


def plural(language: Language, number: int, forms: tuple[str, ...]) -> str:
    """Choose the form that goes with `number`.

    >>> [plural("ru", n, ("балл", "балла", "баллов")) for n in (1, 2, 5, 11, 21)]
    ['балл', 'балла', 'баллов', 'баллов', 'балл']
    """
    if language == "en":
        return forms[0] if number == 1 else forms[1]
    return forms[_RUSSIAN_FORMS[abs(number) % 100]]


def number_text(number: int, language: Language) -> str:
    """Write a whole number with its thousands apart.

    >>> number_text(12400, "en")
    '12,400'
    """
    if -_THOUSAND < number < _THOUSAND:  # nothing to part
        return str(number)
    return f"{number:,}".replace(",", WORDINGS[language].thousands)


def points_text(points: int, language: Language) -> str:
    """Write a number of points with its noun.

    >>> points_text(1, "en"), points_text(2, "ru")
    ('1 point', '2\\xa0балла')
    """
    space = _NO_BREAK_SPACE if language == "ru" else " "
    noun = plural(language, points, WORDINGS[language].points)
    return f"{number_text(points, language)}{space}{noun}"


def percent_text(ppm: int, language: Language) -> str:
    """Write millionths as percent.

    >>> percent_text(75_000, "en"), percent_text(75_000, "ru")
    ('7.5%', '7,5\\xa0%')
    """
    whole, part = divmod(ppm, 10_000)
    text = f"{whole}.{part:04d}".rstrip("0").rstrip(".")
    return f"{text.replace('.', ',')}{_NO_BREAK_SPACE}%" if language == "ru" else f"{text}%"


@lru_cache(maxsize=DAYS_CACHED_MAX)
def day_text(day: date, language: Language) -> str:
    """Write a date in full.

    >>> from datetime import date
    >>> day_text(date(2026, 12, 31), "en")
    '31 December 2026'
    """
    year = f"{day.year} г." if language == "ru" else str(day.year)
    return f"{day.day} {WORDINGS[language].months[day.month - 1]} {year}"


@lru_cache(maxsize=DAYS_CACHED_MAX)
def short_day_text(day: date, language: Language) -> str:
    """Write a date for a label: no year, the month cut short.

    >>> from datetime import date
    >>> short_day_text(date(2026, 12, 31), "ru")
    '31 дек.'
    """
    return f"{day.day} {WORDINGS[language].months_short[day.month - 1]}"


def expiry_text(points: int, on: date, language: Language) -> str:
    """Say what expires after a day, the last on which it can be spent.

    >>> from datetime import date
    >>> expiry_text(1, date(2026, 12, 31), "en")
    '1 point expires after 31 December 2026'
    """
    pattern = plural(language, points, WORDINGS[language].expiry_text)
    text = pattern.replace("{points}", points_text(points, language))
    return text.replace("{day}", day_text(on, language))
