"""The canonical bytes of a leaf, and its hash. `docs/audit-format.md` says the same with examples."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from confidentiality.associated import begin, bind, bound

FORMAT = b"anshou.audit.leaf.v1"

# Made once: `json.dumps` makes an encoder anew for every call with settings of its own.
_written = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

_MICROSECOND = timedelta(microseconds=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# RFC 6962 section 2.1: leaves and nodes begin differently, so that neither can pass for the other.
_LEAF_PREFIX = b"\x00"

_ABSENT = bound(b"")


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafContent:
    """What a leaf says, body as it is stored: sealed for `sealed_for`, or readable when that is None."""

    id: UUID
    at: datetime
    action: str
    actor_id: UUID
    actor_side: str
    merchant_id: UUID | None
    subject_id: UUID | None
    ticket_id: UUID | None
    sealed_for: UUID | None
    body: bytes

    def canonical(self, tenant: UUID) -> bytes:
        """Every field with its length before it, in this order; an absent id is empty, `at` counts microseconds."""
        return bind(
            FORMAT,
            tenant.bytes,
            self.id.bytes,
            instant_bytes(self.at),
            self.action.encode(),
            self.actor_id.bytes,
            self.actor_side.encode(),
            _optional(self.merchant_id),
            _optional(self.subject_id),
            _optional(self.ticket_id),
            _optional(self.sealed_for),
            self.body,
        )

    def hash(self, tenant: UUID) -> bytes:
        """The leaf hash of RFC 6962 section 2.1: SHA-256 of a zero byte and the canonical bytes.

        Over the body as stored: when its key is destroyed, the tree still proves that the leaf was there.
        """
        return hashlib.sha256(_LEAF_PREFIX + self.canonical(tenant)).digest()


class Alike:
    """What leaves of one action, by one actor, of one owner have in common, encoded once.

    `hash` is that of `LeafContent`, for leaves that are not sealed, at a third of its price.
    """

    __slots__ = ("_after_at", "_before_id")

    def __init__(self, tenant: UUID, *, action: str, actor_id: UUID, actor_side: str, merchant_id: UUID | None) -> None:
        self._before_id = _LEAF_PREFIX + begin(12) + bound(FORMAT) + bound(tenant.bytes)
        self._after_at = b"".join(
            bound(part) for part in (action.encode(), actor_id.bytes, actor_side.encode(), _optional(merchant_id))
        )

    def hash(self, leaf: bytes, at: bytes, *, subject: bytes, ticket: bytes, body: bytes) -> bytes:
        """The hash of a leaf; ids as their bytes, `at` as `instant_bytes` gives it."""
        return hashlib.sha256(
            b"".join(
                (
                    self._before_id,
                    bound(leaf),
                    bound(at),
                    self._after_at,
                    bound(subject),
                    bound(ticket),
                    _ABSENT,
                    bound(body),
                )
            )
        ).digest()


def instant_bytes(at: datetime) -> bytes:
    """An instant as it stands in a leaf: microseconds since 1970."""
    return ((at - _EPOCH) // _MICROSECOND).to_bytes(8, "big", signed=True)


def body_bytes(body: Mapping[str, Any]) -> bytes:
    """A body as JSON in UTF-8. The bytes are stored and hashed as they are, so nobody ever has to write them again."""
    return _written(body).encode()


def _optional(value: UUID | None) -> bytes:
    return value.bytes if value is not None else b""
