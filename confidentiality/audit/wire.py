"""A leaf as a line of an export or in an answer of the API, and back. `docs/audit-format.md` shows it."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from confidentiality.audit.encoding import LeafContent

FORMAT = "anshou.audit.export.v1"

_TIME = "%Y-%m-%dT%H:%M:%S.%fZ"


class LineUnreadable(Exception):
    """Raised when a line is not what the format says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of the record: what the sequence, the tree and the leaf itself say about it."""

    seq: int
    leaf_id: UUID | None
    tree_hash: bytes | None
    leaf_hash: bytes | None
    content: LeafContent | None


def leaf_line(row: Any) -> dict[str, Any]:
    """What stands in a place, for JSON; `leaf` is null when the leaf is gone."""
    return {
        "seq": row.seq,
        "id": _text(row.leaf_id),
        "tree_hash": row.tree_hash.hex() if row.tree_hash is not None else None,
        "leaf": leaf_fields(row) if row.id is not None else None,
    }


def leaf_fields(leaf: Any) -> dict[str, Any]:
    """A leaf's own fields for JSON; `body` in base64 as it is stored."""
    return {
        "id": str(leaf.id),
        "at": leaf.at.astimezone(UTC).strftime(_TIME),
        "action": leaf.action,
        "actor_id": str(leaf.actor_id),
        "actor_side": leaf.actor_side,
        "merchant_id": _text(leaf.merchant_id),
        "subject_id": _text(leaf.subject_id),
        "ticket_id": _text(leaf.ticket_id),
        "sealed_for": _text(leaf.sealed_for),
        "body": base64.b64encode(leaf.body).decode(),
        "leaf_hash": leaf.leaf_hash.hex(),
    }


def read_place(line: Mapping[str, Any]) -> Place:
    """What `leaf_line` wrote. Raises LineUnreadable."""
    try:
        leaf = line["leaf"]
        return Place(
            seq=int(line["seq"]),
            leaf_id=_id(line["id"]),
            tree_hash=bytes.fromhex(line["tree_hash"]) if line["tree_hash"] is not None else None,
            leaf_hash=bytes.fromhex(leaf["leaf_hash"]) if leaf is not None else None,
            content=read_leaf(leaf) if leaf is not None else None,
        )
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise LineUnreadable(f"{type(error).__name__} in a line of a leaf") from None


def read_leaf(fields: Mapping[str, Any]) -> LeafContent:
    """The content that `leaf_fields` wrote. Raises KeyError, TypeError or ValueError for anything else."""
    return LeafContent(
        id=UUID(fields["id"]),
        at=datetime.strptime(fields["at"], _TIME).replace(tzinfo=UTC),
        action=str(fields["action"]),
        actor_id=UUID(fields["actor_id"]),
        actor_side=str(fields["actor_side"]),
        merchant_id=_id(fields["merchant_id"]),
        subject_id=_id(fields["subject_id"]),
        ticket_id=_id(fields["ticket_id"]),
        sealed_for=_id(fields["sealed_for"]),
        body=base64.b64decode(fields["body"], validate=True),
    )


def _text(value: UUID | None) -> str | None:
    return str(value) if value is not None else None


def _id(value: str | None) -> UUID | None:
    return UUID(value) if value is not None else None
