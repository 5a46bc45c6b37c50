"""What the tests of merchants begin with."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tests.cast import Anhe, settle


@pytest.fixture
async def anhe(session: AsyncSession) -> Anhe:
    """The cast of 安和, in the test's transaction."""
    return await settle(session)
