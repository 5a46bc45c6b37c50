"""The embedded PostgreSQL starts from anything that a crash can leave behind."""

import asyncio
import os
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from anshou.house import database as house_database
from anshou.house.cluster import LONGEST_SOCKET_PATH, SOCKET_NAME, Cluster, ClusterFailed
from anshou.house.database import DataDirectoryInUse, database, owned
from anshou.settings import read_settings

# Another process of ours that starts the cluster and then does nothing, to be killed.
HOLDER = """
import asyncio, sys
from pathlib import Path
from anshou.house.cluster import Cluster
async def hold():
    async with Cluster(Path(sys.argv[1])).running():
        print("running", flush=True)
        await asyncio.sleep(600)
asyncio.run(hold())
"""


@pytest.fixture
def directory() -> Iterator[Path]:
    # pytest's own temporary directories are deep, and some systems allow only 104 bytes to a socket's path.
    with tempfile.TemporaryDirectory(prefix="anshou-test-") as made:
        yield Path(made)


async def test_acknowledged_rows_survive_the_kill_of_the_server(directory: Path) -> None:
    cluster = Cluster(directory / "postgres")
    cluster.make()
    server = await cluster.start()
    try:
        await cluster.wait(server)
        connection = await asyncpg.connect(cluster.url)
        await connection.execute("CREATE TABLE kept (n int)")
        await connection.execute("INSERT INTO kept SELECT generate_series(1, 1000)")
        server.kill()
        connection.terminate()
        server.wait(60)

        server = await cluster.start()
        await cluster.wait(server)
        connection = await asyncpg.connect(cluster.url)
        assert await connection.fetchval("SELECT count(*) FROM kept") == 1000
        await connection.close()
    finally:
        await cluster.stop(server)
    assert not await cluster.answers()


async def test_a_server_whose_starter_was_killed_stops_and_the_next_start_takes_over(directory: Path) -> None:
    cluster = Cluster(directory / "postgres")
    cluster.make()
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, directory / "postgres"], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    assert holder.stdout.readline() == b"running\n"
    orphan = int((cluster.data / "postmaster.pid").read_text().split()[0])
    holder.kill()
    holder.communicate()
    async with cluster.running():
        assert not _lives(orphan)


async def test_a_pid_file_whose_number_now_belongs_to_another_process_is_no_obstacle(directory: Path) -> None:
    cluster = Cluster(directory / "postgres")
    cluster.make()
    (cluster.data / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster.data}\n1\n5432\n\n\n0 0\nready\n")
    async with cluster.running():
        assert await cluster.answers()


async def test_a_cluster_that_was_half_made_is_made_anew(directory: Path) -> None:
    cluster = Cluster(directory / "postgres")
    half = directory / "postgres" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    async with cluster.running():
        assert await cluster.answers()


async def test_a_deep_directory_gets_a_short_socket(directory: Path) -> None:
    cluster = Cluster(directory / ("deep" * 20) / ("deeper" * 20) / "postgres", durable=False)
    assert len(os.fsencode(cluster.socket / SOCKET_NAME)) <= LONGEST_SOCKET_PATH
    async with cluster.running():
        assert await cluster.answers()
    cluster.socket.rmdir()


async def test_a_link_where_the_socket_belongs_is_refused(directory: Path) -> None:
    cluster = Cluster(directory / "postgres")
    (directory / "elsewhere").mkdir()
    (directory / "postgres").mkdir()
    cluster.socket.symlink_to(directory / "elsewhere")
    with pytest.raises(ClusterFailed, match="link"):
        cluster.make()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change accounts")
async def test_root_lets_the_server_pass_through_a_closed_directory_and_no_more(directory: Path) -> None:
    closed = directory / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "postgres", durable=False)
    async with cluster.running():
        assert await cluster.answers()
    assert closed in cluster.opened
    assert stat.S_IMODE(closed.stat().st_mode) == 0o701


async def test_nobody_comes_in_without_a_password_but_our_own_account(directory: Path) -> None:
    cluster = Cluster(directory / "postgres", durable=False)
    async with cluster.running() as url:
        owner = await asyncpg.connect(url)
        assert await owner.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        await owner.execute("CREATE ROLE stranger LOGIN PASSWORD 'right'")
        await owner.close()
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(url, user="stranger", password="wrong")
        connection = await asyncpg.connect(url, user="stranger", password="right")
        await connection.close()


async def test_the_server_listens_on_no_address_and_keeps_values_out_of_its_log(directory: Path) -> None:
    cluster = Cluster(directory / "postgres")
    async with cluster.running() as url:
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SHOW listen_addresses") == ""
        assert [await connection.fetchval(f"SHOW {name}") for name in ("fsync", "full_page_writes")] == ["on", "on"]
        with pytest.raises(asyncpg.DataError):
            await connection.fetchval("SELECT $1::text::int", "canary-in-a-value")
        with pytest.raises(asyncpg.PostgresError):
            await connection.execute("SELECT 'canary-in-a-statement'::int")
        await connection.close()
    logged = "".join(path.read_text() for path in cluster.log.glob("*.log"))
    assert "starting PostgreSQL" in logged
    assert "canary" not in logged


async def test_a_second_owner_of_the_data_directory_is_told_who_the_first_is(directory: Path) -> None:
    told = f"run process {os.getpid()}"
    with owned(directory, "run"), pytest.raises(DataDirectoryInUse, match=told), owned(directory, "run"):
        pytest.fail("two owners")


async def test_a_command_uses_the_database_of_a_run_and_leaves_it_running(directory: Path) -> None:
    settings = read_settings({"ANSHOU_DATA_DIR": str(directory)})
    with owned(directory, "run"):
        async with house_database.cluster_of(settings).running() as of_the_run:
            async with database(settings) as url:
                assert url == of_the_run
            assert await house_database.cluster_of(settings).answers()


async def test_two_commands_take_turns(directory: Path) -> None:
    settings = read_settings({"ANSHOU_DATA_DIR": str(directory)})

    async def ask() -> int:
        async with database(settings) as url:
            connection = await asyncpg.connect(url)
            try:
                return int(await connection.fetchval("SELECT 1"))
            finally:
                await connection.close()

    assert await asyncio.gather(ask(), ask()) == [1, 1]


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
