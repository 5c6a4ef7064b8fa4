"""The code of a gift card: random, checked, and readable from any hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.gift_codes import TYPED_LENGTH_MAX, new_code, read_code

CODE = "CCAZ-8R3P-FBQX-0GXJ-9"
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
numbers = st.integers(0, 2**256 - 1)


@given(numbers)
def test_a_code_has_sixteen_symbols_and_a_check_and_reads_as_itself(number: int) -> None:
    code = new_code(number)

    assert [len(group) for group in code.split("-")] == [4, 4, 4, 4, 1]
    assert set(code) <= {*SYMBOLS, "-"}
    assert read_code(code) == code


@given(numbers, st.integers(0, 16), st.sampled_from(SYMBOLS))
def test_every_wrong_symbol_is_found(number: int, place: int, symbol: str) -> None:
    symbols = list(new_code(number).replace("-", ""))
    is_changed = symbols[place] != symbol
    symbols[place] = symbol

    assert (read_code("".join(symbols)) is None) == is_changed


@given(numbers, st.integers(0, 14))
def test_every_swap_of_neighbours_is_found(number: int, place: int) -> None:
    symbols = list(new_code(number).replace("-", ""))
    is_changed = symbols[place] != symbols[place + 1]
    symbols[place], symbols[place + 1] = symbols[place + 1], symbols[place]

    assert (read_code("".join(symbols)) is None) == is_changed


@pytest.mark.parametrize(
    "text",
    [
        "ccaz8r3pfbqx0gxj9",
        " CCAZ 8R3P\u00a0FBQX\t0GXJ 9\r\n",
        "CCAZ–8R3P–FBQX–0GXJ–9",
        "CCAZ-8R3P-FBQX-OGXJ-9",  # a letter O
        "ССАZ-8R3Р-FВQХ-ОGXJ-9",  # Cyrillic С, А, Р, В, Х, О
    ],
)
def test_spelling_does_not_matter(text: str) -> None:
    assert read_code(text) == CODE


@pytest.mark.parametrize(
    "text", ["", "CCAZ", CODE[:-2], f"{CODE}9", "C" * 41, "CCAZ-8R3P-FBQX-0GXJ-~", "код"]
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_code(text) is None


def test_forty_symbols_may_be_typed_and_no_more() -> None:
    typed = CODE + " " * (TYPED_LENGTH_MAX - len(CODE))

    assert (read_code(typed), read_code(f"{typed} ")) == (CODE, None)
