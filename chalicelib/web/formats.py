"""Money, days and times as shoppers read them, by Babel.

Spaces inside what is written here do not break, so that a number stays with its unit.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from babel import Locale
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal, get_currency_symbol

from chalicelib.domain.money import currency_exponent
from passes.wording import Language

NO_BREAK_SPACE: Final = "\u00a0"
NO_BREAK_HYPHEN: Final = "\N{NON-BREAKING HYPHEN}"
MINUS: Final = "\N{MINUS SIGN}"
_DAY_AND_MONTH: Final = "d MMMM"
_FULL_DAY: Final = {
    "ru": "d MMMM y\N{NO-BREAK SPACE}'\N{CYRILLIC SMALL LETTER GHE}'.",
    "en": "d MMMM y",
}
DIGITS_SHOWN: Final = 2  # of a hidden number
_RUSSIAN_PHONE: Final = re.compile(r"\+7(\d{3})(\d{3})(\d{2})(\d{2})")
_NEAR: Final = {"ru": ("Сегодня", "Вчера"), "en": ("Today", "Yesterday")}


def money(amount_minor: int, currency: str, language: Language) -> str:
    """Write money; minor units only where there are any.

    >>> money(87550, "RUB", "en"), money(340000, "RUB", "en")
    ('RUB\\xa0875.50', 'RUB\\xa03,400')
    >>> money(-45000, "RUB", "ru").replace(MINUS, "-")
    '-450\\xa0₽'
    """
    amount = Decimal(abs(amount_minor)).scaleb(-currency_exponent(currency))
    is_whole = amount == amount.to_integral_value()
    pattern = Locale.parse(language).currency_formats["standard"].pattern
    if is_whole:
        pattern = pattern.replace("0.00", "0")
    if get_currency_symbol(currency, locale=language).isalpha():
        pattern = pattern.replace("¤#", f"¤{NO_BREAK_SPACE}#")  # "RUB 875", not "RUB875"
    found = format_currency(
        amount, currency, pattern, locale=language, currency_digits=not is_whole
    )
    return f"{MINUS if amount_minor < 0 else ''}{_kept_together(found)}"


def number(value: int, language: Language) -> str:
    """Write a whole number.

    >>> number(1240, "en"), number(-30, "en").replace(MINUS, "-")
    ('1,240', '-30')
    """
    text = format_decimal(abs(value), locale=language)
    return f"{MINUS if value < 0 else ''}{_kept_together(text)}"


def decimal(parts: int, of: int, language: Language) -> str:
    """Write a number that is so many parts of one.

    >>> decimal(1_500_000, 1_000_000, "en"), decimal(350, 1_000, "ru")
    ('1.5', '0,35')
    """
    number = Decimal(parts) / Decimal(of)
    return _kept_together(format_decimal(number, format="#,##0.######", locale=language))


def signed(points: int, language: Language) -> str:
    """Write points with their sign.

    >>> signed(44, "en"), signed(-375, "en").replace(MINUS, "-")
    ('+44', '-375')
    """
    return f"+{number(points, language)}" if points > 0 else number(points, language)


def day(on: date, today: date, language: Language) -> str:
    """Write a day; its year only if it is not this one.

    >>> day(date(2026, 12, 31), date(2026, 11, 21), "en")
    '31\\xa0December'
    """
    pattern = _DAY_AND_MONTH if on.year == today.year else _FULL_DAY[language]
    return _kept_together(format_date(on, pattern, locale=language))


def moment(at: datetime, today: date, language: Language) -> str:
    """Write a local moment, near days by their name.

    >>> moment(datetime(2026, 11, 21, 14, 7), date(2026, 11, 21), "ru")
    'Сегодня, 14:07'
    """
    today_word, yesterday_word = _NEAR[language]
    on = at.date()
    name = {today: today_word, today - timedelta(days=1): yesterday_word}.get(on)
    clock = format_time(at, "HH:mm", locale=language)
    return f"{name or day(on, today, language)}, {clock}"


def month(on: date, language: Language) -> str:
    """Write a month as a heading.

    >>> month(date(2026, 11, 21), "ru"), month(date(2026, 11, 21), "en")
    ('Ноябрь 2026', 'November 2026')
    """
    text = format_date(on, "LLLL y", locale=language)
    return text[:1].upper() + text[1:]


def plural(count: int, forms: dict[str, str], language: Language) -> str:
    """Choose the form that goes with a count, by CLDR's category.

    >>> plural(2, {"one": "день", "few": "дня", "many": "дней"}, "ru")
    'дня'
    """
    return forms[Locale.parse(language).plural_form(count)]


def phone(written: str) -> str:
    """Return a number as it is read: a Russian one in groups, which `join_phone.js` does too.

    >>> print(phone("+4915112345678"), ascii(phone("+79991234567")))
    +4915112345678 '+7\\xa0999\\xa0123\\u201145\\u201167'
    """
    found = _RUSSIAN_PHONE.fullmatch(written)
    if found is None:
        return written
    area, first, *rest = found.groups()
    return NO_BREAK_SPACE.join(("+7", area, NO_BREAK_HYPHEN.join((first, *rest))))


def phone_hidden(written: str) -> str:
    """Return a number as its owner knows it, and nobody who looks on learns it.

    >>> print(phone_hidden("+4915112345678"), phone_hidden("+79991234567")[-2:])
    +•••••••••••78 67
    """
    head = len("+7") if _RUSSIAN_PHONE.fullmatch(written) else len("+")
    text = phone(written)
    hidden = re.sub(r"\d", "•", text[head:-DIGITS_SHOWN])
    return f"{text[:head]}{hidden}{text[-DIGITS_SHOWN:]}"


def _kept_together(text: str) -> str:
    return text.replace(" ", NO_BREAK_SPACE).replace("\u202f", NO_BREAK_SPACE)
