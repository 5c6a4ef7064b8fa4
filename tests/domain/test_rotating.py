"""Digits that change with time, by the vectors of RFC 6238 and at the edges of a step."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.confirmations import Method
from chalicelib.domain.rotating import accepted_step, step_of, totp

KEY = b"12345678901234567890"
VECTORS = [  # RFC 6238, appendix B, SHA-1
    (59, "94287082"),
    (1_111_111_109, "07081804"),
    (1_111_111_111, "14050471"),
    (1_234_567_890, "89005924"),
    (2_000_000_000, "69279037"),
    (20_000_000_000, "65353130"),
]
HOTP = ("755224", "287082", "359152", "969429", "338314")  # RFC 4226, appendix D


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@pytest.mark.parametrize(("seconds", "digits"), VECTORS)
def test_the_vectors_of_the_standard(seconds: int, digits: str) -> None:
    assert totp(KEY, step_of(Method.TOTP, at(seconds)), digits=8) == digits


@pytest.mark.parametrize(("step", "digits"), list(enumerate(HOTP)))
def test_six_digits_are_those_of_the_older_standard(step: int, digits: str) -> None:
    assert totp(KEY, step) == digits


@pytest.mark.parametrize(("method", "period"), [(Method.TOTP, 30), (Method.ONE_TIME_CODE, 60)])
def test_a_step_lasts_to_its_last_instant(method: Method, period: int) -> None:
    assert step_of(method, at(period * 7)) == 7
    assert step_of(method, at(period * 8 - 0.001)) == 7


@pytest.mark.parametrize(
    ("shown", "accepted"),
    [(97, None), (98, None), (99, 99), (100, 100), (101, 101), (102, None)],
)
def test_a_clock_may_be_one_step_off(shown: int, accepted: int | None) -> None:
    assert accepted_step(KEY, totp(KEY, shown), 100) == accepted


def test_nothing_is_before_the_first_step() -> None:
    assert accepted_step(KEY, totp(KEY, 0), 0) == 0


@pytest.mark.parametrize("digits", ["", "12345", "1234567", "абвгде", "\ud800"])
def test_what_is_no_six_digits_is_no_code(digits: str) -> None:
    assert accepted_step(KEY, digits, 100) is None
