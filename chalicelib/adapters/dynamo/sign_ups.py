"""The `SignUps` port: phones being proven, and the messages that carry the codes.

What a sign-up says of a person is sealed; a sign-up is kept for a day after its
code, to answer its own client again and to tell "expired" from "never was". The counters
that keep SMS within bounds are in `sms_limits.py`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.profile_body import pack_sign_up, unpack_sign_up
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
from chalicelib.domain.members import LimitCharge, OutgoingSms, SignUp
from chalicelib.ports import Clock, CommitConflict

KEPT_AFTER = timedelta(days=1)


class SignUpItem(Item, discriminator="S"):
    """A phone being proven."""

    sealed = BinaryAttribute(legacy_encoding=False)
    phone_hash = UnicodeAttribute()
    code_hash = UnicodeAttribute()
    nonce_hash = UnicodeAttribute()
    language = UnicodeAttribute()
    created_at = MomentAttribute()
    expires_at = MomentAttribute()
    guesses = IntegerAttribute()
    member_id = UnicodeAttribute(null=True)
    is_new_member = BooleanAttribute(null=True)
    used_at = MomentAttribute(null=True)


class DynamoSignUps:
    """Sign-ups in the table, sealed by the vault."""

    def __init__(self, connection: Connection, vault: Vault, clock: Clock) -> None:
        self._connection = connection
        self._vault = vault
        self._clock = clock

    def open(self, sign_up: SignUp, sms: OutgoingSms, charges: Sequence[LimitCharge]) -> None:
        """Write sign-up and message and take every charge; a repeat changes nothing."""
        write = Transaction(self._connection)
        write.put("sign_up", self._item(sign_up), SignUpItem.pk.does_not_exist())
        write.put("sms", sms_item(sms, self._vault), Item.pk.does_not_exist())
        add_charges(write, sign_up.merchant_id, charges)
        try:
            write.commit()
        except Cancelled as error:
            if "sign_up" in error.failed:  # a lost answer: our own ids, asked again
                return
            refuse_if_full(error, charges)
            raise CommitConflict(", ".join(error.failed)) from error

    def find(self, merchant_id: str, sign_up_id: str) -> SignUp | None:
        item = find(SignUpItem, keys.sign_up_key(merchant_id, sign_up_id))
        if item is None or is_over(item, self._clock.now()):
            return None
        sealed = unpack_sign_up(self._vault.open(_context(item.pk), item.sealed))
        return SignUp(
            sign_up_id=sign_up_id,
            merchant_id=merchant_id,
            phone_hash=item.phone_hash,
            code_hash=item.code_hash,
            nonce_hash=item.nonce_hash,
            language=item.language,
            created_at=item.created_at,
            expires_at=item.expires_at,
            guesses=item.guesses,
            member_id=item.member_id,
            is_new_member=bool(item.is_new_member),
            used_at=item.used_at,
            **sealed,
        )

    def count_guess(
        self, sign_up: SignUp, *, guesses_max: int, failures: LimitCharge, at: datetime
    ) -> SignUp | None:
        """Count a guess; `guesses` of the answer may lag behind parallel ones."""
        write = Transaction(self._connection)
        guesses, expires_at = SignUpItem.guesses, SignUpItem.expires_at
        write.update(
            "sign_up",
            SignUpItem(*keys.sign_up_key(sign_up.merchant_id, sign_up.sign_up_id)),
            [guesses.add(1)],
            (guesses < guesses_max) & (expires_at >= at),  # false also if it is not there
        )
        add_charges(write, sign_up.merchant_id, [failures])
        try:
            write.commit()
        except Cancelled as error:
            refuse_if_full(error, [failures])
            return None
        return replace(sign_up, guesses=sign_up.guesses + 1)

    def forgive_guess(self, sign_up: SignUp, failures: LimitCharge) -> None:
        item = LimitItem(*limit_key(sign_up.merchant_id, failures))
        actions, is_there = taken_back(failures)
        try:
            with store_errors():
                item.update(actions, is_there)
        except CommitConflict:  # the counter has gone, and the failure with it
            return

    def take(self, merchant_id: str, charge: LimitCharge) -> None:
        write = Transaction(self._connection)
        add_charges(write, merchant_id, [charge])
        try:
            write.commit()
        except Cancelled as error:
            refuse_if_full(error, [charge])
            raise CommitConflict(", ".join(error.failed)) from error

    def use(self, sign_up: SignUp) -> None:
        condition, actions = _use(sign_up)
        item = SignUpItem(*keys.sign_up_key(sign_up.merchant_id, sign_up.sign_up_id))
        with store_errors():
            item.update(actions, condition)

    def _item(self, sign_up: SignUp) -> SignUpItem:
        pk, sk = keys.sign_up_key(sign_up.merchant_id, sign_up.sign_up_id)
        return SignUpItem(
            pk,
            sk,
            sealed=self._vault.seal(_context(pk), pack_sign_up(sign_up)),
            phone_hash=sign_up.phone_hash,
            code_hash=sign_up.code_hash,
            nonce_hash=sign_up.nonce_hash,
            language=sign_up.language,
            created_at=sign_up.created_at,
            expires_at=sign_up.expires_at,
            guesses=sign_up.guesses,
            ttl=epoch(sign_up.expires_at + KEPT_AFTER),
        )


def add_used_sign_up(write: Transaction, sign_up: SignUp) -> None:
    """Add to a transaction that the sign-up is used, if it was not yet."""
    condition, actions = _use(sign_up)
    item = SignUpItem(*keys.sign_up_key(sign_up.merchant_id, sign_up.sign_up_id))
    write.update("sign_up", item, actions, condition)


def _use(sign_up: SignUp) -> tuple[Condition, list[Action]]:
    assert sign_up.member_id, "a used sign-up has its member"
    assert sign_up.used_at, "and its moment"
    actions: list[Action] = [
        SignUpItem.member_id.set(sign_up.member_id),
        SignUpItem.is_new_member.set(sign_up.is_new_member),
        SignUpItem.used_at.set(sign_up.used_at),
        SignUpItem.nonce_hash.set(sign_up.nonce_hash),  # of the client that used it
    ]
    return SignUpItem.pk.exists() & SignUpItem.used_at.does_not_exist(), actions


def _context(pk: str) -> str:
    return f"sign_up#{pk}"
