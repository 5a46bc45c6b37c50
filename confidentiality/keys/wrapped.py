"""The form of what the local and the in-memory KMS wrap: format, version of the wrapping key, nonce and ciphertext."""

import struct
from collections.abc import Mapping

from confidentiality.associated import bind
from confidentiality.errors import SealBroken
from confidentiality.keys.aead import decrypt, encrypt

FORMAT = b"\x01"
_VERSION = struct.Struct(">I")
_HEADER = len(FORMAT) + _VERSION.size


def wrap_under(versions: Mapping[int, bytes], secret: bytes, *, name: str, context: bytes) -> bytes:
    """Wrap under the newest of the versions."""
    newest = max(versions)
    header = FORMAT + _VERSION.pack(newest)
    return header + encrypt(versions[newest], secret, bind(header, name.encode(), context))


def unwrap_under(versions: Mapping[int, bytes], wrapped: bytes, *, name: str, context: bytes) -> bytes:
    """What was wrapped. Raises SealBroken."""
    header = wrapped[:_HEADER]
    if len(header) < _HEADER or header[: len(FORMAT)] != FORMAT:
        raise SealBroken
    key = versions.get(_VERSION.unpack(header[len(FORMAT) :])[0])
    if key is None:
        raise SealBroken
    return decrypt(key, wrapped[_HEADER:], bind(header, name.encode(), context))
