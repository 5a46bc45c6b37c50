"""A stretch of an import made ready to be written: its rows read, drafts, their clocks, the texts of every table. Pure.

It is done beside the loop and beside the database, which writes the stretch before it meanwhile.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast
from uuid import UUID

from anshou.people.person import Person
from anshou.tickets.importing.checking import Checking
from anshou.tickets.importing.drafting import Draft, Source, Written, draft_of
from anshou.tickets.importing.errors import NoLongerFits
from anshou.tickets.importing.grounds import ContractsInForce, IsPrivate
from anshou.tickets.importing.lines import Line
from anshou.tickets.importing.starting import ClocksOfImport
from anshou.tickets.numbering import series_of
from anshou.tickets.processes import PROCESSES
from anshou.tickets.recorded import leaves_of_entries
from anshou.tickets.situation import Rules
from confidentiality.audit.leaves import Marked
from tenants.base import TextsOf, new_key
from tenants.columns import Cell, Joined, joined

_dumped = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of some tickets by table, as `write_joined` takes them; what is sealed of them; their leaves and timers.

    The rows of the tickets themselves wait for their numbers: `series` names that of each ticket.
    """

    drafts: Sequence[Draft]
    series: Sequence[str]
    texts: Mapping[str, Joined]
    leaves: Marked
    events: Mapping[UUID, datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """Makes stretches of one import, in the order of its rows, and knows what is the same for all of them."""

    tenant: UUID
    import_id: UUID
    source: Source
    checking: Checking
    left_out: Collection[int]
    rules: Rules
    contracts: ContractsInForce
    clocks: ClocksOfImport
    sealed: frozenset[UUID]
    is_private: IsPrivate
    by: Person
    at: datetime

    def make(self, rows: Sequence[tuple[int, list[str]]]) -> Stretch:
        """What is to be written of the next rows of the file.

        Raises NoLongerFits where one was ready when it was checked and is not any more.
        """
        lines = self.checking.read(rows)
        for number in self.checking.unfit:
            if number not in self.left_out:
                raise NoLongerFits(number)
        ids = TextsOf()
        drafts = [self._draft(one) for one in lines if one.number not in self.left_out]
        started = self.clocks.of(drafts, ids)
        entries = [entry for one in drafts for entry in one.entries]
        closed = [one for one in drafts if one.line.closed_at is not None]
        cells: dict[str, list[tuple[Cell, ...]]] = {
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
            [self._series(one.line) for one in drafts],
            {table: joined(list(zip(*some, strict=True))) for table, some in cells.items() if some},
            leaves_of_entries(self.tenant, entries, ids),
            started.events,
        )

    def _draft(self, line: Line) -> Draft:
        version = self.contracts.on(line.merchant, cast(date, line.occurred_on))
        confidential = line.merchant in self.sealed or self.is_private(
            line.merchant, line.shop, f"{line.title} {line.description}"
        )
        return draft_of(line, self.source, contract_version=version.id if version else None, confidential=confidential)

    def _series(self, line: Line) -> str:
        return series_of(PROCESSES[line.kind].prefix, self.rules.day_of(line.opened_at))


def _ticket(draft: Draft, by: Person, at: datetime, ids: TextsOf) -> tuple[Cell, ...]:
    line, stand = draft.line, draft.stand
    return (
        ids[draft.id],
        ids[line.merchant],
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
