"""Fixtures of the worker's tests: the brokers to run each contract on, and the rows to look at."""

from collections.abc import AsyncIterator, Iterator

import pytest

from tenants.registry import Tenant
from tests.database import Database
from tests.worker.rabbit import Rabbit, running_rabbit
from tests.worker.workshop import Effects, Ledger


@pytest.fixture(scope="session")
def rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rabbit]:
    """RabbitMQ, started for the tests that need it."""
    with running_rabbit(tmp_path_factory.mktemp("rabbitmq")) as running:
        yield running


@pytest.fixture(params=["memory", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def broker_url(request: pytest.FixtureRequest) -> str:
    """Each broker in turn, empty."""
    if request.param == "memory":
        return ""
    rabbit: Rabbit = request.getfixturevalue("rabbit")
    rabbit.empty()
    return rabbit.url


@pytest.fixture
def rabbit_url(rabbit: Rabbit) -> str:
    """RabbitMQ, empty; for tests that put their own messages into the broker."""
    rabbit.empty()
    return rabbit.url


@pytest.fixture
async def ledger(database: Database, wiped: None) -> AsyncIterator[Ledger]:
    """The rows of jobs and timers; empty before and after the test."""
    connection = await database.connect_as_superuser()
    yield Ledger(connection)
    await connection.close()


@pytest.fixture
async def effects(database: Database, tenant: Tenant, other_tenant: Tenant, ledger: Ledger) -> AsyncIterator[Effects]:
    """What test actors leave behind, in a table that counts everything twice that is done twice."""
    connection = await database.connect_as_superuser()
    made = Effects(connection, [tenant, other_tenant])
    await made.make()
    yield made
    await made.drop()
    await connection.close()
