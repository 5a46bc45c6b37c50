"""What a load balancer asks."""

import httpx
from litestar import Litestar

from anshou.main import create_app
from anshou.portal import assets
from anshou.settings import read_settings
from tenants.sessions import Tenants
from tests.database import Database


def _app(tenants: Tenants, secret: bytes) -> Litestar:
    assets.build()
    return create_app(read_settings({}), secret=secret, tenants=tenants)


async def _status(app: Litestar, path: str) -> int:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1:8000") as client:
        return (await client.get(path)).status_code


async def test_it_is_ready_when_the_database_answers(tenants: Tenants, database: Database) -> None:
    app = _app(tenants, database.secret)
    assert await _status(app, "/health/live") == 200
    assert await _status(app, "/health/ready") == 200


async def test_without_its_database_it_lives_and_is_not_ready(database: Database) -> None:
    nowhere = Tenants("postgresql://nobody@127.0.0.1:1/nothing", secret=database.secret)
    app = _app(nowhere, database.secret)
    assert await _status(app, "/health/live") == 200
    assert await _status(app, "/health/ready") == 503
    await nowhere.close()
