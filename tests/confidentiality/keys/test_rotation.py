"""Rotating data keys while everybody goes on: new writes at once under the new one, the old ones sealed anew."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text, update

from confidentiality.audit.actors import Actor
from confidentiality.errors import KeyDestroyed
from confidentiality.keys.key_rows import DataKey, OwnerKey, Purpose, VersionState
from confidentiality.keys.resealing import (
    SETTLED_AFTER,
    Resealing,
    find_resealing,
    reseal_batch,
    reseal_next,
)
from confidentiality.keys.rotation import rewrap, rotate
from confidentiality.keys.row_versions import count_versions
from confidentiality.keys.vault import open_keys
from confidentiality.sealing.cells import take_noted
from confidentiality.sealing.wire import key_version
from tenants.base import new_id
from tenants.context import AGENCY
from tenants.registry import Tenant
from tests.confidentiality.keys.conftest import NOW, Process, StartProcess, add_buyers
from tests.confidentiality.sealing.trial import Buyer, Note
from tests.database import Database

LATER = NOW + SETTLED_AFTER


async def rotated(process: Process, merchant: UUID, by: Actor) -> int:
    async with process.tenants.session(process.tenant, AGENCY) as session:
        version = await rotate(session, process.vault.kms, merchant, by=by, at=NOW)
    process.vault.forget(process.tenant.id, merchant)
    return version


async def resealed(process: Process, merchant: UUID, version: int, by: Actor, *, limit: int = 10) -> int:
    """All batches to the end, as the worker's jobs do them; how many rows."""
    rows = 0
    while True:
        async with process.tenants.session(process.tenant, AGENCY) as session:
            ring = await open_keys(session, merchant)
            done = await reseal_next(session, ring, version, by=by, at=LATER, models=(Buyer, Note), limit=limit)
        if done is None:
            return rows
        rows += done.rows


async def versions_of(process: Process, merchant: UUID) -> dict[int, int]:
    async with process.tenants.session(process.tenant, AGENCY) as session:
        return await count_versions(session, Buyer, merchant)


async def states_of(process: Process, merchant: UUID) -> list[VersionState]:
    async with process.tenants.session(process.tenant, AGENCY) as session:
        query = select(DataKey.state).where(DataKey.owner_id == merchant, DataKey.purpose == Purpose.DATA)
        return list((await session.scalars(query.order_by(DataKey.version))).all())


async def phones_of(process: Process, merchant: UUID) -> set[str]:
    async with process.tenants.session(process.tenant, AGENCY) as session:
        ring = await open_keys(session, merchant)
        buyers = (await session.scalars(select(Buyer).where(Buyer.merchant_id == merchant))).all()
        return {ring.open(buyer.phone) for buyer in buyers}


async def test_new_writes_are_under_the_new_version_and_the_old_ones_still_open(
    start: StartProcess, people: list[Actor]
) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 3)
    assert await rotated(process, merchant, people[0]) == 2
    await add_buyers(process, merchant, 2, phone="13900000000")
    assert await versions_of(process, merchant) == {1: 3, 2: 2}
    assert len(await phones_of(process, merchant)) == 5
    assert await states_of(process, merchant) == [VersionState.OPENING, VersionState.CURRENT]


async def test_every_process_that_listens_seals_under_the_new_version_at_once(
    start: StartProcess, people: list[Actor]
) -> None:
    process, listening = await start(), await start(listening=True)
    merchant = new_id()
    await add_buyers(listening, merchant, 1)
    await rotated(process, merchant, people[0])
    for _ in range(3_000):
        async with listening.tenants.session(listening.tenant, AGENCY) as session:
            if (await open_keys(session, merchant)).current == 2:
                break
        await asyncio.sleep(0.02)
    await add_buyers(listening, merchant, 1)
    assert await versions_of(process, merchant) == {1: 1, 2: 1}


async def test_resealing_leaves_nothing_under_the_old_version_and_every_text_as_it_was(
    start: StartProcess, people: list[Actor]
) -> None:
    process, merchant, other = await start(), new_id(), new_id()
    await add_buyers(process, merchant, 35)
    await add_buyers(process, other, 5)
    before = await phones_of(process, merchant)
    version = await rotated(process, merchant, people[0])
    assert await resealed(process, merchant, version, people[0]) == 35
    assert await versions_of(process, merchant) == {2: 35}
    assert await versions_of(process, other) == {1: 5}
    assert await phones_of(process, merchant) == before
    assert await states_of(process, merchant) == [VersionState.RETIRED, VersionState.CURRENT]
    async with process.tenants.session(process.tenant, AGENCY) as session:
        state = await find_resealing(session, merchant)
        assert state is not None
        assert (state.rows_done, state.finished_at) == (35, LATER)


