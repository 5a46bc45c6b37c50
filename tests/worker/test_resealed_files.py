"""Files follow a rotation: sealed anew into new objects while people read, erase and are killed."""

import asyncio
import os
import signal
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from anshou.merchants.contracts import ContractVersion
from anshou.merchants.documents import ContractDocument, remove_document
from anshou.privacy.key_keeping import rotate_keys, sealed_by_version
from anshou.privacy.retention.carrying_out import erase_next
from anshou.privacy.retention.erasure_list import ErasureList
from anshou.privacy.retention.runs import ErasureRun, RunCause
from anshou.sealed_tables import know_all
from anshou.tickets.sealed_files import sealing_storage
from anshou.tickets.tickets import Ticket
from anshou.worker.actors import ACTORS
from anshou.worker.keys import sweep_files
from confidentiality.keys.file_places import KEPT_FOR, FilePlace, find_spent
from confidentiality.keys.file_resealing import Claim, claim, copy, older_files, swap, version_of
from confidentiality.keys.key_rows import DataKey, Purpose, VersionState
from confidentiality.keys.resealing import Resealing, find_resealing
from confidentiality.keys.status import Counted
from confidentiality.keys.vault import Vault, open_keys
from confidentiality.sealing.ring import KeyRing
from tenants.context import AGENCY
from tenants.registry import Tenant
from tenants.sessions import Tenants
from tenants.storage import ObjectMissing, open_storage
from tests.cast import NOW, settle
from tests.database import Database
from tests.worker.shelf import FILE, Shelf
from tests.worker.workshop import Ledger, outside, plan, until, working

# Long enough ago that nobody seals under the older version any more.
LONG_AGO = timedelta(minutes=10)


@pytest.fixture
async def shelf(tenants: Tenants, tenant: Tenant, wiped: None, tmp_path: Path) -> Shelf:
    """安和 with files in a folder."""
    know_all()
    async with tenants.session(tenant, AGENCY) as session:
        cast = await settle(session)
    return Shelf(tenants, tenant, cast, open_storage(tmp_path.as_uri()), tmp_path)


async def rotate(shelf: Shelf, vault: Vault) -> int:
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        version = await rotate_keys(session, shelf.owner, by=shelf.cast.admin, at=datetime.now(UTC) - LONG_AGO)
    vault.forget(shelf.tenant.id, shelf.owner)
    return version


async def claimed_one(shelf: Shelf, version: int) -> tuple[KeyRing, Claim]:
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        ring = await open_keys(session, shelf.owner)
        (file,) = await older_files(session, shelf.owner, version, most=1)
    lies_under = await version_of(shelf.storage, file)
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        found = await claim(session, ring, file, lies_under)
    assert found is not None
    return ring, found


async def swapped(shelf: Shelf, ring: KeyRing, claimed: Claim) -> bool:
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        return await swap(session, ring, claimed, at=datetime.now(UTC))


async def swept(shelf: Shelf) -> None:
    """The job of some hours later."""
    later = datetime.now(UTC) + KEPT_FOR + timedelta(hours=1)
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        for one in await find_spent(session, later, most=1000):
            await shelf.storage.delete(one.storage_key)
            await session.delete(one)


async def erase(shelf: Shelf, ticket: Ticket) -> None:
    """Erase the ticket's attachments, as a request of a person does."""
    listing = ErasureList(open_storage("memory:"), secret=bytes(32))
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        run = ErasureRun(
            cause=RunCause.REQUEST,
            started_at=NOW,
            started_by=shelf.cast.admin.id,
            of_merchant=shelf.owner,
            subjects={"attachments": [str(ticket.id)]},
        )
        session.add(run)
    again = True
    while again:
        async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
            found = await session.get_one(ErasureRun, run.id)
            again = await erase_next(session, shelf.storage, listing, found, at=datetime.now(UTC))


async def counted(shelf: Shelf) -> dict[int, Counted]:
    """What `anshou keys status --count` and the page of the keys tell."""
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        return await sealed_by_version(session, shelf.storage, shelf.owner, by=shelf.cast.admin)


