"""The words of a receipt's reasons, for a customer, in Russian and in English.

The engine gives rule codes and numbers (R51); here they become a sentence. The rules are
listed in `domain/pricing.py`; a test holds both lists together. Merchants' names (tiers,
categories) are put in as they are, a template's categories by the language's own words:
text is never a template.
"""

from collections.abc import Callable
from functools import lru_cache

from chalicelib.api.category_names import category_name
from chalicelib.domain.money import currency_exponent
from chalicelib.domain.receipts import Receipt, Why
from passes.wording import Language, number_text, percent_text, points_text

MoneyWriter = Callable[[int, str, Language], str]  # of minor units in a currency

SENTENCES_MAX = 1024  # kept: a program has some dozens of rates and names
_NO_BREAK_SPACE = "\u00a0"
_SYMBOLS = {"RUB": "₽", "USD": "$", "EUR": "€", "GBP": "£", "KZT": "₸", "BYN": "Br", "UAH": "₴"}

# rule → words; %p percent, %n name, %a money, %t points, %x times,
# %m points that were added to the rate's; what was priced by earlier versions does not tell
RULES: dict[str, dict[Language, str]] = {
    "earn.tier_rate": {"ru": "Уровень «%n»: %p баллами", "en": "Tier %n: %p in points"},
    "earn.category_rate": {"ru": "Категория «%n»: %p баллами", "en": "%n: %p in points"},
    "earn.flat_rate": {"ru": "%p баллами", "en": "%p in points"},
    "earn.step": {"ru": "Баллы за каждые %a", "en": "Points for each %a"},
    "earn.category_unlisted": {
        "ru": "За эту категорию баллы не начисляются",
        "en": "This category earns no points",
    },
    "earn.margin_cap": {
        "ru": "На этот товар не больше %p баллами",
        "en": "At most %p in points on this item",
    },
    "earn.redeeming_receipt": {
        "ru": "В чеке со списанием баллы не начисляются",
        "en": "A receipt paid in part with points earns none",
    },
    "earn.promotion_multiplier": {
        "ru": "Акция «%n»: баллы × %x%m",
        "en": "%n: points × %x%m",
    },
    "earn.promotion_percent": {
        "ru": "Акция «%n»: ещё %p баллами%m",
        "en": "%n: %p more in points%m",
    },
    "earn.promotion_points": {"ru": "Акция «%n»: %t", "en": "%n: %t"},
    "earn.bundle": {"ru": "Набор «%n»: %t", "en": "Bundle %n: %t"},
    "free.stamps": {"ru": "Бесплатно по штампам: %a", "en": "Free by stamps: %a"},
    "stamps.collected": {"ru": "Штамп за каждую единицу", "en": "A stamp for each unit"},
    "discount.fixed": {"ru": "Скидка по карте %p: %a", "en": "Card discount %p: %a"},
    "discount.category": {
        "ru": "Скидка на «%n» %p: %a",
        "en": "Discount on %n, %p: %a",
    },
    "discount.turnover": {
        "ru": "Накопительная скидка %p: %a",
        "en": "Discount for purchases %p: %a",
    },
    "discount.bundle": {"ru": "Набор «%n»: скидка %a", "en": "Bundle %n: %a off"},
    "discount.promotion": {
        "ru": "Акция «%n»: скидка %p, %a",
        "en": "%n: %p off, %a",
    },
    "earn.coupon_multiplier": {
        "ru": "Купон «%n»: баллы × %x%m",
        "en": "Coupon %n: points × %x%m",
    },
    "earn.coupon_percent": {
        "ru": "Купон «%n»: ещё %p баллами%m",
        "en": "Coupon %n: %p more in points%m",
    },
    "earn.coupon_points": {"ru": "Купон «%n»: %t", "en": "Coupon %n: %t"},
    "discount.coupon": {"ru": "Купон «%n»: скидка %a", "en": "Coupon %n: %a off"},
    "earn.gift_card_sale": {
        "ru": "За подарочную карту баллы не начисляются",
        "en": "A gift card earns no points",
    },
    "excluded.goods": {
        "ru": "Товар не участвует в программе",
        "en": "Not part of the program",
    },
    "redeem.tier_rate": {
        "ru": "Уровень «%n»: баллами до %p",
        "en": "Tier %n: up to %p may be paid in points",
    },
    "redeem.category_rate": {
        "ru": "Категория «%n»: баллами до %p",
        "en": "%n: up to %p may be paid in points",
    },
    "redeem.flat_rate": {"ru": "Баллами до %p", "en": "Up to %p may be paid in points"},
    "redeem.category_unlisted": {
        "ru": "Эту категорию нельзя оплатить баллами",
        "en": "This category cannot be paid in points",
    },
    "redeem.margin_cap": {
        "ru": "Этот товар: баллами не больше %p",
        "en": "At most %p of this item may be paid in points",
    },
    "redeem.receipt_minimum": {
        "ru": "Баллами можно платить в чеке от %a",
        "en": "Points may pay from a receipt of %a",
    },
    "redeem.money_minimum": {
        "ru": "Не меньше %a оплачивается деньгами",
        "en": "At least %a is to be paid in money",
    },
    "discount.moved": {
        "ru": "Оплачено баллами до переноса чека: %a",
        "en": "Paid in points before the receipt was moved: %a",
    },
}
_OF_NOTHING: dict[str, dict[Language, str]] = {  # instead, where the cap is 0
    "earn.margin_cap": {
        "ru": "За этот товар баллы не начисляются",
        "en": "This item earns no points",
    },
    "redeem.margin_cap": {
        "ru": "Этот товар нельзя оплатить баллами",
        "en": "This item cannot be paid in points",
    },
}
_UNKNOWN: dict[Language, str] = {"ru": "Правило программы", "en": "A rule of the program"}


