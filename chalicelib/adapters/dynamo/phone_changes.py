"""The `PhoneChanges` port, and a new phone's part in the ledger's transaction.

| part         | write                    | condition                                   |
|--------------|--------------------------|---------------------------------------------|
| change       | put                      | does not exist: our own id, asked again     |
|              | update: a guess          | guesses are left, not verified, in time     |
|              | update: done             | exists                                      |
|              | update: verified         | not verified yet                            |
| wait         | put, if staff decide     |                                             |
| profile      | put                      | at the revision that was read               |
| phone        | put                      | does not exist, or leads to this member     |
| old phone    | delete                   | leads to this member, or is not             |

A change lies with its member under `PC#{id}`, its phone sealed. It goes some days after a
manager could still have approved it.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.attention_items import wait_item
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.pointers import PointerItem, pointer
from chalicelib.adapters.dynamo.promises import ProfileSeal
from chalicelib.adapters.dynamo.reading import epoch, find, is_over
from chalicelib.adapters.dynamo.sms_limits import (
    LimitItem,
    add_charges,
    limit_key,
    refuse_if_full,
    taken_back,
)
from chalicelib.adapters.dynamo.sms_outbox import sms_item
from chalicelib.adapters.vault import Vault
from chalicelib.domain.account import MemberRef
from chalicelib.domain.attention import PhoneWait
from chalicelib.domain.members import LimitCharge, NewPhone, OutgoingSms
from chalicelib.domain.phone_changes import APPROVAL_FOR, PhoneChange
from chalicelib.ports import Clock, CommitConflict

CHANGES_MAX = 20  # of one member, as they are listed
KEPT_AFTER = timedelta(days=3)
_PREFIX = "PC#"
_PART = "phone change"


class PhoneChangeItem(Item, discriminator="pc"):
    """A phone that is to become a member's."""

    change_id = UnicodeAttribute()
    sealed = BinaryAttribute(legacy_encoding=False)
    phone_hash = UnicodeAttribute()
    old_phone_hash = UnicodeAttribute(null=True)
    code_hash = UnicodeAttribute()
    old_code_hash = UnicodeAttribute(null=True)
    created_at = MomentAttribute()
    expires_at = MomentAttribute()
    guesses = IntegerAttribute()
    verified_at = MomentAttribute(null=True)
    done_at = MomentAttribute(null=True)
    is_untrusted = BooleanAttribute(null=True)


