"""What else finds a member than phone and pass: plastic cards, codes of a former program.

And the pass code itself, replaced when somebody else may have it: the old one dies with the
same write, which also moves the pass's version, so that every pass shows the new one.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.account import MemberRef
from chalicelib.domain.entries import EntryKind, LedgerChange, Operation
from chalicelib.domain.errors import DomainError
from chalicelib.domain.ledger import MemberNotFound, change_of, present
from chalicelib.domain.members import NewPassCode, Profile
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.posting import Posting
from chalicelib.ports import CommitConflict, Keyring, Taken
from chalicelib.usecases.members import Directory, card_hash_of, old_code_hash_of
from chalicelib.usecases.write_once import Answered, Book, entry_of, program_of, write_once

IDENTIFIERS_MAX = 10  # of one member, of each kind
REPLACED_MAX = 20  # pass codes a profile remembers, so that they can be erased with it


class IdentifierKind(StrEnum):
    """What an identifier is."""

    CARD = "card"  # a plastic card's number
    OLD_CODE = "old_code"  # what the barcode of a former program says


class CardTaken(DomainError):
    """The card number or code is bound already."""

    code = "card_number_taken"


class TooManyCards(DomainError):
    """The member has as many as allowed."""

    code = "too_many_card_numbers"


class IdentifierNotFound(DomainError):
    """The member has no such card and no such code."""

    code = "identifier_not_found"


def bind_identifier(
    member: MemberRef,
    kind: IdentifierKind,
    value: str,
    *,
    directory: Directory,
    permit: Callable[[], None] = lambda: None,
) -> Profile:
    """Let a card or an old code find the member; the member's own again changes nothing.

    `permit` is asked once, before anything is written, and raises what forbids it.

    Raises:
        MemberNotFound, CardTaken, TooManyCards.
    """
    trouble: Exception = CommitConflict("no attempt was made")
    is_permitted = False
    for _ in directory.pacer.attempts():
        profile = _profile(member, directory)
        known = _values(profile, kind)
        if value in known:
            return profile
        if len(known) >= IDENTIFIERS_MAX:
            raise TooManyCards(f"the member has {IDENTIFIERS_MAX} already")
        if not is_permitted:
            permit()
            is_permitted = True
        bound = _with_values(profile, kind, (*known, value))
        try:
            directory.members.add_card(bound, _hash(member, kind, value, directory.keyring))
        except Taken as error:
            if error.member_id == member.member_id:  # a lost answer: bound a moment ago
                trouble = CommitConflict("the profile moved")
                continue
            raise CardTaken("it belongs to another member") from error
        except CommitConflict as error:
            trouble = error
            continue
        return replace(bound, revision=bound.revision + 1)
    raise trouble


def unbind_identifier(member: MemberRef, value: str, *, directory: Directory) -> Profile:
    """Let a card or an old code find the member no more.

    Raises:
        MemberNotFound, IdentifierNotFound.
    """
    trouble: Exception = CommitConflict("no attempt was made")
    for _ in directory.pacer.attempts():
        profile = _profile(member, directory)
        kinds = [kind for kind in IdentifierKind if value in _values(profile, kind)]
        if not kinds:
            raise IdentifierNotFound("the member has no such card or code")
        kind = kinds[0]
        left = tuple(one for one in _values(profile, kind) if one != value)
        freed = _with_values(profile, kind, left)
        try:
            directory.members.remove_card(freed, _hash(member, kind, value, directory.keyring))
        except CommitConflict as error:
            trouble = error
            continue
        return replace(freed, revision=freed.revision + 1)
    raise trouble


def find_by_old_code(merchant_id: str, text: str, *, directory: Directory) -> MemberRef:
    """Return the member a former program's code leads to. Raises MemberNotFound."""
    member = MemberRef(merchant_id, "")
    place = _hash(member, IdentifierKind.OLD_CODE, text, directory.keyring)
    member_id = directory.members.id_by_card(merchant_id, place)
    if member_id is None:
        raise MemberNotFound("there is no such member")
    return MemberRef(merchant_id, member_id)


def replace_pass_code(
    member: MemberRef,
    operation: Operation,
    *,
    at: datetime,
    book: Book,
    directory: Directory,
    edit: Callable[[Profile], Profile] = lambda profile: profile,
) -> Answered[str]:
    """Give the member another pass code; the old one finds nobody from now on.

    What `edit` makes of the profile is written with it. The code follows from the
    operation, so that a repeat tells the same and no ledger keeps it.

    Raises:
        MemberNotFound, KeyReused.
    """
    parts = (member.merchant_id, member.member_id, operation.client, operation.key)
    code = directory.keyring.derived_pass_code(*parts)
    program = program_of(member.merchant_id, book.merchants)

    def decide() -> LedgerChange:
        account = present(book.ledger.account(member))
        profile = _profile(member, directory)
        posting = Posting(account, Occasion(program, at, operation))
        posting.expire_due()
        change = change_of(posting, EntryKind.CODE)
        if profile.code == code:  # a repeat: its record will be in the way
            return change
        replaced = (*profile.replaced_codes, profile.code)
        after = replace(edit(profile), code=code, replaced_codes=replaced[-REPLACED_MAX:])
        return replace(change, pass_code=NewPassCode(after, old=profile.code))

    done = entry_of(write_once(operation, decide, book))
    return Answered(code, done.is_replay)


def _profile(member: MemberRef, directory: Directory) -> Profile:
    profile = directory.members.profile(member)
    if profile is None:
        raise MemberNotFound("there is no such member")
    return profile


def _values(profile: Profile, kind: IdentifierKind) -> tuple[str, ...]:
    return profile.card_numbers if kind is IdentifierKind.CARD else profile.old_codes


def _with_values(profile: Profile, kind: IdentifierKind, values: tuple[str, ...]) -> Profile:
    if kind is IdentifierKind.CARD:
        return replace(profile, card_numbers=values)
    return replace(profile, old_codes=values)


def _hash(member: MemberRef, kind: IdentifierKind, value: str, keyring: Keyring) -> str:
    """Return what an identifier is found by."""
    if kind is IdentifierKind.CARD:
        return card_hash_of(member.merchant_id, value, keyring)
    return old_code_hash_of(member.merchant_id, value, keyring)
