"""The staff ports in dictionaries."""

from dataclasses import replace
from datetime import datetime

from chalicelib.domain.activations import Activation, Approval
from chalicelib.domain.attempts import Attempts
from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.members import OutgoingSms
from chalicelib.domain.owners import Owner
from chalicelib.domain.sessions import Session
from chalicelib.domain.staff import StaffMember, StaffThing, Store, Till, thing_id
from chalicelib.ports import CommitConflict, LimitReached, Taken


class FakeStaffRoom:
    """The `StaffRoom` port."""

    def __init__(self) -> None:
        self.things: dict[tuple[str, type, str], StaffThing] = {}
        self.records: list[AuditRecord] = []

    def stores(self, merchant_id: str) -> tuple[Store, ...]:
        return self._all(merchant_id, Store)

    def tills(self, merchant_id: str) -> tuple[Till, ...]:
        return self._all(merchant_id, Till)

    def people(self, merchant_id: str) -> tuple[StaffMember, ...]:
        return self._all(merchant_id, StaffMember)

    def till(self, merchant_id: str, till_id: str) -> Till | None:
        return self.things.get((merchant_id, Till, till_id))

    def person(self, merchant_id: str, staff_id: str) -> StaffMember | None:
        return self.things.get((merchant_id, StaffMember, staff_id))

    def add(self, merchant_id: str, thing: StaffThing, record: AuditRecord) -> None:
        key = (merchant_id, type(thing), thing_id(thing))
        if key in self.things:
            raise Taken(key[2])
        self.things[key] = thing
        self.records.append(record)

    def change(self, merchant_id: str, thing: StaffThing, record: AuditRecord) -> None:
        key = (merchant_id, type(thing), thing_id(thing))
        if key not in self.things or self.things[key].revision != thing.revision:
            raise CommitConflict(key[2])
        self.things[key] = replace(thing, revision=thing.revision + 1)
        self.records.append(record)

    def note(self, record: AuditRecord) -> None:
        known = {(one.merchant_id, one.place) for one in self.records}
        if (record.merchant_id, record.place) not in known:
            self.records.append(record)

    def audit(
        self, merchant_id: str, *, before: str | None = None, limit: int
    ) -> tuple[AuditRecord, ...]:
        own = [one for one in self.records if one.merchant_id == merchant_id]
        below = [one for one in own if before is None or one.place < before]
        return tuple(sorted(below, key=lambda one: one.place, reverse=True)[:limit])

    def _all(self, merchant_id: str, kind: type) -> tuple:
        own = [key for key in self.things if key[:2] == (merchant_id, kind)]
        return tuple(self.things[key] for key in sorted(own, key=lambda key: key[2]))


class FakeSessions:
    """The `Sessions` port."""

    def __init__(self, room: FakeStaffRoom) -> None:
        self._room = room
        self.sessions: dict[tuple[str, str], Session] = {}

    def find(self, merchant_id: str, session_id: str) -> Session | None:
        return self.sessions.get((merchant_id, session_id))

    def open(self, session: Session) -> None:
        if _key(session) in self.sessions:
            raise CommitConflict("session")
        self.sessions[_key(session)] = session

    def succeed(
        self, session: Session, left: Session, person: StaffMember | None = None
    ) -> None:
        known = person and self._room.person(session.merchant_id, person.staff_id)
        if _key(left) not in self.sessions or _key(session) in self.sessions:
            raise CommitConflict("session")
        if person is not None and (known is None or known.revision != person.revision):
            raise CommitConflict("person")
        self.sessions |= {_key(session): session, _key(left): left}

    def save(self, session: Session) -> None:
        if _key(session) not in self.sessions:
            raise CommitConflict("session")
        self.sessions[_key(session)] = session

    def seen(self, session: Session, at: datetime) -> None:
        found = self.sessions.get(_key(session))
        if found is not None:
            self.sessions[_key(session)] = replace(found, seen_at=at)

    def end(self, merchant_id: str, session_id: str) -> None:
        self.sessions.pop((merchant_id, session_id), None)

    def of_merchant(self, merchant_id: str) -> tuple[Session, ...]:
        own = [one for key, one in self.sessions.items() if key[0] == merchant_id]
        return tuple(sorted(own, key=lambda one: one.session_id))


