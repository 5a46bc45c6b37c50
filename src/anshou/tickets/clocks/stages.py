"""What a clock has come to: warned at 80 %, breached at 100 %, told to the executive at 150 %. Pure, on the row alone.

The row is the truth. A timer only says when to look at it again, so a timer that fires late, twice or not at all
changes nothing about what is recorded.
"""

from datetime import datetime

from anshou.tickets.clocks.clock_rows import TicketClock
from tenants.labels import Labelled
from tenants.refusals import N_


class Stage(Labelled):
    """What somebody is told about a clock, and who: the owner, the supervisor, the executive."""

    WARNING = "warning", N_("即将超时")
    BREACH = "breach", N_("已超时")
    LATE = "late", N_("严重超时")


def settle(clock: TicketClock, at: datetime) -> None:
    """Record a breach whose timer has not fired yet, before anything else happens to the clock at `at`."""
    if clock.is_running and clock.breached_at is None and clock.due_at is not None and clock.due_at < at:
        clock.breached_at = clock.due_at


def next_event(clock: TicketClock) -> datetime | None:
    """When somebody has to be told something next; None if nothing is left to tell.

    A breach is told to the supervisor even if the clock was met, late, before anybody noticed.
    """
    if clock.breached_at is not None and clock.breach_told_at is None:
        return clock.breached_at
    if not clock.is_running:
        return None
    ahead = [
        clock.warn_at if clock.warned_at is None and clock.breached_at is None else None,
        clock.due_at if clock.breached_at is None else None,
        clock.late_at if clock.late_told_at is None else None,
    ]
    return min((event for event in ahead if event is not None), default=None)


def advance(clock: TicketClock, at: datetime) -> list[Stage]:
    """Record every stage that the clock has reached at `at` and has not told yet; returns them in order.

    Whoever looks only after the breach no longer warns of it.
    """
    reached: list[Stage] = []
    if clock.is_running and clock.breached_at is None and _passed(clock.due_at, at):
        clock.breached_at = clock.due_at
    if clock.breached_at is not None and clock.breach_told_at is None:
        clock.breach_told_at = at
        reached.append(Stage.BREACH)
    if not clock.is_running:
        return reached
    if clock.breached_at is None and clock.warned_at is None and _passed(clock.warn_at, at):
        clock.warned_at = at
        reached.append(Stage.WARNING)
    if clock.late_told_at is None and _passed(clock.late_at, at):
        clock.late_told_at = at
        reached.append(Stage.LATE)
    return reached


def _passed(event: datetime | None, at: datetime) -> bool:
    return event is not None and event <= at
