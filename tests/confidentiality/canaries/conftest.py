"""One house, watched by every means while everything happens in it; the tests look at what it told."""

import logging
import tempfile
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any, cast

import asyncpg
import pytest

from anshou.api.visits import Door
from anshou.main import create_app
from anshou.people.passwords import Passwords
from anshou.portal import assets
from anshou.settings import read_settings
from anshou.worker.actors import ACTORS
from anshou.worker.mail import FolderMail
from confidentiality.keys.vault import CARRIED_AS, Vault
from tenants.context import AGENCY
from tenants.pool import PoolLimits
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import open_storage
from tests.api.conftest import Clock, House, key_of
from tests.api.treasures import hidden
from tests.cast import HASHER, NOW, settle, settle_boyuan
from tests.confidentiality.canaries.crashes import every_hook
from tests.confidentiality.canaries.crashing import CRASHING, every_message, leave_failing_jobs
from tests.confidentiality.canaries.failing import command, fail
from tests.confidentiality.canaries.life import Life
from tests.confidentiality.canaries.papers import disclose, draw_up, hand_back, mark_later
from tests.confidentiality.canaries.posting import post_everything
from tests.confidentiality.canaries.remains import remains
from tests.confidentiality.canaries.sinks import database_log, files, letters, rows
from tests.confidentiality.canaries.uploading import LIMIT, upload_wrongly
from tests.confidentiality.canaries.walking import provoke, walk
from tests.confidentiality.canaries.watching import Told, every_logger
from tests.database import Database, wipe
from tests.portal.visitor import BASE
from tests.webhooks.receiver import Receiver, listening
from tests.worker.workshop import outside, plan, until, working

TAKEN = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


@pytest.fixture(scope="module")
async def life(
    database: Database, tenant: Tenant, other_tenant: Tenant, vault: Vault, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Life]:
    """A day of 安和 with canaries, over; nothing of it is in the database when the module's tests are done."""
    told = Told()
    stored, mail, uploads = (tmp_path_factory.mktemp(name) for name in ("objects", "mail", "uploads"))
    assets.build()
    usual, tempfile.tempdir = tempfile.tempdir, str(uploads)
    try:
        async with database_log(database) as log, listening(TAKEN) as receiver:
            with every_logger(told), every_hook(partial(told.hear, "crash reports")):
                tenants = Tenants(
                    database.url,
                    secret=database.secret,
                    pool=PoolLimits(per_tenant=4, total=12),
                    carry={CARRIED_AS: vault},
                )
                house = await _house(database, tenants, tenant, other_tenant, stored.as_uri())
                lived = Life(house, told, stored, mail, uploads)
                try:
                    await _prepare(lived, database)
                    told.forget()
                    await _live(lived, database, receiver)
                finally:
                    await tenants.close()
            if log is not None:
                for line in await log.lines():
                    told.hear("database log", line[:60].decode("utf-8", "replace"), line)
        await _gather(lived, database, receiver)
        await command(lived, database, tmp_path_factory.mktemp("operator"))
        yield lived
    finally:
        tempfile.tempdir = usual
        await wipe(database, tenant, other_tenant)
        vault.forget_all()


async def _house(database: Database, tenants: Tenants, tenant: Tenant, other: Tenant, storage_url: str) -> House:
    clock, keys = Clock(NOW), {}
    async with tenants.session(tenant, AGENCY) as session:
        anhe = await settle(session, clock())
        for person in (*anhe.everybody.values(), anhe.other_owner):
            keys[person.id] = await key_of(session, person, by=anhe.admin, at=clock())
    async with tenants.session(other, AGENCY) as session:
        boyuan = await settle_boyuan(session, clock())
        keys[boyuan.admin.id] = await key_of(session, boyuan.admin, by=boyuan.admin, at=clock())
    environment = {
        "ANSHOU_BASE_URL": BASE,
        "ANSHOU_STORAGE_URL": storage_url,
        "ANSHOU_API_RATE": "1000000",
        "ANSHOU_UPLOAD_LIMIT": str(LIMIT),
        "ANSHOU_WEBHOOKS_TO_PRIVATE": "yes",
    }
    app = create_app(
        read_settings(environment),
        secret=database.secret,
        tenants=tenants,
        storage=open_storage(storage_url),
        clock=clock,
    )
    app.state.gate.passwords = Passwords(hasher=HASHER)
    # The door is inside the application; the tests' desk asks by the house.
    return House(app, cast(Door, None), tenants, clock, anhe, boyuan, tenant, other, cast(dict[Any, str], keys))


async def _prepare(lived: Life, database: Database) -> None:
    """What lay in plain before somebody marked it is to be looked for only from when it is sealed."""
    lived.ids = dict((await hidden(lived.house)).ids)
    await mark_later(lived)
    await _work(lived, database)


async def _live(lived: Life, database: Database, receiver: Receiver) -> None:
    house = lived.house
    async with lived.ask(house.anhe.admin) as admin:
        hook = {"url": receiver.url}
        made = await admin.post("/webhooks", json=hook, headers={"idempotency-key": "receiver"})
        assert made.status_code == 201, made.text
    await lived.live()
    lived.numbers.append(lived.ids["marked_later"])
    await draw_up(lived)
    await disclose(lived)
    await walk(lived)
    await provoke(lived)
    await upload_wrongly(lived)
    await post_everything(lived)
    await fail(lived, database)
    await hand_back(lived)
    await leave_failing_jobs(lived)
    await _work(lived, database)


async def _work(lived: Life, database: Database) -> None:
    """Let the worker try everything that is due."""
    beyond = replace(
        outside(),
        secret=database.secret,
        webhooks_to_private=True,
        mail=FolderMail(lived.mail),
        storage=open_storage(lived.stored.as_uri()),
    )
    connection = await database.connect_as_superuser()
    try:
        with every_message(partial(lived.told.hear, "messages")):
            async with working(plan(database, (*ACTORS, *CRASHING), outside=beyond)):
                await until(_tried, connection)
        failed = "SELECT actor, last_error FROM control.job WHERE last_error <> ''"
        lived.failures += [(row[0], row[1]) for row in await connection.fetch(failed)]
    finally:
        await connection.close()


async def _tried(control: asyncpg.Connection) -> bool:
    """Whether every job that is due was tried; one of the endpoints answers nobody, and is tried again for hours."""
    waiting = "SELECT count(*) FROM control.job WHERE attempts = 0 AND state <> 'dead' AND run_at <= clock_timestamp()"
    under_way = "SELECT count(*) FROM control.job WHERE state = 'running'"
    return not await control.fetchval(waiting) and not await control.fetchval(under_way)


async def _gather(lived: Life, database: Database, receiver: Receiver) -> None:
    told = lived.told
    for table, row in await rows(database, lived.house.tenant, lived.house.other_tenant):
        told.hear("rows", table, row)
    for name, content in files(lived.stored):
        told.hear("stored files", name, content)
    for name, content in files(lived.uploads):
        told.hear("temporary files", name, content)
    for name, letter in letters(lived.mail):
        told.hear("letters", name, letter)
    for kind, shown in remains():
        told.hear("memory", kind, shown)
    for one in receiver.received:
        told.hear("webhooks", one.request_line, repr(one.headers).encode() + one.body)
    logging.getLogger(__name__).debug("heard %s", {sink: len(heard) for sink, heard in told.by_sink.items()})
