"""Contracts that end, and what erasing needs beside the database."""

import pytest

from anshou.privacy.retention.erasure_list import ErasureList
from tenants.storage import ObjectStorage, open_storage
from tests.privacy.retention.eraser import Eraser
from tests.tickets.desk import Desk


@pytest.fixture
def storage() -> ObjectStorage:
    return open_storage("memory:")


@pytest.fixture
def eraser(desk: Desk, storage: ObjectStorage) -> Eraser:
    return Eraser(desk, storage, ErasureList(open_storage("memory:"), secret=bytes(32)))
