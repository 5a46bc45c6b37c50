"""Marking a ticket confidential: the worker seals what was said before, and the files, where they lie."""

from collections.abc import AsyncIterator
from dataclasses import replace

from sqlalchemy import text

from anshou.tickets.kinds import Kind, Side
from anshou.tickets.marking import mark_confidential
from anshou.tickets.opening import open_ticket
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.timeline import StoredFile, attach_file, post_message
from anshou.worker.actors import ACTORS
from confidentiality.sealing.streams import looks_sealed
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import ObjectStorage, new_key, open_storage
from tests.cast import NOW, settle
from tests.database import Database
from tests.tickets.samples import report
from tests.worker.workshop import Ledger, outside, plan, until, working

SAID, CONTENT = "竞品拿到了底价表", "price list"


async def whole(storage: ObjectStorage, key: str) -> bytes:
    return b"".join([piece async for piece in storage.read(key)])


async def content() -> AsyncIterator[bytes]:
    yield CONTENT.encode()


async def test_rows_and_files_of_a_marked_ticket_are_sealed(
    database: Database, tenants: Tenants, tenant: Tenant, wiped: None, ledger: Ledger
) -> None:
    storage, keys = open_storage("memory:"), [new_key("anhe"), new_key("anhe")]
    async with tenants.session(tenant, AGENCY) as session:
        anhe = await settle(session)
    owner = anhe.owner
    async with tenants.session(tenant, owner.context()) as session:
        stated = report(Kind.SERVICE_QUALITY, NOW, shop=anhe.yunshan.shop_id)
        ticket = await open_ticket(session, stated, by=owner, at=NOW)
        await post_message(session, ticket, SAID, by=owner, at=NOW)
        for key in keys:
            await storage.put(key, content())
            file = StoredFile(
                name="价目.txt", media_type="text/plain", size=len(CONTENT), sha256="a" * 64, storage_key=key
            )
            await attach_file(session, ticket, file, audience=Side.MERCHANT, by=owner, at=NOW)
        await mark_confidential(session, ticket, by=owner, at=NOW)
    async with working(plan(database, ACTORS, outside=replace(outside(), storage=storage))):
        await until(ledger.all_are, "done")
    async with tenants.session(tenant, AGENCY) as session:
        rows = str([row[0] for row in await session.execute(text("SELECT to_jsonb(e) FROM entry AS e"))])
        names = list(await session.scalars(text("SELECT DISTINCT name FROM attachment")))
        opening = await sealing_storage(session, storage, anhe.yunshan.id, *keys)
    assert SAID not in rows
    assert names == ["【保密内容】"]
    for key in keys:
        assert looks_sealed(await whole(storage, key))
        assert await whole(opening, key) == CONTENT.encode()
