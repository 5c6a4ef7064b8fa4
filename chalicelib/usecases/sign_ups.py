"""Sign up: a phone is proven by a code and becomes a member, or is one already.

The answer is the same for known and unknown phones: nothing is looked up before the code
is right. Guesses are counted before they are compared.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.account import MemberRef
from chalicelib.domain.anniversaries import BIRTHDAY, next_anniversary
from chalicelib.domain.entries import Operation
from chalicelib.domain.ledger import join
from chalicelib.domain.members import (
    Anniversary,
    Consent,
    Merchant,
    OutgoingSms,
    Profile,
    SentCode,
    SignUp,
)
from chalicelib.domain.posting import Occasion
from chalicelib.domain.sign_ups import (
    CodeExpired,
    CodeLocked,
    CodeWrong,
    SignUpNotFound,
    SmsPolicy,
    charges_for,
    failure_charge,
    prefix_of,
    refuse_used,
)
from chalicelib.domain.wording import code_text
from chalicelib.ports import (
    CommitConflict,
    Keyring,
    LimitReached,
    Members,
    Merchants,
    Pacer,
    PrefixMonitor,
    SignUps,
    Taken,
)
from chalicelib.usecases.members import ProfileEdit, phone_hash_of
from chalicelib.usecases.prefixes import (
    PrefixWatch,
    guarded_record,
    note_sent,
    note_verified,
)
from chalicelib.usecases.write_once import MerchantNotFound, program_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors:
    """The ports a sign-up goes through."""

    merchants: Merchants
    members: Members
    sign_ups: SignUps
    prefixes: PrefixMonitor
    keyring: Keyring
    pacer: Pacer
    policy: SmsPolicy

    @property
    def watch(self) -> PrefixWatch:
        """Return the part that watches prefixes."""
        return PrefixWatch(prefixes=self.prefixes, pacer=self.pacer, policy=self.policy)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpRequest:
    """A shopper's wish to join, or to come back to a card."""

    merchant_id: str
    phone: str  # E.164, of a country the merchant allows
    language: str
    consents: tuple[Consent, ...]
    client_nonce: str
    ip: str  # of the client; /64 for IPv6
    store: str | None = None
    referral_code: str | None = None


@dataclass(frozen=True, slots=True)
class Verified:
    """Whose phone it is."""

    member: MemberRef
    is_new: bool


def merchant_of(merchant_id: str, merchants: Merchants) -> Merchant:
    """Return the merchant. Raises MerchantNotFound."""
    merchant = merchants.find(merchant_id)
    if merchant is None:
        raise MerchantNotFound("there is no such merchant")
    return merchant


def request_code(request: SignUpRequest, *, at: datetime, doors: Doors) -> SignUp:
    """Promise a code to the phone, within every limit.

    Raises:
        MerchantNotFound: there is none.
        LimitReached, PrefixBlocked: too many codes; nothing is sent.
    """
    merchant = merchant_of(request.merchant_id, doors.merchants)
    prefix = prefix_of(request.phone)
    record = guarded_record(request.merchant_id, prefix, at, doors.watch)
    code = doors.keyring.new_digits()
    sign_up = _sign_up(request, code, at, doors)
    sms = OutgoingSms(
        message_id=doors.keyring.new_id("sms"),
        merchant_id=request.merchant_id,
        to=request.phone,
        text=code_text(request.language, merchant.name, code),
        created_at=at,
        expires_at=sign_up.expires_at,
    )
    charges = charges_for(
        phone_hash=sign_up.phone_hash,
        prefix=prefix,
        ip=doors.keyring.fingerprint("ip", request.ip),
        at=at,
        policy=doors.policy,
    )
    doors.sign_ups.open(sign_up, sms, charges)
    note_sent(record, SentCode(sign_up.sign_up_id, at), doors.watch)
    return sign_up


def verify_code(
    sign_up_id: str,
    code: str,
    client_nonce: str,
    edit: ProfileEdit,
    *,
    at: datetime,
    doors: Doors,
) -> Verified:
    """Turn a right code into a member: a new one, or the one the phone is already.

    Raises:
        SignUpNotFound, CodeWrong, CodeExpired, CodeUsed, CodeLocked.
    """
    sign_up = _find(sign_up_id, doors)
    nonce_hash = _nonce_hash(sign_up.merchant_id, client_nonce, doors)
    refuse_used(sign_up, nonce_hash, at, doors.policy)
    if sign_up.member_id is not None:
        return _same_answer(sign_up, code, doors)
    if at > sign_up.expires_at:
        raise CodeExpired("the code's time is over; ask for a new one")
    failures = failure_charge(sign_up.phone_hash, at, doors.policy)
    try:
        counted = doors.sign_ups.count_guess(
            sign_up, guesses_max=doors.policy.guesses_max, failures=failures, at=at
        )
    except LimitReached as error:
        raise CodeLocked("too many wrong codes for this phone; try again tomorrow") from error
    if counted is None:
        raise CodeLocked("too many guesses; ask for a new code")
    if not _is_code(counted, code, doors):
        raise CodeWrong(max(0, doors.policy.guesses_max - counted.guesses))
    doors.sign_ups.forgive_guess(failures)
    return _let_in(_Proof(counted, nonce_hash, code, edit, at), doors)


