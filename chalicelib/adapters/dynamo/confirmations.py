"""The `Confirmations` port, and a confirmation's part in the ledger's transaction.

| part         | write                     | condition                                 |
|--------------|---------------------------|-------------------------------------------|
| confirmation | put                       | does not exist: our own id, asked again   |
|              | update: used              | verified, not used, not expired           |
| step         | update: the last accepted | below the new one                         |
| failures     | update (`sms_limits.py`)  | there is room                             |

Both kinds of item lie with their member: a confirmation under `C#{id}`, the last accepted
step under `CS#{method}`. A confirmation is kept for a day after its time, so that "used" and
"expired" can be told from "never was".
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import epoch, find
from chalicelib.adapters.dynamo.sms_limits import (
    LimitItem,
    add_charges,
    limit_key,
    refuse_if_full,
    taken_back,
)
from chalicelib.domain.account import MemberRef
from chalicelib.domain.confirmations import Confirmation, Method, Purpose
from chalicelib.domain.members import LimitCharge, OutgoingSms
from chalicelib.ports import CommitConflict

if TYPE_CHECKING:  # only a wired seal needs cryptography
    from chalicelib.adapters.dynamo.sms_outbox import SmsItem

KEPT_AFTER = timedelta(days=1)
STEPS_KEPT = timedelta(days=1)  # an older step is out of every clock's reach
_PART, _STEP = "confirmation", "step"


class ConfirmationItem(Item, discriminator="C"):
    """A second factor."""

    method = UnicodeAttribute()
    created_at = MomentAttribute()
    expires_at = MomentAttribute()
    guesses = IntegerAttribute()
    code_hash = UnicodeAttribute(null=True)
    phone_hash = UnicodeAttribute(null=True)
    verified_at = MomentAttribute(null=True)
    used_at = MomentAttribute(null=True)
    purpose = UnicodeAttribute(null=True)  # absent: to redeem


class AcceptedStepItem(Item, discriminator="c"):
    """The last step whose code was accepted, of one member and method."""

    step = IntegerAttribute()


class DynamoConfirmations:
    """Confirmations in the table; `seal` makes the item of a message."""

    def __init__(
        self, connection: Connection, seal: "Callable[[OutgoingSms], SmsItem] | None" = None
    ) -> None:
        self._connection = connection
        self._seal = seal

    def find(self, member: MemberRef, confirmation_id: str) -> Confirmation | None:
        item = find(ConfirmationItem, _place(member, confirmation_id))
        if item is None:
            return None
        return Confirmation(
            confirmation_id=confirmation_id,
            member=member,
            method=Method(item.method),
            created_at=item.created_at,
            expires_at=item.expires_at,
            purpose=Purpose(item.purpose) if item.purpose else Purpose.REDEEM,
            code_hash=item.code_hash or "",
            phone_hash=item.phone_hash or "",
            guesses=item.guesses,
            verified_at=item.verified_at,
            used_at=item.used_at,
        )

    def accept(self, confirmation: Confirmation, step: int) -> bool:
        member = confirmation.member
        write = Transaction(self._connection)
        write.put(_PART, _item(confirmation), Item.pk.does_not_exist())
        place = keys.member_pk(member), f"CS#{confirmation.method}"
        stored = AcceptedStepItem.step
        write.update(
            _STEP,
            AcceptedStepItem(*place),
            [
                stored.set(step),
                AcceptedStepItem.ttl.set(epoch(confirmation.created_at + STEPS_KEPT)),
                AcceptedStepItem.kind.set(AcceptedStepItem),
            ],
            stored.does_not_exist() | (stored < step),
        )
        try:
            write.commit()
        except Cancelled as error:
            return _PART in error.failed  # a lost answer: our own id, asked again
        return True

    def promise(
        self, confirmation: Confirmation, sms: OutgoingSms, charges: Sequence[LimitCharge]
    ) -> None:
        assert self._seal is not None, "nobody can promise a message here"
        write = Transaction(self._connection)
        write.put(_PART, _item(confirmation), Item.pk.does_not_exist())
        write.put("sms", self._seal(sms), Item.pk.does_not_exist())
        add_charges(write, confirmation.member.merchant_id, charges)
        try:
            write.commit()
        except Cancelled as error:
            if _PART in error.failed:
                return
            refuse_if_full(error, charges)
            raise CommitConflict(", ".join(error.failed)) from error

    def count_guess(
        self,
        confirmation: Confirmation,
        *,
        guesses_max: int,
        failures: LimitCharge,
        at: datetime,
    ) -> Confirmation | None:
        """Count a guess; `guesses` of the answer may lag behind parallel ones."""
        write = Transaction(self._connection)
        guesses = ConfirmationItem.guesses
        is_open = ConfirmationItem.verified_at.does_not_exist()
        is_open &= ConfirmationItem.expires_at >= at  # false also if it is not there
        write.update(
            _PART, _stub(confirmation), [guesses.add(1)], (guesses < guesses_max) & is_open
        )
        add_charges(write, confirmation.member.merchant_id, [failures])
        try:
            write.commit()
        except Cancelled as error:
            refuse_if_full(error, [failures])
            return None
        return replace(confirmation, guesses=confirmation.guesses + 1)

    def verify(self, confirmation: Confirmation) -> None:
        assert confirmation.verified_at, "the caller says when"
        actions: list[Action] = [ConfirmationItem.verified_at.set(confirmation.verified_at)]
        is_open = ConfirmationItem.pk.exists() & ConfirmationItem.verified_at.does_not_exist()
        with store_errors():
            _stub(confirmation).update(actions, is_open)

    def use(self, confirmation: Confirmation) -> None:
        write = Transaction(self._connection)
        add_used_confirmation(write, confirmation)
        try:
            write.commit()
        except Cancelled as error:
            raise CommitConflict("the confirmation is not good any more") from error

    def count_failure(self, merchant_id: str, failures: LimitCharge) -> None:
        write = Transaction(self._connection)
        add_charges(write, merchant_id, [failures])
        try:
            write.commit()
        except Cancelled as error:
            refuse_if_full(error, [failures])
            raise

    def forgive_failure(self, merchant_id: str, failures: LimitCharge) -> None:
        actions, is_there = taken_back(failures)
        try:
            with store_errors():
                LimitItem(*limit_key(merchant_id, failures)).update(actions, is_there)
        except CommitConflict:  # the counter has gone, and the failure with it
            return


def add_used_confirmation(write: Transaction, confirmation: Confirmation) -> None:
    """Add to a transaction that a confirmation is used up by it."""
    assert confirmation.used_at, "the decision says when"
    is_good = ConfirmationItem.verified_at.exists()
    is_good &= ConfirmationItem.used_at.does_not_exist()
    is_good &= ConfirmationItem.expires_at >= confirmation.used_at
    actions: list[Action] = [ConfirmationItem.used_at.set(confirmation.used_at)]
    write.update(_PART, _stub(confirmation), actions, is_good)


def _stub(confirmation: Confirmation) -> ConfirmationItem:
    return ConfirmationItem(*_place(confirmation.member, confirmation.confirmation_id))


def _place(member: MemberRef, confirmation_id: str) -> keys.Key:
    return keys.member_pk(member), f"C#{keys.part(confirmation_id)}"


def _item(confirmation: Confirmation) -> ConfirmationItem:
    item = _stub(confirmation)
    item.method = confirmation.method.value
    item.created_at = confirmation.created_at
    item.expires_at = confirmation.expires_at
    item.guesses = confirmation.guesses
    item.ttl = epoch(confirmation.expires_at + KEPT_AFTER)
    if confirmation.purpose is not Purpose.REDEEM:
        item.purpose = confirmation.purpose.value
    if confirmation.code_hash:
        item.code_hash, item.phone_hash = confirmation.code_hash, confirmation.phone_hash
    if confirmation.verified_at is not None:
        item.verified_at = confirmation.verified_at
    return item
