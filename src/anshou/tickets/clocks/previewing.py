"""What a change of figures or calendars would do before it is saved: due times from one start, clocks that move."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.roles import Department
from anshou.tickets.clocks.explaining import Explanation, explain
from anshou.tickets.clocks.figures import FigureKey
from anshou.tickets.clocks.recomputing import PREVIEWED, Where, count_changes
from anshou.tickets.clocks.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class PreviewLine:
    """One figure counted from the preview's start: when it is due now, when it would be, and why.

    Without `before` or `after` there is no limit, now or then.
    """

    key: FigureKey
    before: datetime | None
    after: datetime | None
    why: Explanation | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What a change would do. `changed` of `running` clocks would get another due time; `at_least` if more run."""

    lines: tuple[PreviewLine, ...]
    changed: int
    running: int

    @property
    def at_least(self) -> bool:
        """Whether so many clocks run that only some were computed."""
        return self.running >= PREVIEWED


async def preview(
    session: AsyncSession,
    before: Rulebook,
    after: Rulebook,
    keys: Iterable[FigureKey],
    *,
    start: datetime,
    department: Department | None = None,
    where: Where = (),
) -> Preview:
    """Compare two rulebooks for the figures `keys`, from `start`, and for the running clocks that `where` leaves."""
    lines = tuple(_line(before, after, key, start, department) for key in keys)
    changed, running = await count_changes(session, after, where)
    return Preview(lines, changed, running)


def _line(
    before: Rulebook, after: Rulebook, key: FigureKey, start: datetime, department: Department | None
) -> PreviewLine:
    now, then = (rules.timing(key, start, department=department) for rules in (before, after))
    due = None if then is None else then.due(start)
    return PreviewLine(
        key=key,
        before=None if now is None else now.end(start),
        after=None if due is None else due.at,
        why=None if then is None or due is None else explain(due, then.source, calendar_label=then.calendar_label),
    )
