"""Sign up: a phone is proven by a code and becomes a member, or is one already.

The answer is the same for known and unknown phones: nothing is looked up before the code
is right. Guesses are counted before they are compared.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.members import LimitCharge, Merchant, SentCode, SignUp
from chalicelib.domain.shared_limits import policy_of, shared_charges
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
from chalicelib.ports import LimitReached
from chalicelib.usecases.code_requests import (
    CodeRequest,
    Contact,
    new_sign_up,
    nonce_hash_of,
    send_code,
)
from chalicelib.usecases.enrolment import (
    Doors,
    Proof,
    Verified,
    find_sign_up,
    is_code,
    let_in,
    same_answer,
)
from chalicelib.usecases.members import ProfileEdit, phone_hash_of, reached_by
from chalicelib.usecases.prefixes import guarded_record, note_sent
from chalicelib.usecases.recycled import NOTHING_SAID, SaidOfBirth
from chalicelib.usecases.write_once import merchant_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUpRequest(CodeRequest):
    """A shopper's wish to join, or to come back to a card, by a phone."""

    phone: str  # E.164, of a country the merchant allows


def request_code(request: SignUpRequest, *, at: datetime, doors: Doors) -> SignUp:
    """Promise a code to the phone, within every limit.

    Raises:
        MerchantNotFound: there is none.
        LimitReached, PrefixBlocked: too many codes; nothing is sent.
    """
    merchant = merchant_of(request.merchant_id, doors.merchants)
    prefix = prefix_of(request.phone)
    record = guarded_record(request.merchant_id, prefix, at, doors.watch)
    digest = phone_hash_of(request.merchant_id, request.phone, doors.keyring)
    code = doors.keyring.new_digits()
    sign_up = new_sign_up(request, Contact(digest, phone=request.phone), code, at, doors)
    text = code_text(request.language, merchant.name, code)
    send_code(sign_up, text, _charges(request, sign_up, merchant, doors), doors)
    note_sent(record, SentCode(sign_up.sign_up_id, at), doors.watch)
    return sign_up


def _charges(
    request: SignUpRequest, sign_up: SignUp, merchant: Merchant, doors: Doors
) -> tuple[LimitCharge, ...]:
    at, ip = sign_up.created_at, doors.keyring.fingerprint("ip", request.ip)
    own = charges_for(
        phone_hash=sign_up.phone_hash,
        prefix=prefix_of(request.phone),
        ip=ip,
        at=at,
        policy=policy_of(merchant, doors.policy),
    )
    reached = reached_by(merchant, request.phone, at, doors.keyring)
    return (*own, *shared_charges(reached, doors.policy, ip=ip))


def verify_code(
    sign_up_id: str,
    code: str,
    client_nonce: str,
    edit: ProfileEdit,
    *,
    label: str = "",
    of_birth: SaidOfBirth = NOTHING_SAID,
    at: datetime,
    doors: Doors,
) -> Verified:
    """Turn a right code into a member: a new one, or the one the phone is already.

    Raises:
        SignUpNotFound, CodeWrong, CodeExpired, CodeUsed, CodeLocked, BirthDateNeeded.
    """
    sign_up = find_sign_up(sign_up_id, doors)
    nonce_hash = nonce_hash_of(sign_up.merchant_id, client_nonce, doors)
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
    return let_in(Proof(counted, nonce_hash, code, edit, at, label, of_birth), doors)
