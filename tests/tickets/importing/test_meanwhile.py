"""How far a check is shows while it goes on; what nobody finished is given up in the end."""

import asyncio
import gc
import sys
import threading
from collections.abc import Callable
from contextlib import aclosing
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from anshou.privacy.retention.sweeping import sweep_old
from anshou.tickets.importing.ahead import made_ahead, told_meanwhile
from anshou.tickets.importing.batches import ImportFinding, Step, TicketImport
from anshou.tickets.tickets import Ticket
from tenants.context import AGENCY
from tenants.storage import ObjectMissing, ObjectStorage
from tests.cast import NOW, Anhe
from tests.conftest import ActAs
from tests.tickets.importing.ledgers import imported, mapped


async def test_a_long_work_says_how_far_it_is_before_it_ends() -> None:
    heard: list[int] = []
    was_heard = threading.Event()

    def work(note: Callable[[int], None]) -> str:
        note(4000)
        assert was_heard.wait(60)
        return "done"

    async def tell(done: int) -> None:
        heard.append(done)
        if done == 4000:
            was_heard.set()

    assert await told_meanwhile(work, tell, every=timedelta(milliseconds=5)) == "done"
    assert heard[-1] == 4000


async def test_the_loop_has_its_turn_soon_and_no_circles_are_looked_for_until_the_last_of_several_works_ends() -> None:
    both = threading.Barrier(2, timeout=60)
    first_has_ended = threading.Event()
    found: list[tuple[bool, bool]] = []
    usual = sys.getswitchinterval()

    def now() -> tuple[bool, bool]:
        return gc.isenabled(), sys.getswitchinterval() < usual

    def fails(_: Callable[[int], None]) -> None:
        both.wait()
        found.append(now())
        raise ZeroDivisionError

    def lasts(_: Callable[[int], None]) -> None:
        both.wait()
        assert first_has_ended.wait(60)
        found.append(now())

    longer = asyncio.create_task(told_meanwhile(lasts, None))
    with pytest.raises(ZeroDivisionError):
        await told_meanwhile(fails, None)
    first_has_ended.set()
    await longer
    assert found == [(False, True), (False, True)]
    assert gc.isenabled()
    assert sys.getswitchinterval() == usual


async def test_the_next_is_made_while_one_is_used_and_an_error_comes_out_where_it_is_due() -> None:
    begun: list[int] = []
    later = threading.Semaphore(0)

    def make(number: int) -> int:
        begun.append(number)
        if len(begun) > 1:
            later.release()
        return 10 // number

    used: list[int] = []
    with pytest.raises(ZeroDivisionError):
        async with aclosing(made_ahead(make, [5, 2, 0, 1])) as made:
            async for one in made:
                assert await asyncio.to_thread(later.acquire, timeout=60), "the next one has begun"
                used.append(one)
    assert used == [2, 5]
    assert begun == [5, 2, 0]


async def test_an_import_that_nobody_finished_is_given_up_with_what_was_read(
    session: AsyncSession, storage: ObjectStorage, anhe: Anhe, act_as: ActAs
) -> None:
    done = (await imported(session, storage, anhe.supervisor)).id
    batch, _ = await mapped(session, storage, anhe.supervisor)
    left, key = batch.id, batch.storage_key
    assert key is not None

    async def stands(import_id: UUID) -> tuple[Step, bool]:
        await session.flush()
        found = await session.get_one(TicketImport, import_id)
        return found.step, found.storage_key is not None

    await act_as(AGENCY)
    await sweep_old(session, storage, at=NOW + timedelta(days=29))
    assert await stands(left) == (Step.CHECKED, True)
    await sweep_old(session, storage, at=NOW + timedelta(days=31))
    assert await stands(left) == (Step.DROPPED, False)
    assert await session.scalar(select(func.count()).select_from(ImportFinding)) == 0
    with pytest.raises(ObjectMissing):
        _ = [piece async for piece in storage.read(key)]
    assert await stands(done) == (Step.IMPORTED, False)
    assert await session.scalar(select(func.count()).select_from(Ticket)) == 6
