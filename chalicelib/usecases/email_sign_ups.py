"""Sign up by an e-mail address, where no SMS arrives: the code comes as a letter.

All else is a sign-up's: the code is verified, guessed and repeated as one by SMS is. A letter
costs no money and earns nobody any, so prefixes and the merchant's budget are not counted.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.members import SignUp
from chalicelib.domain.sign_ups import letter_charges
from chalicelib.domain.wording import code_letter
from chalicelib.usecases.code_requests import CodeRequest, Contact, new_sign_up, send_code
from chalicelib.usecases.enrolment import Doors
from chalicelib.usecases.members import email_hash_of
from chalicelib.usecases.write_once import merchant_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailRequest(CodeRequest):
    """A shopper's wish to join, or to come back, by an e-mail address."""

    email: str


def request_letter(request: EmailRequest, *, at: datetime, doors: Doors) -> SignUp:
    """Promise a code to the address, within its limits.

    Raises:
        MerchantNotFound: there is none.
        LimitReached: too many codes; nothing is sent.
    """
    merchant = merchant_of(request.merchant_id, doors.merchants)
    digest = email_hash_of(request.merchant_id, request.email, doors.keyring)
    code = doors.keyring.new_digits()
    sign_up = new_sign_up(request, Contact(digest, email=request.email), code, at, doors)
    address = doors.keyring.fingerprint("ip", request.ip)
    charges = letter_charges(sign_up.phone_hash, address, at, doors.policy)
    send_code(sign_up, code_letter(request.language, merchant.name, code), charges, doors)
    return sign_up
