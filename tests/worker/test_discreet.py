"""A matter with a private product, told by every way out of the house: none of them says what it is about.

Notices, letters with all their headers, webhooks, job rows, names of files: looked through as a whole, byte by byte.
"""

from dataclasses import replace
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from anshou.consumers.cards import Correction
from anshou.consumers.discreet import name_outside
from anshou.consumers.recording import add_record, correct_record, remove_record
from anshou.consumers.records import visible_record
from anshou.tickets.attachments import attachments_of
from anshou.tickets.kinds import Channel, Kind, Side
from anshou.tickets.opening import open_ticket
from anshou.tickets.reach import visible_ticket
from anshou.tickets.tickets import Ticket
from anshou.tickets.timeline import StoredFile, attach_file, post_message
from anshou.webhooks.endpoints import EndpointWishes, register_endpoint
from anshou.worker.actors import ACTORS
from anshou.worker.mail import FolderMail
from confidentiality.local_key import LocalKey
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.cast import NOW, Anhe, settle
from tests.consumers.samples import SECRETS, card
from tests.database import Database
from tests.tickets.samples import report
from tests.webhooks.receiver import listening
from tests.worker.workshop import Ledger, outside, plan, until, working

YES = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
FILE = StoredFile(
    name="静音筋膜枪 柳如丝 故障.jpg", media_type="image/jpeg", size=1, sha256="a" * 64, storage_key="2026/11/ab"
)


@pytest.fixture
async def anhe(tenants: Tenants, tenant: Tenant, wiped: None) -> Anhe:
    """安和 with everybody in it, committed."""
    async with tenants.session(tenant, AGENCY) as session:
        return await settle(session)


async def _story(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> Ticket:
    """Reported by the merchant, recorded, corrected, answered with a file by the agency, removed in the end."""
    async with tenants.session(tenant, anhe.owner.context()) as session:
        stated = report(Kind.SERVICE_QUALITY, NOW, shop=anhe.yunshan.shop_id, title="顾客问静音筋膜枪")
        ticket = await open_ticket(session, stated, by=anhe.owner, at=NOW)
        kept = await add_record(session, ticket, card(private=True), by=anhe.owner, at=NOW)
        await add_record(session, ticket, card(private=True), by=anhe.owner, at=NOW)
    async with tenants.session(tenant, anhe.account_manager.context()) as session:
        by = anhe.account_manager
        ticket = await visible_ticket(session, by, ticket.number)
        record = await visible_record(session, ticket, kept.origin_id)
        record = await correct_record(session, ticket, record, Correction(name="柳如丝丝"), by=by, at=NOW)
        await post_message(session, ticket, "静音筋膜枪的换货已安排", by=by, at=NOW, files=[FILE])
        await attach_file(session, ticket, FILE, audience=Side.MERCHANT, by=by, at=NOW)
        await remove_record(session, ticket, record, by=by, at=NOW)
    return ticket


async def _rows(tenants: Tenants, tenant: Tenant, *tables: str) -> str:
    async with tenants.session(tenant, AGENCY) as session:
        found = [list(await session.scalars(text(f"SELECT to_jsonb(t)::text FROM {one} t"))) for one in tables]
    assert all(found)
    return "".join(row for rows in found for row in rows)


async def test_nothing_that_leaves_the_house_tells_of_a_private_product(
    database: Database, tenants: Tenants, tenant: Tenant, anhe: Anhe, ledger: Ledger, tmp_path: Path
) -> None:
    async with listening(*[YES] * 60) as receiver:
        async with tenants.session(tenant, AGENCY) as session:
            await register_endpoint(
                session,
                LocalKey(database.secret, tenant.id),
                EndpointWishes(url=receiver.url),
                allow_private=True,
                by=anhe.admin,
                at=NOW,
            )
        await _story(tenants, tenant, anhe)
        beyond = replace(
            outside(), secret=database.secret, webhooks_to_private=True, mail=FolderMail(tmp_path / "mail")
        )
        async with working(plan(database, ACTORS, outside=beyond)):
            await until(ledger.all_are, "done")
    owner = await database.connect_as_owner()
    try:
        jobs = "".join(str(dict(row)) for row in await owner.fetch("SELECT * FROM control.job"))
    finally:
        await owner.close()
    letters = [path.read_bytes() for path in (tmp_path / "mail").iterdir()]
    bodies = [received.body for received in receiver.received]
    assert len(letters) > 2
    assert any(b'"ticket.consumer"' in body for body in bodies)
    told = {
        "notices": await _rows(tenants, tenant, "notice"),
        "letters": "".join(_readable(letter) for letter in letters),
        "webhooks": b"".join(bodies).decode(),
        "deliveries": await _rows(tenants, tenant, "webhook_delivery"),
        "jobs": jobs,
        "names of letters": "".join(path.name for path in (tmp_path / "mail").iterdir()),
    }
    assert {way: secret for way, words in told.items() for secret in SECRETS if secret in words} == {}


def _readable(letter: bytes) -> str:
    """Headers and body decoded, and the bytes as they are."""
    mail: Any = message_from_bytes(letter, policy=policy.default)
    return str(mail.items()) + mail.get_content() + letter.decode()


async def test_a_file_beside_a_private_record_leaves_under_a_neutral_name(
    tenants: Tenants, tenant: Tenant, anhe: Anhe
) -> None:
    ticket = await _story(tenants, tenant, anhe)
    async with tenants.session(tenant, anhe.owner.context()) as session:
        ticket = await visible_ticket(session, anhe.owner, ticket.number)
        names = [await name_outside(session, ticket, one) for one in await attachments_of(session, ticket)]
    assert names == [f"{ticket.number}-附件1.jpg", f"{ticket.number}-附件2.jpg"]


async def test_a_file_keeps_its_name_where_nothing_is_private(tenants: Tenants, tenant: Tenant, anhe: Anhe) -> None:
    by = anhe.account_manager
    async with tenants.session(tenant, by.context()) as session:
        stated = report(Kind.SERVICE_QUALITY, NOW, merchant=anhe.yunshan.id, channel=Channel.PHONE)
        ticket = await open_ticket(session, stated, by=by, at=NOW)
        await add_record(session, ticket, card(private=False), by=by, at=NOW)
        attached = await attach_file(session, ticket, FILE, audience=Side.MERCHANT, by=by, at=NOW)
        assert await name_outside(session, ticket, attached) == FILE.name
