"""Find members and show them: to a till, to themselves, to a wallet."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from chalicelib.domain.account import Account, Balance, MemberRef, as_of, balance_of
from chalicelib.domain.anniversaries import (
    BIRTHDAY,
    EDITS_MAX,
    next_anniversary,
    with_days,
)
from chalicelib.domain.entries import LedgerEntry
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import MemberNotFound, present
from chalicelib.domain.members import Anniversary, Consent, Merchant, Profile, with_consents
from chalicelib.domain.notices import Choice, with_choices
from chalicelib.domain.past import account_on
from chalicelib.domain.program import Program
from chalicelib.domain.promo_codes import fold
from chalicelib.domain.shared_limits import Reached
from chalicelib.domain.sign_ups import prefix_of
from chalicelib.domain.tiers import TierState, tier_state
from chalicelib.ports import CommitConflict, Keyring, Ledger, Members, Merchants, Pacer
from chalicelib.usecases.write_once import merchant_of, program_of

PAGE_SIZE = 100
PAGES_MAX = 1_000  # of ledger entries folded for a past balance


class BirthDateFixed(DomainError):
    """The member has changed the birth date once already."""

    code = "birth_date_fixed"


class CodeReplaced(DomainError):
    """The member of that pass code has another by now."""

    code = "code_replaced"


@dataclass(frozen=True, slots=True)
class NextExpiry:
    """The nearest lot to expire: all points that share its last day."""

    points: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberView:
    """A member as of one moment."""

    member: MemberRef
    merchant: Merchant
    program: Program
    profile: Profile
    account: Account  # lapsed holds given back
    on: date  # the business day it is seen on
    balance: Balance
    tier: TierState
    next_expiry: NextExpiry | None
    referral_code: str | None = None  # None: the member has no card to derive it from


@dataclass(frozen=True, slots=True)
class PastView:
    """A member's points at the end of a past day."""

    on: date
    balance: Balance
    tier: TierState


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileEdit:
    """What a member or the staff changes; None leaves a field as it is, "" takes it away."""

    name: str | None = None
    email: str | None = None
    language: str | None = None
    birth_date: date | None = None
    anniversaries: tuple[Anniversary, ...] | None = None  # other than the birthday
    consents: tuple[Consent, ...] = ()  # appended
    choices: Mapping[Choice, bool] = field(default_factory=dict)  # of notices
    by_member: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """The ports that know members."""

    merchants: Merchants
    members: Members
    ledger: Ledger
    keyring: Keyring
    pacer: Pacer


def view_member(
    member: MemberRef, *, at: datetime, directory: Directory, profile: Profile | None = None
) -> MemberView:
    """Return the member with balance, tier and next expiry as of `at`.

    A `profile` that was read a moment ago, to see who is asking, is not read again.

    Raises:
        MemberNotFound: unknown, another merchant's, or erased.
    """
    program = program_of(member.merchant_id, directory.merchants)
    merchant = merchant_of(member.merchant_id, directory.merchants)
    account = present(directory.ledger.account(member))
    profile = profile or directory.members.profile(member)
    if profile is None:
        raise MemberNotFound("there is no such member")
    on = program.local_date(at)
    current = as_of(account, at)
    return MemberView(
        member=member,
        merchant=merchant,
        program=program,
        profile=profile,
        account=current,
        on=on,
        balance=balance_of(account, at, on),
        tier=tier_state(current, program, on),
        next_expiry=next_expiry(current, on),
        referral_code=directory.keyring.referral_code(profile.code) if profile.code else None,
    )


def find_by_phone(merchant_id: str, phone: str, *, directory: Directory) -> MemberRef:
    """Return the member with that phone (E.164). Raises MemberNotFound."""
    phone_hash = phone_hash_of(merchant_id, phone, directory.keyring)
    return _found(merchant_id, directory.members.id_by_phone(merchant_id, phone_hash))


def find_by_code(merchant_id: str, code: str, *, directory: Directory) -> MemberRef:
    """Return the member whose pass shows the code.

    Raises:
        CodeReplaced: it was somebody's, who has another now.
        MemberNotFound.
    """
    find = directory.members.id_by_code
    member_id = find(merchant_id, code)
    if member_id is None and find(merchant_id, code, is_replaced=True) is not None:
        raise CodeReplaced("this code was replaced; ask for the card's current one")
    return _found(merchant_id, member_id)


def find_by_card(merchant_id: str, card_number: str, *, directory: Directory) -> MemberRef:
    """Return the member with that plastic card. Raises MemberNotFound."""
    card_hash = card_hash_of(merchant_id, card_number, directory.keyring)
    return _found(merchant_id, directory.members.id_by_card(merchant_id, card_hash))


def past_view(member: MemberRef, on: date, *, directory: Directory) -> PastView:
    """Return the balance at the end of a day, folded from the ledger.

    Raises:
        MemberNotFound: unknown, another merchant's, or erased.
    """
    program = program_of(member.merchant_id, directory.merchants)
    present(directory.ledger.account(member))
    account = account_on(member, _all_entries(member, directory.ledger), on)
    day_end = program.day_begins(on + timedelta(days=1)) - timedelta(microseconds=1)
    return PastView(on, balance_of(account, day_end, on), tier_state(account, program, on))