class DynamoPhoneChanges:
    """Changes in the table, sealed by the vault."""

    def __init__(self, connection: Connection, vault: Vault, clock: Clock) -> None:
        self._connection = connection
        self._vault = vault
        self._clock = clock

    def open(
        self,
        change: PhoneChange,
        messages: Sequence[OutgoingSms],
        charges: Sequence[LimitCharge],
    ) -> None:
        write = Transaction(self._connection)
        write.put(_PART, self._item(change), Item.pk.does_not_exist())
        for number, sms in enumerate(messages):
            sealed = sms_item(sms, self._vault)
            write.put(f"sms {number}", sealed, Item.pk.does_not_exist())
        add_charges(write, change.member.merchant_id, charges)
        try:
            write.commit()
        except Cancelled as error:
            if _PART in error.failed:  # a lost answer: our own ids, asked again
                return
            refuse_if_full(error, charges)
            raise CommitConflict(", ".join(error.failed)) from error

    def find(self, member: MemberRef, change_id: str) -> PhoneChange | None:
        item = find(PhoneChangeItem, _place(member, change_id))
        if item is None or is_over(item, self._clock.now()):
            return None
        return self._change(member, item)

    def of_member(self, member: MemberRef) -> tuple[PhoneChange, ...]:
        with store_errors():
            items = list(
                PhoneChangeItem.query(
                    keys.member_pk(member),
                    PhoneChangeItem.sk.startswith(_PREFIX),
                    consistent_read=True,
                    limit=CHANGES_MAX,
                )
            )
        now = self._clock.now()
        found = [self._change(member, item) for item in items if not is_over(item, now)]
        return tuple(sorted(found, key=lambda one: one.created_at, reverse=True))

    def count_guess(
        self,
        change: PhoneChange,
        *,
        guesses_max: int,
        failures: LimitCharge,
        at: datetime,
    ) -> PhoneChange | None:
        """Count a guess; `guesses` of the answer may lag behind parallel ones."""
        write = Transaction(self._connection)
        guesses = PhoneChangeItem.guesses
        is_open = PhoneChangeItem.verified_at.does_not_exist()
        is_open &= PhoneChangeItem.expires_at >= at  # false also if it is not there
        room = (guesses < guesses_max) & is_open
        write.update(_PART, _stub(change), [guesses.add(1)], room)
        add_charges(write, change.member.merchant_id, [failures])
        try:
            write.commit()
        except Cancelled as error:
            refuse_if_full(error, [failures])
            return None
        return replace(change, guesses=change.guesses + 1)

    def forgive_guess(self, change: PhoneChange, failures: LimitCharge) -> None:
        actions, is_there = taken_back(failures)
        item = LimitItem(*limit_key(change.member.merchant_id, failures))
        with suppress(CommitConflict), store_errors():
            item.update(actions, is_there)

    def verify(self, change: PhoneChange) -> None:
        assert change.verified_at is not None, "the caller says when"
        actions: list[Action] = [PhoneChangeItem.verified_at.set(change.verified_at)]
        is_open = PhoneChangeItem.pk.exists() & PhoneChangeItem.verified_at.does_not_exist()
        write = Transaction(self._connection)
        write.update(_PART, _stub(change), actions, is_open)
        if change.needs_approval:
            until = change.verified_at + APPROVAL_FOR
            wait = PhoneWait(change.member, change.verified_at, until)
            write.put("wait", wait_item(wait), None)
        with suppress(Cancelled):  # it is verified, or has gone
            write.commit()

    def _item(self, change: PhoneChange) -> PhoneChangeItem:
        pk, sk = _place(change.member, change.change_id)
        return PhoneChangeItem(
            pk,
            sk,
            change_id=change.change_id,
            sealed=self._vault.seal(_context(pk, sk), change.phone.encode()),
            phone_hash=change.phone_hash,
            old_phone_hash=change.old_phone_hash,
            code_hash=change.code_hash,
            old_code_hash=change.old_code_hash,
            created_at=change.created_at,
            expires_at=change.expires_at,
            guesses=change.guesses,
            verified_at=change.verified_at,
            done_at=change.done_at,
            is_untrusted=None if change.is_trusted else True,
            ttl=epoch(change.expires_at + APPROVAL_FOR + KEPT_AFTER),
        )

    def _change(self, member: MemberRef, item: PhoneChangeItem) -> PhoneChange:
        return PhoneChange(
            change_id=item.change_id,
            member=member,
            phone=self._vault.open(_context(item.pk, item.sk), item.sealed).decode(),
            phone_hash=item.phone_hash,
            old_phone_hash=item.old_phone_hash,
            code_hash=item.code_hash,
            old_code_hash=item.old_code_hash,
            created_at=item.created_at,
            expires_at=item.expires_at,
            guesses=item.guesses,
            verified_at=item.verified_at,
            done_at=item.done_at,
            is_trusted=not item.is_untrusted,
        )


def add_new_phone(
    write: Transaction, new: NewPhone, at: datetime, seal: ProfileSeal | None
) -> None:
    """Add to a transaction that a member has another phone from now on."""
    assert seal is not None, "this ledger can write no profile"
    profile = new.profile
    member = profile.member
    item = seal(profile)
    write.put("profile", item, type(item).revision == profile.revision)
    is_own: Condition = PointerItem.member_id == member.member_id
    is_own |= PointerItem.pk.does_not_exist()
    place = keys.phone_key(member.merchant_id, new.phone_hash)
    write.put("phone", pointer(place, member), is_own)
    if new.old_hash is not None:
        old = PointerItem(*keys.phone_key(member.merchant_id, new.old_hash))
        write.delete("old phone", old, is_own)
    done = PhoneChangeItem(*_place(member, new.change_id))
    write.update(_PART, done, [PhoneChangeItem.done_at.set(at)], PhoneChangeItem.pk.exists())


def _stub(change: PhoneChange) -> PhoneChangeItem:
    return PhoneChangeItem(*_place(change.member, change.change_id))


def _place(member: MemberRef, change_id: str) -> keys.Key:
    return keys.member_pk(member), _PREFIX + keys.part(change_id)


def _context(pk: str, sk: str) -> str:
    return f"phone change#{pk}#{sk}"
