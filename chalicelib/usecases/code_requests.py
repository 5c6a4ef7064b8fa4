"""Promise a code, whichever way it goes: what every wish brings, and how it is written down."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.domain.members import Consent, LimitCharge, OutgoingSms, SignUp
from chalicelib.ports import CommitConflict, Trouble
from chalicelib.usecases.enrolment import Doors, code_hash


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRequest:
    """A shopper's wish to join, or to come back to a card."""

    merchant_id: str
    language: str
    consents: tuple[Consent, ...]
    client_nonce: str
    ip: str  # of the client; /64 for IPv6
    store: str | None = None
    referral_code: str | None = None


@dataclass(frozen=True, slots=True)
class Contact:
    """Where the code goes: a phone in E.164, or an address; and what is kept of it."""

    digest: str
    phone: str = ""
    email: str | None = None


def new_sign_up(
    request: CodeRequest, contact: Contact, code: str, at: datetime, doors: Doors
) -> SignUp:
    """Return a sign-up that waits for its code."""
    merchant_id = request.merchant_id
    sign_up = SignUp(
        sign_up_id=f"{doors.keyring.new_id('sup')}.{merchant_id}",
        merchant_id=merchant_id,
        phone=contact.phone,
        phone_hash=contact.digest,
        code_hash="",
        nonce_hash=nonce_hash_of(merchant_id, request.client_nonce, doors),
        language=request.language,
        store=request.store,
        consents=request.consents,
        referral_code=request.referral_code,
        created_at=at,
        expires_at=at + timedelta(minutes=doors.policy.code_minutes),
        email=contact.email,
    )
    return replace(sign_up, code_hash=code_hash(sign_up, code, doors))


def send_code(
    sign_up: SignUp, text: str, charges: tuple[LimitCharge, ...], doors: Doors
) -> None:
    """Write sign-up and message; a lost race for a merchant's counter is run again.

    Raises:
        LimitReached: too many codes; nothing is sent.
    """
    message = OutgoingSms(
        message_id=doors.keyring.new_id("sms"),
        merchant_id=sign_up.merchant_id,
        to=sign_up.email or sign_up.phone,
        text=text,
        created_at=sign_up.created_at,
        expires_at=sign_up.expires_at,
    )
    trouble: Trouble = CommitConflict("no attempt was made")
    for _ in doors.pacer.attempts():
        try:
            doors.sign_ups.open(sign_up, message, charges)
        except Trouble as error:
            trouble = error
            continue
        return
    raise trouble


def nonce_hash_of(merchant_id: str, client_nonce: str, doors: Doors) -> str:
    """Return what is kept of a browser's nonce."""
    return doors.keyring.fingerprint("nonce", merchant_id, client_nonce)
