"""From a checked row to the rows of a ticket: where it stands, what its timeline says, what is sealed of it. Pure.

What a ledger says of a matter that has ended is history: it is closed as it was, with the old dates. A matter that is
open stands at the step that its state names, since now: its clocks start with the import and not in January.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from anshou.tickets.entry_labels import IMPORTED
from anshou.tickets.importing.lines import Line
from anshou.tickets.importing.wording import Standing
from anshou.tickets.kinds import EntrySort, Kind, Outcome, Side, Status
from anshou.tickets.process import CLOSED
from anshou.tickets.processes import PROCESSES
from anshou.tickets.sealed_contents import PLACEHOLDER
from tenants.base import new_id
from tenants.refusals import N_

_WORKING = {Kind.SERVICE_QUALITY: "analysis", Kind.DATA_ANOMALY: "analysis", Kind.CONTRACT_DISPUTE: "investigation"}
# Where nobody is responsible yet, somebody hands it to a department first.
_UNASSIGNED = {Kind.SERVICE_QUALITY: "accepted", Kind.DATA_ANOMALY: "triage", Kind.CONTRACT_DISPUTE: "investigation"}
_AWAITING = {Kind.SERVICE_QUALITY: "evaluation", Kind.DATA_ANOMALY: "feedback", Kind.CONTRACT_DISPUTE: "negotiation"}

_OUTCOMES = {
    Standing.RESOLVED: Outcome.RESOLVED,
    Standing.WITHDRAWN: Outcome.WITHDRAWN,
    Standing.REFUSED: Outcome.REFUSED,
    Standing.UNANSWERED: Outcome.UNANSWERED,
}

HELD = N_("导入的台账中为“挂起”")
PLAN, RESULT = "处理方案：", "处理结果："

_TICK = timedelta(microseconds=1)

# Of one row: that it was imported, what it says besides, plan and result.
MOST_ENTRIES = 4


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an imported ticket stands."""

    step: str
    status: Status
    outcome: Outcome | None
    held: bool

    @property
    def awaits(self) -> bool:
        """Whether the merchant owes an answer."""
        return self.status is Status.AWAITING_CUSTOMER


def stand_of(line: Line) -> Stand:
    """Where the row's ticket stands."""
    process = PROCESSES[line.kind]
    if line.standing.is_finished:
        return Stand(CLOSED, Status.CLOSED, _OUTCOMES[line.standing], held=False)
    if line.standing is Standing.PENDING:
        step = process.first.name
    elif line.standing is Standing.AWAITING:
        step = _AWAITING[line.kind]
    else:
        step = (_WORKING if line.department else _UNASSIGNED)[line.kind]
    held = line.standing is Standing.ON_HOLD
    return Stand(step, Status.AWAITING_CUSTOMER if held else process.step(step).status, None, held)


@dataclass(slots=True)
class Written:
    """An entry as it will be in the table: what `recorded.entry_digest` reads."""

    id: UUID
    merchant_id: UUID
    ticket_id: UUID
    audience: Side
    at: datetime
    sort: EntrySort
    author_id: UUID
    author_name: str
    author_side: Side
    move: str | None
    body: str | None
    record: dict[str, Any]
    changes: dict[str, Any]
    round: int
    version: int
    part_of: UUID | None
    corrects: UUID | None


@dataclass(slots=True)
class Draft:
    """A ticket that is to be written, with its entries and what of them is to be sealed, by table and row."""

    id: UUID
    line: Line
    stand: Stand
    contract_version: UUID | None
    is_confidential: bool
    title: str
    description: str
    request: str
    last_entry_at: datetime
    next_due_at: datetime | None = None
    entries: list[Written] = field(default_factory=list)
    sealed: list[tuple[str, UUID, dict[str, Any]]] = field(default_factory=list)

    def covered(self, table: str, row: UUID, **said: str) -> dict[str, str]:
        """What a row of its says, or placeholders for it after noting what is to be sealed."""
        if not self.is_confidential:
            return said
        told = {name: text for name, text in said.items() if text}
        if told:
            self.sealed.append((table, row, told))
        return {name: PLACEHOLDER if text else text for name, text in said.items()}


@dataclass(frozen=True, slots=True)
class Source:
    """From which file and sheet rows come, and who takes them over when."""

    file: str
    sheet: str
    by: UUID
    name: str
    at: datetime
    # Of the entries of one row, in their order: the same for all rows.
    instants: tuple[datetime, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "instants", tuple(self.at + place * _TICK for place in range(MOST_ENTRIES)))


def draft_of(line: Line, source: Source, *, contract_version: UUID | None, confidential: bool) -> Draft:
    """What is to be written for a row."""
    ticket_id = new_id()
    made = Draft(
        id=ticket_id,
        line=line,
        stand=stand_of(line),
        contract_version=contract_version,
        is_confidential=confidential,
        title=line.title,
        description=line.description,
        request=line.request,
        last_entry_at=source.at,
    )
    if confidential:
        shown = made.covered("ticket", ticket_id, title=line.title, description=line.description, request=line.request)
        made.title, made.description, made.request = shown["title"], shown["description"], shown["request"]
    made.entries = list(_entries(made, source))
    made.last_entry_at = made.entries[-1].at
    return made


def _entries(made: Draft, source: Source) -> Iterator[Written]:
    line = made.line
    told: Mapping[str, str] = {
        "file": source.file,
        "sheet": source.sheet,
        "line": str(line.number),
        "number": line.source,
        **line.inner,
    }
    first = _entry(made, source, 0, Side.MERCHANT, EntrySort.SYSTEM, move=IMPORTED)
    yield first
    record = {name: text for name, text in told.items() if text}
    yield _entry(made, source, 1, Side.AGENCY, EntrySort.SYSTEM, move=IMPORTED, record=record, part_of=first.id)
    place = 2
    for words, text in ((PLAN, line.plan), (RESULT, line.result)):
        if text:
            yield _entry(made, source, place, Side.AGENCY, EntrySort.NOTE, body=f"{words}{text}")
            place += 1


def _entry(
    made: Draft,
    source: Source,
    place: int,
    audience: Side,
    sort: EntrySort,
    *,
    move: str | None = None,
    body: str | None = None,
    record: dict[str, Any] | None = None,
    part_of: UUID | None = None,
) -> Written:
    row = new_id()
    if made.is_confidential and (body or record):
        said: dict[str, Any] = {"body": body} if body else {"record": record}
        made.sealed.append(("entry", row, said))
        body, record = PLACEHOLDER if body else None, {}
    return Written(
        id=row,
        merchant_id=made.line.merchant,
        ticket_id=made.id,
        audience=audience,
        at=source.instants[place],
        sort=sort,
        author_id=source.by,
        author_name=source.name,
        author_side=Side.AGENCY,
        move=move,
        body=body,
        record=record or {},
        changes={},
        round=1,
        version=1,
        part_of=part_of,
        corrects=None,
    )


def sealed_json(said: Mapping[str, Any]) -> str:
    """A content as `sealed_contents` keeps it."""
    return json.dumps(said, ensure_ascii=False)
