"""A stretch of an import made ready to be written: drafts, their clocks, and the texts of every table. Pure.

It is done beside the loop and beside the database, which writes the stretch before it meanwhile.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from anshou.people.person import Person
from anshou.tickets.importing.drafting import Draft, Source, Written, draft_of
from anshou.tickets.importing.grounds import ContractsInForce, IsPrivate
from anshou.tickets.importing.lines import Line
from anshou.tickets.importing.starting import ClocksOfImport
from anshou.tickets.recorded import leaves_of_entries
from confidentiality.audit.leaves import Marked
from tenants.base import TextsOf, new_key
from tenants.columns import insertion, joined

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
    ("next_due_at", "timestamptz"),
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
_CLOCK = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("clock", "text"),
    ("urgency", "text"),
    ("channels", "text"),
    ("department", "text"),
    ("clause", "jsonb"),
    ("started_at", "timestamptz"),
    ("limit_value", "integer"),
    ("limit_unit", "text"),
    ("calendar", "text"),
    ("source", "text"),
    ("due_at", "timestamptz"),
    ("warn_at", "timestamptz"),
    ("late_at", "timestamptz"),
    ("explanation", "jsonb"),
)
_HOLD = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("reason", "text"),
    ("held_by", "uuid"),
    ("held_at", "timestamptz"),
)
_STOP = (
    ("id", "uuid"),
    ("merchant_id", "uuid"),
    ("ticket_id", "uuid"),
    ("since", "timestamptz"),
    ("reason", "text"),
)

# In this order: a row goes before those that refer to it.
BEFORE_SEALED = ("ticket", "ticket_desk")
AFTER_SEALED = ("entry", "closure", "ticket_import_row", "ticket_clock", "hold", "clock_stop")

INSERTIONS = {
    name: insertion(name, columns)
    for name, columns in (
        ("ticket", _TICKET),
        ("entry", _ENTRY),
        ("ticket_desk", _DESK),
        ("closure", _CLOSURE),
        ("ticket_import_row", _ROW),
        ("ticket_clock", _CLOCK),
        ("hold", _HOLD),
        ("clock_stop", _STOP),
    )
}

Cell = str | None

_dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of some tickets by table, as `write_joined` takes them; what is sealed of them; their leaves and timers."""

    drafts: Sequence[Draft]
    texts: Mapping[str, Sequence[str]]
    leaves: Marked
    events: Mapping[UUID, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """Makes stretches of one import, and knows what is the same for all its rows."""

    tenant: UUID
    import_id: UUID
    source: Source
    numbers: Mapping[int, str]
    contracts: ContractsInForce
    clocks: ClocksOfImport
    sealed: frozenset[UUID]
    is_private: IsPrivate
    by: Person
    at: datetime

    def make(self, lines: Sequence[Line]) -> Stretch:
        """The rows of these lines."""
        ids = TextsOf()
        drafts = [self._draft(one) for one in lines]
        started = self.clocks.of(drafts, ids)
        entries = [entry for one in drafts for entry in one.entries]
        closed = [one for one in drafts if one.line.closed_at is not None]
        rows: dict[str, list[tuple[Cell, ...]]] = {
            "ticket": [_ticket(one, self.by, self.at, ids) for one in drafts],
            "ticket_desk": [(new_key(), ids[one.line.merchant], ids[one.id]) for one in drafts],
            "entry": [_entry(one, ids) for one in entries],
            "closure": [_closure(one, self.by, ids) for one in closed],
            "ticket_import_row": [_row(one, self.import_id, ids) for one in drafts],
            "ticket_clock": started.clocks,
            "hold": started.holds,
            "clock_stop": started.stops,
        }
        return Stretch(
            drafts,
            {table: joined(list(zip(*some, strict=True))) for table, some in rows.items() if some},
            leaves_of_entries(self.tenant, entries, ids),
            started.events,
        )

    def _draft(self, line: Line) -> Draft:
        version = self.contracts.on(line.merchant, cast(date, line.occurred_on))
        confidential = line.merchant in self.sealed or self.is_private(
            line.merchant, line.shop, f"{line.title} {line.description}"
        )
        draft = draft_of(line, self.source, contract_version=version.id if version else None, confidential=confidential)
        draft.number = self.numbers[line.number]
        return draft


def _ticket(draft: Draft, by: Person, at: datetime, ids: TextsOf) -> tuple[Cell, ...]:
    line, stand = draft.line, draft.stand
    return (
        ids[draft.id],
        ids[line.merchant],
        draft.number,
        line.kind.value,
        _text(line.shop, ids),
        _text(draft.contract_version, ids),
        line.channel.value,
        draft.title,
        draft.description,
        draft.request,
        line.urgency.value,
        _text(line.owner, ids),
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
        ids[by.id],
        _instant(line.closed_at),
        stand.outcome.value if stand.outcome else None,
        _instant(draft.last_entry_at),
        "true" if draft.is_confidential else "false",
        _instant(draft.next_due_at),
    )


def _entry(entry: Written, ids: TextsOf) -> tuple[Cell, ...]:
    return (
        ids[entry.id],
        ids[entry.merchant_id],
        ids[entry.ticket_id],
        entry.audience.value,
        entry.at.isoformat(),
        entry.sort.value,
        ids[entry.author_id],
        entry.author_name,
        entry.author_side.value,
        entry.move,
        entry.body,
        _dumped(entry.record) if entry.record else "{}",
        "{}",
        "1",
        "1",
        _text(entry.part_of, ids),
    )


def _closure(draft: Draft, by: Person, ids: TextsOf) -> tuple[Cell, ...]:
    outcome = draft.stand.outcome
    return (
        new_key(),
        ids[draft.line.merchant],
        ids[draft.id],
        "1",
        outcome.value if outcome else None,
        ids[by.id],
        _instant(draft.line.closed_at),
    )


def _row(draft: Draft, import_id: UUID, ids: TextsOf) -> tuple[Cell, ...]:
    line = draft.line
    return (
        new_key(),
        ids[line.merchant],
        ids[draft.id],
        ids[import_id],
        str(line.number),
        str(len(draft.entries)),
        "\\x" + line.fingerprint.hex(),
        "\\x" + line.identity.hex(),
    )


def _text(value: UUID | None, ids: TextsOf) -> str | None:
    return None if value is None else ids[value]


def _instant(value: datetime | None) -> str | None:
    return None if value is None else value.isoformat()
