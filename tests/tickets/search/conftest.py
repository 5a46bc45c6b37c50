"""The desk with its cast, in the test's one transaction, and a search over what was said at it."""

from dataclasses import dataclass

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.people.person import Person
from anshou.tickets.search.finding import Found, search_tickets
from anshou.tickets.search.indexing import index_due
from anshou.tickets.search.narrowing import NOTHING_NARROWED, Narrowing
from tenants.context import AGENCY
from tests.cast import settle
from tests.conftest import ActAs
from tests.tickets.desk import Desk


@dataclass
class SearchDesk(Desk):
    """A desk whose tickets can be searched."""

    async def index(self) -> None:
        """Let the words of everything said so far be read."""
        await self.session.flush()
        await self.act_as(AGENCY)
        while await index_due(self.session):
            pass

    async def search(self, person: Person, text: str, narrowing: Narrowing = NOTHING_NARROWED) -> Found:
        """What the person finds."""
        await self.act_as(person.context())
        return await search_tickets(self.session, person, text, narrowing, at=self.now)

    async def numbers(self, person: Person, text: str, narrowing: Narrowing = NOTHING_NARROWED) -> list[str]:
        """The numbers of what the person finds, the first hit first; everything is indexed before."""
        await self.index()
        return [hit.head.number for hit in (await self.search(person, text, narrowing)).hits]


@pytest.fixture
async def desk(session: AsyncSession, act_as: ActAs) -> SearchDesk:
    return SearchDesk(session, act_as, await settle(session))
