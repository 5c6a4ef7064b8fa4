"""What is asked of Google for one object: the class, the object, the news on it.

Whoever calls has the row (`google_wallet.py`). Every request takes one of the second's that
all processes share.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

from chalicelib.domain.google_objects import (
    GoogleObject,
    SentClass,
    notices_left,
    recent_notices,
)
from chalicelib.ports import (
    AnswerKind,
    Clock,
    GoogleAnswer,
    GoogleApi,
    GoogleObjects,
    GoogleRates,
    Pacer,
    PassHolders,
)

LEASE: Final = timedelta(seconds=90)
PUT_TIME_MAX: Final = timedelta(seconds=45)  # of one call of `GoogleApi`, all told
# While a shopper waits, and the answer must be there before API Gateway gives up.
LEASE_ATTENDED: Final = timedelta(seconds=20)
PUT_TIME_MAX_ATTENDED: Final = timedelta(seconds=15)
SHAPE_CHARS: Final = 12

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Notice:
    """A message on the object, which rings if it may and the member wants it."""

    body: Mapping[str, Any]  # Google's `Message`, without its type
    is_quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What Google should have of a member, as of one look."""

    version: int  # of the pass
    account_version: int
    object_body: Mapping[str, Any]
    class_body: Mapping[str, Any]
    look_revision: int
    notices: tuple[Notice, ...] = ()
    is_void: bool = False  # the member has gone: it is the last that is sent

    @property
    def shape(self) -> str:
        """Return what tells which fields the object has, whatever stands in them.

        A change leaves what it does not name: fields that went must be sent away whole.
        """
        fields = " ".join(sorted(_fields(self.object_body)))
        return sha256(fields.encode()).hexdigest()[:SHAPE_CHARS]


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectDesk:
    """What objects are sent with. `draw` answers None for a member with nothing to show."""

    objects: GoogleObjects
    holders: PassHolders  # whom a new look must reach
    google: GoogleApi
    rates: GoogleRates
    pacer: Pacer
    clock: Clock
    draw: Callable[[GoogleObject, datetime], Drawn | None]
    lease: timedelta = LEASE
    put_time: timedelta = PUT_TIME_MAX


def put(claimed: GoogleObject, drawn: Drawn, desk: ObjectDesk, rate: int) -> GoogleAnswer:
    """Send class and object."""
    answer = _put_class(claimed.member.merchant_id, drawn, desk, rate, is_gone=False)
    if answer.kind is AnswerKind.DONE:
        answer = _put_object(claimed, drawn, desk, rate)
    if answer.kind is AnswerKind.MISSING and drawn.class_body:  # Google has lost the class
        answer = _put_class(claimed.member.merchant_id, drawn, desk, rate, is_gone=True)
        if answer.kind is AnswerKind.DONE:
            answer = _put_object(claimed, drawn, desk, rate)
    if answer.kind is AnswerKind.MISSING:
        _alarm(answer)
    return answer


def _put_object(
    claimed: GoogleObject, drawn: Drawn, desk: ObjectDesk, rate: int
) -> GoogleAnswer:
    assert claimed.lease_until is not None, "claimed"
    if not _may_ask(desk, rate):
        return GoogleAnswer(AnswerKind.RETRY, reason="our own allowance is used up")
    if desk.clock.now() + desk.put_time > claimed.lease_until:
        return GoogleAnswer(AnswerKind.RETRY, reason="the lease is too short by now")
    return _heard(
        desk.google.put_object(
            drawn.object_body,
            is_new=not claimed.sent_version,
            is_whole=bool(claimed.shape) and claimed.shape != drawn.shape,
        )
    )


def _put_class(
    merchant_id: str, drawn: Drawn, desk: ObjectDesk, rate: int, *, is_gone: bool
) -> GoogleAnswer:
    """Send the class if it is not what was sent last; never that of an older look."""
    done = GoogleAnswer(AnswerKind.DONE)
    body = json.dumps(drawn.class_body, sort_keys=True)
    wanted = SentClass(drawn.look_revision, sha256(body.encode()).hexdigest())
    sent = desk.objects.sent_class(merchant_id)
    if sent is not None and not is_gone and _is_current(sent, wanted):
        return done
    at = desk.clock.now()
    if not desk.objects.claim_class(merchant_id, at, at + desk.lease):
        return (
            done if sent else GoogleAnswer(AnswerKind.RETRY, reason="the class is being made")
        )
    answer = GoogleAnswer(AnswerKind.RETRY, reason="our own allowance is used up")
    if _may_ask(desk, rate):
        answer = _heard(desk.google.put_class(drawn.class_body, is_new=sent is None))
    is_done = answer.kind is AnswerKind.DONE
    desk.objects.settle_class(merchant_id, wanted if is_done else None)
    return answer


def _is_current(sent: SentClass, wanted: SentClass) -> bool:
    return sent == wanted or sent.revision > wanted.revision


def tell(
    after: GoogleObject, drawn: Drawn, desk: ObjectDesk, rate: int
) -> tuple[GoogleObject, AnswerKind]:
    """Add the news to the object; aloud while Google lets it ring."""
    at = desk.clock.now()
    object_id = str(drawn.object_body["id"])
    notices = recent_notices(after.notices, at)
    for notice in drawn.notices:
        if not _may_ask(desk, rate):
            return replace(after, notices=notices), AnswerKind.RETRY
        is_loud = not notice.is_quiet and notices_left(notices, at) > 0
        answer = desk.google.add_message(object_id, _message(notice, is_loud=is_loud))
        if is_loud and answer.kind is AnswerKind.NO_QUOTA:  # it has rung without us knowing
            is_loud = False
            answer = desk.google.add_message(object_id, _message(notice, is_loud=False))
        if _heard(answer).kind is AnswerKind.RETRY:
            return replace(after, notices=notices), AnswerKind.RETRY
        if is_loud and answer.kind is AnswerKind.DONE:
            notices = (*notices, at)
    told = replace(after, notices=notices, told_version=drawn.account_version)
    return told, AnswerKind.DONE


def _message(notice: Notice, *, is_loud: bool) -> dict[str, Any]:
    return {**notice.body, "messageType": "TEXT_AND_NOTIFY" if is_loud else "TEXT"}


def _fields(body: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in body.items():
        yield above + name
        if isinstance(value, Mapping):
            yield from _fields(value, f"{above}{name}.")


def _may_ask(desk: ObjectDesk, rate: int) -> bool:
    """Return whether a request is left, now or within the pacer's seconds."""
    return any(desk.rates.take(rate) for _ in desk.pacer.attempts())


def _heard(answer: GoogleAnswer) -> GoogleAnswer:
    if answer.kind in (AnswerKind.REFUSED, AnswerKind.FORBIDDEN):
        _alarm(answer)
    return answer


def _alarm(answer: GoogleAnswer) -> None:
    """Tell of what only people can mend: our body, our account, our issuer."""
    log.error("google refused", extra={"status": answer.status, "reason": answer.reason})
