"""The `Passwords` port: argon2id (RFC 9106), as argon2-cffi makes it.

19 MiB, two passes, one lane: the least OWASP's Password Storage Cheat Sheet asks for (read
2026-11), some 30 ms on the machine of a Lambda function.
"""

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

MEMORY_KIB, PASSES, LANES = 19 * 1024, 2, 1
_NOBODYS = "correct horse, wrong stable"


class Argon2Passwords:
    """Hashes and compares passwords."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(
            time_cost=PASSES, memory_cost=MEMORY_KIB, parallelism=LANES
        )
        self._dummy = ""

    def hashed(self, password: str) -> str:
        """Return the hash."""
        return self._hasher.hash(password)

    def matches(self, password_hash: str, password: str) -> bool:
        """Compare; without a hash against one that nobody has."""
        nobodys = self._nobodys()  # also where there is a hash: the first call makes it
        wanted = password_hash or nobodys
        try:
            is_right = self._hasher.verify(wanted, password)
        except (Argon2Error, InvalidHashError):
            return False
        return is_right and bool(password_hash)

    def _nobodys(self) -> str:
        if not self._dummy:
            self._dummy = self._hasher.hash(_NOBODYS)
        return self._dummy
