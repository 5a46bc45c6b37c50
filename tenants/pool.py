"""The tenant-affine pool: a connection serves one login until it is closed.

Sharing connections between tenants would plan every statement anew and let each backend grow by about a megabyte for
every tenant it has met, and one slip would show one tenant another's rows. So each tenant has one or two connections
a process, the least recently used one of the others makes room when the process has its fill, and whoever finds no
room waits in turn.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from math import inf
from typing import Generic, Protocol, TypeVar

from tenants.errors import DatabaseUnavailable


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolLimits:
    """How many connections one process keeps. `total` times the processes must stay below max_connections."""

    per_tenant: int = 2
    total: int = 40
    idle_seconds: float = 60.0
    wait_seconds: float = 15.0

    def __post_init__(self) -> None:
        if self.per_tenant < 1 or self.total < 1:
            raise ValueError("a pool needs room for at least one connection")


class Closable(Protocol):
    """What the pool keeps: a connection that can be closed."""

    async def close(self) -> None: ...


C = TypeVar("C", bound=Closable)


@dataclass(slots=True)
class _Shelf(Generic[C]):
    """One login's connections: how many are open (lent, idle or being opened), and the idle ones, latest last."""

    opened: int = 0
    idle: list[tuple[C, float]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Place(Generic[C]):
    """What a caller gets: an idle connection, or leave to open one."""

    idle: C | None = None


class Pool(Generic[C]):
    """Lends connections by login. Belongs to one event loop; what happens between two awaits is atomic there."""

    def __init__(self, limits: PoolLimits) -> None:
        self._limits = limits
        self._shelves: OrderedDict[str, _Shelf[C]] = OrderedDict()  # least recently used first
        self._opened = 0
        self._queue: deque[tuple[str, asyncio.Future[_Place[C]]]] = deque()
        self._closing: set[asyncio.Task[None]] = set()
        self._reaper: asyncio.Task[None] | None = None
        self._closed = False

    @property
    def opened(self) -> int:
        """How many connections exist now, those being opened or closed included."""
        return self._opened

    async def take(self, role: str, connect: Callable[[], Awaitable[C]]) -> tuple[C, bool]:
        """A connection of this login, and whether it is a new one. Waits its turn if there is no room.

        Raises DatabaseUnavailable after `wait_seconds`; what `connect` raises passes through.
        """
        # Whoever waits could not be served by anything that is free now, so this overtakes nobody.
        place = self._place_for(role) or await self._wait_for_place(role)
        if place.idle is not None:
            return place.idle, False
        try:
            return await connect(), True
        except BaseException:
            self._release(role)
            raise

    def give_back(self, role: str, connection: C) -> None:
        """Return a connection that is in order and outside any transaction."""
        if self._closed:
            self._close(role, connection)
            return
        self._shelves[role].idle.append((connection, asyncio.get_running_loop().time()))
        self._serve()
        if self._reaper is None or self._reaper.done():
            self._reaper = asyncio.get_running_loop().create_task(self._close_unused(), name="tenants.pool")

    async def discard(self, role: str, connection: C) -> None:
        """Close a connection that may be out of order; it is closed also if the caller is cancelled meanwhile."""
        await asyncio.shield(self._close(role, connection))

    async def close(self) -> None:
        """Close what is idle now, and what is lent when it comes back."""
        self._closed = True
        if self._reaper is not None:
            self._reaper.cancel()
        self._close_unused_since(inf)
        await asyncio.gather(*self._closing, *([self._reaper] if self._reaper else []), return_exceptions=True)

    async def _wait_for_place(self, role: str) -> _Place[C]:
        answer: asyncio.Future[_Place[C]] = asyncio.get_running_loop().create_future()
        turn = (role, answer)
        self._queue.append(turn)
        self._serve()
        try:
            await asyncio.wait((answer,), timeout=self._limits.wait_seconds)
        except BaseException:
            if answer.done():
                self._decline(role, answer.result())
            raise
        finally:
            self._queue.remove(turn)
        if not answer.done():
            raise DatabaseUnavailable("no database connection became free in time")
        return answer.result()

    def _decline(self, role: str, place: _Place[C]) -> None:
        """Pass on the place of a caller who was cancelled just as it was answered."""
        if place.idle is not None:
            self.give_back(role, place.idle)
        else:
            self._release(role)

    def _serve(self) -> None:
        """Answer the callers in their order, passing over those for whom nothing is free; make room for those."""
        coming = len(self._closing)
        for role, answer in self._queue:
            if answer.done():
                continue
            if (place := self._place_for(role)) is not None:
                answer.set_result(place)
            elif self._shelves[role].opened < self._limits.per_tenant:
                # Only the process is full. Each connection that is being closed already is room for one of them.
                if coming:
                    coming -= 1
                else:
                    self._evict()

    def _place_for(self, role: str) -> _Place[C] | None:
        shelf = self._shelves.setdefault(role, _Shelf())
        self._shelves.move_to_end(role)
        if shelf.idle:
            # The one used last: its caches are warm, and the others may go idle.
            return _Place(idle=shelf.idle.pop()[0])
        if shelf.opened >= self._limits.per_tenant or self._opened >= self._limits.total:
            return None
        shelf.opened += 1
        self._opened += 1
        return _Place()

    def _evict(self) -> None:
        """Close an idle connection of the login that was not used for longest."""
        for role, shelf in self._shelves.items():
            if shelf.idle:
                self._close(role, shelf.idle.pop(0)[0])
                return

    def _close(self, role: str, connection: C) -> asyncio.Task[None]:
        """Close the connection in the background; its place is free when that is done."""

        async def closing() -> None:
            # A connection that is broken already cannot say goodbye; closing it is all that matters here.
            with suppress(Exception):
                await connection.close()

        def closed(task: asyncio.Task[None]) -> None:
            self._closing.discard(task)
            self._release(role)

        task = asyncio.get_running_loop().create_task(closing())
        self._closing.add(task)
        task.add_done_callback(closed)
        return task

    def _release(self, role: str) -> None:
        """A connection of this login is no more, or was never opened."""
        shelf = self._shelves[role]
        shelf.opened -= 1
        self._opened -= 1
        self._serve()
        if not shelf.opened and not any(waiting == role for waiting, _ in self._queue):
            del self._shelves[role]

    async def _close_unused(self) -> None:
        """Close connections that nobody has used for `idle_seconds`; ends when none is left."""
        while self._opened:
            await asyncio.sleep(self._limits.idle_seconds / 2)
            self._close_unused_since(asyncio.get_running_loop().time() - self._limits.idle_seconds)

    def _close_unused_since(self, instant: float) -> None:
        for role, shelf in list(self._shelves.items()):
            stale = [connection for connection, used in shelf.idle if used < instant]
            shelf.idle = [kept for kept in shelf.idle if kept[1] >= instant]
            for connection in stale:
                self._close(role, connection)
