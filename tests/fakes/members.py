"""The `Members` port in dictionaries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.members import Leaving, NewPassCode, NewPhone, Profile, SignUp
from chalicelib.ports import AlreadyRecorded, CommitConflict, Taken
from tests.fakes.funnel import FakeFunnel
from tests.fakes.ledger import FakeLedger
from tests.fakes.sign_ups import FakeSignUps

Pointer = tuple[str, str]  # merchant, and phone hash, code or card hash


class FakeMembers:
    """Profiles of a test; first entries go to `ledger`, used sign-ups to `sign_ups`."""

    def __init__(
        self, ledger: FakeLedger, sign_ups: FakeSignUps, funnel: FakeFunnel | None = None
    ) -> None:
        self._funnel = funnel or FakeFunnel()
        self.profiles: dict[MemberRef, Profile] = {}
        self.phones: dict[Pointer, str] = {}
        self.codes: dict[Pointer, str] = {}
        self.cards: dict[Pointer, str] = {}
        self.replaced: set[Pointer] = set()  # codes whose members have others
        self.left: dict[MemberRef, int] = {}  # what revision is left of who has gone
        self.left_removed: dict[MemberRef, tuple[str, ...]] = {}
        self._ledger = ledger
        self._sign_ups = sign_ups
        ledger.replace_code = self.replace_code
        ledger.replace_phone = self.replace_phone
        self.end_change: Callable[[MemberRef, str, datetime], None] = lambda *_: None
        ledger.people = self

    def register(
        self,
        profile: Profile,
        change: LedgerChange,
        *,
        phone_hash: str | None,
        sign_up: SignUp | None,
        former: Profile | None = None,
    ) -> None:
        merchant_id, member_id = profile.member.merchant_id, profile.member.member_id
        owner = self.phones.get((merchant_id, phone_hash or ""))
        if former is not None:
            self._refuse_if_moved(former)
            if owner != former.member.member_id:
                raise CommitConflict("phone")
        elif owner:
            raise Taken(owner)
        if sign_up and not self._sign_ups.is_unused(sign_up):
            raise CommitConflict("sign_up")
        recorded = self._ledger.recorded(change.operation) if change.operation.key else None
        if recorded:
            raise AlreadyRecorded(recorded)
        if profile.member in self.profiles or (merchant_id, profile.code) in self.codes:
            raise CommitConflict("profile")
        self._ledger.commit(change)
        if former is not None:
            self.save_profile(former)
        if change.entry:
            self._funnel.create(profile.member, change.entry.on)
        self.profiles[profile.member] = profile
        self.codes[merchant_id, profile.code] = member_id
        if phone_hash:
            self.phones[merchant_id, phone_hash] = member_id
        if sign_up:
            self._sign_ups.use(sign_up)

    def profile(self, member: MemberRef) -> Profile | None:
        return self.profiles.get(member)

    def save_profile(self, profile: Profile, *, marks_at: datetime | None = None) -> None:
        self._refuse_if_moved(profile)
        self.profiles[profile.member] = replace(profile, revision=profile.revision + 1)
        if marks_at is not None:
            self._ledger.mark(profile.member)

    def id_by_phone(self, merchant_id: str, phone_hash: str) -> str | None:
        return self.phones.get((merchant_id, phone_hash))

    def id_by_code(
        self, merchant_id: str, code: str, *, is_replaced: bool = False
    ) -> str | None:
        found = self.codes.get((merchant_id, code))
        return found if ((merchant_id, code) in self.replaced) is is_replaced else None

    def id_by_card(self, merchant_id: str, card_hash: str) -> str | None:
        return self.cards.get((merchant_id, card_hash))

    def add_card(self, profile: Profile, card_hash: str) -> None:
        card = (profile.member.merchant_id, card_hash)
        if owner := self.cards.get(card):
            raise Taken(owner)
        self.save_profile(profile)
        self.cards[card] = profile.member.member_id

    def remove_card(self, profile: Profile, card_hash: str) -> None:
        card = (profile.member.merchant_id, card_hash)
        if self.cards.get(card) != profile.member.member_id:
            raise CommitConflict("card")
        self.save_profile(profile)
        del self.cards[card]

    def replace_code(self, new: NewPassCode) -> None:
        """Do what the ledger's commit does beside the entry. Raises CommitConflict."""
        merchant_id, member_id = new.profile.member.merchant_id, new.profile.member.member_id
        if (merchant_id, new.profile.code) in self.codes:
            raise CommitConflict("code")
        self.save_profile(new.profile)
        self.codes[merchant_id, new.profile.code] = member_id
        self.replaced.add((merchant_id, new.old))

    def replace_phone(self, new: NewPhone, at: datetime) -> None:
        """Do what the ledger's commit does beside the entry. Raises CommitConflict."""
        member = new.profile.member
        merchant_id, member_id = member.merchant_id, member.member_id
        if self.phones.get((merchant_id, new.phone_hash), member_id) != member_id:
            raise CommitConflict("phone")
        self.end_change(member, new.change_id, at)
        self.save_profile(new.profile)
        self.phones[merchant_id, new.phone_hash] = member_id
        if new.old_hash is not None:
            self.phones.pop((merchant_id, new.old_hash), None)

    def check_leaving(self, leaving: Leaving) -> None:
        self._refuse_if_moved(leaving.profile)
        if leaving.heir is not None:
            self._refuse_if_moved(leaving.heir)

    def leave(self, leaving: Leaving) -> None:
        heir, merchant_id = leaving.heir, leaving.profile.member.merchant_id
        gone = self.profiles.pop(leaving.profile.member)
        self.left[gone.member] = gone.revision + 1
        self.left_removed[gone.member] = gone.removed_passes
        for pointers, places in (
            (self.phones, leaving.phone_hashes),
            (self.codes, leaving.codes),
            (self.cards, leaving.card_hashes),
            (self.codes, leaving.replaced_codes),
        ):
            for place in places:
                if heir is None:
                    pointers.pop((merchant_id, place), None)
                else:
                    pointers[merchant_id, place] = heir.member.member_id
        if heir is not None:
            self.save_profile(heir)

    def _refuse_if_moved(self, profile: Profile) -> None:
        stored = self.profiles.get(profile.member)
        if stored is None or stored.revision != profile.revision:
            raise CommitConflict("profile")