@dataclass(frozen=True, slots=True)
class _Proof:
    """A right code, and what came with it."""

    sign_up: SignUp
    nonce_hash: str
    code: str
    edit: ProfileEdit
    at: datetime


def _same_answer(sign_up: SignUp, code: str, doors: Doors) -> Verified:
    """Answer the client that used the code once more: a lost answer strands nobody.

    Its nonce has been checked, so there is nothing to guess and nothing to count.
    """
    assert sign_up.member_id is not None, "the code was used"
    if not _is_code(sign_up, code, doors):
        raise CodeWrong(0)
    return Verified(MemberRef(sign_up.merchant_id, sign_up.member_id), sign_up.is_new_member)


def _is_code(sign_up: SignUp, code: str, doors: Doors) -> bool:
    return hmac.compare_digest(sign_up.code_hash, _code_hash(sign_up, code, doors))


def _let_in(proof: _Proof, doors: Doors) -> Verified:
    """Register the member, or find who has the phone; the loser of a race finds the winner."""
    sign_up = proof.sign_up
    known = doors.members.id_by_phone(sign_up.merchant_id, sign_up.phone_hash)
    for _ in doors.pacer.attempts():
        try:
            verified = _admit(known, proof, doors)
        except Taken as taken:
            known = taken.member_id
            continue
        except CommitConflict:  # the same code, a moment ago
            current = _find(sign_up.sign_up_id, doors)
            refuse_used(current, proof.nonce_hash, proof.at, doors.policy)
            if current.member_id is None:
                continue
            return _same_answer(current, proof.code, doors)
        note_verified(sign_up, doors.watch)
        return verified
    raise CommitConflict("the sign-up moved again and again")


def _admit(known: str | None, proof: _Proof, doors: Doors) -> Verified:
    sign_up, at = proof.sign_up, proof.at
    member_id = known or doors.keyring.new_id("mem")
    member = MemberRef(sign_up.merchant_id, member_id)
    used = replace(
        sign_up,
        member_id=member_id,
        is_new_member=known is None,
        used_at=at,
        nonce_hash=proof.nonce_hash,
    )
    if known is not None:
        doors.sign_ups.use(used)
        return Verified(member, is_new=False)
    program = program_of(sign_up.merchant_id, doors.merchants)
    operation = Operation(
        sign_up.merchant_id, "sign_up", sign_up.sign_up_id, sign_up.phone_hash
    )
    profile = _new_profile(member, proof, doors)
    due = next_anniversary(profile.anniversaries, program, program.local_date(at))
    doors.members.register(
        replace(profile, anniversary_due=due),
        join(member, Occasion(program, at, operation)),
        phone_hash=sign_up.phone_hash,
        sign_up=used,
    )
    return Verified(member, is_new=True)


def _new_profile(member: MemberRef, proof: _Proof, doors: Doors) -> Profile:
    sign_up, edit = proof.sign_up, proof.edit
    birthday = (Anniversary(BIRTHDAY, edit.birth_date),) if edit.birth_date else ()
    return Profile(
        member=member,
        phone=sign_up.phone,
        language=sign_up.language,
        joined_at=proof.at,
        name=edit.name,
        email=edit.email,
        store=sign_up.store,
        consents=sign_up.consents,
        anniversaries=birthday + (edit.anniversaries or ()),
        code=doors.keyring.new_pass_code(),
    )


def _sign_up(request: SignUpRequest, code: str, at: datetime, doors: Doors) -> SignUp:
    sign_up = SignUp(
        sign_up_id=f"{doors.keyring.new_id('sup')}.{request.merchant_id}",
        merchant_id=request.merchant_id,
        phone=request.phone,
        phone_hash=phone_hash_of(request.merchant_id, request.phone, doors.keyring),
        code_hash="",
        nonce_hash=_nonce_hash(request.merchant_id, request.client_nonce, doors),
        language=request.language,
        store=request.store,
        consents=request.consents,
        referral_code=request.referral_code,
        created_at=at,
        expires_at=at + timedelta(minutes=doors.policy.code_minutes),
    )
    return replace(sign_up, code_hash=_code_hash(sign_up, code, doors))


def _find(sign_up_id: str, doors: Doors) -> SignUp:
    _, _, merchant_id = sign_up_id.rpartition(".")
    found = doors.sign_ups.find(merchant_id, sign_up_id) if merchant_id else None
    if found is None:
        raise SignUpNotFound("there is no such sign-up, or its time is long over")
    return found


def _code_hash(sign_up: SignUp, code: str, doors: Doors) -> str:
    """Return the code's hash, good for this phone and sign-up alone."""
    return doors.keyring.fingerprint(
        "sms-code", sign_up.merchant_id, sign_up.sign_up_id, sign_up.phone_hash, code
    )


def _nonce_hash(merchant_id: str, client_nonce: str, doors: Doors) -> str:
    return doors.keyring.fingerprint("nonce", merchant_id, client_nonce)
