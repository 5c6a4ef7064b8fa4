"""Strict JSON: what a request may say before any rule looks at it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.api.models.members import BalanceQuery, LedgerQuery
from chalicelib.api.models.purchases import PurchaseBody
from chalicelib.api.parsing import (
    BadRequest,
    fingerprint,
    parse_json,
    validate,
    validate_query,
)

SALE: dict[str, Any] = {
    "member_id": "mem_1",
    "receipt_id": "r1",
    "channel": "offline",
    "lines": [{"quantity": "1", "unit_price_minor": 450}],
}


def refusal_of(raw: bytes, content_type: str | None = "application/json") -> str:
    with pytest.raises(BadRequest) as refused:
        parse_json(raw, content_type)
    return refused.value.code


def complaint_about(body: Any) -> BadRequest:
    with pytest.raises(BadRequest) as refused:
        validate(PurchaseBody, json.dumps(body).encode())
    return refused.value


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"nothing",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b'{"a": "\xff"}',
        b"\xff\xfe{\x00}\x00",
        b"[" * 21 + b"]" * 21,
        b"[" * 50_000,
        b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
        b"1" * 5_000,
    ],
)
def test_what_is_not_strict_json_is_malformed(raw: bytes) -> None:
    assert refusal_of(raw) == "malformed_json"


def test_twenty_levels_are_deep_enough() -> None:
    assert parse_json(b"[" * 20 + b"]" * 20, None) is not None


def test_many_shallow_objects_are_not_deep() -> None:
    assert len(parse_json(json.dumps([{}] * 1_000).encode(), None)) == 1_000


def test_a_body_over_64_kb_is_too_large() -> None:
    assert refusal_of(b'"' + b"a" * 65_535 + b'"') == "body_too_large"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/xml", "application/json; charset=latin-1"]
)
def test_another_media_type_is_refused(content_type: str) -> None:
    assert refusal_of(b"{}", content_type) == "unsupported_media_type"


@pytest.mark.parametrize(
    "content_type", [None, "application/json", "Application/JSON; charset=UTF-8"]
)
def test_json_may_come_without_a_media_type(content_type: str | None) -> None:
    assert parse_json(b"{}", content_type) == {}


def test_a_good_sale_is_read() -> None:
    sale = validate(
        PurchaseBody, json.dumps({**SALE, "at": "2026-06-15T12:00:00+03:00"}).encode()
    )

    assert sale.at is not None
    assert sale.at.isoformat() == "2026-06-15T09:00:00+00:00"
    assert sale.redeem.mode == "none"


def test_unknown_fields_are_pointed_at() -> None:
    complaint = complaint_about({**SALE, "lines": [{**SALE["lines"][0], "colour": "red"}]})

    assert complaint.code == "unknown_field"
    assert [error["pointer"] for error in complaint.errors] == ["/lines/0/colour"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("receipt_id", 7),
        ("receipt_id", ""),
        ("receipt_id", "a\nb"),
        ("receipt_id", "a\u202eb"),
        ("receipt_id", "a\ufffeb"),
        ("receipt_id", "x" * 65),
        ("member_id", ["mem_1"]),
        ("member_id", "\x00"),
        ("channel", "phone"),
        ("at", "2026-06-15"),
        ("at", "2026-06-15T12:00:00"),
        ("at", "2026-13-15T12:00:00Z"),
        ("at", "0001-01-01T00:00:00Z"),
        ("at", "9999-12-31T23:59:59-23:59"),
        ("at", 1_780_000_000),
        ("lines", []),
        ("lines", {}),
        ("lines", None),
        ("total_minor", 100),
        ("metadata", {f"k{n}": "v" for n in range(21)}),
        ("metadata", {"k": 1}),
        ("redeem", {"mode": "exact"}),
        ("redeem", {"mode": "none", "points": 5}),
        ("redeem", {"mode": "max", "points": -1}),
        ("redeem", {"mode": "max", "points": 10**9 + 1}),
        ("redeem", {"mode": "max", "points": True}),
        ("redeem", {"mode": "max", "points": 1.0}),
        ("redeem", "max"),
    ],
)
def test_a_wrong_value_is_bad_input(field: str, value: Any) -> None:
    assert complaint_about({**SALE, field: value}).code == "bad_input"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", 1),
        ("quantity", "0"),
        ("quantity", "0.000"),
        ("quantity", "-1"),
        ("quantity", "1.0001"),
        ("quantity", "1e3"),
        ("quantity", "٣"),
        ("quantity", "1000000"),
        ("unit_price_minor", -1),
        ("unit_price_minor", 10**12 + 1),
        ("unit_price_minor", "450"),
        ("unit_price_minor", 4.5),
        ("unit_price_minor", True),
        ("unit_price_minor", None),
    ],
)
def test_a_wrong_line_is_bad_input(field: str, value: Any) -> None:
    complaint = complaint_about({**SALE, "lines": [{**SALE["lines"][0], field: value}]})

    assert complaint.code == "bad_input"
    assert complaint.errors[0]["pointer"] == f"/lines/0/{field}"


def test_a_complaint_never_repeats_the_value() -> None:
    complaint = complaint_about({**SALE, "receipt_id": "secret\nvalue", "channel": "hidden"})

    assert "secret" not in str(complaint.errors)
    assert "hidden" not in str(complaint.errors)


def test_a_lone_surrogate_is_refused() -> None:
    raw = json.dumps({**SALE, "receipt_id": "\ud800"}).encode()
    parse_json(raw, None)

    with pytest.raises(BadRequest):
        validate(PurchaseBody, raw)


def test_key_order_and_spaces_do_not_change_a_fingerprint() -> None:
    one = fingerprint("POST", "/v1/x", {"a": 1, "b": [1, 2]})
    other = fingerprint("POST", "/v1/x", json.loads('{ "b": [1,2], "a": 1 }'))

    assert one == other


def test_another_path_is_another_fingerprint() -> None:
    assert fingerprint("POST", "/a", {}) != fingerprint("POST", "/b", {})


def test_query_numbers_are_read_from_their_text() -> None:
    assert validate_query(LedgerQuery, {"limit": ["7"]}).limit == 7


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"limit": ["0"]}, "bad_input"),
        ({"limit": ["101"]}, "bad_input"),
        ({"limit": ["many"]}, "bad_input"),
        ({"limit": ["1", "2"]}, "bad_input"),
        ({"cursor": ["x" * 513]}, "bad_input"),
        ({"colour": ["red"]}, "unknown_field"),
    ],
)
def test_wrong_query_parameters_are_refused(values: dict[str, list[str]], code: str) -> None:
    with pytest.raises(BadRequest) as refused:
        validate_query(LedgerQuery, values)

    assert refused.value.code == code


@pytest.mark.parametrize("day", ["2026-02-30", "20260615", "1899-12-31", "2100-01-01"])
def test_a_day_must_exist(day: str) -> None:
    with pytest.raises(BadRequest):
        validate_query(BalanceQuery, {"on": [day]})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: st.lists(children) | st.dictionaries(st.text(), children),
)


def code_of(raw: bytes) -> str | None:
    try:
        parse_json(raw, None)
        validate(PurchaseBody, raw)
    except BadRequest as refused:
        return refused.code
    return None


@given(_JSON)
def test_random_json_is_refused_as_no_sale(value: Any) -> None:
    code = code_of(json.dumps(value).encode())

    assert code in {"bad_input", "unknown_field", "malformed_json", "body_too_large"}


@given(st.binary())
def test_random_bytes_are_refused_as_no_sale(raw: bytes) -> None:
    assert code_of(raw) in {"bad_input", "unknown_field", "malformed_json"}
