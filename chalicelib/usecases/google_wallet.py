"""Bring members' objects at Google up to their passes, newest version only.

A change only marks the object's row (`WantedObjects`, part of the outbox). Sending takes the
row for a while, looks at the member after that, sends what it saw and notes the version:
so whoever takes the row next has seen at least as much, and no older version follows a
newer one. The lease is longer than all time-outs of one request together, and is looked at
once more right before it. Had a process been frozen for longer between the two, it finds
on noting that the row was taken, and marks it: the newest goes out again.

All processes share one allowance of requests a second. What got none stays marked, and the
sweep sends it; so it does when Google is down.
"""

import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Final

from chalicelib.domain.account import MemberRef
from chalicelib.domain.google_objects import GoogleObject, ObjectState, back_off
from chalicelib.ports import (
    AnswerKind,
    CommitConflict,
    GoogleObjects,
    Pacer,
    PassHolders,
    SaidByGoogle,
    Trouble,
)
from chalicelib.usecases.google_sending import ObjectDesk, put, tell

# Google lets an issuer send 20 requests a second; a repeat after 401 or 409 is not counted
# here. A shopper who waits for the link goes before those whose phone is in the pocket.
RATE_MAX: Final = 15
RATE_MAX_UNATTENDED: Final = 12
RUN_TIME_MAX: Final = timedelta(seconds=30)  # of one batch; then the sweep's next run
OBJECTS_MAX: Final = 300  # in one batch

log = logging.getLogger(__name__)


class GoogleBusy(Trouble):
    """Google cannot be asked now, or another process is at this object."""


class WantedObjects:
    """Marks objects whose pass has changed, and remembers them, to be sent at once."""

    def __init__(self, objects: GoogleObjects, at: datetime) -> None:
        self.members: list[MemberRef] = []
        self._objects = objects
        self._at = at

    def want(self, member: MemberRef, version: int) -> None:
        """Mark the member's object, if there is one. Raises StoreUnavailable."""
        if self._objects.want(member, version, self._at):
            self.members.append(member)


def send_objects(members: Iterable[MemberRef], *, desk: ObjectDesk) -> int:
    """Send what is marked of these members; how many are up to date now.

    It ends when Google or the allowance does: the rest stays marked.
    """
    begun, sent = desk.clock.now(), 0
    for member in list(dict.fromkeys(members))[:OBJECTS_MAX]:
        if desk.clock.now() - begun > RUN_TIME_MAX:
            break
        try:
            kind = _send(member, desk, RATE_MAX_UNATTENDED)
        except Exception:  # the outbox's loop: one object holds up no other
            log.exception("objects could not be sent now: one raised")
            continue
        if kind in (AnswerKind.RETRY, AnswerKind.FORBIDDEN):
            break
        sent += kind is AnswerKind.DONE
    return sent


def offer_object(member: MemberRef, told_version: int, *, desk: ObjectDesk) -> None:
    """See that Google has the member's object, so that a link to it opens.

    An object that is there but behind is no reason to turn the shopper away: it will follow.

    Raises:
        GoogleBusy: there is none yet and it cannot be made now.
        StoreUnavailable.
    """
    row = desk.objects.begin(member, told_version, desk.clock.now())
    desk.holders.note_google(member)  # before it is looked at: no new look passes it by
    kind = _send(member, desk, RATE_MAX)
    if kind is not AnswerKind.DONE and not row.sent_version:
        raise GoogleBusy(f"the object could not be made: {kind or 'it is being made'}")


def note_callback(
    member: MemberRef,
    said: SaidByGoogle,
    *,
    objects: GoogleObjects,
    holders: PassHolders,
    pacer: Pacer,
    day: date | None = None,
) -> ObjectState | None:
    """Keep what Google called back with; None if it was told before, or is older.

    The moment it is good until orders callbacks: they come late, twice and out of order.
    What it changes is counted on that business day.
    """
    if not objects.is_first(member.merchant_id, said.nonce, said.expires_at):
        return None
    state = ObjectState.SAVED if said.is_saved else ObjectState.REMOVED
    trouble = CommitConflict("no attempt was made")
    for _ in pacer.attempts():
        try:
            is_news = objects.note_event(member, state, said.expires_at, day=day)
        except CommitConflict as error:  # another callback, at this moment
            trouble = error
            continue
        if not is_news:
            return None
        (holders.note_google if said.is_saved else holders.forget_google)(member)
        return state
    raise trouble


def _send(member: MemberRef, desk: ObjectDesk, rate: int) -> AnswerKind | None:
    """Send one object if it is behind; None: somebody else is at it."""
    at = desk.clock.now()
    claimed = desk.objects.claim(member, at, at + desk.lease)
    if claimed is None:
        return None
    try:
        return _bring_up(claimed, desk, rate, at)
    except Exception:  # raised again: here it only must not stand before the others for ever
        desk.objects.postpone(claimed, desk.clock.now() + back_off(claimed.attempts + 1))
        raise


def _bring_up(claimed: GoogleObject, desk: ObjectDesk, rate: int, at: datetime) -> AnswerKind:
    drawn = desk.draw(claimed, at)  # after the claim, never before
    if drawn is None:
        desk.holders.forget_google(claimed.member)
        desk.objects.settle(claimed, claimed, at)
        return AnswerKind.DONE
    after, kind = claimed, AnswerKind.DONE
    if claimed.has_fallen_behind(drawn.version, drawn.shape):
        kind = put(claimed, drawn, desk, rate).kind
        if kind is AnswerKind.DONE:
            after = replace(claimed, sent_version=drawn.version, shape=drawn.shape)
    if kind is AnswerKind.DONE and drawn.is_void:  # no new look concerns it any more
        desk.holders.forget_google(claimed.member)
    if kind is AnswerKind.DONE:
        after, kind = tell(after, drawn, desk, rate)
    return _settle(claimed, after, kind, desk)


def _settle(
    claimed: GoogleObject, after: GoogleObject, kind: AnswerKind, desk: ObjectDesk
) -> AnswerKind:
    now = desk.clock.now()
    if kind in (AnswerKind.DONE, AnswerKind.REFUSED) or after != claimed:
        if not desk.objects.settle(claimed, after, now):
            log.warning("an object was taken away while it was sent")
        if kind not in (AnswerKind.DONE, AnswerKind.REFUSED):  # its news were not told
            desk.objects.want(claimed.member, after.sent_version, now)
    else:
        desk.objects.postpone(claimed, now + back_off(claimed.attempts + 1))
    return kind
