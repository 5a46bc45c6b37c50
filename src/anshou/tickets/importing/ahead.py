"""Making the next of many things beside the loop while the one before it is being written."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")


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
