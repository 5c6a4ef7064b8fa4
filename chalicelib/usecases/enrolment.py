"""Let a proven phone in: register the member, or find who has the phone already.

One transaction under "this phone is nobody's yet"; the loser of a race finds the winner.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.account import MemberRef
from chalicelib.domain.anniversaries import BIRTHDAY, next_anniversary, with_days
from chalicelib.domain.browsers import Browser, with_browser
from chalicelib.domain.entries import Operation
from chalicelib.domain.joining import join
from chalicelib.domain.ledger import MemberNotFound
from chalicelib.domain.members import (
    Anniversary,
    Profile,
    SignUp,
    with_consents,
)
from chalicelib.domain.occasion import Occasion
from chalicelib.domain.recycled import without_phone
from chalicelib.domain.sign_ups import (
    CodeWrong,
    SignUpNotFound,
    SmsPolicy,
    refuse_used,
)
from chalicelib.ports import (
    CommitConflict,
    Keyring,
    Members,
    Merchants,
    Pacer,
    PrefixMonitor,
    SignUps,
    Taken,
    Trouble,
)
from chalicelib.usecases.card_tokens import browser_id_of
from chalicelib.usecases.members import ProfileEdit
from chalicelib.usecases.phone_links import verify_member
from chalicelib.usecases.prefixes import (
    PrefixWatch,
    note_verified,
)
from chalicelib.usecases.recycled import NOTHING_SAID, Question, SaidOfBirth, is_still_owner
from chalicelib.usecases.write_once import Book, program_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The ports a sign-up goes through."""

    merchants: Merchants
    members: Members
    sign_ups: SignUps
    prefixes: PrefixMonitor
    book: Book
    keyring: Keyring
    pacer: Pacer
    policy: SmsPolicy

    @property
    def watch(self) -> PrefixWatch:
        """Return the part that watches prefixes."""
        return PrefixWatch(prefixes=self.prefixes, pacer=self.pacer, policy=self.policy)


@dataclass(frozen=True, slots=True)
class Verified:
    """Whose phone it is."""

    member: MemberRef
    is_new: bool
    browser_id: str  # signed in by this


@dataclass(frozen=True, slots=True)
class Proof:
    """A right code, and what came with it."""

    sign_up: SignUp
    nonce_hash: str
    code: str
    edit: ProfileEdit
    at: datetime
    label: str = ""  # of the browser it came from
    of_birth: SaidOfBirth = NOTHING_SAID


def let_in(proof: Proof, doors: Doors) -> Verified:
    """Register the member, or find who has the phone; the loser of a race finds the winner."""
    sign_up = proof.sign_up
    known = doors.members.id_by_phone(sign_up.merchant_id, sign_up.phone_hash)
    for _ in doors.pacer.attempts():
        try:
            verified = _admit(known, proof, doors)
        except Taken as taken:
            known = taken.member_id
            continue
        except MemberNotFound:  # gone a moment ago, and the phone is free
            known = doors.members.id_by_phone(sign_up.merchant_id, sign_up.phone_hash)
            continue
        except CommitConflict:  # the same code, a moment ago
            current = find_sign_up(sign_up.sign_up_id, doors)
            refuse_used(current, proof.nonce_hash, proof.at, doors.policy)
            if current.member_id is None:
                continue
            return same_answer(current, proof.code, doors)
        if sign_up.phone:
            phone, sent_id = sign_up.phone, sign_up.sign_up_id
            note_verified(sign_up.merchant_id, phone, sent_id, doors.watch)
        return verified
    raise CommitConflict("the sign-up moved again and again")


def same_answer(sign_up: SignUp, code: str, doors: Doors) -> Verified:
    """Answer the client that used the code once more: a lost answer strands nobody.

    Its nonce has been checked, so there is nothing to guess and nothing to count.
    """
    assert sign_up.member_id is not None, "the code was used"
    if not is_code(sign_up, code, doors):
        raise CodeWrong(0)
    member = MemberRef(sign_up.merchant_id, sign_up.member_id)
    return Verified(member, sign_up.is_new_member, _browser_id(sign_up, doors))


def is_code(sign_up: SignUp, code: str, doors: Doors) -> bool:
    """Return whether it is the code that was sent, in constant time."""
    return hmac.compare_digest(sign_up.code_hash, code_hash(sign_up, code, doors))


def code_hash(sign_up: SignUp, code: str, doors: Doors) -> str:
    """Return the code's hash, good for this phone and sign-up alone."""
    return doors.keyring.fingerprint(
        "sms-code", sign_up.merchant_id, sign_up.sign_up_id, sign_up.phone_hash, code
    )


def find_sign_up(sign_up_id: str, doors: Doors) -> SignUp:
    """Return the sign-up; its id names its merchant.

    Raises:
        SignUpNotFound: there is none, or its time is long over.
    """
    _, _, merchant_id = sign_up_id.rpartition(".")
    found = doors.sign_ups.find(merchant_id, sign_up_id) if merchant_id else None
    if found is None:
        raise SignUpNotFound("there is no such sign-up, or its time is long over")
    return found


