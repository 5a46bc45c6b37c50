"""The data keys of one owner by version, and the values that they seal and open.

A data key encrypts nothing itself: the cipher's key and the commitment are derived from it, each bound to suite,
tenant, owner and version. The commitment is part of every value, so a value made to open under
two keys opens under none but the one that it commits to (AES-GCM alone allows such values).
"""

import os
from collections.abc import Callable, Mapping
from uuid import UUID

from cryptography.exceptions import InvalidTag

from confidentiality.associated import bind
from confidentiality.errors import KeysClosed, SealBroken
from confidentiality.sealing.padding import SMALLEST, pad, unpad
from confidentiality.sealing.suites import BY_NUMBER, KEY, NONCE, Aead, Buffer, Suite, aead, derive
from confidentiality.sealing.wire import HEADER, SHORTEST, TEXT, cell_prefix, cell_suffix, header

Cipher = Callable[[bytes, Buffer, bytes | None], bytes]
Place = tuple[str, str]
"""Table and column."""


class DataKeys:
    """Data keys of 32 bytes each by version, one of which seals new values."""

    __slots__ = ("_encrypt", "_error", "_header", "_keys", "_openers", "_owner", "_prefixes", "_tenant")

    def __init__(
        self, *, tenant: UUID, owner: UUID, suite: Suite, current: int, data_keys: Mapping[int, bytes]
    ) -> None:
        """Raises ValueError for keys of another length and KeyError where the current one is missing."""
        if any(len(key) != KEY for key in data_keys.values()):
            raise ValueError(f"a data key has {KEY} bytes")
        self._tenant, self._owner = tenant, owner
        self._keys = dict(data_keys)
        self._error: type[Exception] = KeysClosed
        self._prefixes: dict[Place, bytes] = {}
        self._header, cipher = self._derived(suite, current)
        self._encrypt: Cipher | None = cipher.encrypt
        self._openers: dict[bytes, Cipher] = {self._header: cipher.decrypt}

    def forget(self, error: type[Exception]) -> None:
        """Let go of all key material; from now on `error` is raised."""
        self._error = error
        self._encrypt = None
        self._openers.clear()
        self._keys.clear()

    def seal(self, plain: bytes, place: Place, row: UUID, version: int, smallest: int = SMALLEST) -> bytes:
        """The sealed value for this cell in this seal version."""
        if self._encrypt is None:
            raise self._error
        prefix = self._prefixes.get(place) or self._prefix(place)
        # From the system's generator each time: nothing is kept that a forked process would use again.
        nonce = os.urandom(NONCE)
        return self._header + nonce + self._encrypt(nonce, pad(plain, smallest), prefix + cell_suffix(row, version))

    def open(self, sealed: bytes, place: Place, row: UUID, version: int) -> bytes:
        """What was sealed for this cell in this seal version. Raises SealBroken."""
        decrypt = self._openers.get(sealed[:HEADER]) or self._opener(sealed)
        if len(sealed) < SHORTEST:
            raise SealBroken
        prefix = self._prefixes.get(place) or self._prefix(place)
        try:
            padded = decrypt(sealed[HEADER:TEXT], sealed[TEXT:], prefix + cell_suffix(row, version))
        except InvalidTag:
            raise SealBroken from None
        return unpad(padded)

    def key(self, version: int) -> bytes:
        """The data key itself, from which a file's key is derived. Raises SealBroken for an unknown version."""
        if self._encrypt is None:
            raise self._error
        if version not in self._keys:
            raise SealBroken
        return self._keys[version]

    def _prefix(self, place: Place) -> bytes:
        prefix = self._prefixes[place] = cell_prefix(self._tenant, self._owner, *place)
        return prefix

    def _opener(self, sealed: bytes) -> Cipher:
        """The cipher for a header that was not met yet: that of another version or suite."""
        if self._encrypt is None:
            raise self._error
        if len(sealed) < SHORTEST or sealed[4] not in BY_NUMBER:
            raise SealBroken
        version = int.from_bytes(sealed[5:9], "big")
        if version not in self._keys:
            raise SealBroken
        expected, cipher = self._derived(BY_NUMBER[sealed[4]], version)
        # The commitment stands in every value for all to see, so the comparison has nothing to hide.
        if sealed[:HEADER] != expected:
            raise SealBroken
        self._openers[expected] = cipher.decrypt
        return cipher.decrypt

    def _derived(self, suite: Suite, version: int) -> tuple[bytes, Aead]:
        key = self._keys[version]
        bound = (bytes([suite.number]), self._tenant.bytes, self._owner.bytes, version.to_bytes(4, "big"))
        commitment = derive(suite, key, bind(b"anshou.commitment", *bound))
        cipher_key = derive(suite, key, bind(b"anshou.cell-key", *bound), length=suite.cipher_key)
        return header(suite, version, commitment), aead(suite, cipher_key)
