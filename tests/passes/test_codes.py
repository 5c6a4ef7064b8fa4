"""Card codes: made, printed, and read back from scanners and hands."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from passes.codes import RANDOM_BYTES, grouped, new_code, parse_code

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE = "L17Q2M8K4D9XAB"

codes = st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES).map(new_code)
bodies = st.text(ALPHABET, min_size=12, max_size=12)


@pytest.mark.parametrize(
    "typed",
    [
        "L17Q2M8K4D9XAB",
        "l17q2m8k4d9xab",
        "7Q2M8K4D9XAB",
        "7q2m-8k4d-9xab",
        "7Q2M-8K4D-9XAB-9",
        "  7Q2M 8K4D 9XAB 9\r\n",
        "L1 7Q2M-8K4D-9XAB-9",
        "7Q2M\u20118K4D\u20139XAB",
        "7Q2\u041c-8\u041a4D-9\u0425\u0410\u0412",  # typed on a Russian keyboard
    ],
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert parse_code(typed) == CODE


def test_o_is_zero_and_i_and_l_are_one() -> None:
    assert parse_code("OoIiLl234567") == "L1001111234567"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "7Q2M-8K4D-9XA",
        "7Q2M-8K4D-9XAB-8",
        "7Q2M-8K4D-9XAU",
        "X17Q2M8K4D9XAB",
        "7Q2M-8K4D-9XAB-9-9-9",
        "+7 912 345-67-89",
        "7" * 1000,
        "\U0001d7d87Q2M8K4D9XA",
    ],
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert parse_code(typed) is None


@given(codes)
def test_a_code_survives_being_printed_and_typed(code: str) -> None:
    assert parse_code(grouped(code)) == code
    assert parse_code(grouped(code).replace("-", " ").lower()) == code
    assert parse_code(code) == code


@given(codes)
def test_a_new_code_is_printed_in_plain_letters_and_digits(code: str) -> None:
    printed = grouped(code).replace("-", "")

    assert len(printed) == 13
    assert set(printed) <= set(ALPHABET)


@given(bodies, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_the_check_symbol_finds_any_single_wrong_symbol(
    body: str, position: int, wrong: str
) -> None:
    assume(body[position] != wrong)
    check = grouped(body)[-1]

    assert parse_code(body[:position] + wrong + body[position + 1 :] + check) is None


@given(bodies, st.integers(0, 10))
def test_the_check_symbol_finds_any_swap_of_neighbours(body: str, position: int) -> None:
    swapped = body[:position] + body[position + 1] + body[position] + body[position + 2 :]
    assume(swapped != body)

    assert parse_code(swapped + grouped(body)[-1]) is None


@given(st.text(max_size=50))
def test_any_text_is_a_code_or_none(typed: str) -> None:
    code = parse_code(typed)

    assert code is None or (code.startswith("L1") and len(code) == 14)


def test_too_little_randomness_is_refused() -> None:
    with pytest.raises(ValueError, match="16 random bytes"):
        new_code(b"\0" * 15)
