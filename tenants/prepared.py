"""Prepared statements: what a hot page reads, at nearly the price of the driver.

A statement that is built, hashed, compiled and mapped by SQLAlchemy costs ten to twenty times the CPU of the driver
that carries it (`docs/decisions/0043-the-read-path.md`). A `Prepared` is written with SQLAlchemy once, as a constant
of its module with a `bindparam` wherever a call differs, and is compiled once per process; a call only fills in the
values, hands the text to the driver of the session's own connection, and makes its rows into entities of the session
or into frozen dataclasses.

It is the session's transaction, so the signed context and every policy hold as for any other statement, what the
session holds unwritten is written first, and an entity that the session has already is the same object.

    _OF_TICKET = entities(select(Plan).where(Plan.ticket_id == bindparam("ticket")))
    plans = await _OF_TICKET.all(session, ticket=ticket.id)
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import MISSING, fields, is_dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import asyncpg
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Dialect,
    Select,
    Text,
    TypeDecorator,
    Update,
    Uuid,
    bindparam,
    cast,
    func,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapper, Session, class_mapper
from sqlalchemy.orm.attributes import instance_state, set_committed_value
from sqlalchemy.sql.compiler import SQLCompiler

from tenants.converting import ASYNCPG, Convert, binding, reading
from tenants.failures import DRIVER_ERRORS, answered

T = TypeVar("T")

Record = Sequence[Any]


def entities(statement: Select[T]) -> "Prepared[T]":
    """A statement whose rows are one entity each: `select(Plan)`, not narrowed to some of its columns."""
    (described,) = statement.column_descriptions
    mapper: Mapper[Any] = class_mapper(described["entity"])
    columns = [attribute.expression for attribute in mapper.column_attrs]
    loader = _Entities(mapper, [attribute.key for attribute in mapper.column_attrs])
    return Prepared(statement.with_only_columns(*columns, maintain_column_froms=True), loader)


def rows(statement: Select[*tuple[Any, ...]], into: type[T]) -> "Prepared[T]":
    """A statement whose rows become values of a dataclass: its columns are labelled with the names of the fields.

    A field that has a default may be left out.
    """
    if not is_dataclass(into):
        raise TypeError(f"{into.__name__} is not a dataclass")
    given = [str(column.key) for column in statement.selected_columns]
    known = {each.name for each in fields(into)}
    needed = {each.name for each in fields(into) if each.default is MISSING and each.default_factory is MISSING}
    if not needed <= set(given) <= known:
        raise TypeError(f"{into.__name__} has the fields {sorted(known)}, the statement the columns {given}")
    return Prepared(statement, _Values(into, given))


def plain(statement: Select[*tuple[Any, ...]]) -> "Prepared[Mapping[str, Any]]":
    """A statement whose rows stay as the driver read them, to be encoded: a member of an enum is its value."""
    return Prepared(statement, _AsRead())


def change(statement: Update) -> "Prepared[None]":
    """A change of rows that no entity of the session stands for, e.g. that something was seen."""
    return Prepared(statement, _Nothing())


async def put(session: AsyncSession, insertion: str, values: Sequence[Sequence[Any]]) -> None:
    """Rows of a constant INSERT whose text the caller keeps, each with its values in the order of `$1`, `$2` …

    For what is written in nearly every transaction and read back by none. Raises as a `Prepared` does.
    """
    driver = await _ready(session)
    try:
        if len(values) == 1:
            await driver.execute(insertion, *values[0])
        else:
            await driver.executemany(insertion, values)
    except DRIVER_ERRORS as error:
        raise answered(error) from None


async def fetch(session: AsyncSession, statement: str, *values: Any) -> Sequence[Record]:
    """The rows of a constant statement whose text the caller keeps, with its values in the order of `$1`, `$2` …

    For what SQLAlchemy would only pass on, such as rows that go in as one structured value. Raises as `put` does.
    """
    driver = await _ready(session)
    try:
        found: Sequence[Record] = await driver.fetch(statement, *values)
    except DRIVER_ERRORS as error:
        raise answered(error) from None
    return found


def among(column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """Whether the column's value, an id or a text, is one of a list that is passed as the parameter `name`.

    As text, because the driver would ask the catalogue about an array of ids, which a tenant's login may not read. No
    value of the list may hold a comma.
    """
    kind = Uuid() if isinstance(column.type, Uuid) else Text()
    listed = func.string_to_array(bindparam(name, type_=_Joined()), ",")
    return column == func.any(cast(listed, ARRAY(kind)))


class _Joined(TypeDecorator[Collection[Any]]):
    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> str:
        return ",".join(map(str, value or ()))


class Prepared(Generic[T]):
    """A constant statement. Values are passed by the names of its parameters; one that is missing raises KeyError.

    Every call raises what the session itself would: DatabaseUnavailable, TenantSuspended, and the driver's errors
    without the values in them.
    """

    def __init__(self, statement: Select[*tuple[Any, ...]] | Update, into: "_Into[T]") -> None:
        self._statement = statement
        self._into = into

    @property
    def text(self) -> str:
        """The statement as it goes to the driver."""
        return self._compiled[0]

    async def all(self, session: AsyncSession, **values: Any) -> list[T]:
        """Every row."""
        return self._into.made(session.sync_session, await self._fetch(session, values))

    async def one_or_none(self, session: AsyncSession, **values: Any) -> T | None:
        """The only row, or None. Raises ValueError when there are several."""
        found = await self.all(session, **values)
        if len(found) > 1:
            raise ValueError(f"{len(found)} rows where one at most was expected")
        return found[0] if found else None

    async def one(self, session: AsyncSession, **values: Any) -> T:
        """The only row. Raises ValueError when there is none, or several."""
        (found,) = await self.all(session, **values)
        return found

    async def run(self, session: AsyncSession, **values: Any) -> None:
        """Carry out a change."""
        await self._fetch(session, values)

    async def _fetch(self, session: AsyncSession, values: dict[str, Any]) -> list[Record]:
        driver = await _ready(session)
        text, parameters, converters = self._compiled
        given = [values[name] if convert is None else convert(values) for name, convert in parameters]
        try:
            records: list[Record] = await driver.fetch(text, *given)
        except DRIVER_ERRORS as error:
            raise answered(error) from None
        return _converted(records, converters) if converters else records

    @cached_property
    def _compiled(self) -> tuple[str, list[tuple[str, Convert | None]], list[tuple[int, Convert]]]:
        """The text, where each parameter's value comes from, and the columns whose values are converted."""
        compiled = self._statement.compile(dialect=ASYNCPG)
        if not isinstance(compiled, SQLCompiler):
            raise TypeError("not a statement")
        parameters = [(name, binding(compiled, name)) for name in compiled.positiontup or ()]
        converters = []
        if isinstance(self._statement, Select) and self._into.converts:
            read = [(place, reading(column.type)) for place, column in enumerate(self._statement.selected_columns)]
            converters = [(place, convert) for place, convert in read if convert is not None]
        return compiled.string, parameters, converters


