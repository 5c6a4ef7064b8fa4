"""The `Members` port: profiles, and the pointers that lead to a member.

Of a profile only the language, the day of joining, the revision, the due day of the next
anniversary and the ids of passes that were taken from phones stand in the clear; the rest is
sealed, for this member alone. A profile
without its sealed part is an erased one.
"""

from datetime import date, datetime
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.expressions.condition import Condition

from chalicelib.adapters.dynamo import keys
from chalicelib.adapters.dynamo.connection import Cancelled, Transaction, store_errors
from chalicelib.adapters.dynamo.funnel_items import add_created
from chalicelib.adapters.dynamo.items import IntegerAttribute, Item, MomentAttribute
from chalicelib.adapters.dynamo.ledger_items import account_item, entry_item, operation_item
from chalicelib.adapters.dynamo.pass_markers import add_mark
from chalicelib.adapters.dynamo.pointers import PointerItem, pointed_to, pointer
from chalicelib.adapters.dynamo.profile_body import pack_profile, unpack_profile
from chalicelib.adapters.dynamo.reading import find
from chalicelib.adapters.dynamo.sign_ups import add_used_sign_up
from chalicelib.adapters.vault import Vault
from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.members import Profile, SignUp
from chalicelib.ports import AlreadyRecorded, CommitConflict, Ledger, Taken

_DATE_SYMBOLS = 10  # YYYY-MM-DD
_IS_NEW = Item.pk.does_not_exist()


class ProfileItem(Item, discriminator="F"):
    """A member's profile."""

    language = UnicodeAttribute()
    joined_at = MomentAttribute()
    revision = IntegerAttribute()
    sealed = BinaryAttribute(legacy_encoding=False, null=True)
    removed = UnicodeAttribute(null=True)  # with spaces between


