"""Counts of a period from whole months that are kept, as far as they serve, and from the tickets for the rest."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, null, select, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.roles import Department
from anshou.performance.asking import By, Narrowed, Period, month_from
from anshou.performance.counting import SPREADS, Counter, Key, add_costs, count, often, ranks, take_spread
from anshou.performance.counts import Counts
from anshou.performance.months import counts_of, fresh_months, name_of
from anshou.performance.rows import MeasuredMonth, MeasuredTimes
from anshou.performance.sight import Sight
from anshou.tickets.categories import Category
from anshou.tickets.kinds import Kind

_TYPES: dict[By, type[StrEnum | UUID]] = {
    By.MERCHANT: UUID,
    By.SHOP: UUID,
    By.KIND: Kind,
    By.CATEGORY: Category,
    By.DEPARTMENT: Department,
    By.PERSON: UUID,
}


async def counts_by(
    session: AsyncSession,
    sight: Sight,
    period: Period,
    narrowed: Narrowed,
    *,
    repeat_days: int,
    by: By | None = None,
    spreads: bool = True,
) -> Mapping[Key, Counts]:
    """As `counting.count`, and the same numbers, sooner."""
    line = _kept_line(sight, narrowed, by)
    months = await fresh_months(session, period) if line else []
    if line is None or not months or by is By.DAY:
        return await count(session, sight, period, narrowed, repeat_days=repeat_days, by=by, spreads=spreads)
    dimension, key = line
    rest = [Counter(sight, one, narrowed, repeat_days, by) for one in gaps(period, months)]
    found: dict[Key, Counts] = {}
    told = MeasuredMonth.month if by is By.MONTH else MeasuredMonth.key
    kept = select(told, MeasuredMonth.figures).where(MeasuredMonth.month.in_(months), MeasuredMonth.by == dimension)
    for text, figures in await session.execute(kept if key is None else kept.where(MeasuredMonth.key == key)):
        found.setdefault(_typed(by, text), Counts()).take(counts_of(figures))
    for counter in rest:
        for one, counts in (await counter.counted(session)).items():
            found.setdefault(one, Counts()).take(counts)
    if by is None:
        found.setdefault(None, Counts())
    if sight.costs:
        await add_costs(session, Counter(sight, period, narrowed, repeat_days, by), found)
    for name in SPREADS if spreads else ():
        times = _times(name, dimension, key, months, rest, by_line=by is not None)
        walked = ranks(times.subquery().c)
        typed: dict[Key, Counts] = {}
        take_spread(typed, name, (await session.execute(walked)).all())
        for text, counts in typed.items():
            setattr(found.setdefault(_typed(by, text), Counts()), name, getattr(counts, name))
    return found


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


def _kept_line(sight: Sight, narrowed: Narrowed, by: By | None) -> tuple[str, str | None] | None:
    """Under what the question is kept, and of which key; None if it is not."""
    asked = [By(one.name) for one in fields(narrowed) if one.name != "unknown" and getattr(narrowed, one.name)]
    if not sight.whole or sight.is_merchant or narrowed.unknown or len(asked) > 1:
        return None
    if (by is By.PERSON and sight.people is not None) or any(one not in sight.dimensions for one in asked):
        return None
    if by is None or by is By.MONTH:
        return (name_of(asked[0]), str(getattr(narrowed, asked[0].value))) if asked else (name_of(None), "")
    return None if asked and asked != [by] else (by.value, str(getattr(narrowed, by.value)) if asked else None)


def _times(
    name: str, dimension: str, key: str | None, months: Sequence[date], rest: Sequence[Counter], *, by_line: bool
) -> Select[Any]:
    pairs = func.unnest(MeasuredTimes.minutes, MeasuredTimes.times).table_valued("minutes", "times").render_derived()
    told = MeasuredTimes.key.expression if by_line else null()
    kept = (
        select(cast(told, Text).label("key"), pairs.c.minutes, pairs.c.times)
        .select_from(MeasuredTimes)
        .join(pairs, MeasuredTimes.spread == name)
        .where(MeasuredTimes.month.in_(months), MeasuredTimes.by == dimension)
    )
    if key is not None:
        kept = kept.where(MeasuredTimes.key == key)
    parts = [kept]
    for counter in rest:
        one = often(counter, name).subquery().c
        text = func.coalesce(cast(one.key, Text), "") if by_line else cast(one.key, Text)
        parts.append(select(text.label("key"), one.minutes, one.times))
    every = union_all(*parts).subquery().c
    return select(every.key, every.minutes, func.sum(every.times).label("times")).group_by(every.key, every.minutes)


def _typed(by: By | None, text: Any) -> Key:
    if by is None or not text:
        return None
    return text if by is By.MONTH or not isinstance(text, str) else _TYPES[by](text)
