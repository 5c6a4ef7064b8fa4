"""Ask who signs in by a number that was silent for long, whether it is still theirs.

The question is the same whether or not a birth date is known, so that it tells nobody of the
former owner more than that a card was there; and what is known is shown to nobody.
"""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.members import Profile
from chalicelib.domain.recycled import (
    ENTRIES_LOOKED_AT,
    BirthDateNeeded,
    birth_date_of,
    is_birth_date,
    is_silent,
    try_charge,
)
from chalicelib.ports import CommitConflict, Ledger, LimitReached, Pacer, SignUps, Trouble


@dataclass(frozen=True, slots=True)
class SaidOfBirth:
    """What came with the code: a birth date, or the wish for a card of one's own."""

    birth_date: date | None = None
    starts_anew: bool = False


NOTHING_SAID = SaidOfBirth()


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Who asks, and by which number."""

    phone_hash: str
    said: SaidOfBirth
    at: datetime


def is_still_owner(
    profile: Profile, question: Question, *, ledger: Ledger, sign_ups: SignUps, pacer: Pacer
) -> bool:
    """Return whether the code may open this member's card; False: a card of one's own.

    A try is counted before it is compared.

    Raises:
        BirthDateNeeded: the member was silent, and the right date has not been said yet.
        Trouble: the try could not be counted; ask again.
    """
    said, at = question.said, question.at
    if not was_silent(profile, at, ledger):
        return True
    if said.starts_anew:
        return False
    if said.birth_date is None:
        raise BirthDateNeeded("say the birth date too, or begin with a card of your own")
    known = birth_date_of(profile)
    is_last = _count(profile.member.merchant_id, question, sign_ups, pacer)
    if known is not None and is_birth_date(known, said.birth_date):
        return True
    if known is None or is_last:
        return False
    raise BirthDateNeeded("not the birth date that was given; try again, or begin anew")


def was_silent(profile: Profile, at: datetime, ledger: Ledger) -> bool:
    """Return whether the member's number may be somebody else's by now."""
    entries = ledger.entries(profile.member, limit=ENTRIES_LOOKED_AT)
    return is_silent(profile, entries, at)


def _count(merchant_id: str, question: Question, sign_ups: SignUps, pacer: Pacer) -> bool:
    """Count a try; whether it is the last."""
    trouble: Trouble = CommitConflict("no attempt was made")
    charge = try_charge(question.phone_hash, question.at)
    for _ in pacer.attempts():
        try:
            sign_ups.take(merchant_id, charge)
        except LimitReached:
            return True
        except Trouble as error:
            trouble = error
            continue
        return False
    raise trouble