class DynamoMembers:
    """Profiles in the table, sealed by the vault. `ledger` reads what answers a repeat."""

    def __init__(
        self, connection: Connection, vault: Vault, ledger: Ledger, *, due_shards: int
    ) -> None:
        self._connection = connection
        self._vault = vault
        self._ledger = ledger
        self._due_shards = due_shards

    def register(
        self,
        profile: Profile,
        change: LedgerChange,
        *,
        phone_hash: str | None,
        sign_up: SignUp | None,
        former: Profile | None = None,
    ) -> None:
        """Write all of a new member in one transaction.

        Raises, beside what the port says, and after it:
            AlreadyRecorded: the change's client and key were used before.
        """
        member = profile.member
        write = Transaction(self._connection)
        self._add_first_entry(write, change)
        write.put("profile", self._item(profile), _IS_NEW)
        if change.entry:
            add_created(write, member, change.entry.on)
        code = keys.code_key(member.merchant_id, profile.code)
        write.put("code", pointer(code, member), _IS_NEW)
        if phone_hash is not None:
            phone = keys.phone_key(member.merchant_id, phone_hash)
            is_free = _IS_NEW if former is None else _leads_to(former)
            write.put("phone", pointer(phone, member), is_free, tells_old=former is None)
        if former is not None:
            item = self._item(former, revision=former.revision + 1)
            write.put("former", item, ProfileItem.revision == former.revision)
        if sign_up is not None:
            add_used_sign_up(write, sign_up)
        try:
            write.commit()
        except Cancelled as error:
            raise self._reason(change, error) from error

    def profile(self, member: MemberRef) -> Profile | None:
        item = find(ProfileItem, keys.profile_key(member))
        if item is None or item.sealed is None:
            return None
        return unpack_profile(
            self._vault.open(_context(member), item.sealed),
            member,
            language=item.language,
            joined_at=item.joined_at,
            anniversary_due=_day_of(item),
            revision=item.revision,
            removed_passes=tuple((item.removed or "").split()),
        )

    def save_profile(self, profile: Profile, *, marks_at: datetime | None = None) -> None:
        item = self._item(profile, revision=profile.revision + 1)
        is_as_read = ProfileItem.revision == profile.revision
        if marks_at is None:
            with store_errors():
                item.save(is_as_read)
            return
        write = Transaction(self._connection)
        write.put("profile", item, is_as_read)
        add_mark(write, profile.member, marks_at)
        try:
            write.commit()
        except Cancelled as error:
            raise CommitConflict("profile") from error

    def id_by_phone(self, merchant_id: str, phone_hash: str) -> str | None:
        return pointed_to(keys.phone_key(merchant_id, phone_hash))

    def id_by_code(
        self, merchant_id: str, code: str, *, is_replaced: bool = False
    ) -> str | None:
        return pointed_to(keys.code_key(merchant_id, code), is_replaced=is_replaced)

    def id_by_card(self, merchant_id: str, card_hash: str) -> str | None:
        return pointed_to(keys.card_key(merchant_id, card_hash))

    def remove_card(self, profile: Profile, card_hash: str) -> None:
        member = profile.member
        card = PointerItem(*keys.card_key(member.merchant_id, card_hash))
        item = self._item(profile, revision=profile.revision + 1)
        write = Transaction(self._connection)
        write.delete("card", card, PointerItem.member_id == member.member_id)
        write.put("profile", item, ProfileItem.revision == profile.revision)
        try:
            write.commit()
        except Cancelled as error:
            raise CommitConflict("profile") from error

    def add_card(self, profile: Profile, card_hash: str) -> None:
        member = profile.member
        card = keys.card_key(member.merchant_id, card_hash)
        item = self._item(profile, revision=profile.revision + 1)
        write = Transaction(self._connection)
        write.put("card", pointer(card, member), _IS_NEW, tells_old=True)
        write.put("profile", item, ProfileItem.revision == profile.revision)
        try:
            write.commit()
        except Cancelled as error:
            _refuse_if_taken(error, "card")
            raise CommitConflict("profile") from error

    def _add_first_entry(self, write: Transaction, change: LedgerChange) -> None:
        account, entry = change.account, change.entry
        assert account, "registration writes a first entry"
        assert entry, "registration writes a first entry"
        if change.operation.key:
            write.put("operation", operation_item(change), _IS_NEW)
        item = account_item(account, at=entry.at, due_shards=self._due_shards)
        write.put("account", item, _IS_NEW)
        write.put("entry", entry_item(entry), _IS_NEW)

    def _reason(self, change: LedgerChange, error: Cancelled) -> Exception:
        _refuse_if_taken(error, "phone")
        if "operation" not in error.failed or "sign_up" in error.failed:
            return CommitConflict(", ".join(error.failed))
        recorded = self._ledger.recorded(change.operation)
        assert recorded, "its record made the transaction fail"
        return AlreadyRecorded(recorded)

    def _item(self, profile: Profile, *, revision: int | None = None) -> ProfileItem:
        return profile_item(
            profile, self._vault, due_shards=self._due_shards, revision=revision
        )


def profile_item(
    profile: Profile, vault: Vault, *, due_shards: int, revision: int | None = None
) -> ProfileItem:
    """Return the item of a profile, sealed; at another revision, if one is given."""
    member = profile.member
    item = ProfileItem(
        *keys.profile_key(member),
        language=profile.language,
        joined_at=profile.joined_at,
        revision=profile.revision if revision is None else revision,
        sealed=vault.seal(_context(member), pack_profile(profile)),
        removed=" ".join(profile.removed_passes) or None,
    )
    if profile.anniversary_due is not None:
        shard = keys.shard_of(member.member_id, due_shards)
        item.due = keys.due_anniversaries(member.merchant_id, shard)
        item.due_sk = keys.due_member_sk(profile.anniversary_due, member.member_id)
    return item


def _day_of(item: ProfileItem) -> date | None:
    return date.fromisoformat(item.due_sk[:_DATE_SYMBOLS]) if item.due_sk else None


def _context(member: MemberRef) -> str:
    return f"profile#{keys.member_pk(member)}"


def _leads_to(former: Profile) -> Condition:
    is_own: Condition = PointerItem.member_id == former.member.member_id
    return is_own


def _refuse_if_taken(error: Cancelled, part: str) -> None:
    raw: dict[str, Any] | None = error.failed.get(part)
    if raw is not None:
        raise Taken(PointerItem.from_raw_data(raw).member_id) from error
