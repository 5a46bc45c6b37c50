"""What is written into sealed cells is recorded, so an old value put back is found although it opens."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from sqlalchemy import delete, insert, select

from confidentiality.audit.cell_check import CellVerdict, check_cells
from confidentiality.audit.leaves import AuditLeaf
from confidentiality.keys.vault import CARRIED_AS, open_keys
from confidentiality.sealing.cells import note_gone, note_rows
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
    assert {one.told for one in (await shop.check()).findings} == {
        "nothing is recorded of its being written",
        "it is gone, and nothing is recorded of its being taken away",
    }


async def test_a_cell_that_was_set_to_null_behind_the_application_is_found(shop: Shop) -> None:
    buyer = await shop.new_buyer()
    await shop.superuser.execute("UPDATE trial_buyer SET name = NULL WHERE id = $1", buyer.id)
    (finding,) = (await shop.check()).findings
    assert (finding.table, finding.column, finding.row) == ("trial_buyer", "name", buyer.id)
    assert finding.told == "it is gone, and nothing is recorded of its being taken away"


async def test_a_row_that_was_deleted_behind_the_application_is_found(shop: Shop) -> None:
    buyer, other = await shop.new_buyer(), await shop.new_buyer()
    await shop.superuser.execute("DELETE FROM trial_buyer WHERE id = $1", buyer.id)
    findings = (await shop.check()).findings
    assert {(one.column, one.row) for one in findings} == {(name, buyer.id) for name in ("phone", "name", "amount")}
    assert other.id not in {one.row for one in findings}


async def test_what_the_application_clears_and_deletes_is_no_finding(shop: Shop) -> None:
    cleared, deleted, statement = await shop.new_buyer(), await shop.new_buyer(), await shop.new_buyer()
    async with shop.tenants.session(shop.tenant, AGENCY) as session:
        ring = await open_keys(session, MERCHANT)
        ring.seal(await session.get_one(Buyer, cleared.id), name=None)
        await session.delete(await session.get_one(Buyer, deleted.id))
        columns = Buyer.id, Buyer.seal_version, Buyer.merchant_id
        gone = await session.execute(delete(Buyer).where(Buyer.id == statement.id).returning(*columns))
        note_gone(session.sync_session, Buyer, gone.all())
    verdict = await shop.check()
    assert (verdict.compared, verdict.findings) == (2, [])


async def test_what_was_cleared_and_is_put_back_is_found(shop: Shop) -> None:
    buyer = await shop.new_buyer()
    old = await shop.superuser.fetchrow("SELECT * FROM trial_buyer WHERE id = $1", buyer.id)
    async with shop.tenants.session(shop.tenant, AGENCY) as session:
        await session.delete(await session.get_one(Buyer, buyer.id))
    names = list(old.keys())
    await shop.superuser.execute(
        f"INSERT INTO trial_buyer ({', '.join(names)}) VALUES ({', '.join(f'${at}' for at, _ in enumerate(names, 1))})",
        *old.values(),
    )
    assert {one.told for one in (await shop.check()).findings} == {
        "version 1 was put back after it had been taken away"
    }


async def test_a_row_written_anew_under_the_id_of_a_deleted_one_is_no_finding(shop: Shop) -> None:
    buyer = await shop.new_buyer()
    await shop.call(buyer, "13900000000")
    async with shop.tenants.session(shop.tenant, AGENCY) as session:
        await session.delete(await session.get_one(Buyer, buyer.id))
    async with shop.tenants.session(shop.tenant, AGENCY) as session:
        ring = await open_keys(session, MERCHANT)
        anew = Buyer(id=buyer.id, merchant_id=MERCHANT)
        ring.seal(anew, phone="13500000000")
        session.add(anew)
    assert (await shop.check()).findings == []


async def test_what_a_savepoint_takes_back_is_not_expected_to_be_there(shop: Shop) -> None:
    kept = await shop.new_buyer()
    async with shop.tenants.session(shop.tenant, AGENCY) as session:
        ring = await open_keys(session, MERCHANT)
        with pytest.raises(LookupError):
            async with session.begin_nested():
                await session.delete(await session.get_one(Buyer, kept.id))
                lost = Buyer(merchant_id=MERCHANT)
                ring.seal(lost, phone="13500000000")
                session.add(lost)
                await session.flush()
                raise LookupError
    verdict = await shop.check()
    assert (verdict.compared, verdict.findings) == (3, [])
    await shop.superuser.execute("DELETE FROM trial_buyer")
    assert len((await shop.check()).findings) == 3


async def test_cells_from_before_clearings_left_leaves_are_not_missed(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("confidentiality.audit.cells.FORM", 1)
    buyer = await shop.new_buyer()
    await shop.superuser.execute("DELETE FROM trial_buyer WHERE id = $1", buyer.id)
    assert (await shop.check()).findings == []
