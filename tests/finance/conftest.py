"""A desk with a ticket of 云杉, and whoever claims and verifies what it cost."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.cast import settle
from tests.conftest import ActAs
from tests.finance.counter import Counter
from tests.finance.office import Office
from tests.tickets.desk import Desk


@pytest.fixture
async def counter(session: AsyncSession, act_as: ActAs) -> Counter:
    return Counter(Desk(session, act_as, await settle(session)))


@pytest.fixture
async def office(counter: Counter) -> Office:
    return Office(counter, await counter.second_finance())
