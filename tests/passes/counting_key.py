"""A key that counts what it is used for; it works like the key it wraps."""

from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils


class CountingKey(rsa.RSAPrivateKey):
    """An RSA key that counts its private-key operations."""

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key
        self.operations = 0

    def sign(
        self,
        data: Any,
        padding: padding.AsymmetricPadding,
        algorithm: utils.Prehashed | hashes.HashAlgorithm | utils.NoDigestInfo,
    ) -> bytes:
        self.operations += 1
        return self._key.sign(data, padding, algorithm)

    def decrypt(self, ciphertext: Any, padding: padding.AsymmetricPadding) -> bytes:
        self.operations += 1
        return self._key.decrypt(ciphertext, padding)

    @property
    def key_size(self) -> int:
        return self._key.key_size

    def public_key(self) -> rsa.RSAPublicKey:
        return self._key.public_key()

    def private_numbers(self) -> rsa.RSAPrivateNumbers:
        return self._key.private_numbers()

    def private_bytes(
        self,
        encoding: serialization.Encoding,
        format: serialization.PrivateFormat,
        encryption_algorithm: serialization.KeySerializationEncryption,
    ) -> bytes:
        return self._key.private_bytes(encoding, format, encryption_algorithm)

    def __copy__(self) -> "CountingKey":
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> "CountingKey":
        return self
