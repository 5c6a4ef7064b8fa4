"""Sign up: a phone is proven by a code and becomes a member, or is one already.

The answer is the same for known and unknown phones: nothing is looked up before the code
is right. Guesses are counted before they are compared.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.members import (
    Consent,
    LimitCharge,
    OutgoingSms,
    SentCode,
    SignUp,
)
from chalicelib.domain.sign_ups import (
    CodeExpired,
    CodeLocked,
    CodeWrong,
    charges_for,
    failure_charge,
    prefix_of,
    refuse_used,
)
from chalicelib.domain.wording import code_text
from chalicelib.ports import (
    CommitConflict,
    LimitReached,
    Trouble,
)
from chalicelib.usecases.enrolment import (
    Doors,
    Proof,
    Verified,
    code_hash,
    find_sign_up,
    is_code,
    let_in,
    same_answer,
)
from chalicelib.usecases.members import ProfileEdit, phone_hash_of
from chalicelib.usecases.prefixes import (
    guarded_record,
    note_sent,
)
from chalicelib.usecases.write_once import merchant_of


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
    _open(sign_up, sms, charges, doors)
    note_sent(record, SentCode(sign_up.sign_up_id, at), doors.watch)
    return sign_up


def _open(
    sign_up: SignUp, sms: OutgoingSms, charges: tuple[LimitCharge, ...], doors: Doors
) -> None:
    """Write sign-up and message; a lost race for a merchant's counter is run again."""
    trouble: Trouble = CommitConflict("no attempt was made")
    for _ in doors.pacer.attempts():
        try:
            doors.sign_ups.open(sign_up, sms, charges)
        except Trouble as error:
            trouble = error
            continue
        return
    raise trouble


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
    sign_up = find_sign_up(sign_up_id, doors)
    nonce_hash = _nonce_hash(sign_up.merchant_id, client_nonce, doors)
    refuse_used(sign_up, nonce_hash, at, doors.policy)
    if sign_up.member_id is not None:
        return same_answer(sign_up, code, doors)
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
        used = find_sign_up(sign_up_id, doors)
        if used.member_id is None:
            raise CodeLocked("too many guesses; ask for a new code")
        refuse_used(used, nonce_hash, at, doors.policy)  # by the same client, a moment ago?
        return same_answer(used, code, doors)
    if not is_code(counted, code, doors):
        raise CodeWrong(max(0, doors.policy.guesses_max - counted.guesses))
    doors.sign_ups.forgive_guess(counted, failures)
    return let_in(Proof(counted, nonce_hash, code, edit, at), doors)


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
    return replace(sign_up, code_hash=code_hash(sign_up, code, doors))


def _nonce_hash(merchant_id: str, client_nonce: str, doors: Doors) -> str:
    return doors.keyring.fingerprint("nonce", merchant_id, client_nonce)
