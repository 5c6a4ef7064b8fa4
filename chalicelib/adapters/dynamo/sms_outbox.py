"""The `SmsOutbox` port: messages written with the sign-up that promised them.

A waiting message stands in the index `dirty`, in order of the moment it must not be sent
after: those that nobody could send in time fall out of sight by themselves. Number and
text are sealed. A message is gone for every reader when its time is over.
"""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.reading import epoch, find, is_over, listed
from chalicelib.adapters.vault import Vault
from chalicelib.domain.members import OutgoingSms
from chalicelib.ports import Clock, CommitConflict

WAITING, TAKEN = "waiting", "taken"
LEASE = timedelta(seconds=90)  # longer than every route in turn may take


class SmsItem(Item, discriminator="O"):
    """A message to be sent."""

    sealed = BinaryAttribute(legacy_encoding=False)
    created_at = MomentAttribute()
    expires_at = MomentAttribute()
    attempts = IntegerAttribute()
    route = UnicodeAttribute(null=True)
    operator_id = UnicodeAttribute(null=True)
    state = UnicodeAttribute()
    claimed_until = MomentAttribute(null=True)
    member_id = UnicodeAttribute(null=True)  # of whom it tells, if of a member


class TakenSmsItem(Item, discriminator="o"):
    """Leads from an operator's id for a message to the message."""

    merchant_id = UnicodeAttribute()
    message_id = UnicodeAttribute()


class DynamoSmsOutbox:
    """Messages in the table, sealed by the vault; `DynamoSignUps.open` writes them."""

    def __init__(self, vault: Vault, clock: Clock) -> None:
        self._vault = vault
        self._clock = clock

    def find(self, merchant_id: str, message_id: str) -> OutgoingSms | None:
        item = find(SmsItem, keys.sms_key(merchant_id, message_id))
        if item is None or is_over(item, self._clock.now()):
            return None
        sealed: dict[str, Any] = json.loads(self._vault.open(_context(item.pk), item.sealed))
        return OutgoingSms(
            message_id=message_id,
            merchant_id=merchant_id,
            to=sealed["to"],
            text=sealed["text"],
            created_at=item.created_at,
            expires_at=item.expires_at,
            attempts=item.attempts,
            route=item.route,
            operator_id=item.operator_id,
            member_id=item.member_id,
            state=item.state,
        )

    def claim(self, sms: OutgoingSms) -> OutgoingSms | None:
        item = SmsItem(*keys.sms_key(sms.merchant_id, sms.message_id))
        now = self._clock.now()
        is_free = SmsItem.claimed_until.does_not_exist() | (SmsItem.claimed_until <= now)
        is_ours = (SmsItem.attempts == sms.attempts) & (SmsItem.state == WAITING) & is_free
        actions: list[Action] = [
            SmsItem.attempts.set(sms.attempts + 1),
            SmsItem.claimed_until.set(now + LEASE),
        ]
        try:
            with store_errors():
                item.update(actions, is_ours)
        except CommitConflict:
            return None
        return replace(sms, attempts=sms.attempts + 1)

    def save(self, sms: OutgoingSms) -> None:
        """Store what became of the message; nothing happens if it is gone."""
        actions: list[Action] = [
            SmsItem.state.set(sms.state),
            SmsItem.attempts.set(sms.attempts),
            SmsItem.claimed_until.remove(),
        ]
        if sms.route is not None:
            actions.append(SmsItem.route.set(sms.route))
        if sms.operator_id is not None:
            actions.append(SmsItem.operator_id.set(sms.operator_id))
        if sms.state == WAITING:
            actions += [SmsItem.dirty.set(keys.SMS_DIRTY), SmsItem.dirty_sk.set(_place(sms))]
        else:
            actions += [SmsItem.dirty.remove(), SmsItem.dirty_sk.remove()]
        item = SmsItem(*keys.sms_key(sms.merchant_id, sms.message_id))
        with suppress(CommitConflict), store_errors():
            if sms.state == TAKEN and sms.route and sms.operator_id:
                # First, and on its own: without the message it leads nowhere.
                _taken_item(sms, sms.route, sms.operator_id).save()
            item.update(actions, SmsItem.pk.exists())

    def find_taken(self, route: str, operator_id: str) -> OutgoingSms | None:
        taken = find(TakenSmsItem, keys.taken_key(route, operator_id))
        return self.find(taken.merchant_id, taken.message_id) if taken else None

    def waiting(self, limit: int = 100) -> tuple[tuple[str, str], ...]:
        in_time = Item.dirty_sk > keys.moment(self._clock.now()) + keys.AFTER
        rows = listed("dirty", keys.SMS_DIRTY, in_time, limit)
        return tuple(keys.last_parts(row.index_sk) for row in rows)


def sms_item(sms: OutgoingSms, vault: Vault) -> SmsItem:
    """Return the item of a new message, in the outbox if it waits."""
    pk, sk = keys.sms_key(sms.merchant_id, sms.message_id)
    sealed = json.dumps({"to": sms.to, "text": sms.text}, ensure_ascii=False)
    item = SmsItem(
        pk,
        sk,
        sealed=vault.seal(_context(pk), sealed.encode()),
        created_at=sms.created_at,
        expires_at=sms.expires_at,
        attempts=sms.attempts,
        route=sms.route,
        operator_id=sms.operator_id,
        member_id=sms.member_id,
        state=sms.state,
        ttl=epoch(sms.expires_at),
    )
    if sms.state == WAITING:
        item.dirty = keys.SMS_DIRTY
        item.dirty_sk = _place(sms)
    return item


def _place(sms: OutgoingSms) -> str:
    """Return where a waiting message stands in the index."""
    return keys.dirty_sk(sms.expires_at, sms.merchant_id, sms.message_id)


def _taken_item(sms: OutgoingSms, route: str, operator_id: str) -> TakenSmsItem:
    return TakenSmsItem(
        *keys.taken_key(route, operator_id),
        merchant_id=sms.merchant_id,
        message_id=sms.message_id,
        ttl=epoch(sms.expires_at),
    )


def _context(pk: str) -> str:
    return f"sms#{pk}"