def edit_profile(
    member: MemberRef, edit: ProfileEdit, *, at: datetime, directory: Directory
) -> Profile:
    """Change a member's own data.

    Raises:
        MemberNotFound: unknown or erased.
        BirthDateFixed: the member changes the birth date a second time.
        AnniversaryRefused: the list of yearly days may not be so.
    """
    program = program_of(member.merchant_id, directory.merchants)
    today = program.local_date(at)
    trouble: Exception = CommitConflict("no attempt was made")
    for _ in directory.pacer.attempts():
        profile = directory.members.profile(member)
        if profile is None:
            raise MemberNotFound("there is no such member")
        edited = _edited(profile, edit)
        due = next_anniversary(edited.anniversaries, program, today)
        edited = replace(edited, anniversary_due=due)
        try:
            directory.members.save_profile(edited, marks_at=_marks_at(profile, edited, at))
        except CommitConflict as error:
            trouble = error
            continue
        return replace(edited, revision=edited.revision + 1)
    raise trouble


def phone_hash_of(merchant_id: str, phone: str, keyring: Keyring) -> str:
    """Return what a phone (E.164) is looked up by."""
    return keyring.fingerprint("phone", merchant_id, phone)


def reached_by(merchant: Merchant, phone: str, at: datetime, keyring: Keyring) -> Reached:
    """Return whom a message to that phone (E.164) reaches, whoever sends it."""
    phone_hash = keyring.fingerprint("phone-in-all", phone)
    return Reached(merchant=merchant, phone_hash=phone_hash, prefix=prefix_of(phone), at=at)


def email_hash_of(merchant_id: str, email: str, keyring: Keyring) -> str:
    """Return what a proven e-mail address is looked up by, in any case."""
    return keyring.fingerprint("email", merchant_id, email.strip().lower())


def contact_hash_of(merchant_id: str, contact: str, keyring: Keyring) -> str:
    """Return what a phone or a proven e-mail address is looked up by."""
    find = email_hash_of if "@" in contact else phone_hash_of
    return find(merchant_id, contact, keyring)


def card_hash_of(merchant_id: str, card_number: str, keyring: Keyring) -> str:
    """Return what a plastic card is looked up by."""
    return keyring.fingerprint("card", merchant_id, card_number)


def old_code_hash_of(merchant_id: str, code: str, keyring: Keyring) -> str:
    """Return what a former program's code is looked up by; a scanner may lose its case."""
    return keyring.fingerprint("old-code", merchant_id, fold(code))


def next_expiry(account: Account, on: date) -> NextExpiry | None:
    """Return what expires next among the spendable points (R17)."""
    days = [lot.expires_on for lot in account.lots if lot.expires_on and lot.is_spendable(on)]
    if not days:
        return None
    nearest = min(days)
    points = sum(
        lot.points for lot in account.lots if lot.expires_on == nearest and lot.is_spendable(on)
    )
    return NextExpiry(points, nearest)


def _found(merchant_id: str, member_id: str | None) -> MemberRef:
    if member_id is None:
        raise MemberNotFound("there is no such member")
    return MemberRef(merchant_id, member_id)


def _all_entries(member: MemberRef, ledger: Ledger) -> list[LedgerEntry]:
    """Return every entry, oldest first."""
    found: list[LedgerEntry] = []
    before: int | None = None
    for _ in range(PAGES_MAX):
        page = ledger.entries(member, before=before, limit=PAGE_SIZE)
        found.extend(page)
        if len(page) < PAGE_SIZE:
            break
        before = page[-1].version
    return found[::-1]


def _edited(profile: Profile, edit: ProfileEdit) -> Profile:
    if edit.birth_date is not None:
        profile = _with_birth_date(profile, edit.birth_date, by_member=edit.by_member)
    if edit.anniversaries is not None:
        profile = with_days(profile, edit.anniversaries, by_member=edit.by_member)
    return replace(
        profile,
        name=profile.name if edit.name is None else edit.name or None,
        email=profile.email if edit.email is None else edit.email or None,
        language=edit.language or profile.language,
        consents=with_consents(profile.consents, edit.consents),
        muted=with_choices(profile.muted, edit.choices),
    )


def _marks_at(before: Profile, after: Profile, at: datetime) -> datetime | None:
    """Return `at` if the passes show something else now, and phones must be told."""
    is_shown = (before.name, before.language) != (after.name, after.language)
    return at if is_shown else None


def _with_birth_date(profile: Profile, day: date, *, by_member: bool) -> Profile:
    """Return the profile with that birth date; a moved one keeps its last grant."""
    birthday = next((a for a in profile.anniversaries if a.kind == BIRTHDAY), None)
    others = tuple(a for a in profile.anniversaries if a.kind != BIRTHDAY)
    if birthday is None:
        return replace(profile, anniversaries=(Anniversary(BIRTHDAY, day), *others))
    if birthday.day == day:
        return profile
    if by_member and profile.birth_date_edits >= EDITS_MAX:
        raise BirthDateFixed("the birth date was changed once; ask the staff")
    return replace(
        profile,
        anniversaries=(replace(birthday, day=day), *others),
        birth_date_edits=profile.birth_date_edits + 1,
    )
