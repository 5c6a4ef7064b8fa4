"""Signing up: a phone, the code it was sent, the member it becomes. No credential."""

from chalice import Blueprint

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
from chalicelib.domain.members import Consent, ConsentPurpose
from chalicelib.usecases.members import ProfileEdit
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
    answers={202: SignUpAnswer},
    problems=(
        "phone_invalid",
        "phone_not_allowed",
        "consent_missing",
        "merchant_not_found",
        "too_many_codes",
    ),
)
def post_sign_up(call: Call[SignUpBody], merchant_id: str) -> Answer:
    """Promise a code."""
    body = call.body
    merchant = merchant_of(merchant_id, services().merchants)
    if not any(one.purpose == "program" and one.granted for one in body.consents):
        raise BadRequest("consent_missing", "membership needs the consent named `program`")
    source = f"sign_up:{body.store}" if body.store else "sign_up"
    request = SignUpRequest(
        merchant_id=merchant_id,
        phone=parse_allowed_phone(body.phone, merchant.country, merchant.phone_countries),
        language=body.language,
        consents=tuple(_consent(one, call, source) for one in body.consents),
        client_nonce=body.client_nonce,
        ip=call.network,
        store=body.store,
        referral_code=body.referral_code,
    )
    sign_up = request_code(request, at=call.at, doors=doors())
    answer = {
        "sign_up_id": sign_up.sign_up_id,
        "object": "sign_up",
        "resend_after_seconds": doors().policy.resend_seconds,
        "expires_in_seconds": doors().policy.code_minutes * 60,
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
        at=call.at,
        doors=doors(),
    )
    answer = {
        "member_id": verified.member.member_id,
        "object": "membership",
        **card_links(verified.member),
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
