"""From dramatiq's threads to the event loop: a thread waits while its job runs there."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any

log = logging.getLogger(__name__)


class Bridge:
    """One loop for all threads, so that they share one pool of connections.

    dramatiq's own bridge starts a loop of its own, to which the relay's connections would not belong.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, after: Callable[[], None]) -> None:
        self._loop = loop
        self._after = after
        self._under_way: set[Future[None]] = set()

    def carry(self, work: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
        """A plain function that runs `work` on the loop and waits for it, as dramatiq's threads need it."""

        def wait_for(*arguments: str) -> None:
            future = asyncio.run_coroutine_threadsafe(work(*arguments), self._loop)
            self._under_way.add(future)
            try:
                future.result()
            except CancelledError:
                log.info("a job was put back, because this worker stops")
            finally:
                self._under_way.discard(future)
                self._loop.call_soon_threadsafe(self._after)

        return wait_for

    def cancel(self) -> None:
        """Break off what is under way; each job puts itself back."""
        for future in tuple(self._under_way):
            future.cancel()
