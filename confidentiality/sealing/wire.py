"""The format of a sealed value, version 1: header, nonce, ciphertext with tag, and what it is bound to.

    offset  bytes  what
    0       3      magic A5 53 46; A5 begins no UTF-8 text, so no text is ever taken for a sealed value
    3       1      version of the format, 01
    4       1      suite: 01 AES-256-GCM, 02 SM4-GCM
    5       4      version of the data key, big-endian
    9       32     key commitment
    41      12     nonce, random
    53      n      ciphertext of the padded text, then its tag of 16 bytes

The first 41 bytes are the same for everything sealed under one data key, so opening looks the key up by all of them at
once: a value whose commitment, suite or version is not that of a key at hand finds none.
"""

import struct
from functools import lru_cache
from uuid import UUID

from confidentiality.associated import bind
from confidentiality.sealing.padding import SMALLEST
from confidentiality.sealing.suites import NONCE, TAG, Suite

MAGIC = b"\xa5SF"
VERSION = 1
COMMITMENT = 32

_HEADER = struct.Struct(f">3sBBI{COMMITMENT}s")
HEADER = _HEADER.size
TEXT = HEADER + NONCE
SHORTEST = TEXT + SMALLEST + TAG
"""Bytes of the shortest sealed value."""

# Key version 0 is no version: a row that was never given one must not look as if it were.
LARGEST_KEY_VERSION = 2**32 - 1

_ROW_LENGTH = struct.pack(">I", 16)
_VERSION_LENGTH = struct.pack(">I", 8)


def header(suite: Suite, key_version: int, commitment: bytes) -> bytes:
    """The first 41 bytes."""
    if not 1 <= key_version <= LARGEST_KEY_VERSION:
        raise ValueError("a data key's version is between 1 and 2^32 - 1")
    return _HEADER.pack(MAGIC, VERSION, suite.number, key_version, commitment)


def key_version(sealed: bytes) -> int:
    """The version of the data key that the value says it is sealed under; 0 if it is no sealed value."""
    if len(sealed) < SHORTEST or not sealed.startswith(MAGIC):
        return 0
    return int.from_bytes(sealed[5:9], "big")


def cell_prefix(tenant: UUID, owner: UUID, table: str, column: str) -> bytes:
    """The associated data of a cell up to its row, the same for a whole column of one owner.

    With the row's id and `cell_suffix` it is `bind("anshou.cell", version, tenant, owner, table, column, row, seal
    version)`: eight parts, each preceded by its length.
    """
    parts = (b"anshou.cell", bytes([VERSION]), tenant.bytes, owner.bytes, table.encode(), column.encode(), b"", b"")
    whole = bind(*parts)
    # The two last parts stand there empty; their lengths come with the suffix.
    return whole[:-8] + _ROW_LENGTH


@lru_cache(maxsize=1024)
def cell_suffix(seal_version: int) -> bytes:
    """The end of the associated data, behind the row's 16 bytes: the version that the row's cells were sealed in."""
    return _VERSION_LENGTH + seal_version.to_bytes(8, "big")
