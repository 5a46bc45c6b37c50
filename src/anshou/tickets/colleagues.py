"""Whom a record gives work to: every field marked as a person, wherever it stands in the record."""

from collections.abc import Iterator
from uuid import UUID

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.cards import staff_among
from anshou.tickets.errors import ColleagueUnknown
from anshou.tickets.records import Record, field_extras


async def require_colleagues(session: AsyncSession, record: Record) -> None:
    """Return when everybody named works for the agency and can sign in. Raises ColleagueUnknown with the field."""
    named = dict(_named(record))
    if named and (strangers := named.keys() - await staff_among(session, named)):
        raise ColleagueUnknown(named[next(iter(strangers))])


def _named(value: msgspec.Struct) -> Iterator[tuple[UUID, str]]:
    """Each account id with the outermost field that names it."""
    for name, extra in field_extras(type(value)):
        held = getattr(value, name)
        if extra.get("widget") == "person" and held is not None:
            yield held, name
        for inner in held if isinstance(held, tuple) else (held,):
            if isinstance(inner, msgspec.Struct):
                yield from ((account, name) for account, _ in _named(inner))
