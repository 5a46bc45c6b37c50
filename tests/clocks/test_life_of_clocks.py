"""Whatever happens to a ticket, in whatever order: its clocks follow the rules, and what is on record stays."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from anshou.tickets.clocks.clock_rows import ChangeCause, TicketClock
from anshou.tickets.clocks.due import Stop, compute
from anshou.tickets.clocks.figures import figure_key
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.running import TicketClocks, TimedTicket
from anshou.tickets.clocks.stages import Stage, advance, next_event
from anshou.tickets.kinds import Channel, Clock, Urgency
from tenants.base import new_id
from tests.clocks.desk import MONDAY

RULES = Rulebook()
some_clocks = st.sets(st.sampled_from(Clock), min_size=1, max_size=3)
passing = st.one_of(
    st.just(timedelta(0)),
    st.integers(1, 90).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(1, 72).map(lambda hours: timedelta(hours=hours)),
)


class LifeOfClocks(RuleBasedStateMachine):
    """One ticket. The model is what was done to it: the stops, and since when each clock runs."""

    def __init__(self) -> None:
        super().__init__()
        ticket = TimedTicket(id=new_id(), merchant_id=new_id(), urgency=Urgency.NORMAL, channel=Channel.PORTAL)
        self.clocks = TicketClocks(ticket=ticket, rulebook=RULES, clocks=[], stops=[])
        self.now = MONDAY
        self.stops: list[Stop] = []
        self.told: dict[Any, list[Stage]] = {}
        self.on_record: dict[Any, tuple[datetime | None, ...]] = {}

    @rule(length=passing)
    def time_passes(self, length: timedelta) -> None:
        """Timers fire when they are due, as the rows ask for it."""
        until = self.now + length
        while event := min((at for clock in self.clocks.clocks if (at := next_event(clock))), default=None):
            if event > until:
                break
            self.now = max(self.now, event)
            for clock in self.clocks.clocks:
                self.told.setdefault(clock.id, []).extend(advance(clock, self.now))
        self.now = until

    @rule(length=passing)
    def time_passes_while_the_worker_is_away(self, length: timedelta) -> None:
        self.now += length

    @rule(clocks=some_clocks)
    def start(self, clocks: set[Clock]) -> None:
        before = {clock.clock for clock in self.clocks.running}
        started = self.clocks.start(clocks, self.now)
        assert {clock.clock for clock in started} == clocks - before

    @rule(clocks=some_clocks)
    def meet(self, clocks: set[Clock]) -> None:
        for clock in self.clocks.meet(clocks, self.now):
            assert (clock.breached_at is not None) == (clock.due_at is not None and clock.due_at < self.now)

    @rule()
    def tell_progress(self) -> None:
        self.clocks.restart(Clock.PROGRESS, self.now)

    @precondition(lambda self: not self.clocks.is_stopped)
    @rule()
    def wait_for_the_merchant(self) -> None:
        self.clocks.stop("等待商家补充材料", self.now)
        self.stops.append(Stop(self.now))

    @precondition(lambda self: self.clocks.is_stopped)
    @rule()
    def go_on(self) -> None:
        self.clocks.resume(self.now)
        self.stops[-1] = replace(self.stops[-1], until=self.now)

    @rule()
    def close(self) -> None:
        if self.clocks.is_stopped:
            self.stops[-1] = replace(self.stops[-1], until=self.now)
        self.clocks.end(self.now)
        assert self.clocks.running == []

    @rule(urgency=st.sampled_from(Urgency))
    def change_urgency(self, urgency: Urgency) -> None:
        self.clocks.ticket = replace(self.clocks.ticket, urgency=urgency)
        self.clocks.recompute(ChangeCause.URGENCY, self.now)
        for clock in self.clocks.running:
            assert clock.breached_at is not None or clock.urgency is urgency

    @invariant()
    def no_two_of_a_kind_run(self) -> None:
        running = [clock.clock for clock in self.clocks.running]
        assert len(running) == len(set(running))

    @invariant()
    def a_running_clock_is_due_as_computed_from_its_start_and_the_stops(self) -> None:
        for clock in self.clocks.running:
            if clock.breached_at is not None:
                continue
            figure = RULES.figure(figure_key(clock.clock, clock.urgency, Channel.PORTAL))
            if figure is None:
                assert (clock.due_at, clock.why, next_event(clock)) == (None, None, None)
                continue
            stops = [] if clock.clock is Clock.FIRST_RESPONSE else self.stops
            due = compute(clock.started_at, figure.limit, RULES.calendar(figure.calendar), stops)
            assert (clock.due_at, clock.warn_at, clock.late_at) == (due.at, due.warn_at, due.late_at)
            assert clock.why is not None
            assert clock.why.due_at == due.at

    @invariant()
    def what_is_on_record_stays(self) -> None:
        for clock in self.clocks.clocks:
            if clock.is_on_record:
                recorded = self.on_record.setdefault(clock.id, _record(clock))
                assert (clock.started_at, clock.due_at) == recorded[:2]
                assert all(_kept(old, new) for old, new in zip(recorded, _record(clock), strict=True))

    @invariant()
    def nobody_is_told_twice_or_in_the_wrong_order(self) -> None:
        for stages in self.told.values():
            assert stages == sorted(set(stages), key=list(Stage).index)


def _record(clock: TicketClock) -> tuple[datetime | None, ...]:
    return clock.started_at, clock.due_at, clock.breached_at, clock.met_at, clock.ended_at


def _kept(old: datetime | None, new: datetime | None) -> bool:
    return old is None or old == new


TestLifeOfClocks: Callable[..., None] = LifeOfClocks.TestCase
TestLifeOfClocks.settings = settings(deadline=None, stateful_step_count=30)
