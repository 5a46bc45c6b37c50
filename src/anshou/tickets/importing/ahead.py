"""Work beside the loop: making the next of many things while one is being written, and saying how far a long one is."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from datetime import timedelta
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")

Tell = Callable[[int], Awaitable[None]]
"""Hears how many rows are done."""

# How often it is said how far a long work is; the page asks every two seconds.
EVERY = timedelta(seconds=1)


async def told_meanwhile(
    work: Callable[[Callable[[int], None]], T], tell: Tell | None, *, every: timedelta = EVERY
) -> T:
    """What `work` makes beside the loop; now and then `tell` hears the number that the work gave last.

    Raises what either raises, the work having ended.
    """
    done = 0

    def note(now: int) -> None:
        nonlocal done
        done = now

    going = asyncio.create_task(asyncio.to_thread(work, note))
    try:
        while tell is not None and not (await asyncio.wait([going], timeout=every.total_seconds()))[0]:
            await tell(done)
    finally:
        await asyncio.wait([going])
    return await going


async def made_ahead(make: Callable[[T], U], of: Sequence[T]) -> AsyncGenerator[U, None]:
    """What `make`, which is pure, makes of each, in their order: the next is made while the caller uses this one.

    Raises what `make` raises. To be closed by whoever leaves it early, e.g. with `contextlib.aclosing`: nothing is
    made any more then.
    """
    coming: asyncio.Task[U] | None = None
    try:
        for place in range(len(of)):
            coming = coming or asyncio.create_task(asyncio.to_thread(make, of[place]))
            made = await coming
            ahead = of[place + 1 : place + 2]
            coming = asyncio.create_task(asyncio.to_thread(make, ahead[0])) if ahead else None
            yield made
    finally:
        if coming is not None:
            # A thread cannot be stopped: what it makes is waited for and thrown away.
            await asyncio.wait([coming])
            if not coming.cancelled():
                coming.exception()
