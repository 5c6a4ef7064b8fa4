"""Pass certificates: PEM comes in, and never goes out again."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.api.shapes import Body, Request

PEM_CHARS_MAX = 16_000  # a chain of four certificates, with what openssl writes around them

Pem = Annotated[str, Field(min_length=1, max_length=PEM_CHARS_MAX, pattern=r"^[\t\n\r -~]*$")]


class CertificateBody(Request):
    """A certificate of Apple's for one pass type, and its key without a password."""

    certificate_pem: Pem
    key_pem: Pem
    wwdr_pem: Pem | None = None
    team_identifier: Annotated[str, Field(pattern=r"^[A-Z0-9]{10}$")]
    pass_type_identifier: Annotated[str, Field(pattern=r"^pass\.[A-Za-z0-9.-]{1,100}$")]


class CertificateAnswer(Body):
    """The certificate new passes are made with."""

    object: Literal["apple_certificate"]
    owner: Literal["merchant", "operator"]
    pass_type_identifier: str
    team_identifier: str
    subject: str
    expires_at: str
    days_left: int