async def test_the_worker_seals_files_anew_and_retires_the_old_version(
    shelf: Shelf, database: Database, vault: Vault, ledger: Ledger
) -> None:
    document = await shelf.add_document()
    _, attachment = await shelf.add_attachment()
    version = await rotate(shelf, vault)
    before = await counted(shelf)
    assert (before[1].files, set(before)) == (2, {1})
    assert before[1].rows > 0

    async def is_over() -> bool:
        async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
            state = await find_resealing(session, shelf.owner)
            return state is not None and state.finished_at is not None

    async with working(plan(database, ACTORS, outside=replace(outside(), storage=shelf.storage))):
        await until(is_over)
    assert await shelf.versions() == {version}
    assert await shelf.read(document) == await shelf.read(attachment) == FILE
    after = await counted(shelf)
    assert (after[1].rows, after[1].files) == (0, 0)
    assert after[1].for_the_record_alone, "what the record says of the marked ticket stays under the key of its time"
    assert after[version].files == 2
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        assert (await session.get_one(Resealing, shelf.owner)).files_done == 2
        of_data = select(DataKey.state).where(DataKey.owner_id == shelf.owner, DataKey.purpose == Purpose.DATA)
        states = list(await session.scalars(of_data.order_by(DataKey.version)))
    assert states == [VersionState.RETIRED, VersionState.CURRENT]
    # The old objects stay for whoever looked them up just now, and go with their hour.
    assert await shelf.spent() == 2
    assert len(shelf.objects()) == 4
    await swept(shelf)
    assert shelf.objects() == set((await shelf.places()).values())
    assert await shelf.read(document) == FILE


async def test_the_sweep_is_a_job_that_deletes_what_is_due(
    shelf: Shelf, database: Database, vault: Vault, ledger: Ledger
) -> None:
    await shelf.add_document()
    ring, claimed = await claimed_one(shelf, await rotate(shelf, vault))
    await copy(shelf.storage, ring, claimed)
    await swapped(shelf, ring, claimed)
    superuser = await database.connect_as_superuser()
    await superuser.execute(f"UPDATE \"{shelf.tenant.schema}\".spent_object SET due_at = now() - interval '1 minute'")
    await superuser.close()
    await ledger.hasten()

    async def is_swept() -> bool:
        return await shelf.spent() == 0

    async with working(plan(database, (sweep_files,), outside=replace(outside(), storage=shelf.storage))):
        await until(is_swept)
    assert shelf.objects() == {claimed.next_key}


async def test_who_is_reading_reads_on_while_the_file_moves(shelf: Shelf, vault: Vault) -> None:
    key = await shelf.add_document()
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        before = await sealing_storage(session, shelf.storage, shelf.owner, key)
    reading = before.read(key)
    begun = await anext(reading)
    ring, claimed = await claimed_one(shelf, await rotate(shelf, vault))
    await copy(shelf.storage, ring, claimed)
    assert await swapped(shelf, ring, claimed)
    assert begun + b"".join([piece async for piece in reading]) == FILE
    # Somebody who had looked up where it lies and begins only now.
    assert b"".join([piece async for piece in before.read(key)]) == FILE
    assert await shelf.read(key) == FILE


@pytest.mark.parametrize("moment", ["before the copy", "before the swap", "after the swap"])
async def test_erasing_wins_whenever_it_comes(shelf: Shelf, database: Database, vault: Vault, moment: str) -> None:
    ticket, key = await shelf.add_attachment()
    ring, claimed = await claimed_one(shelf, await rotate(shelf, vault))
    if moment == "before the copy":
        await erase(shelf, ticket)
        with pytest.raises(ObjectMissing):
            await copy(shelf.storage, ring, claimed)
        assert not await swapped(shelf, ring, claimed)
    else:
        await copy(shelf.storage, ring, claimed)
        if moment == "after the swap":
            assert await swapped(shelf, ring, claimed)
        await erase(shelf, ticket)
        assert not await swapped(shelf, ring, claimed)
    assert shelf.objects() == set()
    with pytest.raises(ObjectMissing):
        await shelf.read(key)


async def test_what_is_written_after_the_erasure_is_swept(shelf: Shelf, database: Database, vault: Vault) -> None:
    ticket, _ = await shelf.add_attachment()
    _, claimed = await claimed_one(shelf, await rotate(shelf, vault))
    lying = b"".join([piece async for piece in shelf.storage.read(claimed.storage_key)])
    await erase(shelf, ticket)
    # A copy that had read everything before, and whose process dies before it can find out.

    async def late() -> AsyncIterator[bytes]:
        yield lying

    await shelf.storage.put(claimed.next_key, late())
    await swept(shelf)
    assert shelf.objects() == set()