async def _ready(session: AsyncSession) -> asyncpg.Connection:
    """The driver of the session's connection, with everything done that the session has put off until it is used."""
    if session.new or session.dirty or session.deleted:
        await session.flush()
    if session.in_nested_transaction():
        # A savepoint is set when the session first uses its connection inside it.
        await session.connection()
    driver: asyncpg.Connection = session.info["connection"].driver
    return driver


class _Into(Generic[T]):
    """What becomes of the rows; whether their values are made into Python's first."""

    converts = True

    def made(self, session: Session, records: Iterable[Record]) -> list[T]:
        raise NotImplementedError


class _Values(_Into[T]):
    def __init__(self, into: Callable[..., T], names: list[str]) -> None:
        self._into = into
        self._names = names

    def made(self, session: Session, records: Iterable[Record]) -> list[T]:
        into, names = self._into, self._names
        return [into(**dict(zip(names, record, strict=True))) for record in records]


class _AsRead(_Into[Mapping[str, Any]]):
    converts = False

    def made(self, session: Session, records: Iterable[Any]) -> list[Mapping[str, Any]]:
        return list(records)


class _Nothing(_Into[None]):
    def made(self, session: Session, records: Iterable[Record]) -> list[None]:
        return []


class _Entities(_Into[T]):
    """Rows as entities that belong to the session, as if the ORM had loaded them."""

    def __init__(self, mapper: Mapper[T], keys: list[str]) -> None:
        self._mapper = mapper
        self._keys = keys
        (primary,) = mapper.primary_key
        self._primary = keys.index(mapper.get_property_by_column(primary).key)

    def made(self, session: Session, records: Iterable[Record]) -> list[T]:
        return [self._entity(session, record) for record in records]

    def _entity(self, session: Session, record: Record) -> T:
        key = self._mapper.identity_key_from_primary_key((record[self._primary],))
        held: T | None = session.identity_map.get(key)
        if held is not None:
            # As the ORM does: what the session has of it stays as it is, what has expired is read again.
            for name, value in zip(self._keys, record, strict=True):
                if name not in held.__dict__:
                    set_committed_value(held, name, value)
            return held
        made: T = self._mapper.class_manager.new_instance()
        made.__dict__.update(zip(self._keys, record, strict=True))
        # What the ORM's own loading does; `session.add` would walk the relationships of each row for cascades.
        state = instance_state(made)
        state.key, state.session_id = key, session.hash_key
        session.identity_map.add(state)
        return made


def _converted(records: Iterable[Record], converters: list[tuple[int, Convert]]) -> list[Record]:
    found: list[Record] = []
    for record in records:
        values = list(record)
        for place, convert in converters:
            values[place] = convert(values[place])
        found.append(values)
    return found
