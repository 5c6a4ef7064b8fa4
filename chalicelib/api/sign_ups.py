"""Signing up: a phone, the code it was sent, the member it becomes. No credential."""

from chalice import Blueprint

from chalicelib.api.alternatives import alternatives
from chalicelib.api.book import doors
from chalicelib.api.cards import card_links
from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call
from chalicelib.api.models.members import ConsentBody
from chalicelib.api.models.sign_ups import (
    SignUpAnswer,
    SignUpBody,
    VerifyAnswer,
    VerifyBody,
)
from chalicelib.api.parsing import BadRequest
from chalicelib.api.phones import parse_allowed_phone
from chalicelib.domain.browsers import label_of
from chalicelib.domain.members import Consent, ConsentPurpose, SignUp
from chalicelib.usecases.card_only import CardRequest, open_card
from chalicelib.usecases.email_sign_ups import EmailRequest, request_letter
from chalicelib.usecases.enrolment import Verified
from chalicelib.usecases.members import ProfileEdit
from chalicelib.usecases.recycled import SaidOfBirth
from chalicelib.usecases.sign_ups import (
    SignUpRequest,
    request_code,
    verify_code,
)
from chalicelib.usecases.write_once import merchant_of
from chalicelib.wiring import services

sign_ups = Blueprint(__name__)


@endpoint(
    sign_ups,
    "POST",
    "/v1/merchants/{merchant_id}/sign-ups",
    summary="Send a code to a phone; the answer is the same for known and unknown phones.",
    tag="Sign-up",
    body=SignUpBody,
    answers={202: SignUpAnswer, 201: VerifyAnswer},
    problems=(
        "phone_invalid",
        "phone_not_allowed",
        "consent_missing",
        "merchant_not_found",
        "too_many_codes",
        "code_used",
        "email_off",
    ),
)
def post_sign_up(call: Call[SignUpBody], merchant_id: str) -> Answer:
    """Promise a code."""
    body = call.body
    merchant = merchant_of(merchant_id, services().merchants)
    if not any(one.purpose == "program" and one.granted for one in body.consents):
        raise BadRequest("consent_missing", "membership needs the consent named `program`")
    source = f"sign_up:{body.store}" if body.store else "sign_up"
    consents = tuple(_consent(one, call, source) for one in body.consents)
    if body.card_only:
        return _card_only(call, merchant_id, consents)
    if body.email is not None:
        return _asked(_by_letter(call, merchant_id, body.email, consents))
    assert body.phone is not None, "the model asks for one of the three"
    request = SignUpRequest(
        merchant_id=merchant_id,
        phone=parse_allowed_phone(body.phone, merchant.country, merchant.phone_countries),
        language=body.language,
        consents=consents,
        client_nonce=body.client_nonce,
        ip=call.network,
        store=body.store,
        referral_code=body.referral_code,
    )
    return _asked(request_code(request, at=call.at, doors=doors()))


def _asked(sign_up: SignUp) -> Answer:
    """Answer that a code is on its way; the same whoever has the address."""
    answer = {
        "sign_up_id": sign_up.sign_up_id,
        "object": "sign_up",
        "resend_after_seconds": doors().policy.resend_seconds,
        "expires_in_seconds": doors().policy.code_minutes * 60,
        "alternatives": alternatives(),
    }
    return Answer(body=answer, status=202, metric="CodeRequested")


@endpoint(
    sign_ups,
    "POST",
    "/v1/sign-ups/{sign_up_id}/verify",
    summary="Turn a right code into a member: 201 a new one, 200 the one the phone is.",
    tag="Sign-up",
    body=VerifyBody,
    answers={201: VerifyAnswer, 200: VerifyAnswer},
    problems=(
        "sign_up_not_found",
        "code_wrong",
        "code_expired",
        "code_used",
        "code_locked",
        "birth_date_needed",
        "date_refused",
    ),
)
def post_verify(call: Call[VerifyBody], sign_up_id: str) -> Answer:
    """Let the shopper in and hand out the card."""
    said = call.body.profile
    edit = ProfileEdit()
    if said:
        if said.birth_date and said.birth_date > call.at.date():
            raise BadRequest("date_refused", "the birth date is in the future")
        edit = ProfileEdit(name=said.name, email=said.email, birth_date=said.birth_date)
    verified = verify_code(
        sign_up_id,
        call.body.code,
        call.body.client_nonce,
        edit,
        of_birth=SaidOfBirth(call.body.birth_date, call.body.starts_anew),
        label=label_of(call.headers.get("user-agent", "")),
        at=call.at,
        doors=doors(),
    )
    return _membership(verified)


def _by_letter(
    call: Call[SignUpBody], merchant_id: str, email: str, consents: tuple[Consent, ...]
) -> SignUp:
    """Promise a code by e-mail. Raises BadRequest: there is no e-mail here."""
    if "email" not in alternatives():
        raise BadRequest("email_off", "no codes are sent by e-mail here")
    request = EmailRequest(
        merchant_id=merchant_id,
        email=email,
        language=call.body.language,
        consents=consents,
        client_nonce=call.body.client_nonce,
        ip=call.network,
        store=call.body.store,
        referral_code=call.body.referral_code,
    )
    return request_letter(request, at=call.at, doors=doors())


def _card_only(
    call: Call[SignUpBody], merchant_id: str, consents: tuple[Consent, ...]
) -> Answer:
    """Open a card that only earns."""
    request = CardRequest(
        merchant_id=merchant_id,
        language=call.body.language,
        consents=consents,
        client_nonce=call.body.client_nonce,
        ip=call.network,
        label=label_of(call.headers.get("user-agent", "")),
        store=call.body.store,
    )
    opened = open_card(request, at=call.at, doors=doors())
    return _membership(opened)


def _membership(verified: Verified) -> Answer:
    """Hand out the card."""
    answer = {
        "member_id": verified.member.member_id,
        "object": "membership",
        **card_links(verified.member, verified.browser_id),
    }
    return Answer(
        body=answer,
        status=201 if verified.is_new else 200,
        metric="MemberJoined" if verified.is_new else "MemberReturned",
    )


def _consent(given: ConsentBody, call: Call[SignUpBody], source: str) -> Consent:
    return Consent(
        purpose=ConsentPurpose(given.purpose),
        granted=given.granted,
        text_version=given.text_version,
        language=call.body.language,
        at=call.at,
        source=source,
    )
