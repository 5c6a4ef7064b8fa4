"""Sessions by cookie: what a request presents, and whether it comes from our own pages.

| face   | over https                | on one machine over http | kept by the browser |
|--------|---------------------------|--------------------------|---------------------|
| till   | `__Host-kopilka-till`     | `kopilka-till`           | 400 days            |
| office | `__Host-kopilka-office`   | `kopilka-office`         | until it is closed  |

A cookie holds its merchant and a secret: `{merchant}.{secret}`. Cookies are HttpOnly and
SameSite=Strict. A request that changes something must say where it comes from (Sec-Fetch-Site,
or Origin from a browser too old for it) and carry the session's own token, which other sites
cannot read. Prefix `__Host-`: RFC 6265bis; Sec-Fetch-Site: W3C Fetch Metadata; read 2026-11.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote, urlsplit

from chalicelib.domain.sessions import DEVICE_LIFE, CsrfRefused, Face

COOKIE_HEADER_CHARS_MAX: Final = 8192
COOKIES_MAX: Final = 50
VALUE_CHARS_MAX: Final = 400
SAFE_METHODS: Final = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Presented:
    """What a request says of its caller."""

    authorization: str | None
    cookies: Mapping[str, str]
    method: str
    path: str
    route: str  # the template of the path
    csrf: str = ""
    origin: str = ""
    fetch_site: str = ""
    approval_id: str = ""
    operation: str = ""  # fingerprint: the same for a repeat of the same operation

    @property
    def is_safe(self) -> bool:
        """Return whether the request changes nothing."""
        return self.method in SAFE_METHODS


@dataclass(frozen=True, slots=True)
class Cookie:
    """A session's cookie, taken apart."""

    merchant_id: str
    secret: str


def presented(
    method: str, path: str, route: str, headers: Mapping[str, str], body: bytes
) -> Presented:
    """Return what a request says of its caller."""
    approval_id, operation = headers.get("approval-id", ""), ""
    if approval_id:
        # The body too: a key alone would let many calls that no write remembers be one.
        key, content = headers.get("idempotency-key", ""), hashlib.sha256(body).hexdigest()
        named = json.dumps([method, path, key, content])
        operation = hashlib.sha256(named.encode()).hexdigest()
    return Presented(
        authorization=headers.get("authorization"),
        cookies=_cookies(headers.get("cookie", "")),
        method=method,
        path=path,
        route=route,
        csrf=headers.get("x-csrf-token", ""),
        origin=headers.get("origin", ""),
        fetch_site=headers.get("sec-fetch-site", ""),
        approval_id=approval_id,
        operation=operation,
    )


def cookie_of(face: Face, found: Presented, public_url: str) -> Cookie | None:
    """Return the cookie of a face that the request carries, if it could be one of ours."""
    value = found.cookies.get(cookie_name(face, public_url), "")
    merchant, _, secret = value.rpartition(".")
    if not merchant or not secret or len(value) > VALUE_CHARS_MAX:
        return None
    return Cookie(unquote(merchant), secret)


def cookie_name(face: Face, public_url: str) -> str:
    """Return the name of a face's cookie; the prefix needs https."""
    return f"{'__Host-' if _is_https(public_url) else ''}kopilka-{face}"


def set_cookie(face: Face, merchant_id: str, secret: str, public_url: str) -> str:
    """Return the Set-Cookie that begins a session."""
    value = f"{quote(merchant_id, safe='')}.{secret}"
    age = f"; Max-Age={int(DEVICE_LIFE.total_seconds())}" if face is Face.TILL else ""
    return f"{cookie_name(face, public_url)}={value}{_attributes(public_url)}{age}"


def drop_cookie(face: Face, public_url: str) -> str:
    """Return the Set-Cookie that ends a session in the browser."""
    return f"{cookie_name(face, public_url)}={_attributes(public_url)}; Max-Age=0"


def refuse_other_sites(found: Presented, public_url: str) -> None:
    """Refuse what another site may have made a browser send. Raises CsrfRefused."""
    if found.is_safe:
        return
    if found.fetch_site:
        is_ours = found.fetch_site == "same-origin"
    else:
        is_ours = bool(found.origin) and found.origin == _origin(public_url)
    if not is_ours:
        raise CsrfRefused("the request does not come from a page of this service")


def is_own_token(found: Presented, token: str) -> bool:
    """Return whether the request carries the session's token, in constant time."""
    return hmac.compare_digest(found.csrf.encode("utf-8", "replace"), token.encode())


def _cookies(header: str) -> dict[str, str]:
    """Return the cookies of a header; of equal names the first, as browsers order them."""
    found: dict[str, str] = {}
    if not header:
        return found
    for pair in header[:COOKIE_HEADER_CHARS_MAX].split(";")[:COOKIES_MAX]:
        name, _, value = pair.strip().partition("=")
        found.setdefault(name, value)
    return found


def _attributes(public_url: str) -> str:
    secure = "; Secure" if _is_https(public_url) else ""
    return f"; Path=/; HttpOnly; SameSite=Strict{secure}"


def _is_https(public_url: str) -> bool:
    return public_url.startswith("https://")


def _origin(public_url: str) -> str:
    parts = urlsplit(public_url)
    return f"{parts.scheme}://{parts.netloc}"
