"""What is written into sealed cells is recorded, so an old value put back is found although it opens."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import insert, select

from confidentiality.audit.cell_check import CellVerdict, check_cells
from confidentiality.audit.leaves import AuditLeaf
from confidentiality.keys.vault import CARRIED_AS, open_keys
from confidentiality.sealing.cells import note_rows
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tests.confidentiality.sealing.trial import DDL, MERCHANT, Buyer, TrialBase
from tests.database import Database, new_database


class Shop:
    """A tenant of its own with the trial tables, because the product has them not."""

    def __init__(self, tenants: Tenants, tenant: Tenant, superuser: asyncpg.Connection) -> None:
        self.tenants = tenants
        self.tenant = tenant
        self.superuser = superuser

    async def new_buyer(self) -> Buyer:
        async with self.tenants.session(self.tenant, AGENCY) as session:
            ring = await open_keys(session, MERCHANT)
            buyer = Buyer(merchant_id=MERCHANT)
            ring.seal(buyer, phone="13812341234", name="张三丰", amount=5)
            session.add(buyer)
        return buyer

    async def call(self, buyer: Buyer, phone: str) -> None:
        async with self.tenants.session(self.tenant, AGENCY) as session:
            ring = await open_keys(session, MERCHANT)
            found = (await session.scalars(select(Buyer).where(Buyer.id == buyer.id))).one()
            ring.seal(found, phone=phone)

    async def check(self) -> CellVerdict:
        async with self.tenants.session(self.tenant, AGENCY) as session:
            return await check_cells(session, base=TrialBase)

    async def phone(self, buyer: Buyer) -> str:
        async with self.tenants.session(self.tenant, AGENCY) as session:
            ring = await open_keys(session, MERCHANT)
            found = (await session.scalars(select(Buyer).where(Buyer.id == buyer.id))).one()
            return ring.open(found.phone)


@pytest.fixture
async def shop(server: str) -> AsyncIterator[Shop]:
    async with new_database(server) as database:
        tenant = await database.create_tenant("anhe", "安和电商代运营")
        superuser = await database.connect_as_superuser()
        await superuser.execute(f'SET search_path = "{tenant.schema}"; {DDL}')
        await superuser.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON trial_buyer, trial_note TO "{tenant.role}"')
        tenants = _tenants(database)
        yield Shop(tenants, tenant, superuser)
        await tenants.close()
        await superuser.close()


def _tenants(database: Database) -> Tenants:
    return Tenants(database.url, secret=database.secret, carry={CARRIED_AS: database.open_vault()})


async def test_each_transaction_records_the_cells_it_wrote(shop: Shop) -> None:
    buyer = await shop.new_buyer()
    await shop.call(buyer, "13900000000")
    async with shop.tenants.session(shop.tenant, AGENCY) as session:
        leaves = list(await session.scalars(select(AuditLeaf).order_by(AuditLeaf.id)))
    assert [(leaf.action, leaf.merchant_id) for leaf in leaves] == [("seal.written", MERCHANT)] * 2
    assert all(str(buyer.id).encode() in leaf.body and leaf.body.count(b"trial_buyer") == 3 for leaf in leaves)
    verdict = await shop.check()
    assert (verdict.compared, verdict.findings) == (3, [])


async def test_rows_written_in_bulk_are_recorded(shop: Shop) -> None:
    async with shop.tenants.session(shop.tenant, AGENCY) as session:
        ring = await open_keys(session, MERCHANT)
        plain = [{"id": new_id(), "merchant_id": MERCHANT, "phone": f"1380000{n:04}"} for n in range(700)]
        rows = ring.seal_rows(Buyer, plain)
        await session.execute(insert(Buyer), rows)
        note_rows(session.sync_session, Buyer, rows)
    verdict = await shop.check()
    assert (verdict.compared, verdict.findings) == (700, [])


async def test_an_old_row_put_back_opens_and_is_found(shop: Shop) -> None:
    buyer = await shop.new_buyer()
    other = await shop.new_buyer()
    old = await shop.superuser.fetchrow("SELECT * FROM trial_buyer WHERE id = $1", buyer.id)
    await shop.call(buyer, "13900000000")
    columns = [name for name in old.keys() if name not in ("id", "merchant_id")]  # noqa: SIM118  A Record is no dict.
    await shop.superuser.execute(
        f"UPDATE trial_buyer SET {', '.join(f'{name} = ${at}' for at, name in enumerate(columns, 2))} WHERE id = $1",
        buyer.id,
        *(old[name] for name in columns),
    )
    assert await shop.phone(buyer) == "13812341234", "the row in itself shows nothing"
    verdict = await shop.check()
    assert {(one.table, one.column, one.row) for one in verdict.findings} == {
        ("trial_buyer", name, buyer.id) for name in ("phone", "name", "amount")
    }
    assert {one.told for one in verdict.findings} == {"version 1 was put back, version 2 had been written since"}
    assert other.id not in {one.row for one in verdict.findings}


async def test_what_was_never_recorded_is_found(shop: Shop) -> None:
    buyer = await shop.new_buyer()
    await shop.superuser.execute("UPDATE trial_buyer SET name = phone")
    (finding,) = (await shop.check()).findings
    assert (finding.column, finding.row, finding.told) == ("name", buyer.id, "it holds what was never recorded")
    await shop.superuser.execute("UPDATE trial_buyer SET id = gen_random_uuid()")
    assert {one.told for one in (await shop.check()).findings} == {"nothing is recorded of its being written"}
