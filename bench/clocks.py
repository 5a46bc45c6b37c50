"""Due times: the product's calculation against a plain loop over minutes, and the running clocks of a tenant anew.

The loop is the reference of the tests; it is no peer, it shows what the sums by year are for. Both compute the same
cases in turn, and a difference between them is an error.
"""

import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from anshou.tickets.clocks.clock_rows import ChangeCause, ClockChange
from anshou.tickets.clocks.due import Stop, compute
from anshou.tickets.clocks.figures import SERVICE_HOURS, WORKING_HOURS
from anshou.tickets.clocks.limits import Limit, hours, workdays
from anshou.tickets.clocks.recomputing import BATCH, recompute_batch
from anshou.tickets.clocks.rulebook import Rulebook
from anshou.tickets.clocks.running import start_clocks
from anshou.tickets.clocks.setting_days import DayGiven, save_days
from anshou.tickets.clocks.workdays import published_days
from anshou.tickets.kinds import Clock
from bench.ground import Ground
from bench.rows import Row, ratio_of_medians, spread
from tenants.context import AGENCY
from tenants.sessions import Tenants
from tests.clocks import slow_reference
from tests.clocks.desk import MONDAY, new_merchant, new_ticket, somebody
from tests.clocks.slow_reference import SlowCalendar

CASES = 200
ROUNDS = 7
CLOCKS = (Clock.FIRST_RESPONSE, Clock.PLAN_SUBMISSION, Clock.PROGRESS, Clock.RETURN_VISIT)
BEGINNING = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)

Case = tuple[datetime, Limit, str, list[Stop]]

_OFFICE = [("09:00", "12:00"), ("13:30", "18:00")]
_SLOW = {
    SERVICE_HOURS: SlowCalendar("Asia/Shanghai", {day: [("09:00", "18:30")] for day in range(7)}),
    WORKING_HOURS: SlowCalendar(
        "Asia/Shanghai",
        dict.fromkeys(range(5), _OFFICE),
        china=True,
        exceptions=dict(published_days()),
        makeup=_OFFICE,
    ),
}


async def measure(ground: Ground) -> list[Row]:
    """Both calculations over the same cases in turn; then the clocks of one tenant in the database."""
    cases = _cases()
    rulebook = Rulebook()
    began = time.perf_counter()
    _fast(rulebook, cases)
    first = time.perf_counter() - began
    fast, slow = [], []
    for _ in range(ROUNDS):
        fast.append(_timed(lambda: _fast(rulebook, cases)))
        slow.append(_timed(lambda: _slow(cases)))
    if _fast(rulebook, cases) != _slow(cases):
        raise AssertionError("the two calculations disagree")
    return [
        Row(
            measure="due time computed, against a loop over minutes",
            value=f"{1 / ratio_of_medians(fast, slow):,.0f} times as fast",
            detail=f"{CASES} cases of hours and workdays with stops: ours {spread(fast)}; loop {spread(slow)}; "
            f"ours the first time {first * 1000:.1f} ms",
        ),
        await _recomputed(ground),
    ]


def _cases() -> list[Case]:
    drawn = random.Random(20261121)

    def case() -> Case:
        start = BEGINNING + timedelta(minutes=drawn.randrange(200 * 24 * 60))
        since = start + timedelta(minutes=drawn.randrange(2 * 24 * 60))
        stop = Stop(since, since + timedelta(minutes=drawn.randrange(3 * 24 * 60)))
        limit = drawn.choice([hours(2), hours(24), workdays(2), workdays(5)])
        return start, limit, drawn.choice(sorted(_SLOW)), [stop]

    return [case() for _ in range(CASES)]


def _fast(rulebook: Rulebook, cases: list[Case]) -> list[datetime | None]:
    return [compute(start, limit, rulebook.calendar(code), stops).at for start, limit, code, stops in cases]


def _slow(cases: list[Case]) -> list[datetime | None]:
    for calendar in _SLOW.values():
        calendar.seen.clear()
    found = []
    for start, limit, code, stops in cases:
        amount = {"workdays": limit.value} if limit.microseconds is None else {"minutes": limit.value * 60}
        told = [(stop.since, stop.until) for stop in stops]
        found.append(slow_reference.due(start, _SLOW[code], told, **amount))
    return found


async def _recomputed(ground: Ground) -> Row:
    """Running clocks computed again after a day was entered, with their timers, as one job does it."""
    tenants = Tenants(ground.url, secret=ground.credentials.secret, carry=ground.carry)
    try:
        async with tenants.session(ground.tenants[0], AGENCY) as session:
            merchant_id = await new_merchant(session)
            for _ in range(BATCH // len(CLOCKS)):
                ticket = await new_ticket(session, merchant_id=merchant_id)
                await start_clocks(session, ticket, CLOCKS, at=MONDAY)
            day_off = DayGiven(day=MONDAY.date() + timedelta(days=1), working=False)
            await save_days(session, [day_off], by=somebody(), at=MONDAY)
            session.expunge_all()
            began = time.perf_counter()
            await recompute_batch(session, cause=ChangeCause.CALENDAR, at=MONDAY)
            took = time.perf_counter() - began
            changed = await session.scalar(select(func.count()).select_from(ClockChange))
            raise _Undo
    except _Undo:
        return Row(
            measure="running clocks computed again after a change of calendar",
            value=f"{BATCH / took:,.0f} per second",
            detail=f"one batch of {BATCH}, of which {changed} moved, in {took * 1000:.0f} ms",
        )
    finally:
        await tenants.close()


class _Undo(Exception):
    """Raised so that nothing is left behind for the benches that follow."""


def _timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
