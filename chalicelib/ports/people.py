"""Members, the phones being proven, and what guards them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import LedgerChange
from chalicelib.domain.members import (
    LimitCharge,
    OutgoingSms,
    PhoneLink,
    PrefixRecord,
    Profile,
    SignUp,
)


class Members(Protocol):
    """Profiles, and the ways to find a member."""

    def register(
        self,
        profile: Profile,
        change: LedgerChange,
        *,
        phone_hash: str | None,
        sign_up: SignUp | None,
        former: Profile | None = None,
    ) -> None:
        """Write profile, phone index, pass code index, first entry and used sign-up at once.

        The card is counted on the business day of the entry. `former` is the member whom
        the phone led to, without it, at the revision that was read.

        Raises:
            Taken: the phone is a member already (its id is in the error).
            CommitConflict: the sign-up was used meanwhile.
            StoreUnavailable: the outcome is unknown.
        """

    def profile(self, member: MemberRef) -> Profile | None:
        """Return the profile, opened; None if unknown or erased."""

    def save_profile(self, profile: Profile, *, marks_at: datetime | None = None) -> None:
        """Replace the profile if its revision has not moved; `revision` is stored plus one.

        With `marks_at` the member's passes are marked in the same write, as not told since
        that moment: they show something of the profile that has changed.

        Raises:
            CommitConflict: it has moved.
        """

    def id_by_phone(self, merchant_id: str, phone_hash: str) -> str | None:
        """Return the member with that phone."""

    def id_by_code(
        self, merchant_id: str, code: str, *, is_replaced: bool = False
    ) -> str | None:
        """Return the member whose pass shows that code; or had it, and has another now."""

    def id_by_card(self, merchant_id: str, card_hash: str) -> str | None:
        """Return the member with that plastic card."""

    def add_card(self, profile: Profile, card_hash: str) -> None:
        """Bind a card number and save the profile that lists it, in one transaction.

        Raises:
            Taken: another member's (or the same member's) already.
            CommitConflict: the profile has moved.
        """

    def remove_card(self, profile: Profile, card_hash: str) -> None:
        """Forget a card number and save the profile without it, in one transaction.

        Raises:
            CommitConflict: the profile has moved, or the card is not this member's.
        """


class SignUps(Protocol):
    """Phones being proven, their limits, and the messages that carry the codes."""

    def open(self, sign_up: SignUp, sms: OutgoingSms, charges: Sequence[LimitCharge]) -> None:
        """Write sign-up and message and take every charge, in one transaction.

        Raises:
            LimitReached: the first full limit, in the order of `charges`; nothing written.
            StoreUnavailable: the outcome is unknown.
        """

    def find(self, merchant_id: str, sign_up_id: str) -> SignUp | None:
        """Return the sign-up (strongly consistent), or None."""

    def count_guess(
        self, sign_up: SignUp, *, guesses_max: int, failures: LimitCharge, at: datetime
    ) -> SignUp | None:
        """Count a guess before it is compared; the sign-up as counted, None if none is left.

        One transaction: sign-up guesses + 1 while below the maximum, failures of the
        phone + 1.

        Raises:
            LimitReached: the phone has too many failures across codes.
        """

    def forgive_guess(self, sign_up: SignUp, failures: LimitCharge) -> None:
        """Take one failure of the phone back: the guess was right."""

    def take(self, merchant_id: str, charge: LimitCharge) -> None:
        """Take one charge by itself.

        Raises:
            LimitReached: there is no room.
            CommitConflict, StoreUnavailable: perhaps it was taken.
        """

    def use(self, sign_up: SignUp) -> None:
        """Store the sign-up as used by a member known before.

        Raises:
            CommitConflict: it was used meanwhile.
        """


class PhoneLinks(Protocol):
    """Addresses sent to phones that nobody has confirmed yet."""

    def promise(
        self, link: PhoneLink, sms: OutgoingSms, charges: Sequence[LimitCharge]
    ) -> None:
        """Write link and message and take every charge, in one transaction.

        An earlier link of the same address is replaced: a message is sent again.

        Raises:
            LimitReached: the first full limit, in the order of `charges`; nothing written.
            CommitConflict, StoreUnavailable: perhaps nothing was written.
        """

    def find(self, token_hash: str) -> PhoneLink | None:
        """Return the link, or None if there is none or its time is over."""

    def use(self, link: PhoneLink) -> None:
        """Note when the link was first used; one that is noted keeps its moment."""


class PrefixMonitor(Protocol):
    """What became of the latest codes sent to one prefix of phone numbers."""

    def find(self, merchant_id: str, prefix: str) -> PrefixRecord:
        """Return the record; an empty one if no code was ever sent there."""

    def save(self, record: PrefixRecord) -> None:
        """Store it if its revision has not moved. Raises CommitConflict."""
