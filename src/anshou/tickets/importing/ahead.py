"""Work beside the loop: making the next of many things while one is being written, and saying how far a long one is."""

import asyncio
import gc
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from threading import Lock
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")

Tell = Callable[[int], Awaitable[None]]
"""Hears how many rows are done."""

# How often it is said how far a long work is; the page asks every two seconds.
EVERY = timedelta(seconds=1)

_counting = Lock()
_uncollecting: list[bool] = []


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let Python look for no circles of objects meanwhile, in the whole process.

    Of many rows made at once none refers to itself, and all would be looked through again and again: a seventh of the
    time of checking fifty thousand.
    """
    with _counting:
        _uncollecting.append(gc.isenabled())
        gc.disable()
    try:
        yield
    finally:
        with _counting:
            # Whoever of several leaves last puts back what the first one found.
            if _uncollecting.pop():
                gc.enable()


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

    def unbroken() -> T:
        with _uncollected():
            return work(note)

    going = asyncio.create_task(asyncio.to_thread(unbroken))
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
