"""The `Keyring` port: randomness from the system, keyed hashes from the peppers.

Two kinds of pepper, because they live differently (secrets.py has the names):

- The index pepper keys what is stored to be found again: phones, cards, codes, API keys.
  It never rotates: nobody could find a phone whose hash was made with another.
- Token peppers key what is handed out (member, card and pass tokens). New tokens are made
  with the first, presented ones are checked against all. To rotate, put a new one in
  front; drop the last when the tokens made with it may die. Apple never replaces the
  token of a pass that is out there, so dropping one ends the updates of those passes.

A message is the JSON list of kind, purpose and parts: no two lists share a text, so
("ab", "c") and ("a", "bc") differ.
"""

import base64
import hashlib
import hmac
import json
import secrets as system_random
import string
import zlib
from collections.abc import Callable

from chalicelib.adapters.referral_codes import disguised, revealed
from chalicelib.adapters.secrets import Secrets, key_bytes, key_list

PASS_CODE_BYTES = 16
ID_SYMBOLS = 22  # 62^22 ≈ 2^131
KEY_SYMBOLS = 43  # 62^43 ≈ 2^256
CHECKSUM_SYMBOLS = 6  # 62^6 > 2^32
API_KEY_PREFIXES = ("lk_live_", "lk_test_")
_BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase


class PepperKeyring:
    """HMAC-SHA256 under peppers that never leave this object.

    `pass_code_of` turns `PASS_CODE_BYTES` random bytes into a pass code: how a code is
    spelled belongs to the pass.
    """

    def __init__(self, secrets: Secrets, pass_code_of: Callable[[bytes], str]) -> None:
        self._secrets = secrets
        self._pass_code_of = pass_code_of

    def new_id(self, prefix: str) -> str:
        """Return `prefix_` and 131 random bits."""
        return f"{prefix}_{_random_text(ID_SYMBOLS)}"

    def new_digits(self) -> str:
        """Return six random digits."""
        return f"{system_random.randbelow(1_000_000):06d}"

    def new_pass_code(self) -> str:
        """Return a new pass code."""
        return self._pass_code_of(system_random.token_bytes(PASS_CODE_BYTES))

    def derived_pass_code(self, *parts: str) -> str:
        """Return the pass code of a keyed hash of the parts."""
        mac = _mac(self._index_pepper(), "pass_code", *parts)
        return self._pass_code_of(mac[:PASS_CODE_BYTES])

    def referral_code(self, pass_code: str) -> str:
        """Return what its member invites friends by; see referral_codes.py."""
        return disguised(pass_code, self._index_pepper())

    def pass_code_of(self, referral_code: str) -> str | None:
        """Return the pass code behind a referral code, or None."""
        return revealed(referral_code, self._index_pepper())

    def new_api_key(self) -> tuple[str, str]:
        """Return a new API key and its hash."""
        unsigned = API_KEY_PREFIXES[0] + _random_text(KEY_SYMBOLS)
        api_key = f"{unsigned}_{_checksum(unsigned)}"
        return api_key, self.fingerprint("api_key", api_key)

    def api_key_hash(self, api_key: str) -> str | None:
        """Return the hash, or None: a mistyped key is refused without a look-up."""
        unsigned, _, checksum = api_key.rpartition("_")
        if not unsigned.startswith(API_KEY_PREFIXES) or not api_key.isascii():
            return None
        if checksum != _checksum(unsigned):
            return None
        return self.fingerprint("api_key", api_key)

    def fingerprint(self, purpose: str, *parts: str) -> str:
        """Return the keyed hash to store and to find by, hex."""
        return _mac(self._index_pepper(), "index", purpose, *parts).hex()

    def token(self, purpose: str, subject: str) -> str:
        """Return the subject's token: 43 URL-safe symbols."""
        return _token(self._token_peppers()[0], purpose, subject)

    def is_token(self, purpose: str, subject: str, token: str) -> bool:
        """Return whether any pepper makes that token; every one is tried."""
        given = token.encode("utf-8", "replace")
        matches = [
            hmac.compare_digest(_token(pepper, purpose, subject).encode(), given)
            for pepper in self._token_peppers()
        ]
        return any(matches)

    def _index_pepper(self) -> bytes:
        return key_bytes(self._secrets.read(), "pepper_index")

    def _token_peppers(self) -> tuple[bytes, ...]:
        return key_list(self._secrets.read(), "pepper_tokens")


def _mac(pepper: bytes, *message: str) -> bytes:
    return hmac.digest(pepper, json.dumps(message).encode("ascii"), hashlib.sha256)


def _token(pepper: bytes, purpose: str, subject: str) -> str:
    mac = _mac(pepper, "token", purpose, subject)
    return base64.urlsafe_b64encode(mac).rstrip(b"=").decode("ascii")


def _random_text(symbols: int) -> str:
    return "".join(system_random.choice(_BASE62) for _ in range(symbols))


def _checksum(text: str) -> str:
    number = zlib.crc32(text.encode("utf-8", "replace"))
    symbols = []
    for _ in range(CHECKSUM_SYMBOLS):
        number, digit = divmod(number, len(_BASE62))
        symbols.append(_BASE62[digit])
    return "".join(reversed(symbols))
