"""Open streams of word that something changed: which ticket, or that some ticket or a notice did. Never what.

One ear per process hears the database (tenants.listening) and tells the streams that may know. A stream holds no
connection to the database; what changed the page asks for itself then, by the rights that its person has by then.
"""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from anshou.gate.presence import HERE, Presence, Word
from tenants.listening import Listener

CHANNEL = "anshou_live"

# Where a page opens its stream.
LIVE = "/live"

# Seconds between two signs of life; a page that has heard none for twice as long asks by itself again.
BEAT = 20.0

# Seconds that a stream lasts; then the browser opens it anew, and who it is for is asked again.
LIFETIME = 600.0

# Seconds within which news of the same sort is told once. A whole queue changes often.
_AT_ONCE, _NOW_AND_THEN = 0.05, 3.0

# Seconds after which a browser comes again whose stream could not begin.
AGAIN = 15

# Streams of one process. Beyond these pages ask by themselves, which costs more but ends.
MOST = 4000

TICKET, TICKETS, NOTICES = "ticket", "tickets", "notices"
# Who else is at the ticket has changed.
PRESENCE = "presence"
# Told instead of news: whether the process hears the database at the moment.
HEARING, DEAF = "hearing", "deaf"


@dataclass(eq=False, slots=True)
class Watch:
    """What one open page wants to hear of. `merchant_id` is None where any merchant's tickets may be known."""

    schema: str
    account_id: UUID
    merchant_id: UUID | None
    ticket_id: UUID | None
    _news: set[str] = field(default_factory=set)
    _woken: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, *news: str) -> None:
        """Have it said on the stream within moments."""
        self._news.update(news)
        self._woken.set()

    def may_know(self, audience: str, merchant: str) -> bool:
        """Whether an entry is one that this page's person could read."""
        return self.merchant_id is None or (audience == "m" and merchant == str(self.merchant_id))

    async def next(self, patience: float) -> set[str]:
        """What there is to say; empty when nothing was for so many seconds."""
        try:
            async with asyncio.timeout(patience):
                await self._woken.wait()
        except TimeoutError:
            return set()
        self._woken.clear()
        news, self._news = self._news, set()
        return news


class Live:
    """The streams of this process, and its ear."""

    def __init__(self, login: Mapping[str, Any]) -> None:
        self._watches: defaultdict[str, set[Watch]] = defaultdict(set)
        self._ended = False
        self.presence = Presence()
        self.listener = Listener(login, CHANNEL, heard=self.heard, anew=self._hears_again, lost=self._is_deaf)

    @property
    def is_full(self) -> bool:
        """Whether there is no room for one stream more."""
        return self._ended or sum(map(len, self._watches.values())) >= MOST

    async def stream(self, watch: Watch) -> AsyncIterator[str]:
        """Server-sent events until the page goes away, the stream has lasted long enough or the process ends.

        At once where the process does not hear the database: the browser comes again, and asks by itself until then.
        """
        if not self.listener.connected.is_set():
            yield f"retry: {AGAIN * 1000}\n\n"
            return
        self._watches[watch.schema].add(watch)
        watch.tell(HEARING)
        until = asyncio.get_running_loop().time() + LIFETIME
        try:
            yield "retry: 2000\n\n"
            while not self._ended and asyncio.get_running_loop().time() < until:
                news = await watch.next(BEAT)
                yield "".join(f"event: {name}\ndata:\n\n" for name in sorted(news or {"beat"}))
                # What arrives in the meantime is said together.
                await asyncio.sleep(_NOW_AND_THEN if news == {TICKETS} else _AT_ONCE)
        finally:
            watches = self._watches[watch.schema]
            watches.discard(watch)
            if not watches:
                del self._watches[watch.schema]

    def end(self) -> None:
        """End every stream, and begin none any more."""
        self._ended = True
        self._tell_all("beat")

    def heard(self, payload: str) -> None:
        """Tell the streams of one agency. Any login could send this: all that comes of it is that pages ask anew."""
        schema, _, rest = payload.partition(":")
        sort, _, listed = rest.partition(":")
        if sort == HERE:
            self._tell_of_presence(schema, listed)
            return
        told = listed.split(",")
        for watch in self._watches.get(schema, ()):
            if sort == "entry":
                _tell_of_entries(watch, told)
            elif listed == "*" or str(watch.account_id) in told:
                watch.tell(NOTICES)

    def _tell_of_presence(self, schema: str, said: str) -> None:
        """Only those of the same side who look at the same ticket, which they were allowed to open."""
        word = Word.read(said)
        if word is None or not self.presence.hear(schema, word):
            return
        for watch in self._watches.get(schema, ()):
            at_it = watch.ticket_id == word.ticket_id and watch.merchant_id == word.merchant_id
            if at_it and watch.account_id != word.account_id:
                watch.tell(PRESENCE)

    def _hears_again(self) -> None:
        # What happened in the meantime nobody told: everything may have changed.
        self._tell_all(HEARING, TICKET, TICKETS, NOTICES)

    def _is_deaf(self) -> None:
        self._tell_all(DEAF)

    def _tell_all(self, *news: str) -> None:
        for watches in self._watches.values():
            for watch in watches:
                watch.tell(*news)


def _tell_of_entries(watch: Watch, told: Collection[str]) -> None:
    if "*" in told:
        watch.tell(TICKET, TICKETS)
        return
    for one in told:
        audience, _, rest = one.partition("/")
        merchant, _, ticket = rest.partition("/")
        if watch.may_know(audience, merchant):
            watch.tell(TICKET if ticket == str(watch.ticket_id) else TICKETS)
