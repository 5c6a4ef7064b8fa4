"""The currencies there are, and how many minor digits each has."""

import re

import pytest

from chalicelib.domain.currencies import EXPONENTS

IN_USE = 156  # 16 without minor units, 7 with thousandths, the rest with hundredths


@pytest.mark.parametrize(
    ("digits", "currencies"),
    [
        (0, "ISK JPY KRW UGX VND CLP PYG XAF XOF"),
        (2, "RUB USD EUR KZT UAH BYN UZS AMD GEL KGS HUF MGA MRU UYU XCG ZWG"),
        (3, "BHD IQD JOD KWD LYD OMR TND"),
    ],
)
def test_minor_digits_are_those_of_the_list(digits: int, currencies: str) -> None:
    found = {name: EXPONENTS[name] for name in currencies.split()}

    assert set(found.values()) == {digits}


@pytest.mark.parametrize(
    "code", ["XAU", "XDR", "XXX", "XTS", "CLF", "UYI", "UYW", "USN", "CHE", "BOV", "MXV", "COU"]
)
def test_metals_funds_and_units_of_account_are_no_currencies(code: str) -> None:
    assert code not in EXPONENTS


def test_each_is_three_letters_and_stands_in_one_row_only() -> None:
    counted = [list(EXPONENTS.values()).count(digits) for digits in (0, 2, 3)]

    assert all(re.fullmatch("[A-Z]{3}", code) for code in EXPONENTS)
    assert counted == [16, IN_USE - 16 - 7, 7]
