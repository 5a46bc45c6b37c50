"""The dashboard: a period, the one before, its course step by step, and what it is laid out by."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.agency import read_settings
from anshou.performance.asking import By, Narrowed, Period
from anshou.performance.counting import Key, backlog
from anshou.performance.counts import Counts
from anshou.performance.figures import Figure
from anshou.performance.reading import counts_by
from anshou.performance.sight import Sight


@dataclass(frozen=True, slots=True)
class Dashboard:
    """`steps` are of the period, in their order; `lines` by what was asked for, those with most tickets first."""

    period: Counts
    before: Counts
    steps: Sequence[tuple[date, Counts]]
    lines: Sequence[tuple[Key, Counts]]


async def dashboard(session: AsyncSession, sight: Sight, period: Period, narrowed: Narrowed, *, by: By) -> Dashboard:
    """Everything the page shows. `by` is no time."""
    days = (await read_settings(session)).repeat_days
    now = await whole(session, sight, period, narrowed, repeat_days=days)
    before = await whole(session, sight, period.before, narrowed, repeat_days=days)
    stepwise = await counts_by(session, sight, period, narrowed, repeat_days=days, by=period.steps, spreads=False)
    lines = await counts_by(session, sight, period, narrowed, repeat_days=days, by=by, spreads=True)
    return Dashboard(now, before, [(on, stepwise.get(on, Counts())) for on in period.each()], in_order(lines))


async def whole(session: AsyncSession, sight: Sight, period: Period, narrowed: Narrowed, *, repeat_days: int) -> Counts:
    """The period in one, with what was open at its end."""
    counts = (await counts_by(session, sight, period, narrowed, repeat_days=repeat_days))[None]
    counts.figures[Figure.BACKLOG] = await backlog(session, sight, period, narrowed)
    return counts


def in_order(lines: Mapping[Key, Counts]) -> Sequence[tuple[Key, Counts]]:
    """Those with most tickets first; those that nothing tells apart last."""

    def place(line: tuple[Key, Counts]) -> tuple[bool, int, str]:
        key, counts = line
        return key is None, -counts[Figure.OPENED] - counts[Figure.CLOSED], str(key)

    return sorted(lines.items(), key=place)
