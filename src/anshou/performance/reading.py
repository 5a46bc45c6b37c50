"""A period as a page shows it, from whole months that are kept as far as they serve, and from the tickets for the rest.

What is told apart is added up here: steps and lines are the same numbers as the whole, put together otherwise.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.roles import Department
from anshou.performance.asking import By, Narrowed, Period, month_from
from anshou.performance.counting import Key, Question, backlog, costs, tally
from anshou.performance.counts import Counts
from anshou.performance.figures import Figure
from anshou.performance.months import counts_of, fresh_months, name_of
from anshou.performance.sight import Sight
from anshou.performance.tallies import SPREADS, Tally, integers
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Kind
from tenants.prepared import fetch

_TYPES: dict[By, type[StrEnum | UUID]] = {
    By.MERCHANT: UUID,
    By.SHOP: UUID,
    By.KIND: Kind,
    By.CATEGORY: Category,
    By.DEPARTMENT: Department,
    By.PERSON: UUID,
}


OF_LINES = ("response_open", "handling_open")
"""The spreads that lines have. Those of wall time are of the whole only, and would be as long to read again."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A period, and the same by steps and by lines; of `OF_LINES` lines have spreads, steps of none."""

    whole: Counts
    steps: Mapping[date, Counts]
    lines: Mapping[Key, Counts]


async def whole(session: AsyncSession, sight: Sight, period: Period, narrowed: Narrowed, *, repeat_days: int) -> Counts:
    """The period in one, with what was open at its end."""
    counts = await in_one(session, sight, period, narrowed, repeat_days=repeat_days)
    counts.figures[Figure.BACKLOG] = await backlog(session, sight, period, narrowed)
    return counts


async def in_one(
    session: AsyncSession, sight: Sight, period: Period, narrowed: Narrowed, *, repeat_days: int
) -> Counts:
    """The period in one, but for what was open at its end."""
    line = _kept_line(sight, narrowed, None)
    months = await fresh_months(session, period) if line else []
    asked = Question(sight, gaps(period, months), narrowed, repeat_days)
    found = (await tally(session, asked))[None, None]
    if line is not None and months:
        for one in (await _kept_months(session, line, months)).values():
            found.take(one)
    counts = found.finished()
    if sight.costs:
        counts.fen = sum((await costs(session, Question(sight, [period], narrowed, repeat_days))).values())
    return counts


async def laid_out(
    session: AsyncSession, sight: Sight, period: Period, narrowed: Narrowed, *, repeat_days: int, by: By
) -> LaidOut:
    """The period with its steps and its lines by this."""
    line, lines = _kept_line(sight, narrowed, None), _kept_line(sight, narrowed, by)
    # Days are not kept.
    months = await fresh_months(session, period) if line and period.steps is By.MONTH else []
    all_of, steps, keys = Tally(), defaultdict[date, Tally](Tally), defaultdict[Key, Tally](Tally)
    live = Question(sight, gaps(period, months), narrowed, repeat_days, by, period.steps)
    for (step, key), one in (await tally(session, live)).items():
        all_of.take(one)
        steps[step or period.first].counts.take(one.counts)
        keys[key].take(one, OF_LINES)
    if line is not None and months:
        for month, one in (await _kept_months(session, line, months)).items():
            all_of.take(one)
            steps[month].counts.take(one.counts)
        for key, one in (await _lines_of(session, sight, narrowed, repeat_days, by, lines, months, period)).items():
            keys[key].take(one, OF_LINES)
    if sight.costs:
        for told in (all_of, *steps.values(), *keys.values()):
            told.counts.fen = 0
        asked = Question(sight, [period], narrowed, repeat_days, by, period.steps)
        for (step, key), fen in (await costs(session, asked)).items():
            for told in (all_of, steps[step or period.first], keys[key]):
                told.counts.fen = (told.counts.fen or 0) + fen
    return LaidOut(
        all_of.finished(),
        {step: one.counts for step, one in steps.items()},
        {key: one.finished() for key, one in keys.items() if _shows(sight, by, key)},
    )


