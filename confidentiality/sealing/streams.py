"""Files sealed as streams of chunks, in constant memory.

The STREAM construction (IACR ePrint 2015/189): each chunk's nonce is its number and whether it is the
last, under a key of the file's own. A chunk left out, moved, repeated or taken from another file does not open, and
neither does a stream that ends early or goes on after its end.

    offset  bytes  what
    0       3      magic A5 53 53
    3       1      version of the format, 01
    4       1      suite
    5       4      version of the data key, big-endian
    9       1      binary logarithm of the chunk's size in bytes
    10      32     salt, random
    42      32     commitment of the file's key
    74      …      chunks: ciphertext of a full chunk, the last one of what is left, each with its tag of 16 bytes

What was given out before an error is authentic but incomplete: use it only after the stream has ended.
"""

import os
import struct
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from uuid import UUID

from cryptography.exceptions import InvalidTag

from confidentiality.associated import bind
from confidentiality.errors import SealBroken
from confidentiality.sealing.suites import BY_NUMBER, NONCE, TAG, Aes256Gcm, Buffer, Sm4Gcm, Suite, aead, derive

MAGIC = b"\xa5SS"
VERSION = 1
CHUNK_LOG = 17
CHUNK = 1 << CHUNK_LOG
"""Bytes of text in a chunk: 128 KiB, where what Python adds to each is no more than a tenth."""

_SALT = 32
_HEADER = struct.Struct(f">3sBBIB{_SALT}s32s")
HEADER = _HEADER.size
# What a file written elsewhere may ask of our memory: up to 16 MiB a chunk.
_CHUNK_LOGS = range(10, 25)
_LARGEST_CHUNK_NUMBER = 2**32 - 1


def looks_sealed(head: bytes) -> bool:
    """Whether a file's beginning is that of a sealed stream. No file that people may send begins so."""
    return head.startswith(MAGIC + bytes([VERSION]))


def stream_version(head: bytes) -> int:
    """The version of the data key that a file's beginning says it is sealed under; 0 if it is no sealed stream."""
    if len(head) < HEADER or not looks_sealed(head):
        return 0
    version: int = _HEADER.unpack(head[:HEADER])[3]
    return version


def sealed_size(size: int) -> int:
    """Bytes of the stream for a file of so many bytes."""
    return HEADER + size + TAG * max(1, -(-size // CHUNK))


async def seal_chunks(
    chunks: AsyncIterator[bytes],
    *,
    key: bytes,
    suite: Suite,
    key_version: int,
    tenant: UUID,
    owner: UUID,
    file: UUID,
    chunk_log: int = CHUNK_LOG,
) -> AsyncGenerator[bytes, None]:
    """The sealed stream of a file that comes in pieces of any size. An empty file has one empty chunk."""
    salt = os.urandom(_SALT)
    commitment, cipher = _file_key(suite, key, key_version, salt, tenant, owner, file)
    header = _HEADER.pack(MAGIC, VERSION, suite.number, key_version, chunk_log, salt, commitment)
    yield header
    bound = _bound(header, tenant, owner, file)
    encrypt, cutter = cipher.unchecked.encrypt, _Cutter(1 << chunk_log)
    number = 0
    async for piece in chunks:
        for chunk in cutter.take(piece):
            yield encrypt(_nonce(number, False), chunk, bound)
            number += 1
    yield encrypt(_nonce(number, True), cutter.last(), bound)


async def open_chunks(
    sealed: AsyncIterator[bytes], *, key_of: Callable[[int], bytes], tenant: UUID, owner: UUID, file: UUID
) -> AsyncGenerator[bytes, None]:
    """The file's text, chunk by chunk; `key_of` gives a data key by its version. Raises SealBroken."""
    header, rest = await _split(sealed)
    if len(header) != HEADER:
        raise SealBroken
    magic, version, suite_number, key_version, chunk_log, salt, commitment = _HEADER.unpack(header)
    if magic != MAGIC or version != VERSION or suite_number not in BY_NUMBER or chunk_log not in _CHUNK_LOGS:
        raise SealBroken
    suite, key = BY_NUMBER[suite_number], key_of(key_version)
    expected, cipher = _file_key(suite, key, key_version, salt, tenant, owner, file)
    # The commitment stands in the file for all to see, so the comparison has nothing to hide.
    if commitment != expected:
        raise SealBroken
    bound = _bound(header, tenant, owner, file)
    decrypt, cutter = cipher.unchecked.decrypt, _Cutter((1 << chunk_log) + TAG)
    number = 0
    try:
        async for piece in rest:
            for chunk in cutter.take(piece):
                yield decrypt(_nonce(number, False), chunk, bound)
                number += 1
        yield decrypt(_nonce(number, True), cutter.last(), bound)
    except InvalidTag:
        raise SealBroken from None


async def _split(sealed: AsyncIterator[bytes]) -> tuple[bytes, AsyncIterator[bytes]]:
    """The header of a stream that comes in pieces of any size, and what follows it."""
    begun = b""
    async for piece in sealed:
        begun += piece
        if len(begun) >= HEADER:
            break
    rest = begun[HEADER:]
    return begun[:HEADER], _from(rest, sealed) if rest else sealed


async def _from(first: bytes, rest: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for piece in rest:
        yield piece


class _Cutter:
    """Makes chunks of one size from pieces of any size, without copying pieces that are chunks already.

    Holds one chunk: whether it is the last is known once something follows it.
    """

    __slots__ = ("_held", "_missing", "_size")

    def __init__(self, size: int) -> None:
        self._size = self._missing = size
        self._held: list[Buffer] = []

    def take(self, piece: bytes) -> list[Buffer]:
        """The chunks that are not the last."""
        if not self._missing and len(piece) == self._size:
            full, self._held = self._held, [piece]
            return [_joined(full)]
        ready = []
        rest = memoryview(piece)
        while rest:
            if not self._missing:
                ready.append(_joined(self._held))
                self._held, self._missing = [], self._size
            part = rest[: self._missing]
            self._held.append(part)
            self._missing -= len(part)
            rest = rest[len(part) :]
        return ready

    def last(self) -> Buffer:
        """The last chunk; empty if nothing came."""
        return _joined(self._held)


def _joined(parts: list[Buffer]) -> Buffer:
    return parts[0] if len(parts) == 1 else b"".join(parts)


def _nonce(number: int, is_last: bool) -> bytes:
    """Seven zeros, the chunk's number in 4 bytes, 01 for the last chunk and 00 for any other."""
    if number > _LARGEST_CHUNK_NUMBER:
        raise ValueError("a file has at most 2^32 chunks")
    return (number << 8 | is_last).to_bytes(NONCE, "big")


def _bound(header: bytes, tenant: UUID, owner: UUID, file: UUID) -> bytes:
    return bind(b"anshou.file", header, tenant.bytes, owner.bytes, file.bytes)


def _file_key(
    suite: Suite, key: bytes, key_version: int, salt: bytes, tenant: UUID, owner: UUID, file: UUID
) -> tuple[bytes, Aes256Gcm | Sm4Gcm]:
    scope = (bytes([suite.number]), tenant.bytes, owner.bytes, key_version.to_bytes(4, "big"), file.bytes)
    file_key = derive(suite, key, bind(b"anshou.file-key", *scope), salt=salt)
    commitment = derive(suite, file_key, b"anshou.commitment")
    return commitment, aead(suite, derive(suite, file_key, b"anshou.cipher-key", length=suite.cipher_key))
