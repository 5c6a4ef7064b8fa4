"""A keyring without randomness: the n-th id is always the same."""

import hashlib
import itertools
import json
import re


class FakeKeyring:
    """The `Keyring` port; the code sent by SMS is `digits`."""

    def __init__(self, digits: str = "246810") -> None:
        self.digits = digits
        self._numbers = itertools.count(1)

    def new_id(self, prefix: str) -> str:
        """Return `prefix_0000000000000000000001`, then 2 …"""
        return f"{prefix}_{next(self._numbers):022d}"

    def new_digits(self) -> str:
        """Return the digits it was given."""
        return self.digits

    def new_pass_code(self) -> str:
        """Return L1 and twelve decimal digits."""
        return f"L1{next(self._numbers):012d}"

    def derived_pass_code(self, *parts: str) -> str:
        """Return L1 and twelve decimal digits of a hash."""
        return f"L1{int(_hash('pass_code', *parts), 16) % 10**12:012d}"

    def referral_code(self, pass_code: str) -> str:
        """Return the pass code's symbols backwards."""
        return f"R1{pass_code[:1:-1]}"

    def pass_code_of(self, referral_code: str) -> str | None:
        """Return them the right way round."""
        text = referral_code.upper().replace("-", "").replace(" ", "")
        return f"L1{text[:1:-1]}" if re.fullmatch(r"R1[0-9A-Z]{12}", text) else None

    def new_api_key(self) -> tuple[str, str]:
        """Return a key and its hash."""
        api_key = f"lk_live_{next(self._numbers):043d}_000000"
        return api_key, self.fingerprint("api_key", api_key)

    def api_key_hash(self, api_key: str) -> str | None:
        """Return the hash of a key with the right checksum, which is 000000."""
        if not api_key.startswith(("lk_live_", "lk_test_")) or not api_key.endswith("_000000"):
            return None
        return self.fingerprint("api_key", api_key)

    def fingerprint(self, purpose: str, *parts: str) -> str:
        """Return a hash without a key."""
        return _hash("index", purpose, *parts)

    def token(self, purpose: str, subject: str) -> str:
        """Return the subject's token."""
        return _hash("token", purpose, subject)[:43]

    def is_token(self, purpose: str, subject: str, token: str) -> bool:
        """Return whether it is the one `token` makes."""
        return token == self.token(purpose, subject)


def _hash(*message: str) -> str:
    return hashlib.sha256(json.dumps(message).encode()).hexdigest()
