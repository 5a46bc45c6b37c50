"""Keyset cursors: opaque to the client, and refused unless they were issued by the same list with the same filters.

A cursor holds only the sort key of the last row that its reader saw. A forged one therefore shows nothing that the
reader could not reach by paging; it is checked for shape so that it cannot break the query.
"""

import base64
import binascii
import hashlib
from typing import Any, TypeVar

import msgspec

from anshou.api.errors import CursorInvalid

Key = TypeVar("Key")


def pack(list_name: str, filters: object, key: object) -> str:
    """The cursor behind the row with this sort key."""
    return _text(msgspec.json.encode([_list_digest(list_name, filters), key]))


def unpack(cursor: str, list_name: str, filters: object, shape: type[Key]) -> Key:
    """The sort key in the cursor, as `shape`. Raises CursorInvalid."""
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        digest, found = msgspec.json.decode(raw, type=tuple[str, msgspec.Raw])
        key = msgspec.json.decode(found, type=shape)
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise CursorInvalid from None
    if digest != _list_digest(list_name, filters):
        raise CursorInvalid
    return key


def _list_digest(list_name: str, filters: object) -> str:
    """A short mark of the list and its filters: a cursor means nothing to another query."""
    described: Any = [list_name, msgspec.to_builtins(filters, order="deterministic")]
    return _text(hashlib.sha256(msgspec.json.encode(described, order="deterministic")).digest()[:9])


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