async def test_rows_are_found_by_their_blind_index_after_the_rotation(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    ids = await add_buyers(process, merchant, 3)
    version = await rotated(process, merchant, people[0])
    await resealed(process, merchant, version, people[0])
    async with process.tenants.session(process.tenant, AGENCY) as session:
        ring = await open_keys(session, merchant)
        found = await session.scalars(select(Buyer).where(Buyer.phone.matches(ring, "13812340001")))
        assert [buyer.id for buyer in found if ring.confirms(buyer.phone, "13812340001")] == [ids[1]]


async def test_no_version_is_retired_while_a_process_may_still_seal_under_it(
    start: StartProcess, people: list[Actor]
) -> None:
    process, deaf, merchant = await start(), await start(), new_id()
    await add_buyers(deaf, merchant, 2)
    version = await rotated(process, merchant, people[0])
    early = SETTLED_AFTER - timedelta(seconds=1)
    for _ in range(4):
        async with process.tenants.session(process.tenant, AGENCY) as session:
            ring = await open_keys(session, merchant)
            await reseal_next(session, ring, version, by=people[0], at=NOW + early, models=(Buyer, Note))
    assert await versions_of(process, merchant) == {2: 2}
    assert await states_of(process, merchant) == [VersionState.OPENING, VersionState.CURRENT]
    # It has not heard of the rotation, and what it writes under the older version is met in the next round.
    await add_buyers(deaf, merchant, 1, phone="13700000000")
    assert await versions_of(process, merchant) == {1: 1, 2: 2}
    await resealed(process, merchant, version, people[0])
    assert await versions_of(process, merchant) == {2: 3}
    assert await states_of(process, merchant) == [VersionState.RETIRED, VersionState.CURRENT]


async def test_what_was_sealed_under_a_retired_version_still_opens(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    place = {"table": "audit_leaf", "column": "body", "row": new_id()}
    async with process.tenants.session(process.tenant, AGENCY) as session:
        body = (await open_keys(session, merchant)).seal_bytes(b"a record that never changes", **place)
    version = await rotated(process, merchant, people[0])
    await resealed(process, merchant, version, people[0])
    assert VersionState.RETIRED in await states_of(process, merchant)
    process.vault.forget_all()
    async with process.tenants.session(process.tenant, AGENCY) as session:
        assert (await open_keys(session, merchant)).open_bytes(body, **place) == b"a record that never changes"


async def test_a_row_that_somebody_is_writing_is_passed_over_and_keeps_what_they_wrote(
    start: StartProcess, people: list[Actor]
) -> None:
    process, merchant = await start(), new_id()
    ids = await add_buyers(process, merchant, 3)
    version = await rotated(process, merchant, people[0])
    async with process.tenants.session(process.tenant, AGENCY) as writing:
        ring = await open_keys(writing, merchant)
        buyer = await writing.get_one(Buyer, ids[1])
        ring.seal(buyer, phone="13666666666")
        await writing.flush()
        async with process.tenants.session(process.tenant, AGENCY) as session:
            done = await asyncio.wait_for(reseal_batch(session, ring, Buyer), timeout=60)
        assert done.rows == 2
    assert await versions_of(process, merchant) == {version: 3}
    assert "13666666666" in await phones_of(process, merchant)


async def test_an_older_text_never_overwrites_a_newer_one(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    ids = await add_buyers(process, merchant, 20)
    version = await rotated(process, merchant, people[0])
    written: dict[UUID, str] = {}

    async def write(number: int) -> None:
        async with process.tenants.session(process.tenant, AGENCY) as session:
            ring = await open_keys(session, merchant)
            buyer = await session.get_one(Buyer, ids[number], with_for_update=True)
            written[buyer.id] = f"1350000{number:04}"
            ring.seal(buyer, phone=written[buyer.id])

    await asyncio.gather(
        *(write(number) for number in range(20)), resealed(process, merchant, version, people[0], limit=3)
    )
    assert await phones_of(process, merchant) == set(written.values())
    assert await versions_of(process, merchant) == {version: 20}


async def test_a_batch_whose_rows_have_changed_writes_nothing_over_them(
    start: StartProcess, people: list[Actor], trial: tuple[Database, Tenant]
) -> None:
    process, merchant = await start(), new_id()
    (buyer_id,) = await add_buyers(process, merchant, 1)
    await rotated(process, merchant, people[0])
    async with process.tenants.session(process.tenant, AGENCY) as session:
        ring = await open_keys(session, merchant)
        await reseal_batch(session, ring, Buyer)
        # The digest of what now stands there goes into the audit record, as with every write.
        noted = take_noted(session.sync_session)
        stored = (await session.execute(select(Buyer.phone, Buyer.name).where(Buyer.id == buyer_id))).one()
        assert {cell.column for cell in noted} == {"phone", "name"}
        assert {key_version(handle.ciphertext) for handle in stored} == {2}
        assert {cell.seal_version for cell in noted} == {1}


@pytest.mark.timeout(120)
async def test_a_killed_process_is_taken_over_where_it_stopped(
    start: StartProcess, people: list[Actor], trial: tuple[Database, Tenant]
) -> None:
    database, tenant = trial
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 400)
    before = await phones_of(process, merchant)
    version = await rotated(process, merchant, people[0])
    told = {
        "TEST_DATABASE_URL": database.url,
        "TEST_SECRET": database.secret.hex(),
        "TEST_KEYS": str(database.keys),
        "TEST_TENANT": str(tenant.id),
        "TEST_MERCHANT": str(merchant),
        "TEST_VERSION": str(version),
    }

    async def run_until(lines: int | None) -> int:
        child = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.confidentiality.keys.reseal_process", env={**os.environ, **told}, stdout=PIPE
        )
        assert child.stdout is not None
        rows = 0
        while line := await child.stdout.readline():
            rows += int(line)
            if lines is not None and rows >= lines:
                child.send_signal(signal.SIGKILL)
                break
        await child.wait()
        return rows

    await run_until(100)
    halfway = await versions_of(process, merchant)
    assert halfway[1] + halfway[2] == 400
    assert halfway[1] > 0
    rest = await run_until(None)
    assert await versions_of(process, merchant) == {2: 400}
    assert await phones_of(process, merchant) == before
    # What the killed one had committed is not done again.
    assert rest <= halfway[1]
    async with process.tenants.session(process.tenant, AGENCY) as session:
        state = await session.get_one(Resealing, merchant)
        assert state.finished_at is not None


async def test_a_second_rotation_ends_the_jobs_of_the_first(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 5)
    first = await rotated(process, merchant, people[0])
    second = await rotated(process, merchant, people[0])
    assert await resealed(process, merchant, first, people[0]) == 0
    assert await resealed(process, merchant, second, people[0]) == 5
    assert await versions_of(process, merchant) == {3: 5}
    assert await states_of(process, merchant) == [VersionState.RETIRED, VersionState.RETIRED, VersionState.CURRENT]


async def test_a_rewrap_changes_the_wrapping_and_nothing_else(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 2)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        key = (await session.scalars(select(OwnerKey).where(OwnerKey.owner_id == merchant))).one()
        before, handle = key.wrapped, key.handle
        assert await rewrap(session, process.vault.kms, merchant, by=people[0], at=LATER) == 2
    async with process.tenants.session(process.tenant, AGENCY) as session:
        key = (await session.scalars(select(OwnerKey).where(OwnerKey.owner_id == merchant))).one()
        assert key.wrapped != before
        assert (key.handle, key.wrapped_at) == (handle, LATER)
    process.vault.forget_all()
    assert await versions_of(process, merchant) == {1: 2}
    assert len(await phones_of(process, merchant)) == 2


async def test_a_dump_from_before_a_rotation_still_opens(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    (buyer_id,) = await add_buyers(process, merchant, 1)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        old = (await session.execute(select(Buyer.phone, Buyer.name).where(Buyer.id == buyer_id))).one()
        wrapped = await session.scalar(select(OwnerKey.wrapped).where(OwnerKey.owner_id == merchant))
    version = await rotated(process, merchant, people[0])
    await resealed(process, merchant, version, people[0])
    async with process.tenants.session(process.tenant, AGENCY) as session:
        await rewrap(session, process.vault.kms, merchant, by=people[0], at=LATER)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        await session.execute(update(Buyer).where(Buyer.id == buyer_id).values(phone=old.phone, name=old.name))
        await session.execute(update(OwnerKey).where(OwnerKey.owner_id == merchant).values(wrapped=wrapped))
    process.vault.forget_all()
    assert await phones_of(process, merchant) == {"13812340000"}


async def test_a_destroyed_key_is_neither_rotated_nor_wrapped_anew(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 1)
    async with process.tenants.session(process.tenant, AGENCY) as session:
        handle = await session.scalar(select(OwnerKey.handle).where(OwnerKey.owner_id == merchant))
        await process.vault.kms.destroy(handle)
        for operation in (rotate, rewrap):
            with pytest.raises(KeyDestroyed):
                await operation(session, process.vault.kms, merchant, by=people[0], at=NOW)


async def test_rotations_and_their_end_leave_leaves(start: StartProcess, people: list[Actor]) -> None:
    process, merchant = await start(), new_id()
    await add_buyers(process, merchant, 1)
    version = await rotated(process, merchant, people[0])
    await resealed(process, merchant, version, people[0])
    async with process.tenants.session(process.tenant, AGENCY) as session:
        query = text("SELECT action FROM audit_leaf WHERE subject_id = :owner ORDER BY id")
        left = (await session.scalars(query, {"owner": merchant})).all()
    assert left == ["keys.rotated", "keys.resealed"]
