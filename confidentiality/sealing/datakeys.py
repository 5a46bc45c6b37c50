"""The data keys of one owner by version, and the values that they seal and open.

A data key encrypts nothing itself: the cipher's key and the commitment are derived from it, each bound to suite,
tenant, owner and version. The commitment is part of every value, so a value made to open under two keys opens under
none but the one that it commits to (AES-GCM alone allows such values).
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag

from confidentiality.associated import bind
from confidentiality.errors import KeysClosed, SealBroken
from confidentiality.sealing.handles import Sealed
from confidentiality.sealing.padding import MARK, SMALLEST, pad
from confidentiality.sealing.suites import BY_NUMBER, KEY, NONCE, Aead, Buffer, Suite, aead, derive
from confidentiality.sealing.wire import HEADER, SHORTEST, TEXT, cell_prefix, cell_suffix, header

Cipher = Callable[[bytes, Buffer, bytes | None], bytes]
Show = Callable[[Any], str]

# Made once: `sealed[:HEADER]` makes a slice of its own for each cell.
_HEADER, _NONCE, _BODY = slice(HEADER), slice(HEADER, TEXT), slice(TEXT, None)

# Rows are seldom written more often.
_SUFFIXES = {version: cell_suffix(version) for version in range(64)}


class Cell(NamedTuple):
    """The keys at work on one column: `seal(text, row, seal version)` and `open(sealed, row, seal version)`.

    `open_all` opens the handles of a page, None among them, with what their rows add to the associated data, and gives
    the texts as they are or as they are shown; `reseal_all` seals bare ciphertexts anew.
    """

    seal: Callable[[bytes, UUID, int], bytes]
    open: Callable[[bytes, UUID, int], Any]
    open_all: Callable[[Iterable[Sealed[Any] | None], Iterable[bytes], Show | None], list[Any]]
    reseal_all: Callable[[Iterable[bytes | None], Sequence[bytes]], list[bytes | None]]


class DataKeys:
    """Data keys of 32 bytes each by version, one of which seals new values."""

    __slots__ = ("_encrypt", "_error", "_header", "_keys", "_openers", "_owner", "_tenant")

    def __init__(
        self, *, tenant: UUID, owner: UUID, suite: Suite, current: int, data_keys: Mapping[int, bytes]
    ) -> None:
        """Raises ValueError for keys of another length and KeyError where the current one is missing."""
        if any(len(key) != KEY for key in data_keys.values()):
            raise ValueError(f"a data key has {KEY} bytes")
        self._tenant, self._owner = tenant, owner
        self._keys = dict(data_keys)
        self._error: type[Exception] = KeysClosed
        self._header, cipher = self._derived(suite, current)
        self._encrypt: Cipher | None = cipher.encrypt
        self._openers: dict[bytes, Cipher] = {self._header: cipher.decrypt}

    def forget(self, error: type[Exception]) -> None:
        """Let go of all key material; from now on `error` is raised."""
        self._error = error
        self._encrypt = None
        self._openers.clear()
        self._keys.clear()

    def key(self, version: int) -> bytes:
        """The data key itself, from which a file's key is derived. Raises SealBroken for an unknown version."""
        if self._encrypt is None:
            raise self._error
        if version not in self._keys:
            raise SealBroken
        return self._keys[version]

    def cell(self, table: str, column: str, smallest: int = SMALLEST, read: Callable[[bytes], Any] = bytes) -> Cell:
        """Functions that seal and open the values of a column; `read` makes the text's bytes what it was.

        Closures over what is the same for a whole column: with methods each value would cost half as much again.
        """
        prefix = cell_prefix(self._tenant, self._owner, table, column)
        openers, suffixes, mark = self._openers, _SUFFIXES, MARK
        header_of, nonce_of, body_of = _HEADER, _NONCE, _BODY

        def seal(text: bytes, row: UUID, version: int) -> bytes:
            encrypt = self._encrypt
            if encrypt is None:
                raise self._error
            # From the system's generator each time: nothing is kept that a forked process would use again.
            nonce = os.urandom(NONCE)
            bound = prefix + row.bytes + (suffixes.get(version) or cell_suffix(version))
            return self._header + nonce + encrypt(nonce, pad(text, smallest), bound)

        def open_(sealed: bytes, row: UUID, version: int) -> Any:
            # Not by catching KeyError: it would carry what stands in the column, plain text perhaps.
            decrypt = openers.get(sealed[header_of]) or self._opener(sealed)
            bound = prefix + row.bytes + (suffixes.get(version) or cell_suffix(version))
            try:
                # The last mark is the padding's: only zeros follow it.
                text, found, _ = decrypt(sealed[nonce_of], sealed[body_of], bound).rpartition(mark)
                if found:
                    return read(text)
            except (InvalidTag, ValueError):
                # Also a nonce that is cut off, and a text that is not what the column holds.
                pass
            # Outside the handler, and without the text: an error's context and frames are looked at by others.
            text = b""
            raise SealBroken

        def open_all(
            handles: Iterable[Sealed[Any] | None], ends: Iterable[bytes], show: Show | None = None
        ) -> list[Any]:
            texts: list[Any] = []
            keep, met = texts.append, None
            try:
                for handle, end in zip(handles, ends, strict=True):
                    if handle is None:
                        keep(None)
                        continue
                    sealed = handle.ciphertext
                    # Nearly always that of the cell before; a comparison costs less than looking it up again.
                    header = sealed[header_of]
                    if header != met:
                        decrypt, met = openers.get(header) or self._opener(sealed), header
                    text, found, _ = decrypt(sealed[nonce_of], sealed[body_of], prefix + end).rpartition(mark)
                    if not found:
                        break
                    keep(read(text) if show is None else show(read(text)))
                else:
                    return texts
            except (InvalidTag, ValueError, SealBroken):
                pass
            texts, text = [], b""
            raise SealBroken

        def reseal_all(sealed: Iterable[bytes | None], ends: Sequence[bytes]) -> list[bytes | None]:
            encrypt, known, header = self._encrypt, openers.get, self._header
            if encrypt is None:
                raise self._error
            anew: list[bytes | None] = []
            keep = anew.append
            # Drawn in one go, used up before anything else can run: no fork stands between.
            drawn = os.urandom(NONCE * len(ends))
            nonces = [drawn[start : start + NONCE] for start in range(0, len(drawn), NONCE)]
            try:
                for old, end, nonce in zip(sealed, ends, nonces, strict=True):
                    if old is None:
                        keep(None)
                        continue
                    bound = prefix + end
                    decrypt = known(old[header_of]) or self._opener(old)
                    # With its padding, as it stands: nobody needs to look at the text.
                    keep(header + nonce + encrypt(nonce, decrypt(old[nonce_of], old[body_of], bound), bound))
                return anew
            except (InvalidTag, ValueError):
                pass
            raise SealBroken

        return Cell(seal, open_, open_all, reseal_all)

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
        return header(suite, version, commitment), aead(suite, cipher_key).unchecked
