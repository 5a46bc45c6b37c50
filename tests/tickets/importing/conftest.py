"""The cast, and a storage in memory."""

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from tenants.storage import ObjectStorage, open_storage
from tests.cast import Anhe, settle


@pytest.fixture
async def anhe(session: AsyncSession) -> Anhe:
    return await settle(session)


@pytest.fixture
def storage() -> ObjectStorage:
    return open_storage("memory:")
