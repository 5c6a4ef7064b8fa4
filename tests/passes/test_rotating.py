"""Codes that change: how they are written, and how a scanner or a hand may give them."""

import pytest

from chalicelib.domain.confirmations import Method
from passes.codes import grouped, parse_code
from passes.rotating import PAYLOAD_LENGTH, ShownCode, parse_shown, payload_start

CODE = "L17Q2M8K4D9XAB"
GOOGLE, WEB = "L27Q2M8K4D9XAB123456", "L37Q2M8K4D9XAB000000"


@pytest.mark.parametrize(
    ("method", "payload"), [(Method.TOTP, GOOGLE), (Method.ONE_TIME_CODE, WEB)]
)
def test_a_payload_is_read_as_it_was_written(method: Method, payload: str) -> None:
    assert payload_start(method, CODE) == payload[:-6]
    assert len(payload) == PAYLOAD_LENGTH
    assert parse_shown(payload) == ShownCode(method, CODE, payload[-6:])


@pytest.mark.parametrize(
    "text",
    [
        GOOGLE.lower(),
        "L2 7Q2M 8K4D 9XAB 123 456",
        "L2-7Q2M-8K4D-9XAB-123-456\r",
        "\tl2\u00a07q2m8k4d9xab123456\r\n",
        "127Q2M8K4D9XAB123456",  # an L read as a 1
        "I27Q2M8K4D9XAB123456",
        "L27Q2M8K4D9X\u0410\u0412123456",  # the Cyrillic letters that look like A and B
    ],
)
def test_scanners_and_hands_may_write_it_so(text: str) -> None:
    assert parse_shown(text) == ShownCode(Method.TOTP, CODE, "123456")


@pytest.mark.parametrize(
    "text",
    [
        "",
        CODE,
        grouped(CODE),
        GOOGLE[:-1],
        GOOGLE + "7",
        "L17Q2M8K4D9XAB123456",  # a static code has no digits
        "L47Q2M8K4D9XAB123456",
        "L27Q2M8K4D9XAB12345O",
        "L27Q2M8K4D9XAB12345\u0661",
        "L27Q2M8K4D9X!B123456",
        "L2" + " " * 40 + "7Q2M8K4D9XAB123456",
    ],
)
def test_what_is_no_such_code_is_none(text: str) -> None:
    assert parse_shown(text) is None


@pytest.mark.parametrize("payload", [GOOGLE, WEB])
def test_a_code_that_changes_is_no_static_code(payload: str) -> None:
    assert parse_code(payload) is None
