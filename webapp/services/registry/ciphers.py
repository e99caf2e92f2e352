"""Identity numbers at rest: encrypted to be read again, and blinded to be found again, under keys of their own."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from webapp.services.registry.identity import masked, normal

KEY_ID_BYTES = 4
NONCE_BYTES = 12
IDENTITY_NUMBERS = b"xueji identity number"


class UndecipherableError(Exception):
    """What is stored was not encrypted with any of the keys, for another purpose, or was altered."""


class Cipher(Protocol):
    """Encrypts short texts. Whatever implements it can stand in, SM4-GCM (GB/T 32907) for one."""

    def encrypt(self, text: str) -> bytes:
        """Return the text encrypted, each time differently."""

    def decrypt(self, stored: bytes) -> str:
        """Return the text that `encrypt` was given. Raises UndecipherableError."""

    def reencrypt(self, stored: bytes) -> bytes:
        """Return the same text under the key in use; unchanged if it is. Raises UndecipherableError."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A number of a document as it is kept in an application: encrypted (hex), and masked to be shown."""

    cipher: str
    shown: str

    @classmethod
    def of(cls, number: str, cipher: Cipher) -> "Sealed":
        """Return a number sealed."""
        return cls(cipher.encrypt(normal(number)).hex(), masked(normal(number)))

    def opened(self, cipher: Cipher) -> str:
        """Return the number. Raises UndecipherableError."""
        return cipher.decrypt(bytes.fromhex(self.cipher))


class AesGcmCipher:
    """AES-256-GCM under the first of the keys; the others, older, still decrypt.

    What is stored is the id of its key (4 bytes), the nonce (12 bytes), the encrypted text and its tag (16 bytes).
    """

    def __init__(self, keys: Sequence[bytes], purpose: bytes = IDENTITY_NUMBERS) -> None:
        self._keys = {_key_id(key): AESGCM(key) for key in keys}
        self._current = _key_id(keys[0])
        self._purpose = purpose

    def encrypt(self, text: str) -> bytes:
        """Return the text encrypted under the first key."""
        nonce = secrets.token_bytes(NONCE_BYTES)
        return self._current + nonce + self._keys[self._current].encrypt(nonce, text.encode(), self._purpose)

    def decrypt(self, stored: bytes) -> str:
        """Return the text, whichever of the keys it is under. Raises UndecipherableError."""
        key_id, rest = stored[:KEY_ID_BYTES], stored[KEY_ID_BYTES:]
        if key_id not in self._keys:
            raise UndecipherableError(f"none of the keys has the id {key_id.hex()}")
        try:
            text = self._keys[key_id].decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], self._purpose)
        except (InvalidTag, ValueError) as altered:
            raise UndecipherableError("altered, or encrypted for another purpose") from altered
        return text.decode()

    def reencrypt(self, stored: bytes) -> bytes:
        """Return the same text under the first key; unchanged if it is. Raises UndecipherableError."""
        text = self.decrypt(stored)
        return stored if stored.startswith(self._current) else self.encrypt(text)


def blind_index(key: bytes, number: str) -> bytes:
    """Return the 32 bytes by which a number is found and kept unique without being read."""
    return hmac.digest(key, normal(number).encode(), "sha256")


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"key id" + key).digest()[:KEY_ID_BYTES]
