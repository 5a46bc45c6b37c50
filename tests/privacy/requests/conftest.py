"""Erasing, for requests that ask for it."""

import pytest

from anshou.privacy.retention.erasure_list import ErasureList
from tenants.storage import open_storage
from tests.privacy.retention.eraser import Eraser
from tests.tickets.desk import Desk


@pytest.fixture
def eraser(desk: Desk) -> Eraser:
    return Eraser(desk, open_storage("memory:"), ErasureList(open_storage("memory:"), secret=bytes(32)))
