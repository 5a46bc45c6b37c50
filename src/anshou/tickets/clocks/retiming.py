"""A clock's row and the calculation: choose its limit, compute, and say what changed. Pure, on the row alone."""

from collections.abc import Sequence
from datetime import datetime

from anshou.tickets.clocks.clock_rows import ChangeCause, ClockChange, TicketClock, kept
from anshou.tickets.clocks.due import Due, Stop
from anshou.tickets.clocks.explaining import explain, explanation_as_kept
from anshou.tickets.clocks.figures import Figure
from anshou.tickets.clocks.rulebook import Rulebook, Timing


def time_clock(clock: TicketClock, rulebook: Rulebook, stops: Sequence[Stop], *, at: datetime) -> None:
    """Give a running clock the limit and the due time that follow from its start, the rules and the stops.

    Of a breached clock only the point at 150 % moves, with the stops. A clock that stood by without a limit and gets
    one starts at `at`: nobody could have kept to it before.
    """
    figure = clock.figure
    if clock.breached_at is not None:
        if figure is not None and clock.late_told_at is None:
            clock.late_at = rulebook.timed(figure, clock.department).due(clock.started_at, stops).late_at
        return
    if figure is None:
        clock.started_at = at
    timing = rulebook.timing(clock.key, clock.started_at, department=clock.department, clause=clock.agreed)
    if timing is None:
        _stand_by(clock)
    else:
        _run(clock, timing, stops)


def retime_clock(
    clock: TicketClock,
    rulebook: Rulebook,
    stops: Sequence[Stop],
    *,
    at: datetime,
    cause: ChangeCause,
) -> ClockChange | None:
    """Compute a running clock again because something changed; returns old and new, or None if both are the same."""
    old_figure, old_due_at = clock.figure, clock.due_at
    time_clock(clock, rulebook, stops, at=at)
    if (clock.figure, clock.due_at) == (old_figure, old_due_at):
        return None
    return ClockChange(
        merchant_id=clock.merchant_id,
        ticket_id=clock.ticket_id,
        clock_id=clock.id,
        at=at,
        cause=cause,
        old_due_at=old_due_at,
        new_due_at=clock.due_at,
        old_limit=kept(old_figure),
        new_limit=kept(clock.figure),
    )


def due_under(clock: TicketClock, rulebook: Rulebook, stops: Sequence[Stop]) -> Due | None:
    """When an unbreached clock would be due under these rules; None without a limit. Changes nothing."""
    timing = rulebook.timing(clock.key, clock.started_at, department=clock.department, clause=clock.agreed)
    return None if timing is None else timing.due(clock.started_at, stops)


def _run(clock: TicketClock, timing: Timing, stops: Sequence[Stop]) -> None:
    due = timing.due(clock.started_at, stops)
    figure: Figure = timing.figure
    clock.limit_value, clock.limit_unit, clock.calendar = figure.limit.value, figure.limit.unit, figure.calendar
    clock.source = timing.source.kind
    clock.due_at, clock.warn_at, clock.late_at = due.at, due.warn_at, due.late_at
    clock.explanation = explanation_as_kept(explain(due, timing.source, calendar_label=timing.calendar_label))


def _stand_by(clock: TicketClock) -> None:
    clock.limit_value = clock.limit_unit = clock.calendar = clock.source = None
    clock.due_at = clock.warn_at = clock.late_at = None
    clock.explanation = None
