"""The link that saves a card to Google Wallet."""

from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from passes.google import SAVE_LINK_LENGTH_MAX, GooglePassSigner
from passes.google_ids import resource_id
from tests.passes.builders import CLASS_NAME, ISSUER_ID
from tests.passes.certificates import Authority
from tests.passes.write_snapshots import google_signer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PREFIX = "https://pay.google.com/gp/v/save/"
SERIAL = "uzor.9f2c61d07ab34e58"


@pytest.fixture(scope="session")
def google(authority: Authority) -> GooglePassSigner:
    return google_signer(authority)


def _claims(link: str, authority: Authority) -> dict[str, Any]:
    """Verify a link's signature as Google does, and read it."""
    key = load_pem_private_key(authority.key, password=None).public_key()
    token = link.removeprefix(PREFIX)
    assert jwt.get_unverified_header(token) == {"alg": "RS256", "typ": "JWT", "kid": "5f9a0c"}
    claims: dict[str, Any] = jwt.decode(
        token, key, algorithms=["RS256"], audience="google", options={"verify_iat": False}
    )
    return claims


def test_a_link_names_the_object_and_its_class_and_nothing_else(
    google: GooglePassSigner, authority: Authority
) -> None:
    link = google.save_link(SERIAL, class_name=CLASS_NAME, issued_at=NOON)

    assert link.startswith(PREFIX)
    assert _claims(link, authority) == {
        "iss": "wallet@kopilka.iam.gserviceaccount.com",
        "aud": "google",
        "typ": "savetowallet",
        "iat": 1795176000,
        "origins": ["https://cards.example"],
        "payload": {
            "loyaltyObjects": [
                {"id": f"{ISSUER_ID}.{SERIAL}", "classId": f"{ISSUER_ID}.{CLASS_NAME}"}
            ]
        },
    }


def test_a_link_stays_far_below_the_safe_length(google: GooglePassSigner) -> None:
    link = google.save_link(SERIAL, class_name=CLASS_NAME, issued_at=NOON)

    assert len(link) < 1000 < SAVE_LINK_LENGTH_MAX


def test_a_link_that_messengers_would_cut_is_not_made(google: GooglePassSigner) -> None:
    with pytest.raises(ValueError, match="1800 at most"):
        google.save_link("x" * 1_000, class_name=CLASS_NAME, issued_at=NOON)


def test_a_forged_link_does_not_verify(google: GooglePassSigner, authority: Authority) -> None:
    link = google.save_link(SERIAL, class_name=CLASS_NAME, issued_at=NOON)
    header, content, signature = link.removeprefix(PREFIX).split(".")
    forged = f"{PREFIX}{header}.{content[:-2]}AA.{signature}"

    with pytest.raises(jwt.InvalidSignatureError):
        _claims(forged, authority)


@pytest.mark.parametrize("name", ["uzor/1", "uzor 1", "узор", ""])
def test_a_name_google_would_refuse_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="Google's ids"):
        resource_id(ISSUER_ID, name)
