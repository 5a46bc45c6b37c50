"""The desk with its cast, in the test's one transaction."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.cast import settle
from tests.conftest import ActAs
from tests.tickets.desk import Desk


@pytest.fixture
async def desk(session: AsyncSession, act_as: ActAs) -> Desk:
    return Desk(session, act_as, await settle(session))
