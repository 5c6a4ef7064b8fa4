"""What people and broken tills really send, by what is wrong with it."""

DEEP = b'{"lines":' + b"[" * 5_000 + b"]" * 5_000 + b"}"
NOT_JSON = {
    "nothing": b"",
    "text": b"hello",
    "half": b'{"a": ',
    "nan": b'{"total_minor": NaN}',
    "infinity": b'{"total_minor": -Infinity}',
    "overflow": b'{"total_minor": 1e999}',
    "duplicate keys": b'{"total_minor": 1, "total_minor": 2}',
    "deep": DEEP,
    "latin-1": b'{"name": "\xe9"}',
    "utf-16": '{"a": 1}'.encode("utf-16"),
    "two values": b"{} {}",
}
WRONG_SHAPES = {
    "null": b"null",
    "number": b"5",
    "text": b'"text"',
    "true": b"true",
    "nested": b'{"a": {"b": {"c": [1, 2, {"d": null}]}}}',
    "proto": b'{"__proto__": {"x": 1}}',
    "huge number": b'{"x": ' + b"9" * 4_000 + b"}",
}
BAD_PURCHASES = {
    "negative total": {"total_minor": -1},
    "huge total": {"total_minor": 10**30},
    "total as text": {"total_minor": "100"},
    "total as float": {"total_minor": 100.0},
    "total as boolean": {"total_minor": True},
    "total and lines": {"lines": [{"quantity": "1", "unit_price_minor": 1}]},
    "no basket": {"total_minor": None},
    "no receipt": {"receipt_id": None},
    "empty receipt": {"receipt_id": ""},
    "long receipt": {"receipt_id": "r" * 65},
    "control characters": {"receipt_id": "r\x00\n1"},
    "unknown channel": {"channel": "phone"},
    "unknown field": {"discount": 5},
    "redeem without points": {"redeem": {"mode": "exact"}},
    "negative points": {"redeem": {"mode": "exact", "points": -5}},
    "unknown mode": {"redeem": {"mode": "all"}},
    "future": {"at": "2099-01-01T00:00:00Z"},
    "long ago": {"at": "2001-01-01T00:00:00Z"},
    "no zone": {"at": "2026-06-15T12:00:00"},
    "no such day": {"at": "2026-02-30T12:00:00Z"},
    "metadata nested": {"metadata": {"a": {"b": 1}}},
    "too much metadata": {"metadata": {f"k{n}": "v" for n in range(21)}},
}
BAD_LINES = {
    "no quantity": {"unit_price_minor": 1},
    "zero quantity": {"quantity": "0", "unit_price_minor": 1},
    "negative quantity": {"quantity": "-1", "unit_price_minor": 1},
    "quantity as number": {"quantity": 1, "unit_price_minor": 1},
    "four places": {"quantity": "0.1234", "unit_price_minor": 1},
    "exponent": {"quantity": "1e900000", "unit_price_minor": 1},
    "full-width digits": {"quantity": "１", "unit_price_minor": 1},
    "negative price": {"quantity": "1", "unit_price_minor": -1},
    "huge price": {"quantity": "1", "unit_price_minor": 10**13},
    "basket over the maximum": {"quantity": "999999", "unit_price_minor": 10**12},
    "unknown field": {"quantity": "1", "unit_price_minor": 1, "price": 2},
}
BAD_PROGRAMS = {
    "exponent": {"earn_percent": 1, "point_value": "1e900000"},
    "percent over 100": {"earn_percent": 101},
    "unknown zone": {"timezone": "Mars/Olympus"},
    "unknown key": {"earn": 5},
    "dead points": {"expiry_days": 5, "pending_days": 5},
}
