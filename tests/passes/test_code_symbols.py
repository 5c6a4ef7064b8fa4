"""The symbols of a card's code: each read back from its pixels."""

from string import ascii_uppercase, digits

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.pass_designs import Symbology
from passes.codes import RANDOM_BYTES, new_code
from passes.symbols import TEXT_CHARS_MAX, symbol
from tests.passes.symbols import pixels_of, scanned

KINDS = {
    Symbology.QR: "QRCode",
    Symbology.AZTEC: "Aztec",
    Symbology.PDF417: "PDF417",
    Symbology.CODE128: "Code128",
}


@pytest.mark.parametrize("symbology", Symbology)
@settings(max_examples=15, deadline=None, derandomize=True)
@given(randomness=st.binary(min_size=RANDOM_BYTES, max_size=RANDOM_BYTES))
def test_a_scanner_reads_the_code_that_was_drawn(
    symbology: Symbology, randomness: bytes
) -> None:
    code = new_code(randomness)

    found = scanned(pixels_of(symbol(code, symbology)))

    assert found == [(KINDS[symbology], code)]


@pytest.mark.parametrize(
    "text", [digits + ascii_uppercase, "".join(map(chr, range(32, 80))), "~}|{`_^]\\[@" + "a"]
)
def test_code_128_has_every_printable_character(text: str) -> None:
    found = scanned(pixels_of(symbol(text, Symbology.CODE128)))

    assert found == [("Code128", text)]


def test_a_symbol_says_how_many_modules_it_has() -> None:
    found = {one: symbol("L17Q2M8K4D9XAB", one) for one in Symbology}

    assert (found[Symbology.QR].width, found[Symbology.QR].height) == (21, 21)
    assert found[Symbology.QR].is_square
    assert found[Symbology.AZTEC].is_square
    assert not found[Symbology.PDF417].is_square
    assert found[Symbology.CODE128].width == 11 * (1 + 14 + 1) + 13


@pytest.mark.parametrize("text", ["", "A" * (TEXT_CHARS_MAX + 1), "L1Ж"])
@pytest.mark.parametrize("symbology", Symbology)
def test_what_is_no_code_is_not_drawn(symbology: Symbology, text: str) -> None:
    with pytest.raises(ValueError, match="ASCII"):
        symbol(text, symbology)


def test_code_128_has_no_control_characters() -> None:
    with pytest.raises(ValueError, match="printable"):
        symbol("L1\t", Symbology.CODE128)
