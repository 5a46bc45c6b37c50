"""Destroying a merchant's key: two people, a waiting time, and nothing that opens afterwards."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from confidentiality.audit.actors import Actor
from confidentiality.errors import KeyDestroyed
from confidentiality.keys.closed_ring import PLACEHOLDER, ClosedRing, open_masks
from confidentiality.keys.destruction import (
    Destruction,
    approve_destruction,
    begin_destruction,
    cancel_destruction,
    destroy_wrapping_key,
    find_open_destruction,
    note_destroyed,
    propose_destruction,
)
from confidentiality.keys.key_rows import DataKey, KeyState, OwnerKey
from confidentiality.keys.refusals import (
    AgencyKeyStays,
    DestructionDecided,
    DestructionUnderWay,
    NoKeys,
    SecondPersonNeeded,
)
from confidentiality.keys.vault import open_keys
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tests.confidentiality.keys.conftest import NOW, Process, StartProcess, add_buyers
from tests.confidentiality.sealing.trial import Buyer
from tests.database import Database

WEEK = timedelta(days=7)


async def proposed(session: AsyncSession, merchant: UUID, by: Actor) -> Destruction:
    return await propose_destruction(session, merchant, reason="合同终止，商家要求删除", by=by, at=NOW)


async def destroyed(process: Process, merchant: UUID, people: list[Actor]) -> UUID:
    """Proposed, approved, due and carried out, as the worker does it."""
    async with process.tenants.session(process.tenant, AGENCY) as session:
        found = await proposed(session, merchant, people[0])
        await session.flush()
        await approve_destruction(session, found.id, waiting=WEEK, by=people[1], at=NOW)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        await begin_destruction(session, found.id, NOW + WEEK)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        await destroy_wrapping_key(session, process.vault.kms, found.id)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        await note_destroyed(session, found.id, by=people[0], at=NOW + WEEK)
    return found.id


async def test_it_takes_two_different_people(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 1)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        found = await proposed(session, merchant, people[0])
        await session.flush()
        with pytest.raises(SecondPersonNeeded):
            await approve_destruction(session, found.id, waiting=WEEK, by=people[0], at=NOW)
        with pytest.raises(ValueError, match="a day at least"):
            await approve_destruction(session, found.id, waiting=timedelta(hours=23), by=people[1], at=NOW)
        assert found.waits_for_approval
        await approve_destruction(session, found.id, waiting=WEEK, by=people[1], at=NOW)
        assert (found.approved_by, found.due_at) == (people[1].id, NOW + WEEK)
        with pytest.raises(DestructionDecided):
            await approve_destruction(session, found.id, waiting=WEEK, by=people[2], at=NOW)
        due = await session.execute(text("SELECT count(*) FROM key_destruction WHERE approved_by = proposed_by"))
        assert due.scalar() == 0


async def test_the_database_itself_refuses_one_person_alone(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 1)
    with pytest.raises(IntegrityError, match="ck_key_destruction_two_people"):
        async with process.tenants.session(process.tenant, AGENCY) as session:
            found = await proposed(session, merchant, people[0])
            found.approved_by, found.approved_at, found.due_at = people[0].id, NOW, NOW + WEEK


async def test_before_its_time_nothing_happens_and_after_a_cancellation_neither(
    start: StartProcess, people: list[Actor]
) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 1)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        found = await proposed(session, merchant, people[0])
        await session.flush()
        await approve_destruction(session, found.id, waiting=WEEK, by=people[1], at=NOW)
        await begin_destruction(session, found.id, NOW + WEEK - timedelta(seconds=1))
        assert found.begun_at is None
        # Either of the two can still stop it.
        await cancel_destruction(session, found.id, by=people[0], at=NOW + timedelta(days=6))
        await begin_destruction(session, found.id, NOW + WEEK)
        assert found.begun_at is None
        with pytest.raises(DestructionDecided):
            await destroy_wrapping_key(session, process.vault.kms, found.id)
        assert await find_open_destruction(session, merchant) is None
        await proposed(session, merchant, people[1])
    process.vault.forget_all()
    async with process.tenants.session(process.tenant, AGENCY) as session:
        await open_keys(session, merchant)


async def test_once_it_has_begun_it_cannot_be_cancelled(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 1)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        found = await proposed(session, merchant, people[0])
        await session.flush()
        await approve_destruction(session, found.id, waiting=WEEK, by=people[1], at=NOW)
        await begin_destruction(session, found.id, NOW + WEEK)
        with pytest.raises(DestructionDecided):
            await cancel_destruction(session, found.id, by=people[1], at=NOW + WEEK)


async def test_what_cannot_be_proposed(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 1)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        with pytest.raises(NoKeys):
            await proposed(session, new_id(), people[0])
        with pytest.raises(AgencyKeyStays):
            await proposed(session, process.tenant.id, people[0])
        await proposed(session, merchant, people[0])
        await session.flush()
        with pytest.raises(DestructionUnderWay):
            await proposed(session, merchant, people[1])


async def test_afterwards_nothing_opens_and_pages_still_show(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    (buyer_id,) = await add_buyers(process, merchant, 1)
    await destroyed(process, merchant, people)
    process.vault.forget_all()
    async with process.tenants.session(process.tenant, AGENCY) as session:
        with pytest.raises(KeyDestroyed):
            await open_keys(session, merchant)
        ring = await open_masks(session, merchant)
        assert isinstance(ring, ClosedRing)
        buyer = await session.get_one(Buyer, buyer_id)
        assert ring.masked(buyer.phone) == PLACEHOLDER == "密钥已销毁"
        assert ring.masked(buyer.amount) == ""
        assert ring.masked_rows([buyer], Buyer.phone, Buyer.amount) == [(PLACEHOLDER, None)]
        assert ring.masked_rows([buyer], Buyer.id, Buyer.phone) == [(buyer_id, PLACEHOLDER)]
        assert not ring.confirms(buyer.phone, "13812340000")
        for use in (lambda: ring.open(buyer.phone), lambda: ring.seal(buyer, phone="1"), lambda: ring.seal_bytes(b"")):
            with pytest.raises(KeyDestroyed):
                use()
        key = (await session.scalars(select(OwnerKey).where(OwnerKey.owner_id == merchant))).one()
        assert (key.state, key.wrapped) == (KeyState.DESTROYED, None)
        wrapped = (await session.scalars(select(DataKey.wrapped).where(DataKey.owner_id == merchant))).all()
        assert wrapped == [None, None]


async def test_another_merchants_data_opens_as_before(start: StartProcess, people: list[Actor]) -> None:
    process, merchant, other = await start(), new_id(), new_id()
    await add_buyers(process, merchant, 1)
    (buyer_id,) = await add_buyers(process, other, 1)
    await destroyed(process, merchant, people)
    process.vault.forget_all()
    async with process.tenants.session(process.tenant, AGENCY) as session:
        buyer = await session.get_one(Buyer, buyer_id)
        assert (await open_keys(session, other)).open(buyer.phone) == "13812340000"


async def test_rows_restored_from_a_dump_before_the_destruction_do_not_open(
    start: StartProcess, people: list[Actor], trial: tuple[Database, Tenant]
) -> None:
    process, merchant = await start(), new_id()
    (buyer_id,) = await add_buyers(process, merchant, 1)
    database, tenant = trial
    superuser = await database.connect_as_superuser()
    tables = ("merchant_key", "data_key", "trial_buyer", "key_destruction")
    await superuser.execute(f'SET search_path = "{tenant.schema}"')
    dump = {table: await superuser.fetch(f"SELECT * FROM {table}") for table in tables}
    await destroyed(process, merchant, people)
    # The restore: every row of these tables as the dump has it.
    await superuser.execute(f"SET session_replication_role = replica; TRUNCATE {', '.join(tables)} CASCADE")
    for table, rows in dump.items():
        await superuser.copy_records_to_table(table, records=[tuple(row) for row in rows], schema_name=tenant.schema)
    restored = await superuser.fetchrow("SELECT state, wrapped FROM merchant_key WHERE owner_id = $1", merchant)
    await superuser.close()
    assert restored["state"] == "active"
    assert restored["wrapped"]
    for another in (process, await start()):
        another.vault.forget_all()
        async with another.tenants.session(tenant, AGENCY) as session:
            with pytest.raises(KeyDestroyed):
                await open_keys(session, merchant)
            ring = await open_masks(session, merchant)
            assert ring.masked((await session.get_one(Buyer, buyer_id)).phone) == PLACEHOLDER


async def test_a_process_that_hears_of_it_refuses_at_once_even_what_it_holds_open(
    start: StartProcess, people: list[Actor]
) -> None:
    process, worker = await start(), await start(listening=True)
    merchant = new_id()
    (buyer_id,) = await add_buyers(process, merchant, 1)
    async with worker.tenants.session(worker.tenant, AGENCY) as session:
        ring = await open_keys(session, merchant)
        buyer = await session.get_one(Buyer, buyer_id)
        assert ring.open(buyer.phone) == "13812340000"
        await destroyed(process, merchant, people)
        for _ in range(3_000):
            try:
                ring.open(buyer.phone)
            except KeyDestroyed:
                break
            await asyncio.sleep(0.02)
        with pytest.raises(KeyDestroyed):
            ring.open(buyer.phone)
        with pytest.raises(KeyDestroyed):
            await open_keys(session, merchant)


async def test_keys_that_a_long_job_still_holds_are_refused_although_they_were_opened_anew_since(
    start: StartProcess, people: list[Actor]
) -> None:
    process, worker = await start(), await start(listening=True)
    merchant = new_id()
    await add_buyers(process, merchant, 1)
    async with worker.tenants.session(worker.tenant, AGENCY) as session:
        held = await open_keys(session, merchant)
        worker.vault.forget(worker.tenant.id, merchant)
        later = await open_keys(session, merchant)
        assert later is not held
        await destroyed(process, merchant, people)
        for _ in range(3_000):
            if not len(worker.vault):
                break
            await asyncio.sleep(0.02)
        for ring in (held, later):
            with pytest.raises(KeyDestroyed):
                ring.seal_bytes(b"text", table="consumer", column="phone", row=new_id())


async def test_a_process_that_hears_nothing_refuses_when_its_time_is_over(
    start: StartProcess, people: list[Actor]
) -> None:
    process, deaf = await start(), await start(hold=0.3)
    merchant = new_id()
    await add_buyers(process, merchant, 1)
    async with deaf.tenants.session(deaf.tenant, AGENCY) as session:
        await open_keys(session, merchant)
    await destroyed(process, merchant, people)
    await asyncio.sleep(0.35)
    async with deaf.tenants.session(deaf.tenant, AGENCY) as session:
        with pytest.raises(KeyDestroyed):
            await open_keys(session, merchant)


async def test_a_job_that_died_between_the_steps_does_both_again(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 1)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        found = await proposed(session, merchant, people[0])
        await session.flush()
        await approve_destruction(session, found.id, waiting=WEEK, by=people[1], at=NOW)
        await begin_destruction(session, found.id, NOW + WEEK)
        await destroy_wrapping_key(session, process.vault.kms, found.id)
    process.vault.forget_all()
    async with process.tenants.session(process.tenant, AGENCY) as session:
        with pytest.raises(KeyDestroyed):
            await open_keys(session, merchant)
        await destroy_wrapping_key(session, process.vault.kms, found.id)
        await note_destroyed(session, found.id, by=people[0], at=NOW + WEEK)
        await note_destroyed(session, found.id, by=people[0], at=NOW + WEEK)
        assert await find_open_destruction(session, merchant) is None


async def test_every_step_leaves_a_leaf(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 1)
    subject = await destroyed(process, merchant, people)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        query = text("SELECT action, actor_id FROM audit_leaf WHERE subject_id = :subject ORDER BY id")
        left = [(row.action, row.actor_id) for row in await session.execute(query, {"subject": subject})]
    assert left == [
        ("keys.destruction_proposed", people[0].id),
        ("keys.destruction_approved", people[1].id),
        ("keys.destroyed", people[0].id),
    ]
