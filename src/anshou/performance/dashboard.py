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
from anshou.performance.reading import in_one, laid_out
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
    now = await laid_out(session, sight, period, narrowed, repeat_days=days, by=by)
    before = await in_one(session, sight, period.before, narrowed, repeat_days=days)
    still_open = await backlog(session, sight, period, narrowed)
    now.whole.figures[Figure.BACKLOG] = still_open
    # Before, those were open that still are or were closed since, but for those that were opened since. What ended long
    # ago is found among all that ended later: this way it is looked for once.
    opened, closed = now.whole[Figure.OPENED] + now.whole[Figure.REOPENED_AGAIN], now.whole[Figure.CLOSED]
    before.figures[Figure.BACKLOG] = still_open - opened + closed
    steps = [(on, now.steps.get(on, Counts())) for on in period.each()]
    return Dashboard(now.whole, before, steps, in_order(now.lines))


def in_order(lines: Mapping[Key, Counts]) -> Sequence[tuple[Key, Counts]]:
    """Those with most tickets first; those that nothing tells apart last."""

    def place(line: tuple[Key, Counts]) -> tuple[bool, int, str]:
        key, counts = line
        return key is None, -counts[Figure.OPENED] - counts[Figure.CLOSED], str(key)

    return sorted(lines.items(), key=place)
