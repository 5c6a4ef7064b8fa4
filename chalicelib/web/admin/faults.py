"""What is wrong with what was typed, by field, in the owner's language."""

import math
import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from chalicelib.domain.document_reader import unprintable
from chalicelib.domain.errors import DomainError
from chalicelib.ports import LimitReached
from chalicelib.web.admin.forms import Form
from chalicelib.web.admin.words import words_of
from chalicelib.web.admin.words.faults import FAULTS
from chalicelib.web.formats import plural
from passes.wording import Language

Errors = dict[str, str]
MINUTE_SECONDS: Final = 60


def fault_text(words: str, language: Language) -> str:
    """Return a domain's fault as a merchant reads it."""
    for pattern, russian, english in FAULTS:
        found = re.fullmatch(pattern, words)
        if found:
            text = russian if language == "ru" else english
            for number, part in enumerate(found.groups(), start=1):
                text = text.replace(f"%{number}", _said(part or "", language))
            return text
    return str(words_of(language)["fault_other"])


def _said(part: str, language: Language) -> str:
    """Return what a pattern caught; a contrast as it is written in the language."""
    is_ratio = language == "ru" and part.endswith(" : 1")
    return part.replace(".", ",") if is_ratio else part


def faults_by_field(faults: Iterable[tuple[str, str]], language: Language) -> Errors:
    """Return the first fault of every path."""
    found: Errors = {}
    for path, words in faults:
        found.setdefault(path, fault_text(words, language))
    return found


def refusal_text(refusal: DomainError, language: Language, **values: object) -> str:
    """Return a refusal as a sentence; of a code without words, that the value is no good."""
    words = words_of(language)
    text = str(words.get(f"error_{refusal.code}", words["fault_other"]))
    seconds = refusal.facts.get("retry_after_seconds")
    if isinstance(seconds, int):
        values = {**values, "when": span_text(seconds, language)}
    return text.format(**values) if values else text


def limit_text(reached: LimitReached, at: datetime, language: Language) -> str:
    """Return that too much was asked for, and until when."""
    seconds = max(1, math.ceil((reached.charge.ends_at - at).total_seconds()))
    text = str(words_of(language)["error_sign_in_locked"])
    return text.format(when=span_text(seconds, language))


def span_text(seconds: int, language: Language) -> str:
    r"""Write a span of time to wait, rounded up.

    >>> span_text(61, "en")
    '2\xa0minutes'
    """
    words = words_of(language)
    if seconds < MINUTE_SECONDS:
        return f"{seconds}\u00a0{plural(seconds, words['seconds'], language)}"
    minutes = -(-seconds // MINUTE_SECONDS)
    return f"{minutes}\u00a0{plural(minutes, words['minutes'], language)}"


def missing(form: Form, *names: str, language: Language) -> Errors:
    """Return an error for each field that was left empty."""
    text = str(words_of(language)["error_empty"])
    return {name: text for name in names if not form.has(name)}


def is_line(text: str) -> bool:
    """Return whether a text is one line that a page can show, as the API takes it.

    >>> is_line("Кофе\u00a0Лён"), is_line("a\u202eb")
    (True, False)
    """
    return not any(unprintable(text))


def whole(form: Form, name: str, minimum: int, maximum: int) -> int | None:
    """Return a whole number as people type it, with spaces; None if it is none."""
    digits = re.sub(r"[\s\u00a0\u202f]", "", form[name])
    if not digits.isascii() or not digits.isdecimal() or len(digits) > len(str(maximum)):
        return None
    number = int(digits)
    return number if minimum <= number <= maximum else None
