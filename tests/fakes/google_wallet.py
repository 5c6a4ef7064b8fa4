"""The ports of Google Wallet: rows and rates in memory, and a Google that does as told."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from chalicelib.domain.account import MemberRef
from chalicelib.domain.google_objects import GoogleObject, ObjectState, SentClass
from chalicelib.ports import AnswerKind, GoogleAnswer
from chalicelib.ports.google_wallet import Body
from tests.fakes.funnel import FakeFunnel


class FakeGoogleObjects:
    """Rows of a test."""

    def __init__(self, funnel: FakeFunnel | None = None) -> None:
        self._funnel = funnel or FakeFunnel()
        self.rows: dict[MemberRef, GoogleObject] = {}
        self.places: dict[MemberRef, datetime] = {}
        self.classes: dict[str, SentClass] = {}
        self.class_leases: dict[str, datetime] = {}
        self.nonces: set[tuple[str, str]] = set()
        self.events: dict[MemberRef, datetime] = {}
        self.before_claim: Callable[[], None] = lambda: None

    def begin(self, member: MemberRef, told_version: int, at: datetime) -> GoogleObject:
        if member not in self.rows:
            self.rows[member] = GoogleObject(
                member=member, told_version=told_version, asked=1, is_waiting=True
            )
            self.places[member] = at
        return self.rows[member]

    def find(self, member: MemberRef) -> GoogleObject | None:
        return self.rows.get(member)

    def want(self, member: MemberRef, version: int, at: datetime) -> bool:
        row = self.rows.get(member)
        if row is None:
            return False
        wanted = max(row.wanted_version, version)
        self.rows[member] = replace(
            row, wanted_version=wanted, asked=row.asked + 1, is_waiting=True
        )
        self.places.setdefault(member, at)
        return True

    def claim(self, member: MemberRef, at: datetime, until: datetime) -> GoogleObject | None:
        before, self.before_claim = self.before_claim, lambda: None
        before()
        row = self.rows.get(member)
        if row is None or (row.lease_until is not None and row.lease_until > at):
            return None
        self.rows[member] = replace(row, lease=row.lease + 1, lease_until=until)
        return self.rows[member]

    def settle(self, claimed: GoogleObject, after: GoogleObject, at: datetime) -> bool:
        row = self.rows[claimed.member]
        if row.lease != claimed.lease:
            self.want(claimed.member, row.wanted_version, at)
            self.rows[claimed.member] = replace(self.rows[claimed.member], shape="")
            return False
        is_quiet = row.asked == claimed.asked
        self.rows[claimed.member] = replace(
            row,
            sent_version=after.sent_version,
            shape=after.shape if is_quiet else "",
            told_version=after.told_version,
            notices=after.notices,
            attempts=0,
            lease_until=None,
            is_waiting=not is_quiet,
        )
        if is_quiet:
            self.places.pop(claimed.member, None)
        else:
            self.places[claimed.member] = at
        return True

    def postpone(self, claimed: GoogleObject, until: datetime) -> None:
        row = self.rows[claimed.member]
        if row.lease == claimed.lease:
            attempts = claimed.attempts + 1
            self.rows[claimed.member] = replace(
                row, attempts=attempts, lease_until=None, is_waiting=True
            )
            self.places[claimed.member] = until

    def waiting(self, at: datetime, limit: int) -> tuple[MemberRef, ...]:
        due = [member for member, place in self.places.items() if place <= at]
        return tuple(sorted(due, key=lambda member: self.places[member])[:limit])

    def note_event(
        self,
        member: MemberRef,
        state: ObjectState,
        event_at: datetime,
        *,
        day: date | None = None,
    ) -> bool:
        row = self.rows.get(member)
        if row is None or self.events.get(member, event_at) > event_at:
            return False
        self.events[member] = event_at
        self.rows[member] = replace(row, state=state)
        if day and row.state is not state:
            if state is ObjectState.SAVED:
                self._funnel.into_wallet(member, day, "added_to_google")
            elif row.state is ObjectState.SAVED:
                self._funnel.count(member, day, "removed")
        return True

    def is_first(self, merchant_id: str, nonce: str, until: datetime) -> bool:
        is_new = (merchant_id, nonce) not in self.nonces
        self.nonces.add((merchant_id, nonce))
        return is_new

    def sent_class(self, merchant_id: str) -> SentClass | None:
        return self.classes.get(merchant_id)

    def claim_class(self, merchant_id: str, at: datetime, until: datetime) -> bool:
        if self.class_leases.get(merchant_id, at) > at:
            return False
        self.class_leases[merchant_id] = until
        return True

    def settle_class(self, merchant_id: str, sent: SentClass | None) -> None:
        self.class_leases.pop(merchant_id, None)
        if sent is not None:
            self.classes[merchant_id] = sent


class FakeGoogleRates:
    """An allowance that a test uses up."""

    def __init__(self, left: int = 1_000_000) -> None:
        self.left = left
        self.asked: list[int] = []

    def take(self, maximum: int) -> bool:
        self.asked.append(maximum)
        if self.left <= 0:
            return False
        self.left -= 1
        return True


class FakeGoogle:
    """Keeps what it is sent, and answers as a test has told it."""

    def __init__(self) -> None:
        self.classes: dict[str, Any] = {}
        self.objects: dict[str, list[dict[str, Any]]] = {}  # every body, oldest first
        self.whole: list[bool] = []
        self.messages: list[Body] = []
        self.answers: list[GoogleAnswer] = []  # the next ones; then all is well
        self.before: Callable[[], None] = lambda: None

    def put_class(self, body: Body, *, is_new: bool) -> GoogleAnswer:
        answer = self._answer()
        if answer.kind is AnswerKind.DONE:
            self.classes[body["id"]] = dict(body)
        return answer

    def put_object(self, body: Body, *, is_new: bool, is_whole: bool) -> GoogleAnswer:
        before, self.before = self.before, lambda: None
        before()
        answer = self._answer()
        if answer.kind is AnswerKind.DONE:
            self.objects.setdefault(body["id"], []).append(dict(body))
            self.whole.append(is_whole)
        return answer

    def add_message(self, object_id: str, message: Body) -> GoogleAnswer:
        answer = self._answer()
        if answer.kind is AnswerKind.DONE:
            self.messages.append(message)
        return answer

    def _answer(self) -> GoogleAnswer:
        return self.answers.pop(0) if self.answers else GoogleAnswer(AnswerKind.DONE, 200)
