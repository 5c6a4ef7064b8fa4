"""A program is read exactly, or refused with the path of every fault (R14 and R29 too)."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.money import scaled
from chalicelib.domain.program import EarnBase, Mode, Rate, ReturnPolicy
from chalicelib.domain.program_document import InvalidProgram, read_program
from tests.builders import document, program, rates, tiers


def paths(**fields: Any) -> list[str]:
    """Return the paths of what is wrong with a document."""
    with pytest.raises(InvalidProgram) as refused:
        read_program(document(**fields), 1)
    return [path for path, _ in refused.value.faults]


class TestReading:
    def test_an_empty_document_is_a_program_of_defaults(self) -> None:
        rules = read_program({}, 3)

        assert (rules.version, rules.currency, rules.zone.key) == (3, "RUB", "Europe/Moscow")
        assert (rules.mode, rules.earn_base) == (Mode.EARN_OR_REDEEM, EarnBase.NET_PAID)
        assert rules.return_policy is ReturnPolicy.UNLIMITED
        assert (rules.pending_days, rules.restore_grace_days, rules.hold_ttl_seconds) == (
            0,
            0,
            86_400,
        )
        assert rules.is_leap_day_on_28_february

    def test_percents_are_exact_to_four_decimals(self) -> None:
        assert program(earn_percent=7.5).flat == Rate(75_000, 500_000)
        assert program(earn_percent="0.0001").flat.earn_ppm == 1

    @pytest.mark.parametrize(
        ("currency", "text", "minor"),
        [("RUB", "12.34", 1_234), ("JPY", "12", 12), ("KWD", "1.234", 1_234)],
    )
    def test_money_is_of_the_currencys_minor_units(
        self, currency: str, text: str, minor: int
    ) -> None:
        assert program(currency=currency, min_money=text).min_money_minor == minor

    @pytest.mark.parametrize(
        ("text", "minor_per_point"),
        [
            ("1.00", (100, 1)),
            ("0.01", (1, 1)),
            ("7.50", (750, 1)),
            ("0.001", (1, 10)),
            ("100", (10_000, 1)),
        ],
    )
    def test_a_point_may_be_worth_any_amount(
        self, text: str, minor_per_point: tuple[int, int]
    ) -> None:
        assert program(point_value=text).point_value == minor_per_point

    def test_rates_go_by_tier_and_channel(self) -> None:
        table = rates(base=(5, 30), silver=(10, 40), gold=(15, 50))

        rules = program(tiers=tiers(), rates=table)

        assert rules.rates["gold"]["online"] == Rate(150_000, 500_000)


class TestRefusing:
    @pytest.mark.parametrize(
        ("fields", "path"),
        [
            ({"earn_percent": 101}, "/earn_percent"),
            ({"earn_percent": -1}, "/earn_percent"),
            ({"earn_percent": True}, "/earn_percent"),
            ({"earn_percent": "NaN"}, "/earn_percent"),
            ({"earn_percent": float("inf")}, "/earn_percent"),
            ({"earn_percent": 0.00001}, "/earn_percent"),
            ({"point_value": "0"}, "/point_value"),
            ({"point_value": "1e5"}, "/point_value"),
            ({"min_money": 1.5}, "/min_money"),
            ({"min_money": "0.001"}, "/min_money"),
            ({"min_money": "1e999999"}, "/min_money"),
            ({"min_money": "1e900000"}, "/min_money"),
            ({"timezone": "Mars/Olympus"}, "/timezone"),
            ({"timezone": "../../etc/passwd"}, "/timezone"),
            ({"mode": "both"}, "/mode"),
            ({"type": "barter"}, "/type"),
            ({"discount": 5}, "/discount"),
            ({"pending_days": "1"}, "/pending_days"),
            ({"hold_hours": 0}, "/hold_hours"),
            ({"expiry_days": 14, "pending_days": 14}, "/expiry_days"),
            ({"expiry_months": 1, "pending_days": 60}, "/expiry_months"),
            ({"expiry_days": 14, "expiry_months": 1}, "/expiry_months"),
            ({"tiers": tiers(window_days=367)}, "/tiers/window_days"),
            ({"tiers": tiers(window_days=0)}, "/tiers/window_days"),
            ({"tiers": tiers(compare="ge")}, "/tiers/compare"),
            ({"tiers": {"levels": []}}, "/tiers/levels"),
            (
                {"tiers": {"levels": [{"name": "a", "over": "5"}, {"name": "b", "over": "5"}]}},
                "/tiers/levels/1/over",
            ),
            (
                {"tiers": {"levels": [{"name": "a", "over": "0"}, {"name": "a", "over": "5"}]}},
                "/tiers/levels/1/name",
            ),
            ({"rates": rates(base=(1, 1))}, "/rates/base"),
            ({"tiers": tiers(), "rates": rates(base=(1, 1))}, "/rates/silver"),
            ({"step_accrual": {"per": "0", "points": 1}}, "/step_accrual/per"),
            ({"step_accrual": {"per": "10", "points": 0}}, "/step_accrual/points"),
            ({"margin_caps": {"low": 200}}, "/margin_caps/low"),
            ({"margin_caps": ["low"]}, "/margin_caps"),
            ({"anniversaries": {"birthday": {"points": 0}}}, "/anniversaries/birthday/points"),
            ({"category_rates": {"tea": {"earn": 5}}}, "/category_rates/tea/redeem"),
            ({"category_rates": {"tea/mint": {"earn": 5}}}, "/category_rates/tea~1mint/redeem"),
            ({"leap_day": "never"}, "/leap_day"),
        ],
    )
    def test_names_the_place(self, fields: dict[str, Any], path: str) -> None:
        assert path in paths(**fields)

    def test_names_every_fault_and_no_other(self) -> None:
        found = paths(earn_percent=101, mode="both", window=3)

        assert sorted(found) == ["/earn_percent", "/mode", "/window"]

    def test_an_unknown_time_zone_is_the_only_fault_of_its_document(self) -> None:
        assert paths(timezone="Mars/Olympus") == ["/timezone"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = (
    *("type", "title", "currency", "timezone", "point_value", "mode", "earn_base", "tiers"),
    *("rates", "category_rates", "earn_percent", "step_accrual", "margin_caps", "unknown"),
    *("pending_days", "expiry_days", "expiry_months", "return_policy", "reminder_days"),
    *("min_money", "hold_hours", "anniversaries", "leap_day"),
    *("referral", "welcome_points", "actions", "benefits", "gift_card"),
)
FIELDS = st.sampled_from(NAMES)


@given(st.dictionaries(FIELDS, JSON, max_size=4))
def test_any_document_is_a_program_or_is_refused_with_a_path(fields: dict[str, Any]) -> None:
    faults: tuple[tuple[str, str], ...] = ()
    version = 0

    try:
        version = read_program(fields, 1).version
    except InvalidProgram as refused:
        faults = refused.faults

    assert version == 1 or faults
    assert all(path.startswith("/") and words for path, words in faults)


@given(st.integers(0, 10**12), st.integers(0, 6))
def test_a_number_is_read_as_it_is_written(whole: int, digits: int) -> None:
    text = f"{whole:0{digits + 1}d}"
    written = f"{text[:-digits]}.{text[-digits:]}" if digits else text

    assert scaled(written, digits, maximum=10**12) == whole


NOT_NUMBERS = (
    *["", " 5", "5 ", "1_000", "+5", "-5", "1e3", "１２", "5.", ".5", "NaN", "Infinity"],
    *["0x1", "5.001", "1" * 5_000, "1." + "0" * 27 + "1", "1e999999", None, 1.5, True],
)


@pytest.mark.parametrize("text", NOT_NUMBERS)
def test_what_is_not_a_plain_number_is_none(text: object) -> None:
    assert scaled(text, 2, maximum=10**12) is None
