"""Writing the tickets of an import: whole stretches of rows in one statement each, in one transaction.

Policies, checks, foreign keys and triggers hold as for any other row, and every entry leaves its leaf.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.tickets.importing.drafting import Draft, Written, sealed_json
from anshou.tickets.numbering import next_numbers
from anshou.tickets.processes import PROCESSES
from anshou.tickets.recorded import record_many
from anshou.tickets.sealed_contents import SealedContent
from anshou.tickets.situation import Rules
from confidentiality.keys.vault import open_keys
from tenants.base import new_id
from tenants.columns import insertion, write_columns

STRETCH = 2_500
"""Tickets of one statement: arrays of some megabytes."""

_TICKET = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("number", "text"),
    ("kind", "text"),
    ("shop_id", "uuid"),
    ("contract_version_id", "uuid"),
    ("channel", "text"),
    ("title", "text"),
    ("description", "text"),
    ("request", "text"),
    ("urgency", "text"),
    ("owner_id", "uuid"),
    ("department", "text"),
    ("promised_at", "timestamptz"),
    ("step", "text"),
    ("step_since", "timestamptz"),
    ("status", "text"),
    ("round", "integer"),
    ("on_hold", "boolean"),
    ("awaiting_since", "timestamptz"),
    ("version", "integer"),
    ("occurred_on", "date"),
    ("opened_at", "timestamptz"),
    ("opened_by", "uuid"),
    ("closed_at", "timestamptz"),
    ("outcome", "text"),
    ("last_entry_at", "timestamptz"),
    ("is_confidential", "boolean"),
)
_ENTRY = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("audience", "text"),
    ("at", "timestamptz"),
    ("sort", "text"),
    ("author_id", "uuid"),
    ("author_name", "text"),
    ("author_side", "text"),
    ("move", "text"),
    ("body", "text"),
    ("record", "jsonb"),
    ("changes", "jsonb"),
    ("round", "integer"),
    ("version", "integer"),
    ("part_of", "uuid"),
)
_DESK = (("id", "uuid"), ("merchant_id", "uuid"), ("ticket_id", "uuid"))
_CLOSURE = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("round", "integer"),
    ("outcome", "text"),
    ("closed_by", "uuid"),
    ("closed_at", "timestamptz"),
)
_ROW = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("import_id", "uuid"),
    ("line", "integer"),
    ("entries", "integer"),
    ("fingerprint", "bytea"),
    ("identity", "bytea"),
)

Cell = str | None


_INSERTIONS = {
    name: insertion(name, columns)
    for name, columns in (
        ("ticket", _TICKET),
        ("entry", _ENTRY),
        ("ticket_desk", _DESK),
        ("closure", _CLOSURE),
        ("ticket_import_row", _ROW),
    )
}

_dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


async def number_drafts(session: AsyncSession, drafts: Sequence[Draft], rules: Rules) -> None:
    """Give each the next number of the month in which it was opened, in the order of opening."""
    series: dict[str, list[Draft]] = {}
    for draft in sorted(drafts, key=lambda one: (one.line.opened_at, one.line.number)):
        prefix = PROCESSES[draft.line.kind].prefix
        series.setdefault(f"{prefix}{rules.day_of(draft.line.opened_at):%y%m}", []).append(draft)
    # In one order everywhere, or two transactions could wait for each other.
    for name in sorted(series):
        numbers = await next_numbers(session, name, len(series[name]))
        for draft, number in zip(series[name], numbers, strict=True):
            draft.number = number


async def write_drafts(
    session: AsyncSession, drafts: Sequence[Draft], import_id: UUID, *, by: Person, at: datetime
) -> None:
    """A stretch of tickets with desks, entries, closures, sealed contents, rows of the import, and leaves."""
    await _write(session, "ticket", [_ticket(one, by, at) for one in drafts])
    await _write(session, "ticket_desk", [(str(new_id()), str(one.line.merchant), str(one.id)) for one in drafts])
    # Before the rows that are checked against it.
    await seal_drafts(session, drafts)
    entries = [entry for one in drafts for entry in one.entries]
    await _write(session, "entry", [_entry(one) for one in entries])
    await _write(session, "closure", [_closure(one, by) for one in drafts if one.line.closed_at is not None])
    await _write(session, "ticket_import_row", [_row(one, import_id) for one in drafts])
    await record_many(session, entries)


async def _write(session: AsyncSession, table: str, rows: Sequence[Sequence[Cell]]) -> None:
    if rows:
        await write_columns(session, _INSERTIONS[table], list(zip(*rows, strict=True)))


async def seal_drafts(session: AsyncSession, drafts: Iterable[Draft]) -> None:
    """Seal what the drafts noted since they were sealed last."""
    by_merchant: dict[UUID, list[dict[str, Any]]] = {}
    for draft in drafts:
        for table, row, said in draft.sealed:
            by_merchant.setdefault(draft.line.merchant, []).append(
                {
                    "id": row,
                    "merchant_id": draft.line.merchant,
                    "ticket_id": draft.id,
                    "of_table": table,
                    "content": sealed_json(said),
                    "title": said.get("title") if table == "ticket" else None,
                }
            )
        draft.sealed.clear()
    for merchant, rows in by_merchant.items():
        ring = await open_keys(session, merchant)
        await session.execute(insert(SealedContent), ring.seal_rows(SealedContent, rows))


def _ticket(draft: Draft, by: Person, at: datetime) -> tuple[Cell, ...]:
    line, stand = draft.line, draft.stand
    return (
        str(draft.id),
        str(line.merchant),
        draft.number,
        line.kind.value,
        _text(line.shop),
        _text(draft.contract_version),
        line.channel.value,
        draft.title,
        draft.description,
        draft.request,
        line.urgency.value,
        _text(line.owner),
        line.department.value if line.department else None,
        _instant(line.promised_at),
        stand.step,
        _instant(line.closed_at or at),
        stand.status.value,
        "1",
        "true" if stand.held else "false",
        _instant(at) if stand.awaits else None,
        "1",
        str(line.occurred_on),
        _instant(line.opened_at),
        str(by.id),
        _instant(line.closed_at),
        stand.outcome.value if stand.outcome else None,
        _instant(draft.last_entry_at),
        "true" if draft.is_confidential else "false",
    )


def _entry(entry: Written) -> tuple[Cell, ...]:
    return (
        str(entry.id),
        str(entry.merchant_id),
        str(entry.ticket_id),
        entry.audience.value,
        entry.at.isoformat(),
        entry.sort.value,
        str(entry.author_id),
        entry.author_name,
        entry.author_side.value,
        entry.move,
        entry.body,
        _dumped(entry.record) if entry.record else "{}",
        "{}",
        "1",
        "1",
        _text(entry.part_of),
    )


def _closure(draft: Draft, by: Person) -> tuple[Cell, ...]:
    outcome = draft.stand.outcome
    return (
        str(new_id()),
        str(draft.line.merchant),
        str(draft.id),
        "1",
        outcome.value if outcome else None,
        str(by.id),
        _instant(draft.line.closed_at),
    )


def _row(draft: Draft, import_id: UUID) -> tuple[Cell, ...]:
    line = draft.line
    return (
        str(new_id()),
        str(line.merchant),
        str(draft.id),
        str(import_id),
        str(line.number),
        str(len(draft.entries)),
        "\\x" + line.fingerprint.hex(),
        "\\x" + line.identity.hex(),
    )


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
