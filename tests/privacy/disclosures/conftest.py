"""The desk with its cast, in the test's one transaction."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.cast import settle
from tests.conftest import ActAs
from tests.privacy.disclosures.desk import Desk


@pytest.fixture
async def desk(session: AsyncSession, act_as: ActAs) -> Desk:
    made = Desk(session, act_as, await settle(session))
    await made.a_ticket()
    return made