def why_text(
    why: Why, *, currency: str, language: Language, money: MoneyWriter | None = None
) -> str:
    """Return the reason as a sentence; pages write money their own way.

    >>> why_text(Why("earn.flat_rate", 10, percent_ppm=50_000), currency="RUB", language="en")
    '5% in points'
    """
    return _sentence(
        why.rule,
        why.percent_ppm or 0,
        why.amount_minor or 0,
        why.points,
        _called(why, language),
        currency=currency,
        language=language,
        money=money or money_text,
    )


def _called(why: Why, language: Language) -> str:
    name = why.name or ""
    return category_name(name, language) if "category" in why.rule else name


@lru_cache(maxsize=SENTENCES_MAX)
def _sentence(
    rule: str,
    percent_ppm: int,
    amount_minor: int,
    points: int | None,
    name: str,
    *,
    currency: str,
    language: Language,
    money: MoneyWriter,
) -> str:
    words = None if percent_ppm else _OF_NOTHING.get(rule)
    text = (words or RULES.get(rule, _UNKNOWN))[language]
    text = text.replace("%p", percent_text(percent_ppm, language))
    text = text.replace("%a", money(amount_minor, currency, language))
    text = text.replace("%x", times_text(percent_ppm, language))
    text = text.replace("%m", "" if points is None else " (+%t)")
    text = text.replace("%t", points_text(points or 0, language))
    return text.replace("%n", name)  # last: a merchant's text may contain the others


def times_text(ppm: int, language: Language) -> str:
    """Return millionths as a plain number.

    >>> times_text(2_000_000, "en"), times_text(1_500_000, "ru")
    ('2', '1,5')
    """
    whole, part = divmod(ppm, 1_000_000)
    text = f"{whole}.{part:06d}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if language == "ru" else text


def money_text(minor: int, currency: str, language: Language) -> str:
    """Return an amount as people write it.

    >>> money_text(123450, "USD", "en"), money_text(30000, "RUB", "ru")
    ('$1,234.50', '300,00\\xa0₽')
    """
    digits = currency_exponent(currency)
    whole, part = divmod(minor, 10**digits)
    symbol = _SYMBOLS.get(currency, currency)
    point = "," if language == "ru" else "."
    text = number_text(whole, language) + (f"{point}{part:0{digits}d}" if digits else "")
    if language == "ru" or symbol == currency:
        return f"{text}{_NO_BREAK_SPACE}{symbol}"
    return f"{symbol}{text}"


def short_money_text(minor: int, currency: str, language: Language) -> str:
    """Return an amount where room is short: minor units only where there are any.

    >>> short_money_text(3_500_000, "RUB", "ru"), short_money_text(123450, "USD", "en")
    ('35\\xa0000\\xa0₽', '$1,234.50')
    """
    text, digits = money_text(minor, currency, language), currency_exponent(currency)
    none = ("," if language == "ru" else ".") + "0" * digits
    return text.replace(none, "") if digits and not minor % 10**digits else text


def receipt_text(receipt: Receipt, *, language: Language) -> str:
    """Return what the till prints under a receipt: points used, earned, and the balance."""
    words = _RECEIPT[language]
    lines = []
    if receipt.redeemed:
        lines.append(f"{words[0]}: {points_text(receipt.redeemed, language)}")
    if receipt.earned:
        lines.append(f"{words[1]}: {points_text(receipt.earned, language)}")
    if receipt.balance:
        lines.append(f"{words[2]}: {points_text(receipt.balance.available, language)}")
    return "\n".join(lines)


_RECEIPT: dict[Language, tuple[str, str, str]] = {
    "ru": ("Списано", "Начислено", "На карте"),
    "en": ("Redeemed", "Earned", "Balance"),
}
