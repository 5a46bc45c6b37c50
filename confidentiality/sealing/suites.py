"""The two suites: AES-256-GCM with SHA-256, and SM4-GCM with SM3 for tenants who are asked for 国密.

A suite is an authenticated cipher with 12-byte nonces and 16-byte tags, and a hash for HMAC and for HKDF (RFC 5869).
"""

from collections.abc import Callable
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tenants.labels import Labelled
from tenants.refusals import N_

KEY = 32
"""Bytes of a data key, an index key and any other key that comes from outside, in both suites."""

NONCE = 12
"""Bytes of a nonce. NIST SP 800-38D treats other lengths differently and pyca refuses some of them: there are none."""

TAG = 16


Buffer = bytes | memoryview
"""Bytes, or a view of some that spares a copy."""


class Suite(Labelled):
    """Which cipher and hash an owner's values are sealed with. The value is kept beside the owner's keys."""

    AES_256_GCM = "aes-256-gcm", N_("AES-256-GCM 与 SHA-256")
    SM4_GCM = "sm4-gcm", N_("SM4-GCM 与 SM3（国密）")

    @property
    def number(self) -> int:
        """The suite's byte in the formats."""
        return _NUMBERS[self]

    @property
    def hash(self) -> hashes.HashAlgorithm:
        """The hash of HMAC and HKDF; 32 bytes in both suites."""
        return hashes.SHA256() if self is Suite.AES_256_GCM else hashes.SM3()

    @property
    def cipher_key(self) -> int:
        """Bytes of the cipher's own key."""
        return 32 if self is Suite.AES_256_GCM else 16


_NUMBERS = {Suite.AES_256_GCM: 1, Suite.SM4_GCM: 2}

BY_NUMBER = {number: suite for suite, number in _NUMBERS.items()}
"""The suites by their byte in the formats."""


class Aead(Protocol):
    """An authenticated cipher under one key. `decrypt` raises InvalidTag for whatever does not open."""

    def encrypt(self, nonce: bytes, data: Buffer, associated_data: bytes | None) -> bytes: ...

    def decrypt(self, nonce: bytes, data: Buffer, associated_data: bytes | None) -> bytes: ...


class Aes256Gcm:
    """AES-256-GCM with nonces of 12 bytes and no others; `unchecked` is for whoever has just cut them to length."""

    __slots__ = ("unchecked",)

    def __init__(self, key: bytes) -> None:
        self.unchecked: Aead = AESGCM(_of_length(key, Suite.AES_256_GCM.cipher_key))

    def encrypt(self, nonce: bytes, data: Buffer, associated_data: bytes | None) -> bytes:
        """The ciphertext followed by its tag. Raises ValueError for a nonce of another length."""
        return self.unchecked.encrypt(_of_length(nonce, NONCE), data, associated_data)

    def decrypt(self, nonce: bytes, data: Buffer, associated_data: bytes | None) -> bytes:
        """What was encrypted. Raises InvalidTag, and ValueError for a nonce of another length."""
        return self.unchecked.decrypt(_of_length(nonce, NONCE), data, associated_data)


class Sm4Gcm:
    """SM4-GCM (RFC 8998, section 3.2) in the same shape; pyca has no class of its own for it."""

    __slots__ = ("_cipher_key",)

    def __init__(self, key: bytes) -> None:
        self._cipher_key = SM4(_of_length(key, Suite.SM4_GCM.cipher_key))

    @property
    def unchecked(self) -> Aead:
        """Itself: beside the rest the check is nothing."""
        return self

    def encrypt(self, nonce: bytes, data: Buffer, associated_data: bytes | None) -> bytes:
        """The ciphertext followed by its tag. Raises ValueError for a nonce of another length."""
        encryptor = Cipher(self._cipher_key, GCM(_of_length(nonce, NONCE))).encryptor()
        encryptor.authenticate_additional_data(associated_data or b"")
        return encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, nonce: bytes, data: Buffer, associated_data: bytes | None) -> bytes:
        """What was encrypted. Raises InvalidTag, before which nothing is given back, and ValueError as above."""
        if len(data) < TAG:
            raise InvalidTag
        decryptor = Cipher(self._cipher_key, GCM(_of_length(nonce, NONCE), bytes(data[-TAG:]))).decryptor()
        decryptor.authenticate_additional_data(associated_data or b"")
        return decryptor.update(data[:-TAG]) + decryptor.finalize()


def aead(suite: Suite, key: bytes) -> Aes256Gcm | Sm4Gcm:
    """The suite's cipher under a key of `suite.cipher_key` bytes. Raises ValueError for another length."""
    return Aes256Gcm(key) if suite is Suite.AES_256_GCM else Sm4Gcm(key)


def _of_length(given: bytes, length: int) -> bytes:
    if len(given) != length:
        raise ValueError(f"this has {length} bytes in every format of ours")
    return given


def derive(suite: Suite, key: bytes, info: bytes, *, length: int = 32, salt: bytes | None = None) -> bytes:
    """`length` bytes from the key by the suite's HKDF; another `info` gives unrelated bytes."""
    return HKDF(algorithm=suite.hash, length=length, salt=salt, info=info).derive(key)


def keyed_hash(suite: Suite, key: bytes) -> Callable[[bytes], bytes]:
    """The suite's HMAC under this key, set up once: a function from a message to 32 bytes."""
    ready = HMAC(key, suite.hash)

    def digest(message: bytes) -> bytes:
        running = ready.copy()
        running.update(message)
        return running.finalize()

    return digest
