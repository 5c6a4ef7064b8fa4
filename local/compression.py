"""What API Gateway does to large answers, `minimum_compression_size` of `.chalice/config.json`.

A client that takes gzip gets it (RFC 9110, 12.5.3 and 15.4; API Gateway Developer Guide,
"Enable compression", read 2026-11). Pictures and fonts are compressed already.
"""

import gzip
import re
from functools import lru_cache
from typing import Final

BYTES_MIN: Final = 1024
FILES_KEPT: Final = 256  # files whose names change with what is in them
_KINDS: Final = re.compile(
    r"text/|image/svg\+xml|application/(json|javascript|wasm|[\w.-]+\+json)"
)
_NOT_AT_ALL: Final = re.compile(r"q=0(\.0*)?$")

Headers = list[tuple[str, str]]


def compress(headers: Headers, body: bytes, accepted: str) -> tuple[Headers, bytes]:
    """Return an answer's headers and body as the client takes them."""
    said = {name.lower(): value for name, value in headers}
    if not _is_worth_it(said, body):
        return headers, body
    varied = [*headers, ("Vary", "Accept-Encoding")]
    if not _takes_gzip(accepted):
        return varied, body
    is_kept = "immutable" in said.get("cache-control", "")
    smaller = _kept_gzip(body) if is_kept else _gzip(body)
    sized = [pair for pair in varied if pair[0].lower() != "content-length"]
    return [*sized, ("Content-Encoding", "gzip")], smaller


def _takes_gzip(accepted: str) -> bool:
    """Tell what an Accept-Encoding says; `gzip;q=0` is a no."""
    wishes = {
        name.strip().lower(): quality.replace(" ", "")
        for name, _, quality in (one.partition(";") for one in accepted.split(","))
    }
    wish = wishes.get("gzip", wishes.get("*"))
    return wish is not None and not _NOT_AT_ALL.match(wish)


def _is_worth_it(said: dict[str, str], body: bytes) -> bool:
    is_large = len(body) >= BYTES_MIN and "content-encoding" not in said
    return is_large and bool(_KINDS.match(said.get("content-type", "").lower()))


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, compresslevel=6, mtime=0)


_kept_gzip = lru_cache(FILES_KEPT)(_gzip)
