"""The certificate a merchant's passes are signed with: its own, or the operator's."""

from datetime import datetime

from chalice import Blueprint

from chalicelib.api.endpoint import endpoint
from chalicelib.api.exchange import Answer, Call, scoped
from chalicelib.api.models.pass_certificates import CertificateAnswer, CertificateBody
from chalicelib.api.parsing import BadRequest
from chalicelib.api.shapes import write_moment
from chalicelib.domain.members import Scope
from chalicelib.domain.pass_certificates import (
    OPERATOR,
    CertificateFiles,
    PassCertificate,
    days_left,
)
from chalicelib.usecases.pass_certificates import drop_certificate, keep_certificate
from chalicelib.wiring import services

pass_certificates = Blueprint(__name__)

_PATH = "/v1/wallet/apple-certificate"
_ACCESS = scoped(Scope.PROGRAM)


@endpoint(
    pass_certificates,
    "PUT",
    _PATH,
    summary="Sign new passes with a certificate of one's own, or renew it.",
    tag="Passes",
    access=_ACCESS,
    body=CertificateBody,
    answers={200: CertificateAnswer},
    problems=("certificate_invalid", "certificate_type_fixed", "pass_type_taken"),
)
def put_apple_certificate(call: Call[CertificateBody]) -> Answer:
    """Check the files whole, store the key as a secret; the answer never shows it."""
    from passes.apple_certificate import read_certificate  # lazy: no till brings one

    body = call.body
    wwdr = body.wwdr_pem.encode() if body.wwdr_pem else _operators_wwdr()
    files, certificate = read_certificate(
        CertificateFiles(body.certificate_pem.encode(), body.key_pem.encode(), wwdr),
        merchant_id=call.merchant_id,
        pass_type=body.pass_type_identifier,
        team=body.team_identifier,
        at=call.at,
    )
    keep_certificate(certificate, files, desk=services().certificate_desk)
    return Answer(body=_json(certificate, call.at), metric="CertificateKept")


@endpoint(
    pass_certificates,
    "GET",
    _PATH,
    summary="The certificate that signs new passes: one's own or the operator's.",
    tag="Passes",
    access=_ACCESS,
    answers={200: CertificateAnswer},
    problems=("not_found",),
)
def get_apple_certificate(call: Call[None]) -> Answer:
    """Show whose it is and how long it lasts."""
    ports = services()
    found = ports.certificate_records.of_merchant(call.merchant_id)
    certificate = found or ports.operators_certificate
    if certificate is None:
        raise BadRequest("not_found", "there is no certificate")
    return Answer(body=_json(certificate, call.at))


@endpoint(
    pass_certificates,
    "DELETE",
    _PATH,
    summary="Go back to the operator's certificate; passes made with one's own end here.",
    tag="Passes",
    access=_ACCESS,
    answers={200: CertificateAnswer},
    problems=("not_found",),
)
def delete_apple_certificate(call: Call[None]) -> Answer:
    """Destroy the key; what is used from now on is the answer."""
    drop_certificate(call.merchant_id, desk=services().certificate_desk)
    return get_apple_certificate(call)


def _operators_wwdr() -> bytes:
    """Return the operator's intermediate; one without it asks for the merchant's."""
    ports = services()
    if ports.operators_certificate is None:
        raise BadRequest("bad_input", "send a wwdr_pem: the operator has none")
    wwdr: bytes = ports.pass_pem["wwdr"]
    return wwdr


def _json(certificate: PassCertificate, at: datetime) -> dict[str, str | int]:
    return {
        "object": "apple_certificate",
        "owner": "operator" if certificate.merchant_id == OPERATOR else "merchant",
        "pass_type_identifier": certificate.pass_type,
        "team_identifier": certificate.team,
        "subject": certificate.subject,
        "expires_at": write_moment(certificate.expires_at),
        "days_left": days_left(certificate.expires_at, at),
    }
