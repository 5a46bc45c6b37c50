"""Ticket numbers for people: the kind's letters, year and month in the tenant's zone, and a count: FW2611-00123."""

from datetime import date

from sqlalchemy import column, table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

_SERIES = table("ticket_series", column("series"), column("last"))


async def next_number(session: AsyncSession, prefix: str, on: date) -> str:
    """The next number of the month. Others wait for this transaction, so that none is given twice."""
    (number,) = await next_numbers(session, f"{prefix}{on:%y%m}", 1)
    return number


async def next_numbers(session: AsyncSession, series: str, count: int) -> list[str]:
    """The next so many numbers of a series such as FW2611, in their order. Others wait as for one."""
    counted = (
        insert(_SERIES)
        .values(series=series, last=count)
        .on_conflict_do_update(index_elements=["series"], set_={"last": _SERIES.c.last + count})
        .returning(_SERIES.c.last)
    )
    last: int = (await session.scalars(counted)).one()
    return [f"{series}-{number:05}" for number in range(last - count + 1, last + 1)]
