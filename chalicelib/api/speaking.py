"""Which language a caller is answered in: what it asks for, else the merchant's."""

from typing import Any

from chalicelib.api.exchange import Call
from chalicelib.wiring import services
from passes.wording import Language


def language_of(call: Call[Any]) -> Language:
    """Return Accept-Language's choice, else the merchant's (cached), else English."""
    if call.accepted_language:
        return call.accepted_language
    merchant = services().merchants.find(call.merchant_id)
    return "ru" if merchant and merchant.language == "ru" else "en"
