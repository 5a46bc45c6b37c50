"""The operator's commands, as the operator runs them: in a process of their own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from tenants.chains import tenant_chain
from tests.database import Database, new_database


@pytest.fixture
async def database(server: str) -> AsyncIterator[Database]:
    async with new_database(server) as made:
        yield made


class Operator:
    """Runs `anshou` with the environment of this database."""

    def __init__(self, database: Database, directory: Path) -> None:
        secret = directory / "secret"
        secret.write_text(database.secret.hex())
        secret.chmod(0o600)
        ours = {
            "ANSHOU_DATABASE_URL": database.url,
            "ANSHOU_SECRET_FILE": str(secret),
            "ANSHOU_DATA_DIR": str(directory),
        }
        self.environment = {k: v for k, v in os.environ.items() if not k.startswith("ANSHOU_")} | ours

    async def runs(self, *words: str) -> tuple[int | None, str, str]:
        """Exit code, output and errors of `anshou words…`."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "anshou.cli", *words),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=self.environment,
        )
        out, err = await process.communicate()
        return process.returncode, out.decode(), err.decode()


@pytest.fixture
def operator(database: Database, tmp_path: Path) -> Operator:
    return Operator(database, tmp_path)


async def test_a_tenant_is_created_listed_suspended_and_resumed(operator: Operator) -> None:
    assert (await operator.runs("migrate"))[0] == 0
    code, out, _ = await operator.runs("tenant", "create", "anhe", "安和电商代运营")
    assert (code, out.split("\t")[0]) == (0, "anhe")
    head = tenant_chain().head
    assert (await operator.runs("tenant", "list"))[1] == f"anhe\tactive\t{head}\t安和电商代运营\n"
    assert (await operator.runs("tenant", "suspend", "anhe", "--reason", "欠费"))[0] == 0
    assert "suspended" in (await operator.runs("tenant", "list"))[1]
    assert (await operator.runs("tenant", "resume", "anhe"))[0] == 0
    assert "active" in (await operator.runs("tenant", "list"))[1]


async def test_what_cannot_be_done_is_said_and_shows_in_the_exit_code(operator: Operator) -> None:
    await operator.runs("tenant", "create", "anhe", "安和")
    code, _, err = await operator.runs("tenant", "create", "anhe", "另一家")
    assert (code, "anhe 已被使用" in err) == (1, True)
    code, _, err = await operator.runs("tenant", "create", "An he", "安和")
    assert (code, "小写字母" in err) == (1, True)
    code, _, err = await operator.runs("tenant", "suspend", "nobody", "--reason", "欠费")
    assert (code, "没有找到" in err) == (1, True)


async def test_a_tenant_left_behind_shows_in_the_exit_code(operator: Operator, database: Database) -> None:
    await operator.runs("tenant", "create", "anhe", "安和")
    owner = await database.connect_as_owner()
    try:
        # As if it had been made long ago: the first migration meets tables that are there already.
        await owner.execute("UPDATE control.tenant SET revision = NULL")
        code, out, err = await operator.runs("tenant", "migrate", "--failures", "0")
        assert (code, "0 of 1" in out, "anhe: " in err) == (1, True, True)
        await owner.execute("UPDATE control.tenant SET revision = $1", tenant_chain().head)
        assert (await operator.runs("tenant", "migrate"))[0] == 0
    finally:
        await owner.close()


async def test_another_root_secret_is_noticed_before_anything_is_done(operator: Operator, tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("ab" * 32)
    code, _, err = await operator.runs("migrate")
    assert code != 0
    assert "根密钥" in err


async def test_the_hardening_can_be_printed_for_a_superuser(operator: Operator, database: Database) -> None:
    code, out, _ = await operator.runs("migrate", "--hardening")
    assert code == 0
    superuser: asyncpg.Connection = await database.connect_as_superuser()
    try:
        await superuser.execute(out)
    finally:
        await superuser.close()


async def test_a_database_that_does_not_answer_is_said_so(operator: Operator) -> None:
    operator.environment["ANSHOU_DATABASE_URL"] = "postgresql://nobody@127.0.0.1:1/none"
    code, _, err = await operator.runs("tenant", "list")
    assert (code, "cannot be reached" in err, "Traceback" in err) == (69, True, False)
