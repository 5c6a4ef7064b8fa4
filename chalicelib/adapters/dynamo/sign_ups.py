"""The `SignUps` port: phones being proven, and the counters that keep SMS within bounds.

A counter is one item per limit, subject and window; a charge adds to it under the
condition that the sum stays within the maximum, so that parallel requests cannot pass
it. A sliding limit is one item with the moments of its last charges, `m0` the latest, in
milliseconds: a charge moves each a place on, if the one that falls out is old enough.
What a sign-up says of a person is sealed; a sign-up is kept for a day after its
code, to answer its own client again and to tell "expired" from "never was".
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.profile_body import pack_sign_up, unpack_sign_up
from chalicelib.adapters.dynamo.raw_items import RawItem
from chalicelib.adapters.dynamo.reading import epoch, find, is_over
from chalicelib.adapters.dynamo.sms_outbox import sms_item
from chalicelib.adapters.vault import Vault
from chalicelib.domain.members import LimitCharge, OutgoingSms, SignUp
from chalicelib.domain.sign_ups import SLIDING_MAX
from chalicelib.ports import Clock, CommitConflict, LimitReached

CHARGES_MAX = 20  # of one request
KEPT_AFTER = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEVER = 0


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


class LimitItem(Item, discriminator="L"):
    """How much of one limit is taken in one window; a sliding one has moments instead."""

    units = IntegerAttribute()


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
        _add_charges(write, sign_up.merchant_id, charges)
        try:
            write.commit()
        except Cancelled as error:
            if "sign_up" in error.failed:  # a lost answer: our own ids, asked again
                return
            _refuse_if_full(error, charges)
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
        _add_charges(write, sign_up.merchant_id, [failures])
        try:
            write.commit()
        except Cancelled as error:
            _refuse_if_full(error, [failures])
            return None
        return replace(sign_up, guesses=sign_up.guesses + 1)

    def forgive_guess(self, sign_up: SignUp, failures: LimitCharge) -> None:
        item = LimitItem(*_limit_key(sign_up.merchant_id, failures))
        actions, is_there = _taken_back(failures)
        try:
            with store_errors():
                item.update(actions, is_there)
        except CommitConflict:  # the counter has gone, and the failure with it
            return

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


def _add_charges(write: Transaction, merchant_id: str, charges: Sequence[LimitCharge]) -> None:
    assert len(charges) <= CHARGES_MAX, "a transaction is bounded"
    for position, charge in enumerate(charges):
        actions, room = _counted(charge) if charge.period is None else _noted(charge)
        actions.append(LimitItem.ttl.set(epoch(charge.ends_at)))
        # An update that creates writes no kind by itself.
        actions.append(LimitItem.kind.set(LimitItem))
        item = LimitItem(*_limit_key(merchant_id, charge))
        write.update(_limit(position), item, actions, room, tells_old=True)


def _counted(charge: LimitCharge) -> tuple[list[Action], Condition]:
    """Return how a fixed window takes the charge, and when it may."""
    units = LimitItem.units
    room = units <= charge.maximum - charge.units
    if charge.units <= charge.maximum:  # else not even the first may pass
        room = units.does_not_exist() | room
    return [units.add(charge.units)], room


def _noted(charge: LimitCharge) -> tuple[list[Action], Condition]:
    """Return how a sliding limit takes the charge, and when it may."""
    assert charge.period is not None, "it slides"
    assert charge.units == 1, "each moment is one unit"
    at = charge.ends_at - charge.period
    places = _places(charge)
    # The oldest first: right whether or not an action sees what those before it did.
    actions: list[Action] = [
        older.set(newer | _NEVER) for newer, older in reversed(list(pairwise(places)))
    ]
    actions.append(places[0].set(_milliseconds(at)))
    last = places[-1]
    return actions, last.does_not_exist() | (last <= _milliseconds(at - charge.period))


def _taken_back(charge: LimitCharge) -> tuple[list[Action], Condition]:
    """Return how a charge is given back, and when there is one to give."""
    if charge.period is None:
        units = LimitItem.units
        return [units.add(-charge.units)], units >= charge.units
    places = _places(charge)
    actions: list[Action] = [newer.set(older | _NEVER) for newer, older in pairwise(places)]
    actions.append(places[-1].set(_NEVER))
    return actions, places[0] > _NEVER


def _places(charge: LimitCharge) -> list[Path]:
    assert 1 <= charge.maximum <= SLIDING_MAX, "an item is bounded"
    return [Path(f"m{place}") for place in range(charge.maximum)]


def _refuse_if_full(error: Cancelled, charges: Sequence[LimitCharge]) -> None:
    for position, charge in enumerate(charges):
        if _limit(position) in error.failed:
            raise LimitReached(_as_it_ends(charge, error.failed[_limit(position)])) from error


def _as_it_ends(charge: LimitCharge, full: RawItem | None) -> LimitCharge:
    """Return the charge with the end of the stretch that is full."""
    if charge.period is None or full is None:
        return charge
    oldest = int(full[f"m{charge.maximum - 1}"]["N"])
    return replace(charge, ends_at=_moment(oldest) + charge.period)


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def _limit(position: int) -> str:
    return f"limit {position}"


def _limit_key(merchant_id: str, charge: LimitCharge) -> keys.Key:
    return keys.limit_key(merchant_id, charge.name, charge.subject, charge.window)


def _context(pk: str) -> str:
    return f"sign_up#{pk}"
