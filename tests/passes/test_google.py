"""The save link for Google Wallet."""

from datetime import UTC, datetime
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from passes.google import SAVE_LINK_LENGTH_MAX, GooglePassSigner, SaveLinkTooLong
from tests.passes.builders import CLASS_NAME, ISSUER_ID, card, english_card
from tests.passes.certificates import Authority
from tests.passes.write_snapshots import google_signer

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
PREFIX = "https://pay.google.com/gp/v/save/"


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


def test_a_skinny_link_names_the_object_and_its_class(
    google: GooglePassSigner, authority: Authority
) -> None:
    link = google.save_link(card(), class_name=CLASS_NAME, issued_at=NOON, fat=False)

    assert link.startswith(PREFIX)
    assert _claims(link, authority) == {
        "iss": "wallet@kopilka.iam.gserviceaccount.com",
        "aud": "google",
        "typ": "savetowallet",
        "iat": 1795176000,
        "origins": ["https://cards.example"],
        "payload": {
            "loyaltyObjects": [
                {"id": f"{ISSUER_ID}.uzor.9f2c61d07ab34e58", "classId": f"{ISSUER_ID}.uzor"}
            ]
        },
    }


def test_a_fat_link_carries_the_whole_object(
    google: GooglePassSigner, authority: Authority
) -> None:
    link = google.save_link(english_card(), class_name=CLASS_NAME, issued_at=NOON, fat=True)

    carried = _claims(link, authority)["payload"]["loyaltyObjects"]
    assert carried == [google.loyalty_object(english_card(), class_name=CLASS_NAME)]


def test_a_skinny_link_stays_far_below_the_safe_length(google: GooglePassSigner) -> None:
    link = google.save_link(card(), class_name=CLASS_NAME, issued_at=NOON, fat=False)

    assert len(link) < 1000


def test_a_fat_link_leaves_out_its_last_texts_until_it_fits(
    google: GooglePassSigner, authority: Authority
) -> None:
    link = google.save_link(card(), class_name=CLASS_NAME, issued_at=NOON, fat=True)

    [carried] = _claims(link, authority)["payload"]["loyaltyObjects"]
    assert len(link) <= SAVE_LINK_LENGTH_MAX
    assert [module["id"] for module in carried["textModulesData"]] == ["expiry", "next_tier"]


def test_a_fat_link_that_is_too_long_is_refused(google: GooglePassSigner) -> None:
    long_page = card(card_url="https://cards.example/c/" + "x" * SAVE_LINK_LENGTH_MAX)

    with pytest.raises(SaveLinkTooLong, match="1800 at most"):
        google.save_link(long_page, class_name=CLASS_NAME, issued_at=NOON, fat=True)


def test_a_forged_link_does_not_verify(google: GooglePassSigner, authority: Authority) -> None:
    link = google.save_link(card(), class_name=CLASS_NAME, issued_at=NOON, fat=False)
    header, content, signature = link.removeprefix(PREFIX).split(".")
    forged = f"{PREFIX}{header}.{content[:-2]}AA.{signature}"

    with pytest.raises(jwt.InvalidSignatureError):
        _claims(forged, authority)


@pytest.mark.parametrize("serial_number", ["uzor/1", "uzor 1", "узор", ""])
def test_a_serial_number_google_would_refuse_is_refused(
    serial_number: str, google: GooglePassSigner
) -> None:
    with pytest.raises(ValueError, match="Google's ids"):
        google.loyalty_object(card(serial_number=serial_number), class_name=CLASS_NAME)


def test_a_voided_card_is_expired_at_google(google: GooglePassSigner) -> None:
    made = google.loyalty_object(card(is_voided=True), class_name=CLASS_NAME)

    assert made["state"] == "EXPIRED"