async def test_a_document_that_is_taken_off_a_draft_takes_its_objects_with_it(
    shelf: Shelf, database: Database, vault: Vault
) -> None:
    await shelf.add_document()
    ring, claimed = await claimed_one(shelf, await rotate(shelf, vault))
    await copy(shelf.storage, ring, claimed)
    superuser = await database.connect_as_superuser()
    await superuser.execute(
        f'SET session_replication_role = replica; UPDATE "{shelf.tenant.schema}".contract_version '
        f"SET in_force_at = NULL, in_force_by = NULL WHERE id = '{shelf.cast.yunshan.version_id}'"
    )
    await superuser.close()
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        version = await session.get_one(ContractVersion, shelf.cast.yunshan.version_id)
        document = (await session.scalars(select(ContractDocument))).one()
        await remove_document(session, version, document, by=shelf.cast.admin, at=datetime.now(UTC))
    assert not await swapped(shelf, ring, claimed)
    await swept(shelf)
    assert shelf.objects() == set()


async def test_a_damaged_file_is_reported_and_keeps_its_version_open(
    shelf: Shelf, database: Database, vault: Vault, ledger: Ledger
) -> None:
    good, damaged = await shelf.add_document(), await shelf.add_document()
    lying = b"".join([piece async for piece in shelf.storage.read(damaged)])

    async def flipped() -> AsyncIterator[bytes]:
        yield lying[:-1] + bytes([lying[-1] ^ 1])

    await shelf.storage.put(damaged, flipped())
    await rotate(shelf, vault)

    async def is_over() -> bool:
        async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
            state = await find_resealing(session, shelf.owner)
            return state is not None and state.finished_at is not None

    async with working(plan(database, ACTORS, outside=replace(outside(), storage=shelf.storage))):
        await until(is_over)
    assert await shelf.read(good) == FILE
    assert (await shelf.places())[damaged] == damaged, "nothing is thrown away that might still be mended"
    async with shelf.tenants.session(shelf.tenant, AGENCY) as session:
        assert (await session.scalars(select(FilePlace.key_version).order_by(FilePlace.key_version))).all() == [1, 2]
        of_data = select(DataKey.state).where(DataKey.owner_id == shelf.owner, DataKey.purpose == Purpose.DATA)
        states = list(await session.scalars(of_data.order_by(DataKey.version)))
    assert states == [VersionState.OPENING, VersionState.CURRENT]


@pytest.mark.timeout(120)
@pytest.mark.parametrize("moment", ["claimed", "copying", "copied", "swapped"])
async def test_a_killed_process_leaves_every_file_readable_and_in_the_end_no_object_too_many(
    shelf: Shelf, database: Database, vault: Vault, moment: str
) -> None:
    keys = [await shelf.add_document(FILE + bytes([number])) for number in range(3)]
    version = await rotate(shelf, vault)
    told = {
        "TEST_DATABASE_URL": database.url,
        "TEST_SECRET": database.secret.hex(),
        "TEST_KEYS": str(database.keys),
        "TEST_TENANT": str(shelf.tenant.id),
        "TEST_OWNER": str(shelf.owner),
        "TEST_VERSION": str(version),
        "TEST_STORAGE": shelf.folder.as_uri() if shelf.folder else "",
    }

    async def run(killed_at: str) -> list[str]:
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.worker.reseal_files_process",
            env={**os.environ, **told, "TEST_KILLED_AT": killed_at},
            stdout=PIPE,
        )
        assert child.stdout is not None
        said = []
        while line := (await child.stdout.readline()).decode().strip():
            said.append(line)
            if line == killed_at:
                child.send_signal(signal.SIGKILL)
        await child.wait()
        return said

    assert (await run(moment))[-1] == moment
    for number, key in enumerate(keys):
        assert await shelf.read(key) == FILE + bytes([number])
    assert (await run("")).count("swapped") == (2 if moment == "swapped" else 3)
    assert await shelf.versions() == {version}
    for number, key in enumerate(keys):
        assert await shelf.read(key) == FILE + bytes([number])
    await swept(shelf)
    # What an upload that was cut off leaves beside the objects is no object: the folder's adapter marks it by a `#`.
    assert {key for key in shelf.objects() if "#" not in key} == set((await shelf.places()).values())
