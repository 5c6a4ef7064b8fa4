"""The code of a gift card: random, checked, and readable from any hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.gift_codes import new_code, read_code

CODE = "CCAZ-8R3P-FBQX-0GXJ-9"
OF_LOOKALIKES = "01AB-CEHK-MPTX-2346-0"
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
    typed = f"{CODE:40}"

    assert (read_code(typed), read_code(f"{typed} ")) == (CODE, None)


@pytest.mark.parametrize(
    ("typed", "symbol"),
    [
        ("O", "0"), ("I", "1"), ("L", "1"),
        # Cyrillic
        ("\u0410", "A"), ("\u0412", "B"), ("\u0421", "C"), ("\u0415", "E"),
        ("\u041d", "H"), ("\u041a", "K"), ("\u041c", "M"), ("\u041e", "0"),
        ("\u0420", "P"), ("\u0422", "T"), ("\u0425", "X"),
    ],
)  # fmt: skip
def test_a_lookalike_is_read_as_its_symbol(typed: str, symbol: str) -> None:
    text = OF_LOOKALIKES.replace(symbol, typed)

    assert read_code(text) == read_code(text.lower()) == OF_LOOKALIKES


@pytest.mark.parametrize(
    "space",
    [" ", "\t", "\r", "\n", "\u00a0", "-", *"\u2010\u2011\u2012\u2013\u2014\u2212"],
)
def test_every_space_and_hyphen_is_left_out(space: str) -> None:
    assert read_code(CODE.replace("-", space)) == CODE
