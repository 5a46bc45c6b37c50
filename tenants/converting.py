"""How values go into prepared statements and come out of them: what SQLAlchemy would do, found once per statement."""

from collections.abc import Callable
from enum import Enum as PythonEnum
from typing import Any

from sqlalchemy import Enum, Numeric
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Convert = Callable[[Any], Any]

ASYNCPG: Any = asyncpg_dialect()  # type: ignore[no-untyped-call]


def binding(compiled: SQLCompiler, name: str) -> Convert | None:
    """How a parameter's value is found among those of a call; None when it is passed on as it is."""
    parameter = compiled.binds[name]
    if parameter.expanding:
        raise TypeError("a list is passed by `among`")
    process = parameter.type.dialect_impl(ASYNCPG).bind_processor(ASYNCPG)
    if not parameter.required:
        # Written into the statement itself.
        value = parameter.effective_value if process is None else process(parameter.effective_value)
        return lambda values: value
    return None if process is None else lambda values: process(values[name])


def reading(kind: TypeEngine[Any]) -> Convert | None:
    """How a column's value becomes Python's; None for those that the driver gives as they are wanted."""
    if isinstance(kind, Enum) and kind.enum_class is not None:
        return _members(kind.enum_class)
    if isinstance(kind, Numeric):
        # SQLAlchemy asks the result for its type first. The driver gives a Decimal for numeric and a float for double.
        return None
    return kind.dialect_impl(ASYNCPG).result_processor(ASYNCPG, None)


def _members(labels: type[PythonEnum]) -> Convert:
    """The member of a value by one look-up; for what is no member, KeyError."""
    by_value: dict[Any, Any] = {member.value: member for member in labels}
    by_value[None] = None
    return by_value.__getitem__
