"""The clocks of tickets as rows: `ticket_clock`, the stops of a ticket, and what became of due times.

A clock that was met or breached stays as it is for good; the database refuses to delete any of them.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import event
from sqlalchemy.orm import Mapped, object_session

from anshou.people.roles import Department
from anshou.tickets.clocks.due import Stop
from anshou.tickets.clocks.explaining import Explanation, SourceKind, explanation_from_kept
from anshou.tickets.clocks.figures import ChannelClass, Clause, Figure, FigureKey
from anshou.tickets.clocks.limits import Limit, LimitUnit
from anshou.tickets.courses.recounting import note_moved
from anshou.tickets.kinds import Clock, Urgency
from tenants.base import Base, MerchantRow
from tenants.labels import Labelled
from tenants.refusals import N_


class TicketClock(MerchantRow, Base):
    """One clock of one ticket, from its start until it is met or ended.

    - `urgency`, `channels`, `department`, `clause`: what its limit was chosen by; kept, so that it can be chosen anew.
    - `limit_value` to `source`: the limit chosen. Without `limit_value` there is no limit at this urgency: the clock
      stands by, and gets its limit when the urgency changes.
    - `due_at`, `warn_at`, `late_at`: at 100, 80 and 150 %; null without a limit, and while a stop keeps it open.
    - `warned_at`, `breach_told_at`, `late_told_at`: when owner, supervisor and executive were told.
    - `breached_at`: the due time that passed; for good.
    - `met_at`: when what it asks for was done, in time or late. `ended_at`: when it ended otherwise, e.g. by closing.
    """

    __tablename__ = "ticket_clock"

    ticket_id: Mapped[UUID]
    clock: Mapped[Clock]
    urgency: Mapped[Urgency]
    channels: Mapped[ChannelClass]
    department: Mapped[Department | None]
    clause: Mapped[dict[str, Any] | None]
    started_at: Mapped[datetime]
    limit_value: Mapped[int | None]
    limit_unit: Mapped[LimitUnit | None]
    calendar: Mapped[str | None]
    source: Mapped[SourceKind | None]
    due_at: Mapped[datetime | None]
    warn_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]
    warned_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    breach_told_at: Mapped[datetime | None]
    late_told_at: Mapped[datetime | None]
    met_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    explanation: Mapped[dict[str, Any] | None]

    @property
    def is_running(self) -> bool:
        """Whether what it asks for is still owed; a breached clock runs on until then."""
        return self.met_at is None and self.ended_at is None

    @property
    def is_on_record(self) -> bool:
        """Whether it was met or breached: then its due time and limit stay as they are."""
        return self.met_at is not None or self.ended_at is not None or self.breached_at is not None

    @property
    def key(self) -> FigureKey:
        """The figure that counts for it."""
        return FigureKey(self.clock, self.urgency, self.channels)

    @property
    def figure(self) -> Figure | None:
        """The limit chosen; None when there is none at this urgency."""
        if self.limit_value is None or self.limit_unit is None or self.calendar is None:
            return None
        return Figure(Limit(self.limit_value, self.limit_unit), self.calendar)

    @property
    def agreed(self) -> Clause | None:
        """What the contract says of it, if anything."""
        return None if self.clause is None else msgspec.convert(self.clause, Clause)

    @property
    def why(self) -> Explanation | None:
        """The explanation of its due time; None without a limit."""
        return None if self.explanation is None else explanation_from_kept(self.explanation)


@event.listens_for(TicketClock, "after_insert")
@event.listens_for(TicketClock, "after_update")
def _note_for_measures(mapper: Any, connection: Any, clock: TicketClock) -> None:
    session = object_session(clock)
    if session is not None and (clock.met_at is not None or clock.breached_at is not None):
        note_moved(session, clock.ticket_id)


# What still asks for something; for queries.
IS_RUNNING = (TicketClock.met_at.is_(None), TicketClock.ended_at.is_(None))


class ClockStop(MerchantRow, Base):
    """A time during which a ticket waited for the merchant; without `until` it still does."""

    __tablename__ = "clock_stop"

    ticket_id: Mapped[UUID]
    since: Mapped[datetime]
    until: Mapped[datetime | None]
    reason: Mapped[str]

    def as_stop(self) -> Stop:
        """The stop as the calculation takes it."""
        return Stop(self.since, self.until, self.reason)


class ChangeCause(Labelled):
    """Why due times were computed again."""

    URGENCY = "urgency", N_("紧急程度调整")
    CONTRACT = "contract", N_("合同变更")
    CALENDAR = "calendar", N_("日历变更")
    SETTING = "setting", N_("时限设置变更")
    DEPARTMENT = "department", N_("部门移交")


class ClockChange(MerchantRow, Base):
    """A due time that was computed again: old and new, and why. Append-only."""

    __tablename__ = "clock_change"

    ticket_id: Mapped[UUID]
    clock_id: Mapped[UUID]
    at: Mapped[datetime]
    cause: Mapped[ChangeCause]
    old_due_at: Mapped[datetime | None]
    new_due_at: Mapped[datetime | None]
    old_limit: Mapped[dict[str, Any] | None]
    new_limit: Mapped[dict[str, Any] | None]


def kept(value: Clause | Figure | None) -> dict[str, Any] | None:
    """A clause or figure as JSON values, for a row."""
    values: dict[str, Any] | None = msgspec.to_builtins(value)
    return values
