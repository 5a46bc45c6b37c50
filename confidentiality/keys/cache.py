"""What was opened lately, kept for a minute, so that a page or a batch asks the key management service once.

Bounded, by tenant and owner; whoever asks while another is opening waits for the same answer.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, Protocol, TypeVar
from weakref import WeakSet

from confidentiality.keys.making import Owner


class Closable(Protocol):
    """What is kept: something that refuses everything once it is closed."""

    def close(self, *, destroyed: bool = False) -> None: ...


R = TypeVar("R", bound=Closable)


class OwnerCache(Generic[R]):
    """Least recently used goes first. Belongs to one event loop; between two awaits it is atomic."""

    def __init__(self, *, hold: float, most: int, clock: Callable[[], float] = monotonic) -> None:
        """Keep each for at most `hold` seconds, and `most` of them."""
        self._hold = hold
        self._most = most
        self._clock = clock
        self._kept: OrderedDict[Owner, tuple[R, float]] = OrderedDict()
        self._opening: dict[Owner, asyncio.Task[R]] = {}
        # What is no longer kept may still be in somebody's hands, in a long job for instance.
        self._lent: dict[Owner, WeakSet[R]] = {}
        self._forgotten = 0

    def __len__(self) -> int:
        return len(self._kept)

    async def get(self, owner: Owner, open_it: Callable[[], Awaitable[R]]) -> R:
        """What is kept for the owner, or what `open_it` gives; what it raises goes to everybody who waits for it."""
        kept = self._kept.get(owner)
        if kept is not None:
            if kept[1] > self._clock():
                self._kept.move_to_end(owner)
                return kept[0]
            del self._kept[owner]
        opening = self._opening.get(owner)
        if opening is None:
            opening = asyncio.get_running_loop().create_task(self._open(owner, open_it))
            self._opening[owner] = opening
            opening.add_done_callback(lambda done: self._opened(owner, done))
        # Whoever is cancelled must not take the answer away from the others.
        return await asyncio.shield(opening)

    def forget(self, owner: Owner, *, destroyed: bool = False) -> None:
        """Open anew the next time. If it was destroyed, whoever holds it now is refused as well."""
        self._forgotten += 1
        self._opening.pop(owner, None)
        self._kept.pop(owner, None)
        if destroyed:
            for lent in self._lent.pop(owner, ()):
                lent.close(destroyed=True)

    def forget_all(self) -> None:
        """Open everything anew the next time."""
        for owner in {*self._kept, *self._opening}:
            self.forget(owner)

    def close(self) -> None:
        """Refuse whoever holds any of it."""
        for lent in self._lent.values():
            for one in lent:
                one.close()
        self._lent.clear()
        self.forget_all()

    async def _open(self, owner: Owner, open_it: Callable[[], Awaitable[R]]) -> R:
        forgotten = self._forgotten
        # Counted from before it was read: what changes while it is being opened is not kept for longer.
        until = self._clock() + self._hold
        opened = await open_it()
        self._lend(owner, opened)
        if forgotten == self._forgotten:
            self._kept[owner] = (opened, until)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        return opened

    def _lend(self, owner: Owner, opened: R) -> None:
        if len(self._lent) > 2 * self._most:
            self._lent = {one: lent for one, lent in self._lent.items() if lent}
        self._lent.setdefault(owner, WeakSet()).add(opened)

    def _opened(self, owner: Owner, done: asyncio.Task[R]) -> None:
        if self._opening.get(owner) is done:
            del self._opening[owner]
        if not done.cancelled():
            # Whoever waited was told; if nobody did any more, the loop must not complain.
            done.exception()
