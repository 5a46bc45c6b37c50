"""What the person in front of the terminal reads while the house starts."""

import asyncio
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

# A step that takes longer than this says now and then that it is still at it.
SILENCE_SECONDS = 5.0


def say(text: str) -> None:
    """One line, at once, also where standard output is a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


@contextmanager
def step(what: str) -> Iterator[None]:
    """Say what begins, that it is still going on, and how long it took. Needs a running event loop."""
    say(f"  {what} …")
    began = time.monotonic()

    async def still() -> None:
        while True:
            await asyncio.sleep(SILENCE_SECONDS)
            say(f"  {what} … {time.monotonic() - began:.0f} s")

    telling = asyncio.create_task(still())
    try:
        yield
    finally:
        telling.cancel()
    say(f"  {what}: {time.monotonic() - began:.1f} s")
