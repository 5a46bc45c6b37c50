"""No process works with a server that would write confidential content into its log, or over an open line."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy.engine import make_url

from anshou.house.cluster import Cluster
from anshou.house.database import check_quiet
from anshou.settings import read_settings
from tenants.addresses import DatabaseAddress
from tenants.quiet import QUIET, DatabaseTalks, talking_settings, travels_openly
from tests.database import Database, new_database
from tests.tenants.test_commands import Operator

LOUD = {
    "log_parameter_max_length": "-1",
    "log_parameter_max_length_on_error": "64B",
    "log_error_verbosity": "default",
    "log_min_messages": "warning",
    "log_min_error_statement": "error",
    "debug_print_parse": "on",
    "debug_print_rewritten": "on",
    "debug_print_plan": "on",
    "auto_explain.log_min_duration": "0",
    "pgaudit.log_parameter": "on",
}


@pytest.fixture
async def database(server: str) -> AsyncIterator[Database]:
    async with new_database(server) as made:
        yield made


async def set_for_database(database: Database, name: str, value: str) -> None:
    superuser = await database.connect_as_superuser()
    try:
        await superuser.execute(f"ALTER DATABASE {make_url(database.url).database} SET {name} = '{value}'")
    finally:
        await superuser.close()


async def problems(database: Database, **environment: str) -> tuple[str, ...]:
    settings = read_settings({"ANSHOU_DATABASE_URL": database.url} | environment)
    try:
        await check_quiet(settings, database.url)
    except DatabaseTalks as refusal:
        return refusal.problems
    return ()


async def test_a_database_with_the_statements_of_the_hardening_is_quiet(database: Database) -> None:
    assert await problems(database) == ()


def test_every_setting_is_tried() -> None:
    assert set(LOUD) == set(QUIET)


@pytest.mark.parametrize("name", QUIET)
async def test_a_talking_setting_is_refused_by_name_with_what_is_expected(database: Database, name: str) -> None:
    await set_for_database(database, name, LOUD[name])
    expected = " or ".join(QUIET[name])
    assert await problems(database) == (f"PostgreSQL: {name} is {LOUD[name]}, expected {expected}",)


async def test_a_setting_that_one_login_has_of_its_own_counts_too(database: Database) -> None:
    tenant = await database.create_tenant("anhe", "安和电商代运营")
    superuser = await database.connect_as_superuser()
    try:
        await superuser.execute(f'ALTER ROLE "{tenant.role}" SET log_error_verbosity = verbose')
        (problem,) = await problems(database)
    finally:
        await superuser.execute(f'ALTER ROLE "{tenant.role}" RESET log_error_verbosity')
        await superuser.close()
    assert f"for the login {tenant.role}" in problem


async def test_what_is_tolerated_is_a_warning(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    await set_for_database(database, "log_parameter_max_length", "-1")
    assert await problems(database, ANSHOU_DATABASE_TOLERATE="plain-text")
    assert await problems(database, ANSHOU_DATABASE_TOLERATE="log") == ()
    assert "log_parameter_max_length is -1" in caplog.text


@pytest.mark.parametrize(
    "command",
    [("web",), ("worker",), ("tenant", "list"), ("keys", "status"), ("audit", "status", "anhe"), ("migrate",)],
)
async def test_every_process_refuses_and_says_why(database: Database, tmp_path: Path, command: tuple[str, ...]) -> None:
    await set_for_database(database, "log_error_verbosity", "default")
    code, _, told = await Operator(database, tmp_path).runs(*command)
    assert code == 78
    assert "log_error_verbosity is default, expected terse" in told
    assert "anshou migrate --hardening" in told


async def test_the_way_out_is_told_by_a_database_that_is_refused(database: Database, tmp_path: Path) -> None:
    await set_for_database(database, "log_error_verbosity", "default")
    code, statements, _ = await Operator(database, tmp_path).runs("migrate", "--hardening")
    assert code == 0
    superuser = await database.connect_as_superuser()
    try:
        await superuser.execute(statements)
    finally:
        await superuser.close()
    assert await problems(database) == ()


@pytest.mark.parametrize(
    ("url", "openly"),
    [
        ("postgresql://anshou@/anshou?host=/run/postgresql", False),
        ("postgresql://anshou@localhost/anshou", False),
        ("postgresql://anshou@127.0.0.1/anshou", False),
        ("postgresql://anshou@[::1]/anshou", False),
        ("postgresql://anshou@db.internal/anshou", True),
        ("postgresql://anshou@10.0.0.7/anshou", True),
        ("postgresql://anshou@db.internal/anshou?sslmode=prefer", True),
        ("postgresql://anshou@db.internal/anshou?sslmode=disable", True),
        ("postgresql://anshou@db.internal/anshou?sslmode=require", False),
        ("postgresql://anshou@db.internal/anshou?sslmode=verify-full", False),
    ],
)
def test_a_server_elsewhere_needs_encryption_that_nobody_can_talk_away(url: str, openly: bool) -> None:
    assert travels_openly(DatabaseAddress.at(url)) is openly


async def test_a_server_elsewhere_is_not_even_sent_the_password_without_encryption() -> None:
    # The name leads nowhere: an attempt to connect would be another error.
    url = "postgresql://anshou:hunter2@database.invalid/anshou"
    with pytest.raises(DatabaseTalks) as refusal:
        await check_quiet(read_settings({"ANSHOU_DATABASE_URL": url}), url)
    assert "sslmode=verify-full" in str(refusal.value)
    assert "hunter2" not in str(refusal.value)


async def test_the_embedded_server_is_quiet_for_every_database(tmp_path_factory: pytest.TempPathFactory) -> None:
    cluster = Cluster(tmp_path_factory.mktemp("pg"), durable=False)
    async with cluster.running():
        fresh = await asyncpg.connect(cluster.url_of("template1"))
        try:
            assert await talking_settings(fresh) == []
        finally:
            await fresh.close()
