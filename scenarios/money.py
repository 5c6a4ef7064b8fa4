"""Money as people write it ("2400.00") and as the API takes it (minor units).

Exponents: ISO 4217, list one, read 2026-11; every currency that is not named has two.
"""

from decimal import Decimal, InvalidOperation

_EXPONENTS = {
    **dict.fromkeys(("CLP", "ISK", "JPY", "KRW", "PYG", "UGX", "VND", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
}
_EXPONENT_USUAL = 2


def exponent(currency: str) -> int:
    """Return how many decimal places the currency has."""
    return _EXPONENTS.get(currency.upper(), _EXPONENT_USUAL)


def minor_units(text: object, currency: str) -> int:
    """Return the whole minor units that a decimal string says.

    >>> minor_units("2400.00", "RUB"), minor_units("0.01", "USD"), minor_units("7", "JPY")
    (240000, 1, 7)

    Raises:
        ValueError: it is no such string, or finer than the currency's smallest unit.
    """
    if not isinstance(text, str):
        raise ValueError(f"money must be a decimal string, not {text!r}")
    try:
        scaled = Decimal(text).scaleb(exponent(currency))
    except InvalidOperation as error:
        raise ValueError(f"{text!r} is not an amount of money") from error
    if not scaled.is_finite() or scaled != scaled.to_integral_value():
        raise ValueError(f"{text!r} is not a whole number of the smallest unit of {currency}")
    return int(scaled)


def money(minor: int, currency: str) -> str:
    """Return minor units as a decimal string.

    >>> money(240000, "RUB"), money(-1, "USD"), money(7, "JPY")
    ('2400.00', '-0.01', '7')
    """
    return str(Decimal(minor).scaleb(-exponent(currency)))
