"""Taking content away for good, also where nobody may change a row: by `control.erase`, on a signed request.

Blanked are texts, structures, bytes and decimal figures; ids, times, states, whole numbers and whatever a key is made
of stay. A batch has the number after the last one, so that one follows the other, and none is carried out twice.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import BigInteger, Text, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.connections import TenantConnection
from tenants.registry import Tenant
from tenants.signing import Signer

ERASED = "已按保留期限清除"
"""What stands where a text was. The sentence is part of `control.erase` (migrations/control/0006_erasure)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is erased of one table: `columns` are blanked, or the rows deleted if there are none.

    `by` is the column that holds the subject's id. `only` narrows to rows whose column has one of the values.
    """

    table: str
    by: str = "ticket_id"
    columns: tuple[str, ...] = ()
    only: tuple[str, tuple[str, ...]] | None = None

    @property
    def act(self) -> Literal["blank", "delete"]:
        """What becomes of the rows."""
        return "blank" if self.columns else "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """The contents of one kind, of these subjects: pairs of the id and the merchant's, if it has one."""

    kind: str
    table: str
    subjects: tuple[tuple[UUID, UUID | None], ...]
    contents: tuple[Content, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The last batch that this database knows: its number and its code in the list outside."""

    number: int
    mac: str


async def lock_head(session: AsyncSession) -> Head:
    """The last batch, locked until the transaction ends. In the agency's context."""
    found = func.control.lock_erasures().table_valued(column("number", BigInteger), column("mac", Text))
    number, mac = (await session.execute(select(found.c.number, found.c.mac))).one()
    return Head(number, mac)


async def erase_batch(
    session: AsyncSession, erasures: Sequence[Erasure], *, run: UUID, head: Head, at: datetime
) -> Mapping[str, int]:
    """Erase and record it as batch `head`; answers how many rows were blanked or deleted, by kind.

    In the agency's context, after `lock_head`. Raises the driver's serialization failure if `head` is not the next.
    """
    connection: TenantConnection = session.info["connection"]
    signer: Signer = session.info["signer"]
    tenant: Tenant = session.info["tenant"]
    request = json.dumps(
        {
            "number": head.number,
            "mac": head.mac,
            "run": str(run),
            "at": at.isoformat(),
            "erasures": [_told(one) for one in erasures],
        },
        ensure_ascii=False,
    )
    signature = signer.erasure(request, role=tenant.role, backend_pid=connection.backend_pid)
    call = func.control.erase(literal(request, Text), literal(signature, Text), type_=JSONB)
    counted: dict[str, int] = (await session.scalars(select(call))).one()
    # What was loaded may hold what is gone.
    session.expire_all()
    return counted


def _told(erasure: Erasure) -> dict[str, Any]:
    return {
        "kind": erasure.kind,
        "table": erasure.table,
        "subjects": [
            {"id": str(subject), "merchant": None if merchant is None else str(merchant)}
            for subject, merchant in erasure.subjects
        ],
        "contents": [_content(one) for one in erasure.contents],
    }


def _content(content: Content) -> dict[str, Any]:
    told: dict[str, Any] = {"table": content.table, "by": content.by, "act": content.act}
    if content.columns:
        told["columns"] = list(content.columns)
    if content.only is not None:
        told["only"] = {"column": content.only[0], "values": list(content.only[1])}
    return told
