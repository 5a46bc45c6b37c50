"""Colleagues mentioned in an internal note, `@周敏`: who is told, and who cannot be because they may not read it.

Mentions are of colleagues and inside the agency only. In what a merchant reads a mention is a name and nothing more.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.cards import Colleague, colleagues
from anshou.people.permissions import Permission, allows
from anshou.people.person import Person
from anshou.people.persons import find_person
from anshou.tickets.reach import reached_by
from anshou.tickets.tickets import Ticket

SIGNS = "@＠"

# What a note's record calls them.
MENTIONED = "mentioned"

# More are a list, not a mention.
MOST = 20


@dataclass(frozen=True, slots=True)
class Mentions:
    """Whom a note names: those who are told, and those who may not read the ticket."""

    told: tuple[Colleague, ...] = ()
    unable: tuple[Colleague, ...] = ()

    def record(self) -> dict[str, Any]:
        """What the note's entry keeps of it, so that the thread shows the names as mentions."""
        return {MENTIONED: [one.name for one in self.told]} if self.told else {}


async def mentions_in(session: AsyncSession, ticket: Ticket, text: str, *, by: Person) -> Mentions:
    """Who is mentioned, without the author. Two persons of one name are both meant."""
    if not any(sign in text for sign in SIGNS):
        return Mentions()
    everybody = await colleagues(session)
    names = set(named_in(text, {one.name for one in everybody}))
    meant = [one for one in everybody if one.name in names and one.id != by.id][:MOST]
    able = {one.id for one in meant if await _may_read(session, ticket, one.id)}
    return Mentions(tuple(one for one in meant if one.id in able), tuple(one for one in meant if one.id not in able))


def named_in(text: str, names: Iterable[str]) -> Iterator[str]:
    """The names that stand behind a sign, the longest that fits: 林悦然 is not 林悦. Pure."""
    longest_first = sorted(names, key=len, reverse=True)
    for at, sign in enumerate(text):
        if sign in SIGNS:
            found = next((name for name in longest_first if text.startswith(name, at + 1)), None)
            if found:
                yield found


async def plain_names(session: AsyncSession, text: str) -> str:
    """The text for a merchant: colleagues' names without the sign."""
    if not any(sign in text for sign in SIGNS):
        return text
    return without_signs(text, [one.name for one in await colleagues(session)])


def without_signs(text: str, names: Sequence[str]) -> str:
    """The names as plain words. Pure."""
    for name in set(named_in(text, names)):
        for sign in SIGNS:
            text = text.replace(f"{sign}{name}", name)
    return text


async def _may_read(session: AsyncSession, ticket: Ticket, account_id: UUID) -> bool:
    person = await find_person(session, account_id)
    if person is None or not allows(person, Permission.READ_TICKETS):
        return False
    return await session.scalar(select(Ticket.id).where(Ticket.id == ticket.id, reached_by(person))) is not None
