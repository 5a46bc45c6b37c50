"""Whole months of the whole agency, measured once and kept: sums, and how often each whole minute occurred.

Made from the same statements that count everything else, so they are what counting would say. A move marks the months
it changes as stale, in its own transaction; a stale month is counted anew where somebody asks, until a job has
measured it again. So what is shown is never older than the last commit.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.agency import AgencySettings, read_settings
from anshou.people.person import SYSTEM
from anshou.performance.asking import NOTHING, By, Period, month_from
from anshou.performance.counting import Question, tally
from anshou.performance.counts import Counts
from anshou.performance.figures import OF_CLOCKS, Figure
from anshou.performance.sight import Sight
from anshou.performance.tallies import SPREADS
from anshou.tickets.kinds import Clock
from tenants.prepared import fetch

ALL = "all"

# By what months are told apart; each is a way in which the dashboard asks.
KEPT = (None, By.MERCHANT, By.SHOP, By.KIND, By.CATEGORY, By.DEPARTMENT, By.PERSON)

# What numbers are kept under.
_FIGURES = {one.value: one for one in Figure if one not in OF_CLOCKS}
_KEPT, _BREACHED = ({f"{name}.{one.value}": one for one in Clock} for name in ("kept", "breached"))

_WHOLE = Sight(SYSTEM, whole=True, people=None, costs=False)


def basis_of(settings: AgencySettings) -> str:
    """The settings that change what a month comes to."""
    return f"1 {settings.time_zone} {settings.repeat_days}"


async def measure_month(session: AsyncSession, month: date, *, at: datetime) -> None:
    """Measure the month anew. In the agency's context."""
    # First the marks, then the counting: what is marked from now on stays marked.
    await fetch(session, "DELETE FROM stale_month WHERE month = $1", month)
    settings = await read_settings(session)
    period = Period(month, month_from(month, 1) - timedelta(days=1), settings.zone)
    for table in ("measured_month", "measured_times"):
        await fetch(session, f"DELETE FROM {table} WHERE month = $1", month)  # noqa: S608  One of two names.
    for by in KEPT:
        asked = Question(_WHOLE, [period], NOTHING, settings.repeat_days, by)
        cells = {_text(key): one for (_, key), one in (await tally(session, asked)).items()}
        rows = [{"key": key, "figures": figures_of(one.counts)} for key, one in cells.items()]
        await fetch(session, _KEEP_FIGURES, month, name_of(by), msgspec.json.encode(rows).decode())
        for spread in SPREADS:
            found = [
                dict(zip(("key", "minutes", "times"), (key, *one.times[spread].merged()), strict=True))
                for key, one in cells.items()
                if spread in one.times
            ]
            await fetch(session, _KEEP_TIMES, month, name_of(by), spread, msgspec.json.encode(found).decode())
    await fetch(session, _KEEP_STATE, month, basis_of(settings), at)


async def fresh_months(session: AsyncSession, period: Period) -> list[date]:
    """The whole months of the period that are measured and not stale, in the agency's context."""
    basis = basis_of(await read_settings(session))
    first = period.first if period.first.day == 1 else month_from(period.first, 1)
    end = month_from(period.last + timedelta(days=1), 0)
    return [row[0] for row in await fetch(session, _FRESH, first, end, basis)]


async def months_to_measure(session: AsyncSession, today: date, *, limit: int = 3) -> list[date]:
    """Months that have tickets and are not measured as they are now, the latest first."""
    settings = await read_settings(session)
    rows = await fetch(session, _TO_MEASURE, settings.time_zone, today, basis_of(settings), limit)
    return [row[0] for row in rows]


def figures_of(counts: Counts) -> dict[str, int]:
    """Counts as they are kept."""
    named = {figure.value: number for figure, number in counts.figures.items() if number}
    named |= {"rounds": counts.rounds, "scores": counts.scores}
    for name, limits in (("kept", counts.kept), ("breached", counts.breached)):
        named |= {f"{name}.{clock.value}": number for clock, number in limits.items() if number}
    return named


def counts_of(figures: Mapping[str, int]) -> Counts:
    """The counts that were kept."""
    counts = Counts(rounds=figures.get("rounds", 0), scores=figures.get("scores", 0))
    for name, number in figures.items():
        if name in _FIGURES:
            counts.figures[_FIGURES[name]] = number
        elif name in _KEPT:
            counts.kept[_KEPT[name]] = number
        elif name in _BREACHED:
            counts.breached[_BREACHED[name]] = number
    return counts


def name_of(by: By | None) -> str:
    """What lines by this are kept under."""
    return ALL if by is None else by.value


def _text(key: Any) -> str:
    return "" if key is None else str(key)


_KEEP_FIGURES = """
INSERT INTO measured_month (month, by, key, figures)
SELECT $1, $2, n.key, n.figures FROM jsonb_to_recordset($3::jsonb) AS n (key text, figures jsonb)
"""
_KEEP_TIMES = """
INSERT INTO measured_times (month, by, key, spread, minutes, times)
SELECT $1, $2, n.key, $3, n.minutes, n.times
FROM jsonb_to_recordset($4::jsonb) AS n (key text, minutes integer[], times integer[])
"""
_KEEP_STATE = """
INSERT INTO measured_state (month, basis, measured_at) VALUES ($1, $2, $3)
ON CONFLICT (month) DO UPDATE SET basis = EXCLUDED.basis, measured_at = EXCLUDED.measured_at
"""
_FRESH = """
SELECT month FROM measured_state WHERE month >= $1 AND month < $2 AND basis = $3
    AND NOT EXISTS (SELECT FROM stale_month WHERE stale_month.month = measured_state.month)
ORDER BY month
"""
_TO_MEASURE = """
SELECT months.month FROM (
    SELECT generate_series(
        date_trunc('month', min(started_at) AT TIME ZONE $1), $2::timestamp, interval '1 month'
    )::date AS month FROM ticket_course
) AS months LEFT JOIN measured_state USING (month)
WHERE measured_state.basis IS DISTINCT FROM $3
    OR EXISTS (SELECT FROM stale_month WHERE stale_month.month = months.month)
ORDER BY months.month DESC LIMIT $4
"""