async def _lines_of(
    session: AsyncSession,
    sight: Sight,
    narrowed: Narrowed,
    repeat_days: int,
    by: By,
    kept: tuple[str, str | None] | None,
    months: Sequence[date],
    period: Period,
) -> dict[Key, Tally]:
    """The lines of these months, from what is kept if they are kept by this."""
    if kept is None:
        of_months = [Period(month, month_from(month, 1) - timedelta(days=1), period.zone) for month in months]
        of_tickets = await tally(session, Question(sight, _joined(of_months), narrowed, repeat_days, by))
        return {key: one for (_, key), one in of_tickets.items()}
    return await _kept_lines(session, kept, months, by)


def gaps(period: Period, months: Sequence[date]) -> list[Period]:
    """The parts of the period that these whole months leave."""
    found, on = [], period.first
    for month in months:
        if on < month:
            found.append(Period(on, month - timedelta(days=1), period.zone))
        on = month_from(month, 1)
    if on <= period.last:
        found.append(Period(on, period.last, period.zone))
    return found


def _joined(periods: Sequence[Period]) -> list[Period]:
    """The same days in as few periods as can be."""
    found: list[Period] = []
    for one in periods:
        if found and found[-1].last + timedelta(days=1) == one.first:
            found[-1] = Period(found[-1].first, one.last, one.zone)
        else:
            found.append(one)
    return found


def _kept_line(sight: Sight, narrowed: Narrowed, by: By | None) -> tuple[str, str | None] | None:
    """Under what the question is kept, and of which key; None if it is not."""
    asked = [By(one.name) for one in fields(narrowed) if one.name != "unknown" and getattr(narrowed, one.name)]
    if not sight.whole or sight.is_merchant or narrowed.unknown or len(asked) > 1:
        return None
    # What is kept is the whole agency's: of a person only for who sees that one's own measures.
    if any(one not in sight.dimensions for one in asked) or (narrowed.person and not sight.sees(narrowed.person)):
        return None
    if by is None:
        return (name_of(asked[0]), str(getattr(narrowed, asked[0].value))) if asked else (name_of(None), "")
    return None if asked and asked != [by] else (by.value, str(getattr(narrowed, by.value)) if asked else None)


def _shows(sight: Sight, by: By, key: Key) -> bool:
    """Whether the person sees this line."""
    if by not in sight.dimensions:
        return False
    return by is not By.PERSON or sight.people is None or key in sight.people


async def _kept_months(
    session: AsyncSession, line: tuple[str, str | None], months: Sequence[date]
) -> dict[date, Tally]:
    """What is kept of each of these months under one key."""
    named, key = line
    listed = ",".join(map(str, months))
    found: dict[date, Tally] = {}
    for month, _, figures in await fetch(session, _FIGURES, listed, named, key):
        found[month] = Tally(counts_of(msgspec.json.decode(figures)))
    for month, _, spread, minutes, times in await fetch(session, _TIMES, listed, named, key, ",".join(SPREADS)):
        found[month].of(spread).runs.append((integers(minutes), integers(times)))
    return found


async def _kept_lines(
    session: AsyncSession, line: tuple[str, str | None], months: Sequence[date], by: By
) -> dict[Key, Tally]:
    """What is kept of these months together, under one key or under each."""
    named, key = line
    listed = ",".join(map(str, months))
    added: dict[str, dict[str, int]] = {}
    for _, text, figures in await fetch(session, _FIGURES, listed, named, key):
        numbers = added.setdefault(text, {})
        for name, number in msgspec.json.decode(figures, type=dict[str, int]).items():
            numbers[name] = numbers.get(name, 0) + number
    found = {text: Tally(counts_of(numbers)) for text, numbers in added.items()}
    for _, text, spread, minutes, times in await fetch(session, _TIMES, listed, named, key, ",".join(OF_LINES)):
        found[text].of(spread).runs.append((integers(minutes), integers(times)))
    return {_typed(by, text): one for text, one in found.items()}


def _typed(by: By, text: str) -> Key:
    return _TYPES[by](text) if text else None


_FIGURES = """
SELECT month, key, figures::text FROM measured_month
WHERE month = ANY (string_to_array($1, ',')::date[]) AND by = $2 AND ($3::text IS NULL OR key = $3)
"""
_TIMES = """
SELECT month, key, spread, array_send(minutes), array_send(times) FROM measured_times
WHERE month = ANY (string_to_array($1, ',')::date[]) AND by = $2 AND ($3::text IS NULL OR key = $3)
    AND spread = ANY (string_to_array($4, ','))
"""
