"""Checking the rows of an import, and what a person decides about what is found. Who may: IMPORT_TICKETS."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.permissions import Permission, authorize
from anshou.people.person import Person
from anshou.tickets.importing.ahead import Tell, told_meanwhile
from anshou.tickets.importing.batches import Decision, ImportFinding, Step, TicketImport
from anshou.tickets.importing.checking import Checking
from anshou.tickets.importing.dates import Rule
from anshou.tickets.importing.errors import ChoiceInvalid
from anshou.tickets.importing.fields import Field
from anshou.tickets.importing.grounds import ground_of
from anshou.tickets.importing.intake import Table
from anshou.tickets.importing.lines import Finding, Weight, weight_of
from tenants.base import new_id
from tenants.columns import Insertion, write_columns
from tenants.jobs import enqueue

CHECK = "tickets.check_import"

# Rows that are checked while the page waits; more are checked by a job.
AT_ONCE = 2_000

# Rows that are already there, shown with their numbers.
_SHOWN_THERE = 200

_KEEP = Insertion(
    "ticket_import_finding",
    (
        ("id", "uuid"),
        ("import_id", "uuid"),
        ("line", "integer"),
        ("field", "text"),
        ("rule", "text"),
        ("weight", "text"),
        ("raw", "text"),
        ("proposed", "text"),
        ("count", "integer"),
        ("decision", "text"),
    ),
)
_STRETCH = 20_000

# Of a cell, as much as tells it from others.
_RAW = 200


async def ask_for_check(session: AsyncSession, batch: TicketImport, table: Table, *, by: Person, at: datetime) -> None:
    """Check the rows at once, or by a job where there are many."""
    batch.step, batch.began_at, batch.done, batch.row_count = Step.CHECKING, at, 0, len(table.rows)
    if len(table.rows) <= AT_ONCE:
        await check_import(session, batch, table, by=by, at=at)
    else:
        await session.flush()
        await enqueue(session, CHECK, {"batch": str(batch.id)})


async def check_import(
    session: AsyncSession,
    batch: TicketImport,
    table: Table,
    *,
    by: Person,
    at: datetime,
    tell: Tell | None = None,
) -> None:
    """Check every row and keep what is found; what was decided before stays decided. `tell` hears how many are done.

    Raises PermissionMissing.
    """
    authorize(by, Permission.IMPORT_TICKETS)
    checking = await checking_of(session, batch, table, at=at)
    # Beside the loop: a large file takes its time, and nobody else waits for it.
    checked = await told_meanwhile(lambda note: checking.check(table.rows, note), tell)
    decided = await _decided(session, batch)
    await session.execute(delete(ImportFinding).where(ImportFinding.import_id == batch.id))
    await _keep(session, batch.id, checked.findings, decided)
    batch.step = Step.CHECKED
    batch.row_count, batch.done = checked.rows, checked.rows
    batch.ready_count, batch.there_count = len(checked.lines), len(checked.there)
    batch.there = [[line, number] for line, number in sorted(checked.there.items())[:_SHOWN_THERE]]


async def checking_of(session: AsyncSession, batch: TicketImport, table: Table, *, at: datetime) -> Checking:
    """What reads the rows with everything that was chosen and typed."""
    chosen = batch.chosen
    ground = await ground_of(session, table.book, table.rows, batch.sheet, batch.header_line, chosen, at=at)
    return Checking(chosen, ground, changes=batch.typed, skipped=frozenset(batch.skipped))


async def _decided(session: AsyncSession, batch: TicketImport) -> dict[tuple[str, ...], Decision]:
    query = select(ImportFinding).where(ImportFinding.import_id == batch.id, ImportFinding.decision != Decision.OPEN)
    return {_finding(row).key: row.decision for row in await session.scalars(query)}


def _finding(row: ImportFinding) -> Finding:
    return Finding(row.line, row.field, row.rule, row.raw, row.proposed, row.count)


async def _keep(
    session: AsyncSession, import_id: UUID, findings: Sequence[Finding], decided: dict[tuple[str, ...], Decision]
) -> None:
    for start in range(0, len(findings), _STRETCH):
        part = findings[start : start + _STRETCH]
        rows = [
            (
                str(new_id()),
                str(import_id),
                str(one.line),
                one.field.value,
                one.rule.value,
                weight_of(one.rule).value,
                one.raw[:_RAW],
                one.proposed[:_RAW],
                str(one.count),
                (decided.get(one.key, Decision.OPEN) if decided else Decision.OPEN).value,
            )
            for one in part
        ]
        await write_columns(session, _KEEP, list(zip(*rows, strict=True)))


async def accept(
    session: AsyncSession,
    batch: TicketImport,
    *,
    by: Person,
    field: Field | None = None,
    rule: Rule | None = None,
    raw: str | None = None,
    finding: UUID | None = None,
    keep: bool = False,
) -> int:
    """Accept what is proposed: of one finding, of all equal ones, of a column's rule, or of everything.

    With `keep` rows are imported although leaving them out was proposed. A problem proposes nothing, so it stays.
    Answers how many were decided. Raises PermissionMissing, NotThatFar.
    """
    authorize(by, Permission.IMPORT_TICKETS)
    batch.require(Step.CHECKED)
    conditions: list[ColumnElement[bool]] = [
        ImportFinding.import_id == batch.id,
        ImportFinding.decision == Decision.OPEN,
        ImportFinding.weight != Weight.PROBLEM,
    ]
    if finding is not None:
        conditions.append(ImportFinding.id == finding)
    if field is not None:
        conditions.append(ImportFinding.field == field)
    if rule is not None:
        conditions.append(ImportFinding.rule == rule)
    if raw is not None:
        conditions.append(ImportFinding.raw == raw)
    if keep:
        conditions.append(ImportFinding.rule.in_([Rule.TWICE, Rule.CHANGED_SINCE]))
    decision = Decision.KEPT if keep else Decision.ACCEPTED
    changed = await session.execute(
        update(ImportFinding).where(*conditions).values(decision=decision).returning(ImportFinding.id)
    )
    return len(changed.all())


async def retype(
    session: AsyncSession,
    batch: TicketImport,
    table: Table,
    lines: Collection[int],
    field: Field,
    value: str,
    *,
    by: Person,
    at: datetime,
) -> None:
    """Read these rows' cells of a column as if they held the value. Raises PermissionMissing, NotThatFar."""
    authorize(by, Permission.IMPORT_TICKETS)
    batch.require(Step.CHECKED)
    known = {number for number, _ in table.rows}
    if not value.strip() or len(value) > _LONGEST or not known.issuperset(lines):
        raise ChoiceInvalid
    batch.changes = {**batch.changes, **{f"{line}:{field.value}": value.strip() for line in lines}}
    await ask_for_check(session, batch, table, by=by, at=at)


_LONGEST = 2_000


async def skip(
    session: AsyncSession,
    batch: TicketImport,
    table: Table,
    lines: Collection[int],
    *,
    by: Person,
    at: datetime,
    back: bool = False,
) -> None:
    """Leave rows out, or take them back in. Raises PermissionMissing, NotThatFar."""
    authorize(by, Permission.IMPORT_TICKETS)
    batch.require(Step.CHECKED)
    known = {number for number, _ in table.rows}
    now = set(batch.skipped) - set(lines) if back else set(batch.skipped) | (set(lines) & known)
    batch.skipped = sorted(now)
    await ask_for_check(session, batch, table, by=by, at=at)
