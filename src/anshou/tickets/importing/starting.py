"""Clocks of imported tickets that are open: from the import on, as if they had come to their step just now. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from anshou.people.person import Person
from anshou.tickets.clocks.clauses import clauses_of
from anshou.tickets.clocks.clock_rows import TicketClock
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.running import TicketClocks, TimedTicket
from anshou.tickets.clocks.stages import next_event
from anshou.tickets.importing.drafting import HELD, Draft
from anshou.tickets.importing.grounds import ContractsInForce
from anshou.tickets.processes import PROCESSES
from tenants.base import TextsOf, new_id

# Which limit a clock gets, and with it all its times: the same for many tickets of an import. In the order of the
# columns that a stretch writes, after the clock's id, merchant and ticket.
_ALIKE = (
    "clock",
    "urgency",
    "channels",
    "department",
    "clause",
    "started_at",
    "limit_value",
    "limit_unit",
    "calendar",
    "source",
    "due_at",
    "warn_at",
    "late_at",
    "explanation",
)

Cells = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class _Alike:
    """The clocks of tickets that are alike: what their rows say and when each is looked at next."""

    clocks: tuple[tuple[Cells, datetime | None], ...]
    next_due_at: datetime | None


@dataclass(slots=True)
class Started:
    """Rows of clocks, holds and stops, as texts in the order of their columns, and the clocks' next events."""

    clocks: list[Cells] = field(default_factory=list)
    holds: list[Cells] = field(default_factory=list)
    stops: list[Cells] = field(default_factory=list)
    events: dict[UUID, datetime] = field(default_factory=dict)


class ClocksOfImport:
    """Starts the clocks of many tickets at one instant; each different limit is computed once."""

    def __init__(self, contracts: ContractsInForce, rulebook: Rulebook, *, by: Person, at: datetime) -> None:
        self._contracts, self._rulebook, self._by, self._at = contracts, rulebook, by, at
        self._alike: dict[tuple[Any, ...], _Alike] = {}

    def of(self, drafts: Sequence[Draft], ids: TextsOf) -> Started:
        """Start those of the tickets that are open, with holds and stops for those that await the merchant.

        Each draft is told when it is due next.
        """
        started = Started()
        for draft in drafts:
            if draft.stand.outcome is not None:
                continue
            alike = self._clocks(draft)
            draft.next_due_at = alike.next_due_at
            whose = ids[draft.line.merchant], ids[draft.id]
            for cells, event in alike.clocks:
                clock = new_id()
                started.clocks.append((str(clock), *whose, *cells))
                if event is not None:
                    started.events[clock] = event
            if draft.stand.held:
                started.holds.append(self._hold(draft, whose))
            if draft.stand.awaits:
                started.stops.append(self._stop(draft, whose))
        return started

    def _clocks(self, draft: Draft) -> _Alike:
        line = draft.line
        key = (line.kind, draft.stand, line.urgency, line.channel, line.department, draft.contract_version)
        if key not in self._alike:
            version = self._contracts.on(line.merchant, cast(date, line.occurred_on))
            timed = TimedTicket(
                id=draft.id,
                merchant_id=line.merchant,
                urgency=line.urgency,
                channel=line.channel,
                department=line.department,
                clauses=clauses_of(version.agreed, version.contract.number) if version else (),
            )
            made = TicketClocks(ticket=timed, rulebook=self._rulebook, clocks=[], stops=[])
            made.start(PROCESSES[line.kind].step(draft.stand.step).starts, self._at)
            if draft.stand.awaits:
                made.stop(HELD, self._at)
            due = [clock.due_at for clock in made.running if clock.due_at is not None]
            self._alike[key] = _Alike(
                tuple((_cells(clock), next_event(clock)) for clock in made.clocks), min(due, default=None)
            )
        return self._alike[key]

    def _stop(self, draft: Draft, whose: tuple[str, str]) -> Cells:
        row = new_id()
        reason = HELD if draft.stand.held else PROCESSES[draft.line.kind].step(draft.stand.step).label
        return str(row), *whose, self._at.isoformat(), draft.covered("clock_stop", row, reason=reason)["reason"]

    def _hold(self, draft: Draft, whose: tuple[str, str]) -> Cells:
        row = new_id()
        reason = draft.covered("hold", row, reason=HELD)["reason"]
        return str(row), *whose, reason, str(self._by.id), self._at.isoformat()


def _cells(clock: TicketClock) -> Cells:
    return tuple(_cell(getattr(clock, name)) for name in _ALIKE)


def _cell(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict) else str(getattr(value, "value", value))
