"""Leaving a leaf: one immutable row in the transaction of what it records."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from confidentiality.audit.actions import Action
from confidentiality.audit.actors import Actor
from confidentiality.audit.bodies import plain_body, seal_body
from confidentiality.audit.encoding import Alike, LeafContent, instant_bytes
from tenants.base import Base, Row, TextsOf, new_id, new_key
from tenants.columns import Insertion, Joined, joined, write_joined
from tenants.prepared import put
from tenants.sessions import before_commit

_WAITING = "audit_leaves"

_COLUMNS = tuple(field.name for field in fields(LeafContent))
_in_order = attrgetter(*_COLUMNS)
_INSERT = (
    f"INSERT INTO audit_leaf ({', '.join(_COLUMNS)}, leaf_hash) "  # noqa: S608  the names are our own
    f"VALUES ({', '.join(f'${place}' for place in range(1, len(_COLUMNS) + 2))})"
)

_KINDS = {"at": "timestamptz", "action": "text", "actor_side": "text", "body": "bytea", "leaf_hash": "bytea"}
_INSERT_MANY = Insertion("audit_leaf", [(name, _KINDS.get(name, "uuid")) for name in (*_COLUMNS, "leaf_hash")])


class AuditLeaf(Row, Base):
    """A leaf as stored. The transaction's number, by which the sealer orders, is the database's own affair."""

    __tablename__ = "audit_leaf"

    at: Mapped[datetime]
    action: Mapped[str]
    actor_id: Mapped[UUID]
    actor_side: Mapped[str]
    merchant_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    ticket_id: Mapped[UUID | None]
    sealed_for: Mapped[UUID | None]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What whoever acted can keep: a later proof must lead from this hash to a published root."""

    leaf_id: UUID
    leaf_hash: bytes


async def record(
    session: AsyncSession,
    action: Action,
    *,
    actor: Actor,
    at: datetime,
    owner: UUID | None = None,
    subject: UUID | None = None,
    ticket: UUID | None = None,
    body: Mapping[str, Any] | None = None,
) -> Receipt:
    """Record the action in the transaction of the session; it exists exactly if that commits.

    `owner` is the merchant whose matter it is, who may read the leaf too; None for the agency's own. `body` is JSON and
    holds no confidential plaintext; it is sealed unless the action is plain, so the keys must be there: raises what
    `open_keys` raises. The leaves of a transaction are written together, just before it commits.
    """
    tenant: UUID = session.info["tenant"].id
    leaf, said = new_id(), {"actor": actor.name, **(body or {})}
    closed = plain_body(said) if action.plain else await seal_body(session, said, leaf=leaf, owner=owner)
    content = LeafContent(
        id=leaf,
        at=at,
        action=action.code,
        actor_id=actor.id,
        actor_side=actor.side,
        merchant_id=owner,
        subject_id=subject,
        ticket_id=ticket,
        sealed_for=closed.sealed_for,
        body=closed.content,
    )
    receipt = Receipt(content.id, content.hash(tenant))
    session.info.setdefault(_WAITING, []).append((*_in_order(content), receipt.leaf_hash))
    if session.in_nested_transaction():
        # What a savepoint takes back, it takes back with its leaf.
        await write_leaves(session)
    else:
        before_commit(session, write_leaves)
    return receipt


def plain_bytes(actor: Actor, body: Mapping[str, Any]) -> bytes:
    """A plain body as it is stored."""
    return plain_body({"actor": actor.name, **body}).content


@dataclass(frozen=True, slots=True)
class Marked:
    """Leaves of a plain action, ready to be written; None where there is none."""

    rows: Joined | None


class Marking:
    """Makes leaves of a plain action in bulk, in their order. Pure: for what is made ready beside the loop."""

    def __init__(self, tenant: UUID, action: Action, ids: TextsOf) -> None:
        """`ids` are the texts of ids that are known already."""
        if not action.plain:
            raise ValueError(f"{action.code} has sealed bodies")
        self._tenant, self._action, self._ids = tenant, action.code, ids
        self._alike: dict[tuple[UUID, str, UUID | None], Alike] = {}
        self._instants: dict[datetime, tuple[str, bytes]] = {}
        self._rows: list[tuple[str | None, ...]] = []

    def mark(self, *, actor: Actor, at: datetime, owner: UUID | None, subject: UUID, ticket: UUID, body: bytes) -> None:
        """Leave one more; the arguments are those of `record`, but for the body, which is as it is stored."""
        key = actor.id, actor.side, owner
        alike = self._alike.get(key)
        if alike is None:
            alike = self._alike[key] = Alike(
                self._tenant, action=self._action, actor_id=actor.id, actor_side=actor.side, merchant_id=owner
            )
        instant = self._instants.get(at)
        if instant is None:
            instant = self._instants[at] = at.isoformat(), instant_bytes(at)
        leaf, ids = new_key(), self._ids
        leaf_hash = alike.hash(
            bytes.fromhex(leaf.replace("-", "")), instant[1], subject=subject.bytes, ticket=ticket.bytes, body=body
        )
        self._rows.append(
            (
                leaf,
                instant[0],
                self._action,
                ids[actor.id],
                actor.side,
                None if owner is None else ids[owner],
                ids[subject],
                ids[ticket],
                None,
                "\\x" + body.hex(),
                "\\x" + leaf_hash.hex(),
            )
        )

    def marked(self) -> Marked:
        """All of them."""
        return Marked(joined(list(zip(*self._rows, strict=True))) if self._rows else None)


async def leave_marked(session: AsyncSession, leaves: Marked) -> None:
    """Leave them in the transaction of the session: for what is written in bulk."""
    if leaves.rows is not None:
        await write_joined(session, _INSERT_MANY, leaves.rows)


async def write_leaves(session: AsyncSession) -> None:
    """Write the leaves that wait in this session; whoever reads leaves in the same transaction calls it first."""
    waiting = session.info.pop(_WAITING, None)
    if waiting:
        # No RETURNING, as the ORM would have it: who may leave a leaf may not always read it.
        await put(session, _INSERT, waiting)
