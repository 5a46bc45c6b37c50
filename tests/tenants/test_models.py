"""The models say what the migrations made: no column is in one and not in the other, or of another type."""

import importlib
import pkgutil
from collections.abc import AsyncIterator
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Enum, Text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine
from sqlalchemy.pool import NullPool

import anshou
import billing
import confidentiality
import tenants
from tenants.addresses import DatabaseAddress
from tenants.base import Base
from tenants.registry import Tenant
from tests.database import Database


def load_every_model() -> None:
    """Import all rooms: a model is in the metadata once its module has been imported."""
    for room in (anshou, billing, confidentiality, tenants):
        for module in pkgutil.walk_packages(room.__path__, f"{room.__name__}."):
            if not module.name.endswith("__main__"):
                importlib.import_module(module.name)


@pytest.fixture
async def connection(database: Database, tenant: Tenant) -> AsyncIterator[AsyncConnection]:
    """The superuser's, since reading a whole catalog takes functions that a tenant's login may not call."""
    arguments = {
        **DatabaseAddress.at(database.superuser_url).arguments,
        "server_settings": {"search_path": tenant.schema},
    }
    engine = create_async_engine("postgresql+asyncpg://", connect_args=arguments, poolclass=NullPool)
    async with engine.connect() as opened:
        yield opened
    await engine.dispose()


# A model names the columns; keys, indexes and checks are the migration's alone, and so is a table without a model.
OF_THE_MIGRATION = {
    *("remove_table", "add_index", "remove_index", "add_constraint", "remove_constraint", "add_fk", "remove_fk"),
    *("modify_comment", "remove_table_comment"),
}


async def test_models_and_migrations_agree_about_columns(connection: AsyncConnection) -> None:
    load_every_model()

    def differences(sync: Connection) -> list[str]:
        context = MigrationContext.configure(sync, opts={"compare_type": _differ, "compare_server_default": False})
        # Changes of one column come as a list of their own.
        listed = [c if isinstance(c, list) else [c] for c in compare_metadata(context, Base.metadata)]
        changes = [change for several in listed for change in several]
        return [str(c) for c in changes if c[0] not in OF_THE_MIGRATION and not _left_to_the_database(c)]

    assert await connection.run_sync(differences) == []


def _differ(context: object, there: object, mapped: object, in_database: object, in_model: object) -> bool | None:
    """Whether a type differs; an enumeration of ours is text with a check. None leaves it to alembic."""
    if isinstance(in_model, Enum) and not in_model.native_enum:
        return not isinstance(in_database, Text)
    return None


def _left_to_the_database(change: tuple[Any, ...]) -> bool:
    """Whether it is a column without a place in the model that fills itself, such as the guard of a single row."""
    return change[0] == "remove_column" and change[3].server_default is not None
