"""The clocks of imported tickets that are open: from the import on, as if they had come to their step just now."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.tickets.clocks.clauses import clauses_of
from anshou.tickets.clocks.clock_rows import ClockStop, TicketClock
from anshou.tickets.clocks.reading import read_rulebook
from anshou.tickets.clocks.running import TicketClocks, TimedTicket
from anshou.tickets.clocks.scheduling import note_next_due, schedule
from anshou.tickets.holds import Hold
from anshou.tickets.importing.drafting import HELD, Draft
from anshou.tickets.importing.grounds import ContractsInForce
from anshou.tickets.importing.writing import seal_drafts
from anshou.tickets.processes import PROCESSES
from tenants.base import new_id

_STRETCH = 2_000

# Which limit a clock gets, and with it all its times: the same for many tickets of an import.
_COPIED = (
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


class ClocksOfImport:
    """Starts the clocks of many tickets at one instant; each different limit is computed once."""

    def __init__(self, contracts: ContractsInForce, *, by: Person, at: datetime) -> None:
        self._contracts, self._by, self._at = contracts, by, at
        self._alike: dict[tuple[Any, ...], TicketClocks] = {}

    async def start(self, session: AsyncSession, drafts: Sequence[Draft]) -> None:
        """Start them, with holds and stops for those that await the merchant, and note each ticket's next due time."""
        going = [one for one in drafts if one.stand.outcome is None]
        clocks: list[TicketClock] = []
        holds: list[dict[str, Any]] = []
        stops: list[dict[str, Any]] = []
        for draft in going:
            alike = await self._clocks(session, draft)
            clocks += [_copy(one, draft) for one in alike.clocks]
            if draft.stand.awaits:
                stops.append(self._stop(draft))
            if draft.stand.held:
                holds.append(self._hold(draft))
        await seal_drafts(session, going)
        for start in range(0, len(clocks), _STRETCH):
            part = clocks[start : start + _STRETCH]
            await session.execute(insert(TicketClock), [_values(one) for one in part])
            await schedule(session, part)
        if holds:
            await session.execute(insert(Hold), holds)
        if stops:
            await session.execute(insert(ClockStop), stops)
        for start in range(0, len(going), _STRETCH):
            await note_next_due(session, [one.id for one in going[start : start + _STRETCH]])

    async def _clocks(self, session: AsyncSession, draft: Draft) -> TicketClocks:
        line = draft.line
        key = (line.kind, draft.stand, line.urgency, line.channel, line.department, draft.contract_version)
        if key not in self._alike:
            version = self._contracts.on(line.merchant, line.occurred_on)  # type: ignore[arg-type]
            timed = TimedTicket(
                id=draft.id,
                merchant_id=line.merchant,
                urgency=line.urgency,
                channel=line.channel,
                department=line.department,
                clauses=clauses_of(version.agreed, version.contract.number) if version else (),
            )
            made = TicketClocks(ticket=timed, rulebook=await read_rulebook(session), clocks=[], stops=[])
            made.start(PROCESSES[line.kind].step(draft.stand.step).starts, self._at)
            if draft.stand.awaits:
                made.stop(HELD, self._at)
            self._alike[key] = made
        return self._alike[key]

    def _stop(self, draft: Draft) -> dict[str, Any]:
        row = new_id()
        reason = HELD if draft.stand.held else PROCESSES[draft.line.kind].step(draft.stand.step).label
        return {
            "id": row,
            "merchant_id": draft.line.merchant,
            "ticket_id": draft.id,
            "since": self._at,
            "until": None,
            **draft.covered("clock_stop", row, reason=reason),
        }

    def _hold(self, draft: Draft) -> dict[str, Any]:
        row = new_id()
        return {
            "id": row,
            "merchant_id": draft.line.merchant,
            "ticket_id": draft.id,
            "held_by": self._by.id,
            "held_at": self._at,
            "ended_by": None,
            "ended_at": None,
            **draft.covered("hold", row, reason=HELD),
        }


def _copy(clock: TicketClock, draft: Draft) -> TicketClock:
    return TicketClock(
        merchant_id=draft.line.merchant, ticket_id=draft.id, **{name: getattr(clock, name) for name in _COPIED}
    )


def _values(clock: TicketClock) -> dict[str, Any]:
    return {
        "id": clock.id,
        "merchant_id": clock.merchant_id,
        "ticket_id": clock.ticket_id,
        **{name: getattr(clock, name) for name in _COPIED},
    }