def _admit(found: str | None, proof: Proof, doors: Doors) -> Verified:
    """Let a member in by the code, or register one.

    Raises, beside trouble: `BirthDateNeeded`.
    """
    sign_up, at = proof.sign_up, proof.at
    former = _former(found, proof, doors) if found and sign_up.phone else None
    known = None if former else found
    member_id = known or doors.keyring.new_id("mem")
    member = MemberRef(sign_up.merchant_id, member_id)
    used = replace(
        sign_up,
        member_id=member_id,
        is_new_member=known is None,
        used_at=at,
        nonce_hash=proof.nonce_hash,
    )
    browser = Browser(_browser_id(sign_up, doors), proof.label, at, at.date())
    if known is not None:
        verify_member(member, at=at, book=doors.book)
        _remember(used, browser, doors)
        doors.sign_ups.use(used)
        return Verified(member, is_new=False, browser_id=browser.browser_id)
    program = program_of(sign_up.merchant_id, doors.merchants)
    operation = Operation(
        sign_up.merchant_id, "sign_up", sign_up.sign_up_id, sign_up.phone_hash
    )
    referrer_id = _referrer(sign_up, doors)
    profile = _new_profile(member, proof, doors)
    profile = replace(profile, referred_by=referrer_id, browsers=(browser,))
    due = next_anniversary(profile.anniversaries, program, program.local_date(at))
    doors.members.register(
        replace(profile, anniversary_due=due),
        join(member, Occasion(program, at, operation), referrer_id),
        phone_hash=sign_up.phone_hash,
        sign_up=used,
        former=former,
    )
    return Verified(member, is_new=True, browser_id=browser.browser_id)


def _former(found: str, proof: Proof, doors: Doors) -> Profile | None:
    """Return whom the phone led to, without it, if it is not theirs any more."""
    sign_up = proof.sign_up
    profile = doors.members.profile(MemberRef(sign_up.merchant_id, found))
    if profile is None:
        return None
    question = Question(phone_hash=sign_up.phone_hash, said=proof.of_birth, at=proof.at)
    ledger, pacer = doors.book.ledger, doors.pacer
    if is_still_owner(profile, question, ledger=ledger, sign_ups=doors.sign_ups, pacer=pacer):
        return None
    return without_phone(profile, sign_up.phone)


def _referrer(sign_up: SignUp, doors: Doors) -> str | None:
    """Return the member whose code the sign-up gave; a code of nobody's changes nothing.

    It cannot be the shopper: the phone of a member never comes here.
    """
    if not sign_up.referral_code:
        return None
    pass_code = doors.keyring.pass_code_of(sign_up.referral_code)
    if pass_code is None:
        return None
    merchant_id, find = sign_up.merchant_id, doors.members.id_by_code
    # A link that was passed on goes on inviting when its member's pass code is replaced.
    return find(merchant_id, pass_code) or find(merchant_id, pass_code, is_replaced=True)


def _remember(sign_up: SignUp, browser: Browser, doors: Doors) -> None:
    """Let the browser in, and add what a member known before has just agreed to.

    Before the code is used: a repeat of a used one must not let in a browser that was
    removed meanwhile. If it is not used after all, its client asks again for the same.

    Raises:
        CommitConflict, StoreUnavailable: the time for retries is used up; ask again.
    """
    assert sign_up.member_id, "a used sign-up has its member"
    member = MemberRef(sign_up.merchant_id, sign_up.member_id)
    trouble: Trouble = CommitConflict("no attempt was made")
    for _ in doors.pacer.attempts():
        try:
            profile = doors.members.profile(member)
            if profile is None:  # gone a moment ago: there is nothing to open
                return
            changed = _returned(profile, sign_up, browser)
            if changed == profile:
                return
            is_shown = changed.language != profile.language
            doors.members.save_profile(changed, marks_at=sign_up.used_at if is_shown else None)
        except Trouble as error:
            trouble = error
            continue
        return
    raise trouble


def _returned(profile: Profile, sign_up: SignUp, browser: Browser) -> Profile:
    back = replace(profile, browsers=with_browser(profile.browsers, browser))
    if set(sign_up.consents) <= set(profile.consents):
        return back
    consents = with_consents(profile.consents, sign_up.consents)
    return replace(back, consents=consents, language=sign_up.language)


def _browser_id(sign_up: SignUp, doors: Doors) -> str:
    return browser_id_of(sign_up.merchant_id, sign_up.sign_up_id, doors.keyring)


def _new_profile(member: MemberRef, proof: Proof, doors: Doors) -> Profile:
    sign_up, edit = proof.sign_up, proof.edit
    born = edit.birth_date or proof.of_birth.birth_date
    birthday = (Anniversary(BIRTHDAY, born),) if born else ()
    profile = Profile(
        member=member,
        phone=sign_up.phone or None,
        language=sign_up.language,
        joined_at=proof.at,
        name=edit.name,
        email=edit.email or sign_up.email,
        proven_email=sign_up.email,
        store=sign_up.store,
        consents=sign_up.consents,
        anniversaries=birthday,
        code=doors.keyring.new_pass_code(),
    )
    return with_days(profile, edit.anniversaries or (), by_member=True)
