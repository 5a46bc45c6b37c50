"""Many rows at once: each statement brings thousands of them as one JSON value, and is planned once.

A bulk copy would be refused, because these tables have policies.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.base import Base

# A statement's triggers look at all rows that it brought, so that few statements are better; 20,000 take some 10 MB.
_AT_A_TIME = 20_000


async def insert_rows(session: AsyncSession, model: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows, which name every column of the model, in the order given."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    columns = model.__table__.columns
    typed = ", ".join(f"{column.name} {column.type.compile(dialect)}" for column in columns)
    names = ", ".join(column.name for column in columns)
    statement = text(
        f"INSERT INTO {model.__tablename__} ({names}) "  # noqa: S608  names of the model
        f"SELECT {names} FROM jsonb_to_recordset(CAST(CAST(:rows AS text) AS jsonb)) AS given ({typed})"
    )
    for start in range(0, len(rows), _AT_A_TIME):
        some = msgspec.json.encode(rows[start : start + _AT_A_TIME]).decode()
        await session.execute(statement, {"rows": some})
