"""News of keys reach every process that listens, also after its connection was cut."""

import asyncio
from collections.abc import Callable

from confidentiality.keys.news import CHANNEL, tell_changed
from confidentiality.keys.vault import open_keys
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tests.confidentiality.keys.conftest import StartProcess
from tests.database import Database


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(3_000):
        if condition():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError("it did not come about in time")


async def test_keys_are_read_anew_when_another_process_says_so(start: StartProcess) -> None:
    process, listening = await start(), await start(listening=True)
    merchant, other = new_id(), new_id()
    async with listening.tenants.session(listening.tenant, AGENCY) as session:
        held, others = await open_keys(session, merchant), await open_keys(session, other)
        async with process.tenants.session(process.tenant, AGENCY) as telling:
            await tell_changed(telling, merchant)
            # Not before the transaction commits.
            assert await open_keys(session, merchant) is held
        await until(lambda: len(listening.vault) == 1)
        assert await open_keys(session, merchant) is not held
        assert await open_keys(session, other) is others


async def test_a_process_whose_line_was_cut_forgets_everything_and_listens_again(
    start: StartProcess, trial: tuple[Database, Tenant]
) -> None:
    process, listening = await start(), await start(listening=True)
    merchant = new_id()
    async with listening.tenants.session(listening.tenant, AGENCY) as session:
        await open_keys(session, merchant)
    superuser = await trial[0].connect_as_superuser()
    theirs = "query LIKE 'LISTEN%' AND datname = current_database()"
    assert await superuser.fetch(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {theirs}")
    # Whatever was told in the meantime is made up for by forgetting.
    await until(lambda: len(listening.vault) == 0)
    async with listening.tenants.session(listening.tenant, AGENCY) as session:
        await open_keys(session, merchant)
    async with process.tenants.session(process.tenant, AGENCY) as telling:
        await tell_changed(telling, merchant)
    await until(lambda: len(listening.vault) == 0)
    await superuser.close()


async def test_news_that_nobody_understands_are_passed_over(
    start: StartProcess, trial: tuple[Database, Tenant]
) -> None:
    listening = await start(listening=True)
    async with listening.tenants.session(listening.tenant, AGENCY) as session:
        await open_keys(session, new_id())
    login = await trial[0].connect_as(trial[1])
    for news in ("", "x:y:z", "not news", f"{new_id()}:{new_id()}:changed"):
        await login.execute(f"NOTIFY {CHANNEL}, '{news}'")
    await login.close()
    await asyncio.sleep(0.2)
    assert len(listening.vault) == 1
