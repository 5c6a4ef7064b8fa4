"""Which exception is which problem: the only way from an error to an answer.

Refusals of the rules carry their own code; trouble outside becomes 503 and may be asked
again; all else is a bug: 500, logged by its place and never by its message.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from chalicelib.api.alternatives import alternatives
from chalicelib.api.auth import ScopeMissing, Unauthenticated
from chalicelib.api.exchange import Answer
from chalicelib.api.ids import purchase_id
from chalicelib.api.parsing import COMPLAINTS_MAX, BadRequest
from chalicelib.api.phones import PhoneNotAllowed
from chalicelib.api.problems import PROBLEMS, Problem
from chalicelib.domain.catalogue import CatalogueInvalid
from chalicelib.domain.confirmations import METHODS
from chalicelib.domain.design_document import InvalidDesign
from chalicelib.domain.errors import DomainError
from chalicelib.domain.pass_certificates import CertificateInvalid
from chalicelib.domain.program_document import InvalidProgram
from chalicelib.domain.promo_codes import PromoCodeRefused
from chalicelib.domain.till_rule import ConfirmationRequired
from chalicelib.ports import CommitConflict, LimitReached, StoreUnavailable
from chalicelib.usecases.card_tokens import PassUnknown
from chalicelib.usecases.write_once import ReceiptTaken
from chalicelib.wiring import services

CONTENT_TYPE = "application/problem+json"
TROUBLE_RETRY_SECONDS = 1
# Refusals that time cures, and after how many seconds another try makes sense.
_RETRY_SECONDS = {
    "too_many_codes": 3600,
    "code_locked": 60,
    "too_many_messages": 3600,
    "confirmation_locked": 3600,
    "claim_locked": 24 * 3600,
}

_UNLISTED = Problem(409, "Refused", "A rule refuses this.", "See `detail`.")


def answer_to(error: Exception, at: datetime | None) -> Answer | None:
    """Return the problem an expected error becomes; None for a bug."""
    if isinstance(error, BadRequest):
        return problem(error.code, str(error), errors=error.errors)
    if isinstance(error, DomainError):
        return _refused(error)
    if isinstance(error, Unauthenticated):
        return problem("unauthenticated", headers={"WWW-Authenticate": "Bearer"})
    if isinstance(error, ScopeMissing):
        return problem("scope_missing")
    if isinstance(error, LimitReached):
        return _limited(error, at)
    return _trouble(error)


def problem(
    code: str,
    detail: str = "",
    *,
    facts: Mapping[str, Any] | None = None,
    errors: Sequence[Mapping[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """Return the problem document of a code."""
    kind = PROBLEMS.get(code, _UNLISTED)
    body = {
        **(facts or {}),
        "type": f"{base_url()}/problems/{code}",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.cause,
        "code": code,
        "retryable": kind.is_retryable,
        "errors": list(errors),
    }
    return Answer(
        body=body,
        status=kind.status,
        headers=headers or {},
        content_type=CONTENT_TYPE,
        metric="Refused" if kind.status < 500 else "Failed",  # noqa: PLR2004
        code=code,
    )


def base_url() -> str:
    """Return where the problem pages are; nothing if not even the settings can be read."""
    try:
        return services().settings.public_url
    except Exception:  # noqa: BLE001  an error must be answered whatever is broken
        return ""


def _refused(error: DomainError) -> Answer:
    """Return a refusal with what its kind adds to the numbers."""
    facts: dict[str, Any] = dict(error.facts)
    headers: dict[str, str] = {}
    errors: list[dict[str, str]] = []
    if isinstance(error, InvalidProgram | InvalidDesign):
        faults = error.faults[:COMPLAINTS_MAX]
        errors = [{"pointer": path, "detail": words} for path, words in faults]
    if isinstance(error, CertificateInvalid):
        errors = [{"pointer": f"/{error.field}", "detail": str(error)}]
    if isinstance(error, PromoCodeRefused):
        errors = [{"pointer": f"/promo_codes/{error.place}", "detail": str(error)}]
    if isinstance(error, PhoneNotAllowed):
        facts["alternatives"] = alternatives()
    if isinstance(error, ConfirmationRequired):
        facts["methods"] = [str(method) for method in METHODS]
    if isinstance(error, CatalogueInvalid):
        errors = [_row_error(*fault) for fault in error.faults]
    if isinstance(error, PassUnknown):
        headers["WWW-Authenticate"] = "ApplePass"
    if isinstance(error, ReceiptTaken):
        facts["purchase_id"] = purchase_id(error.receipt.key)
    if seconds := facts.get("retry_after_seconds") or _RETRY_SECONDS.get(error.code):
        headers["Retry-After"] = str(seconds)
    return problem(error.code, str(error), facts=facts, errors=errors, headers=headers)


def _row_error(row: int, column: str, words: str) -> dict[str, str]:
    pointer = f"/{row}/{column}" if column else f"/{row}"
    return {"pointer": pointer, "row": str(row), "column": column, "detail": words}


def _limited(error: LimitReached, at: datetime | None) -> Answer:
    seconds = math.ceil((error.charge.ends_at - at).total_seconds()) if at else 1
    return problem("too_many_codes", headers={"Retry-After": str(max(1, seconds))})


def _trouble(error: Exception) -> Answer | None:
    if not isinstance(error, StoreUnavailable | CommitConflict):
        return None
    code = "busy" if isinstance(error, CommitConflict) else "unavailable"
    return problem(code, headers={"Retry-After": str(TROUBLE_RETRY_SECONDS)})
