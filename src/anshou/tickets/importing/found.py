"""What was found in an import and is not decided yet: by column and rule, equal ones together, or one by one."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.tickets.importing.batches import Decision, ImportFinding, TicketImport
from anshou.tickets.importing.dates import Rule
from anshou.tickets.importing.fields import Field
from anshou.tickets.importing.lines import SKIPPING, Weight


@dataclass(frozen=True, slots=True)
class Equal:
    """Findings alike: the same thing of the same value in one column. `lines` are the first of them."""

    field: Field
    rule: Rule
    weight: Weight
    raw: str
    proposed: str
    count: int
    lines: tuple[int, ...]
    first: UUID


@dataclass(frozen=True, slots=True)
class Tally:
    """Of one column and rule: findings, how many are open, and how many different values."""

    field: Field
    rule: Rule
    weight: Weight
    count: int
    open: int
    cells: int


async def tallies_of(session: AsyncSession, batch: TicketImport) -> list[Tally]:
    """Everything that was found, by weight, column and rule."""
    is_open = func.count().filter(ImportFinding.decision == Decision.OPEN)
    query = (
        select(
            ImportFinding.field,
            ImportFinding.rule,
            ImportFinding.weight,
            func.count(),
            is_open,
            func.sum(ImportFinding.count),
        )
        .where(ImportFinding.import_id == batch.id)
        .group_by(ImportFinding.field, ImportFinding.rule, ImportFinding.weight)
    )
    weights, fields = list(Weight), list(Field)
    found = [Tally(*row) for row in await session.execute(query)]
    return sorted(found, key=lambda one: (weights.index(one.weight), fields.index(one.field), one.rule.value))


async def equals_of(
    session: AsyncSession, batch: TicketImport, field: Field, rule: Rule, *, limit: int, open_only: bool = True
) -> list[Equal]:
    """The findings of one column and rule, equal ones together, the commonest first."""
    conditions = [*_of(batch, field, rule), *([ImportFinding.decision == Decision.OPEN] if open_only else [])]
    rows = await session.execute(
        select(
            ImportFinding.id,
            ImportFinding.line,
            ImportFinding.raw,
            ImportFinding.proposed,
            ImportFinding.weight,
            ImportFinding.count,
        )
        .where(*conditions)
        .order_by(ImportFinding.line)
        .limit(_LOOKED_AT)
    )
    grouped: dict[tuple[str, str], list[tuple[UUID, int, Weight, int]]] = {}
    for row in rows:
        grouped.setdefault((row.raw, row.proposed), []).append((row.id, row.line, row.weight, row[5]))
    alike = [
        Equal(
            field,
            rule,
            found[0][2],
            raw,
            proposed,
            sum(one[3] for one in found),
            tuple(one[1] for one in found[:8]),
            found[0][0],
        )
        for (raw, proposed), found in grouped.items()
    ]
    return sorted(alike, key=lambda one: (-one.count, one.lines[0]))[:limit]


async def each_of(session: AsyncSession, batch: TicketImport, field: Field, rule: Rule, *, limit: int) -> list[Equal]:
    """The open findings of one column and rule, one by one in the order of the rows."""
    query = select(ImportFinding).where(*_of(batch, field, rule), ImportFinding.decision == Decision.OPEN)
    rows = await session.scalars(query.order_by(ImportFinding.line).limit(limit))
    return [Equal(field, rule, row.weight, row.raw, row.proposed, row.count, (row.line,), row.id) for row in rows]


# Findings of one sort that are looked through for one page.
_LOOKED_AT = 5_000


async def count_open(session: AsyncSession, batch: TicketImport) -> int:
    """How many findings still wait for a decision."""
    query = select(func.count()).where(ImportFinding.import_id == batch.id, ImportFinding.decision == Decision.OPEN)
    return await session.scalar(query) or 0


async def lines_alike(session: AsyncSession, batch: TicketImport, field: Field, rule: Rule, raw: str) -> list[int]:
    """The rows of equal findings that are open."""
    query = select(ImportFinding.line).where(
        *_of(batch, field, rule), ImportFinding.raw == raw, ImportFinding.decision == Decision.OPEN
    )
    return list(await session.scalars(query.order_by(ImportFinding.line)))


async def left_out(session: AsyncSession, batch: TicketImport) -> set[int]:
    """Rows whose leaving out was proposed and accepted."""
    query = select(ImportFinding.line).where(
        ImportFinding.import_id == batch.id,
        ImportFinding.rule.in_(SKIPPING),
        ImportFinding.decision == Decision.ACCEPTED,
    )
    return set(await session.scalars(query))


def _of(batch: TicketImport, field: Field, rule: Rule) -> tuple[ColumnElement[bool], ...]:
    return ImportFinding.import_id == batch.id, ImportFinding.field == field, ImportFinding.rule == rule
