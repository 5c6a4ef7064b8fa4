"""What is compressed, for whom; and that nothing else is touched."""

import gzip

import pytest

from local.compression import BYTES_MIN, compress

TEXT = b"a" * BYTES_MIN


@pytest.mark.parametrize(
    "kind",
    [
        "text/css; charset=utf-8",
        "text/javascript",
        "application/json",
        "application/problem+json",
        "application/manifest+json",
        "application/wasm",
        "image/svg+xml",
    ],
)
def test_text_in_every_form_is_compressed(kind: str) -> None:
    headers, body = compress([("Content-Type", kind)], TEXT, "gzip, deflate, br")

    assert gzip.decompress(body) == TEXT
    assert ("Content-Encoding", "gzip") in headers


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ([("Content-Type", "image/png")], TEXT),
        ([("Content-Type", "font/woff2")], TEXT),
        ([("Content-Type", "application/vnd.apple.pkpass")], TEXT),
        ([("Content-Type", "text/css")], TEXT[1:]),
        ([("Content-Type", "text/css"), ("Content-Encoding", "br")], TEXT),
        ([], TEXT),
    ],
    ids=["picture", "font", "pass", "short", "encoded", "unknown"],
)
def test_what_would_not_become_smaller_is_left(
    headers: list[tuple[str, str]], body: bytes
) -> None:
    assert compress(headers, body, "gzip") == (headers, body)


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "gzip; q=0.0, *"])
def test_who_does_not_take_gzip_gets_it_plain(accepted: str) -> None:
    headers, body = compress([("Content-Type", "text/css")], TEXT, accepted)

    assert (body, ("Vary", "Accept-Encoding") in headers) == (TEXT, True)
    assert "Content-Encoding" not in dict(headers)


@pytest.mark.parametrize("accepted", ["gzip", "GZIP", "br, gzip;q=0.5", "*", "*;q=0.1"])
def test_who_takes_gzip_gets_it(accepted: str) -> None:
    headers, body = compress([("Content-Type", "text/css")], TEXT, accepted)

    assert (gzip.decompress(body), dict(headers)["Content-Encoding"]) == (TEXT, "gzip")


def test_the_length_of_what_was_is_not_said() -> None:
    said = [("Content-Type", "text/css"), ("content-length", str(len(TEXT)))]

    headers, _ = compress(said, TEXT, "gzip")

    assert "content-length" not in {name.lower() for name, _ in headers}


def test_a_file_that_never_changes_is_compressed_once() -> None:
    said = [("Content-Type", "text/css"), ("Cache-Control", "max-age=31536000, immutable")]

    _, first = compress(said, TEXT, "gzip")
    _, second = compress(said, bytes(bytearray(TEXT)), "gzip")

    assert first is second
