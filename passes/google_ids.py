"""The ids of Google Wallet's classes and objects: the issuer's number, a dot, a name of ours.

Source: Google Wallet API v1, "LoyaltyObject", `id`, read 2026-11.
"""

import re
from typing import Final

_RESOURCE_ID: Final = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9._-]+", re.ASCII)


def resource_id(issuer_id: str, name: str) -> str:
    """Give the id of a class or an object.

    Raises:
        ValueError: it has characters Google refuses.
    """
    made = f"{issuer_id}.{name}"
    if not _RESOURCE_ID.fullmatch(made):
        raise ValueError("Google's ids hold letters, digits, '.', '_' and '-' only")
    return made
