"""Ticket numbers for people: the kind's letters, year and month in the tenant's zone, and a count: FW2611-00123."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from itertools import count

from sqlalchemy.ext.asyncio import AsyncSession

from tenants.prepared import fetch

_COUNT = (
    "INSERT INTO ticket_series (series, last) "
    "SELECT * FROM unnest(string_to_array($1, ','), string_to_array($2, ',')::integer[]) "
    "ON CONFLICT (series) DO UPDATE SET last = ticket_series.last + excluded.last RETURNING series, last"
)


async def next_number(session: AsyncSession, prefix: str, on: date) -> str:
    """The next number of the month. Others wait for this transaction, so that none is given twice."""
    (number,) = await next_numbers(session, [series_of(prefix, on)])
    return number


def series_of(prefix: str, on: date) -> str:
    """The series that a number of the day belongs to."""
    return f"{prefix}{on:%y%m}"


async def next_numbers(session: AsyncSession, series: Sequence[str]) -> list[str]:
    """The next number of each one's series such as FW2611, in their order. Others wait as for one."""
    counts = Counter(series)
    # In one order everywhere, or two transactions could wait for each other.
    names = sorted(counts)
    rows = await fetch(session, _COUNT, ",".join(names), ",".join(str(counts[name]) for name in names))
    given = {name: count(last - counts[name] + 1) for name, last in rows}
    return [f"{name}-{next(given[name]):05}" for name in series]
