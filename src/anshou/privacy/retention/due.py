"""What is due: subjects whose period is over, that were not erased since and that nothing holds."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, Text, Uuid, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.retention.kinds import Kind
from tenants.labels import Labelled
from tenants.refusals import N_

# Not erased since its period began: a ticket that was opened again and closed has things of its own once more.
_LEFT = """
    NOT EXISTS (SELECT FROM erasure AS e WHERE e.subject_id = s.id AND e.kind = :kind
        AND (s.started_at IS NULL OR e.at >= s.started_at))
"""

# A hold on the merchant, the ticket or the thing itself; an open dispute of the merchant.
_HOLD = """
    SELECT h.id::text AS example FROM legal_hold AS h
    WHERE h.merchant_id = s.merchant_id AND h.lifted_at IS NULL
    AND (h.on_what = 'merchant' OR h.subject_id IN (s.id, s.ticket_id)) LIMIT 1
"""
_DISPUTE = """
    SELECT d.number AS example FROM ticket AS d
    WHERE d.merchant_id = s.merchant_id AND d.kind = 'contract_dispute' AND d.closed_at IS NULL LIMIT 1
"""


class SkipReason(Labelled):
    """Why something that was due, or that was asked for, is still there."""

    DISPUTE = "dispute", N_("合作纠纷未结案")
    HOLD = "hold", N_("法律保全")
    LAW = "law", N_("法律要求继续保存")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which subjects of a kind: those that started before an instant, of one merchant, or some by id.

    Without `before` the period does not matter; `law_before` is what the kind's minimum still protects.
    """

    kind: Kind
    before: datetime | None = None
    law_before: datetime | None = None
    merchant: UUID | None = None
    ids: Collection[UUID] | None = None

    @property
    def condition(self) -> str:
        """As SQL over `s`, without what holds them."""
        parts = [_LEFT]
        if self.before is not None:
            parts.append("s.started_at < :before")
        if self.merchant is not None:
            parts.append("s.merchant_id = :merchant")
        if self.ids is not None:
            parts.append("s.id IN (SELECT jsonb_array_elements_text(:ids)::uuid)")
        return " AND ".join(parts)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of `condition`."""
        given: dict[str, Any] = {"kind": self.kind.code}
        if self.before is not None:
            given["before"] = self.before
        if self.merchant is not None:
            given["merchant"] = self.merchant
        if self.ids is not None:
            given["ids"] = sorted(map(str, self.ids))
        return given


async def find_due(session: AsyncSession, wanted: Wanted, *, most: int) -> list[tuple[UUID, UUID | None]]:
    """At most so many subjects that can be erased now, with their merchants; those that started first come first."""
    protected = "" if wanted.law_before is None else " AND s.started_at < :law_before"
    query = f"""
        SELECT s.id, s.merchant_id FROM ({wanted.kind.subjects}) AS s
        WHERE {wanted.condition}{protected} AND NOT EXISTS ({_HOLD}) AND NOT EXISTS ({_DISPUTE})
        ORDER BY s.started_at, s.id LIMIT {most}
    """
    values = wanted.values if wanted.law_before is None else wanted.values | {"law_before": wanted.law_before}
    return [(row[0], row[1]) for row in await session.execute(_typed(query, values), values)]


async def count_due(session: AsyncSession, kind: Kind, before: datetime, *, most: int = 100_000) -> int:
    """How many subjects of the kind started before the instant and are still there, held ones included."""
    wanted = Wanted(kind=kind, before=before)
    query = f"SELECT count(*) FROM (SELECT FROM ({kind.subjects}) AS s WHERE {wanted.condition} LIMIT {most}) AS due"
    return await session.scalar(_typed(query, wanted.values), wanted.values) or 0


async def count_held(session: AsyncSession, wanted: Wanted) -> Mapping[tuple[SkipReason, str], int]:
    """Subjects that would go but are kept, by reason and by the hold or dispute that keeps them."""
    values = dict(wanted.values)
    law = "false"
    if wanted.law_before is not None:
        law, values["law_before"] = "coalesce(s.started_at, 'infinity') >= :law_before", wanted.law_before
    query = f"""
        SELECT CASE WHEN h.example IS NOT NULL THEN 'hold' WHEN d.example IS NOT NULL THEN 'dispute' ELSE 'law' END,
            coalesce(h.example, d.example, ''), count(*)
        FROM ({wanted.kind.subjects}) AS s
        LEFT JOIN LATERAL ({_HOLD}) AS h ON true LEFT JOIN LATERAL ({_DISPUTE}) AS d ON true
        WHERE {wanted.condition} AND (h.example IS NOT NULL OR d.example IS NOT NULL OR {law})
        GROUP BY 1, 2
    """
    rows = await session.execute(_typed(query, values), values)
    return {(SkipReason(row[0]), row[1]): row[2] for row in rows}


async def storage_keys(session: AsyncSession, kind: Kind, subjects: Collection[tuple[UUID, UUID | None]]) -> list[str]:
    """The objects in the storage that belong to the subjects."""
    named = [{"id": str(subject), "merchant": str(merchant)} for subject, merchant in subjects]
    keys: list[str] = []
    for files in kind.files:
        query = text(
            f"SELECT f.{files.column} FROM {files.table} AS f "
            "JOIN jsonb_to_recordset(:subjects) AS s(id uuid, merchant uuid) "
            f"ON f.merchant_id = s.merchant AND f.{files.by} = s.id ORDER BY 1"
        ).bindparams(bindparam("subjects", type_=JSONB))
        keys += [key for key in await session.scalars(query, {"subjects": named}) if key]
    return keys


def _typed(query: str, values: Mapping[str, Any]) -> Any:
    types: dict[str, Any] = {
        "kind": Text(),
        "before": DateTime(timezone=True),
        "law_before": DateTime(timezone=True),
        "merchant": Uuid(),
        "ids": JSONB(),
    }
    return text(query).bindparams(*(bindparam(name, type_=types[name]) for name in values))
