"""Ticket numbers for people: the kind's letters, year and month in the tenant's zone, and a count: FW2611-00123."""

from datetime import date

from sqlalchemy import column, table
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

_SERIES = table("ticket_series", column("series"), column("last"))


async def next_number(session: AsyncSession, prefix: str, on: date) -> str:
    """The next number of the month. Others wait for this transaction, so that none is given twice."""
    series = f"{prefix}{on:%y%m}"
    counted = (
        insert(_SERIES)
        .values(series=series, last=1)
        .on_conflict_do_update(index_elements=["series"], set_={"last": _SERIES.c.last + 1})
        .returning(_SERIES.c.last)
    )
    last: int = (await session.scalars(counted)).one()
    return f"{series}-{last:05}"
