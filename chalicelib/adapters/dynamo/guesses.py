"""The `Guesses` and `DeviceCodes` ports: what is counted, and what is used once."""

from datetime import datetime, timedelta

from pynamodb.attributes import UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import staff_keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import epoch, find
from chalicelib.adapters.dynamo.staff_items import audit_item
from chalicelib.domain.activations import APPROVAL_KEPT, Activation, Approval
from chalicelib.domain.attempts import FORGOTTEN_AFTER, Attempts
from chalicelib.domain.audit import AuditRecord
from chalicelib.domain.staff import Role
from chalicelib.ports.trouble import CommitConflict, Taken

KEPT_LONGER = timedelta(hours=2)  # a wait may outlast the day after its guess


class GuessesItem(Item, discriminator="sg"):
    """How often a secret was guessed at, and until when nobody may."""

    guesses = IntegerAttribute()
    last_at = MomentAttribute()
    locked_until = MomentAttribute(null=True)


class ActivationItem(Item, discriminator="sc"):
    """An activation code."""

    merchant_id = UnicodeAttribute()
    store_id = UnicodeAttribute()
    till_id = UnicodeAttribute()
    expires_at = MomentAttribute()


class ApprovalItem(Item, discriminator="sv"):
    """An approval."""

    till_id = UnicodeAttribute()
    approver_id = UnicodeAttribute()
    role = UnicodeAttribute()
    created_at = MomentAttribute()
    call = UnicodeAttribute()
    target = UnicodeAttribute(null=True)
    used_for = UnicodeAttribute(null=True)


class DynamoGuesses:
    """Guesses in the table."""

    def read(self, subject: str) -> Attempts:
        """Return what was counted."""
        item = find(GuessesItem, staff_keys.guesses_key(subject))
        if item is None:
            return Attempts()
        return Attempts(item.guesses, item.locked_until, item.last_at)

    def count(self, subject: str, before: Attempts, after: Attempts) -> None:
        """Write the count if it is still the one that was read."""
        assert after.last_at is not None, "a guess has a moment"
        item = GuessesItem(
            *staff_keys.guesses_key(subject),
            guesses=after.count,
            last_at=after.last_at,
            locked_until=after.locked_until,
            ttl=epoch(after.last_at + FORGOTTEN_AFTER + KEPT_LONGER),
        )
        is_same = GuessesItem.pk.does_not_exist()
        if before.last_at is not None:
            is_same = (GuessesItem.guesses == before.count) & (
                GuessesItem.last_at == before.last_at
            )
        with store_errors():
            item.save(is_same)

    def forgive(self, subject: str) -> None:
        """Delete the count."""
        with store_errors():
            GuessesItem(*staff_keys.guesses_key(subject)).delete()


class DynamoDeviceCodes:
    """Activation codes and approvals in the table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def invite(self, activation: Activation, record: AuditRecord) -> None:
        """Write the code and its record."""
        item = ActivationItem(
            *staff_keys.activation_key(activation.code_hash),
            merchant_id=activation.merchant_id,
            store_id=activation.store_id,
            till_id=activation.till_id,
            expires_at=activation.expires_at,
            ttl=epoch(activation.expires_at),
        )
        write = Transaction(self._connection)
        write.put("activation", item, ActivationItem.pk.does_not_exist())
        write.put("audit", audit_item(record), None)
        try:
            write.commit()
        except Cancelled as error:
            raise Taken("activation") from error

    def redeem(self, code_hash: str, at: datetime) -> Activation | None:
        """Delete the code; of many who try, one deletes it."""
        item = find(ActivationItem, staff_keys.activation_key(code_hash))
        if item is None or at >= item.expires_at:
            return None
        try:
            with store_errors():
                item.delete(ActivationItem.pk.exists())
        except CommitConflict:
            return None
        return Activation(
            code_hash=code_hash,
            merchant_id=item.merchant_id,
            store_id=item.store_id,
            till_id=item.till_id,
            expires_at=item.expires_at,
        )

    def approve(self, approval: Approval) -> None:
        """Write the approval."""
        item = ApprovalItem(
            *staff_keys.approval_key(approval.merchant_id, approval.approval_id),
            till_id=approval.till_id,
            approver_id=approval.approver_id,
            role=approval.role.value,
            created_at=approval.created_at,
            call=approval.call,
            target=approval.target or None,
            ttl=epoch(approval.created_at + APPROVAL_KEPT),
        )
        with store_errors():
            item.save(ApprovalItem.pk.does_not_exist())

    def approval(self, merchant_id: str, approval_id: str) -> Approval | None:
        """Return the approval."""
        item = find(ApprovalItem, staff_keys.approval_key(merchant_id, approval_id))
        if item is None:
            return None
        return Approval(
            approval_id=approval_id,
            merchant_id=merchant_id,
            till_id=item.till_id,
            approver_id=item.approver_id,
            role=Role(item.role),
            created_at=item.created_at,
            call=item.call,
            target=item.target or "",
            used_for=item.used_for or "",
        )

    def use(self, approval: Approval, operation: str, record: AuditRecord) -> bool:
        """Mark it as used for the operation, with the record of it."""
        key = staff_keys.approval_key(approval.merchant_id, approval.approval_id)
        write = Transaction(self._connection)
        unused = ApprovalItem.pk.exists() & ApprovalItem.used_for.does_not_exist()
        actions: list[Action] = [ApprovalItem.used_for.set(operation)]
        write.update("approval", ApprovalItem(*key), actions, unused)
        write.put("audit", audit_item(record), None)
        try:
            write.commit()
        except Cancelled:
            return False
        return True
