"""The language of the office: asked for by a link, it stays with the browser."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from chalicelib.api.cookies import presented
from chalicelib.api.exchange import Answer, Call
from chalicelib.web.admin.visit import Visit
from chalicelib.wiring import services
from passes.wording import Language

NAME: Final = "kopilka-office-language"
_YEAR_SECONDS: Final = 365 * 24 * 3600
_SPOKEN: Final[Mapping[str, Language]] = {"ru": "ru", "en": "en"}


def language_of(call: Call[Any], query: Mapping[str, str]) -> Language:
    """Return what is asked for, else what was, else what the browser prefers."""
    kept = presented(call.method, call.path, call.path, call.headers, b"").cookies.get(NAME, "")
    asked = query.get("lang", "")
    return _SPOKEN.get(asked) or _SPOKEN.get(kept) or call.accepted_language or "ru"


def keeping(visit: Visit, answer: Answer) -> Answer:
    """Return the answer with the language that was asked for, to be remembered."""
    if visit.asked("lang") not in _SPOKEN:
        return answer
    secure = "; Secure" if services().settings.public_url.startswith("https://") else ""
    kept = (
        f"{NAME}={visit.language}; Path=/admin; Max-Age={_YEAR_SECONDS}; HttpOnly;"
        f" SameSite=Lax{secure}"
    )
    return replace(answer, cookies=(*answer.cookies, kept))
