"""Work beside the loop: making the next of many things while one is being written, and saying how far a long one is."""

import asyncio
import gc
import sys
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

# How long a thread keeps the interpreter before the loop has its turn: ten times less than usual, for the loop sends
# the database its next statement, and every wait would be one of the database too.
_TURN = timedelta(microseconds=500)

_counting = Lock()
_before: list[tuple[bool, float]] = []


@contextmanager
def _beside_the_loop() -> Iterator[None]:
    """What holds in the whole process while a thread makes many rows.

    The loop has its turn sooner, and Python looks for no circles of objects: of many rows made at once none refers to
    itself, and all would be looked through again and again, a seventh of the time of checking fifty thousand.
    """
    with _counting:
        _before.append((gc.isenabled(), sys.getswitchinterval()))
        gc.disable()
        sys.setswitchinterval(min(_TURN.total_seconds(), sys.getswitchinterval()))
    try:
        yield
    finally:
        with _counting:
            # Whoever of several leaves last puts back what the first one found.
            collected, turn = _before.pop()
            if collected:
                gc.enable()
            sys.setswitchinterval(turn)


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
        with _beside_the_loop():
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

    def unbroken(one: T) -> U:
        with _beside_the_loop():
            return make(one)

    coming: asyncio.Task[U] | None = None
    try:
        for place in range(len(of)):
            coming = coming or asyncio.create_task(asyncio.to_thread(unbroken, of[place]))
            made = await coming
            ahead = of[place + 1 : place + 2]
            coming = asyncio.create_task(asyncio.to_thread(unbroken, ahead[0])) if ahead else None
            yield made
    finally:
        if coming is not None:
            # A thread cannot be stopped: what it makes is waited for and thrown away.
            await asyncio.wait([coming])
            if not coming.cancelled():
                coming.exception()