class FakeGuesses:
    """The `Guesses` port."""

    def __init__(self) -> None:
        self.subjects: dict[str, Attempts] = {}

    def read(self, subject: str) -> Attempts:
        return self.subjects.get(subject, Attempts())

    def count(self, subject: str, before: Attempts, after: Attempts) -> None:
        known = self.read(subject)
        if (known.count, known.last_at) != (before.count, before.last_at):
            raise CommitConflict(subject)
        self.subjects[subject] = after

    def forgive(self, subject: str) -> None:
        self.subjects.pop(subject, None)


class FakeDeviceCodes:
    """The `DeviceCodes` port."""

    def __init__(self, room: FakeStaffRoom) -> None:
        self._room = room
        self.activations: dict[str, Activation] = {}
        self.approvals: dict[tuple[str, str], Approval] = {}

    def invite(self, activation: Activation, record: AuditRecord) -> None:
        if activation.code_hash in self.activations:
            raise Taken("activation")
        self.activations[activation.code_hash] = activation
        self._room.note(record)

    def redeem(self, code_hash: str, at: datetime) -> Activation | None:
        found = self.activations.get(code_hash)
        if found is None or at >= found.expires_at:
            return None
        return self.activations.pop(code_hash)

    def approve(self, approval: Approval) -> None:
        self.approvals[approval.merchant_id, approval.approval_id] = approval

    def approval(self, merchant_id: str, approval_id: str) -> Approval | None:
        return self.approvals.get((merchant_id, approval_id))

    def use(self, approval: Approval, operation: str, record: AuditRecord) -> bool:
        key = (approval.merchant_id, approval.approval_id)
        if key not in self.approvals or self.approvals[key].used_for:
            return False
        self.approvals[key] = replace(approval, used_for=operation)
        self._room.note(record)
        return True


class FakeOwners:
    """The `Owners` port; a limit counts by name, subject and window."""

    def __init__(self, room: FakeStaffRoom) -> None:
        self._room = room
        self.owners: dict[str, Owner] = {}
        self.units: dict[tuple[str, str, str], int] = {}
        self.letters: list[OutgoingSms] = []

    def find(self, email_hash: str) -> Owner | None:
        return self.owners.get(email_hash)

    def password_hash(self, email_hash: str) -> str:
        found = self.owners.get(email_hash)
        return found.password_hash if found else ""

    def limit(self, charges, letter: OutgoingSms | None = None) -> None:
        after = dict(self.units)
        for charge in charges:
            key = (charge.name, charge.subject, charge.window)
            after[key] = after.get(key, 0) + charge.units
            if after[key] > charge.maximum:
                raise LimitReached(charge)
        self.units = after
        if letter is not None:
            self.letters.append(letter)

    def open(self, owner: Owner, things: tuple[StaffThing, ...], record: AuditRecord) -> None:
        keys = [(owner.merchant_id, type(thing), thing_id(thing)) for thing in things]
        if owner.email_hash in self.owners or any(key in self._room.things for key in keys):
            raise Taken(owner.staff_id)
        self.owners[owner.email_hash] = owner
        self._room.things |= dict(zip(keys, things, strict=True))
        self._room.note(record)

    def save(self, owner: Owner, record: AuditRecord | None = None) -> None:
        known = self.owners.get(owner.email_hash)
        if known is None or known.revision != owner.revision:
            raise CommitConflict("owner")
        self.owners[owner.email_hash] = replace(owner, revision=owner.revision + 1)
        if record is not None:
            self._room.note(record)


class FakePasswords:
    """The `Passwords` port, without the work."""

    def __init__(self) -> None:
        self.compared: list[str] = []  # what each comparison was made with

    def hashed(self, password: str) -> str:
        return f"hash of {password}"

    def matches(self, password_hash: str, password: str) -> bool:
        self.compared.append(password_hash or "nobody's")
        return password_hash == f"hash of {password}"


def _key(session: Session) -> tuple[str, str]:
    return session.merchant_id, session.session_id
